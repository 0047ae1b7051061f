// The questions for the clinic: shown, added to, taken off, printed.

import { send } from "/post.js";

const $ = (id) => document.getElementById(id);

export function watchClinic() {
  const dialog = $("clinic");
  $("open-clinic").addEventListener("click", () => dialog.showModal());
  $("clinic-close").addEventListener("click", () => dialog.close());
  $("clinic-clear").addEventListener("click", () => send("/clinic", { clear: true }));
  $("clinic-add").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("clinic-text").value.trim();
    if (text) send("/clinic", { text });
    $("clinic-text").value = "";
  });
  $("clinic-list").addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key) send("/clinic", { take_off: key });
  });
  $("clinic-print").addEventListener("click", () => {
    document.body.dataset.printing = "clinic";
    print();
  });
  addEventListener("afterprint", () => delete document.body.dataset.printing);
}

export function drawClinic({ entries, trouble }) {
  $("clinic-count").textContent = entries.length ? `(${entries.length})` : "";
  $("clinic-trouble").textContent = trouble;
  $("clinic-trouble").hidden = !trouble;
  $("clinic-none").hidden = entries.length > 0 || Boolean(trouble);
  $("clinic-print").hidden = $("clinic-clear").hidden = !entries.length;
  $("clinic-list").replaceChildren(...entries.map(drawn));
  if ($("clinic").open && !$("clinic").contains(document.activeElement)) $("clinic-text").focus();
}

function drawn({ key, day, about, text }) {
  const row = document.createElement("li");
  const words = Object.assign(document.createElement("p"), { textContent: [about, text].filter(Boolean).join(": ") });
  const when = Object.assign(document.createElement("span"), { className: "day", textContent: day });
  const off = Object.assign(document.createElement("button"), { type: "button", textContent: $("clinic-list").dataset.forget });
  off.dataset.key = key;
  off.dataset.dwell = "";
  off.setAttribute("aria-label", `${off.textContent}: ${words.textContent}`);
  words.append(" ", when);
  row.append(words, off);
  return row;
}
