// The companion: joins once with the token of its code, then shows what the assistant shows, and sends yes or no.

const $ = (id) => document.getElementById(id);
const RETRY_MS = 1500;
const state = { state: "resting", title: "", text: "", word: null, large: false, look: null, question: 0 };
let source, answered = 0;

function post(path, body) {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

// Nothing more can be done here: said, and left so.
function over(why) {
  source?.close();
  document.body.dataset.state = "over";
  $("title").textContent = $("title").dataset[why];
  $("text").hidden = $("answers").hidden = true;
  $("how").hidden = why === "lost";
  $("note").textContent = "";
  $("title").focus();
}

function draw() {
  if (state.look) Object.assign(document.documentElement.dataset, { theme: state.look.theme, size: state.look.size });
  document.body.dataset.state = state.state;
  $("title").textContent = state.title || (state.text ? "" : $("title").dataset.idle);
  $("title").hidden = !$("title").textContent;
  const [start, end] = state.word ?? [state.text.length, state.text.length];
  $("before").textContent = state.text.slice(0, start);
  $("now").textContent = state.text.slice(start, end);
  $("after").textContent = state.text.slice(end);
  $("text").hidden = false;
  $("how").hidden = true;
  $("answers").hidden = false;
  if (state.question !== answered) {
    $("note").textContent = "";
    for (const button of document.querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
  }
}

function follow() {
  source = new EventSource("/events");
  source.addEventListener("change", (event) => {
    Object.assign(state, JSON.parse(event.data));
    draw();
  });
  source.addEventListener("act", () => over("ended"));
  source.addEventListener("error", async () => {
    source.close();
    const answer = await fetch("/state").catch(() => null);
    if (answer?.ok) setTimeout(follow, RETRY_MS);
    else if (answer && answer.status !== 429 && answer.status !== 503) over("ended");
    else {
      over("lost");
      setTimeout(follow, RETRY_MS);
    }
  });
}

for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    const question = state.question;
    if (answered === question) return;
    answered = question;
    button.setAttribute("aria-pressed", "true");
    const answer = await post("/answer", { say: button.dataset.say, question }).catch(() => null);
    if (answer?.ok && state.question === question) $("note").textContent = $("note").dataset.sent;
    if (answer?.status === 409) $("note").textContent = $("note").dataset.past;
    if (!answer) answered = 0;
  });
}

const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", "/"); // the token is used now, and stands in no history
  const joined = await post("/join", { token }).catch(() => null);
  if (joined?.ok) follow();
  else over(joined ? "used" : "lost");
} else {
  const known = await fetch("/state").catch(() => null);
  if (known?.ok) follow();
  else over(known ? "used" : "lost");
}
