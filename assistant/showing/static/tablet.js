// Switches the companion on and off, and shows its code while no device has used it.

const $ = (id) => document.getElementById(id);
const LOOK_MS = 2000;
const told = document.querySelector("#told");
let shown = "";

async function ask(on) {
  const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ on }) };
  try {
    draw(await (await fetch("/companion", on === undefined ? {} : how)).json());
  } catch {
    if (on !== undefined) Object.assign(told, { textContent: told.dataset.lost }).dataset.kind = "fault";
  }
}

function draw({ on, joined, left_s, address, trouble }) {
  $("code").hidden = !address;
  if (address && address !== shown) $("code-picture").src = `/companion/code.svg?${Date.now()}`;
  shown = address;
  $("code-address").textContent = address;
  $("tablet-on").textContent = $("tablet-on").dataset[on ? "again" : "first"];
  $("tablet-off").hidden = !on;
  const state = $("tablet-state"), left = state.dataset.left.replace("{minutes}", Math.ceil(left_s / 60));
  const now = on ? [joined ? state.dataset.joined : "", left].filter(Boolean).join(" ") : "";
  if (state.textContent !== now) state.textContent = now;
  if (trouble) Object.assign(told, { textContent: trouble }).dataset.kind = "fault";
}

$("tablet-on").addEventListener("click", () => ask(true));
$("tablet-off").addEventListener("click", () => ask(false));
setInterval(() => $("tablet").hidden || ask(), LOOK_MS);
ask();
