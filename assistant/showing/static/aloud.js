// What someone beside the person reads aloud: one thing, very large; where it stands in the list; how to do it.

import { send } from "/post.js";

const $ = (id) => document.getElementById(id);
let before = "";

export function watchAloud(state, scanning) {
  $("read-aloud").addEventListener("click", () => send("/pick", { item: state.aloud ? "command:wake" : "command:partner" }));
  $("lines").addEventListener("click", (event) => {
    const line = event.target.closest("button");
    if (line && !scanning()) send("/pick", { item: line.dataset.id });
  });
}

export function drawAloud({ aloud }) {
  const kind = aloud && aloud.kind !== "plain" ? aloud.kind : "";
  document.body.dataset.aloud = kind;
  document.body.dataset.quiet = aloud?.quiet ? "yes" : "no";
  $("read-aloud").textContent = aloud ? $("read-aloud").dataset.end : $("read-aloud").dataset.begin;
  $("aloud").hidden = $("beside").hidden = $("aloud-tools").hidden = !kind;
  const label = document.querySelector("#ask label");
  label.textContent = aloud?.types || label.dataset.usual;
  if (!kind) return;
  $("note").hidden = !aloud.note;
  $("note").textContent = aloud.note;
  $("lead").textContent = aloud.cards ? `${aloud.lead} · ${aloud.card}/${aloud.cards}` : aloud.lead;
  $("read").textContent = aloud.text;
  $("then").textContent = aloud.after;
  $("then").hidden = !aloud.after;
  drawHard(aloud.hard);
  drawLines(aloud.lines);
  $("rules").replaceChildren(...aloud.rules.map((rule) => made("li", rule)));
  $("rules").hidden = !aloud.rules.length;
  $("foot").textContent = aloud.foot;
  $("foot").hidden = !aloud.foot;
  if (aloud.text !== before) scrollTo(0, 0); // what is new begins at the top
  else if (aloud.note) $("note").scrollIntoView({ block: "nearest" });
  before = aloud.text;
}

function drawHard(words) {
  const pairs = words.map(([word, said]) => {
    const pair = document.createElement("div");
    pair.append(made("dt", word), made("dd", said));
    return pair;
  });
  $("hard").replaceChildren(...pairs);
  $("hard").hidden = !words.length;
}

function drawLines(lines) {
  const list = $("lines");
  list.hidden = !lines.length;
  const same = list.children.length === lines.length && lines.every((line, i) => list.children[i].dataset.item === line.item);
  if (!same) list.replaceChildren(...lines.map(drawnLine));
  lines.forEach((line, i) => {
    const button = list.children[i].firstChild;
    list.children[i].classList.toggle("maybe", line.maybe);
    if (line.now) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  follow(list);
}

// The list shows what comes next; it moves by itself, and never the page.
function follow(list) {
  const now = list.querySelector("[aria-current]")?.parentElement;
  if (now) list.scrollTop = now.offsetTop - list.clientHeight / 3;
}

function drawnLine(line) {
  const row = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button" });
  row.dataset.item = button.dataset.id = line.item;
  if (line.code) button.append(Object.assign(made("span", line.code), { className: "code" }), " ");
  button.append(Object.assign(made("span", line.label), { className: "label" }));
  row.append(button);
  return row;
}

function made(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}
