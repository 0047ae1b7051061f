// Draws the state. Only what changed is touched, so that focus, scroll and a screen reader's place stay where they are.

import { nowLit } from "/lit.js";
import { showLook } from "/look.js";
import { drawAloud } from "/aloud.js";
import { drawClinic } from "/clinic.js";

const $ = (id) => document.getElementById(id);
const TICK_MS = 900;
let ticking, told = "";
const still = matchMedia("(prefers-reduced-motion: reduce)");

export function render(state, parts) {
  if ("look" in parts) showLook(state.look);
  if ("text" in parts) drawWords(state);
  if ("items" in parts || "light" in parts) drawItems(state);
  if ("state" in parts || "light" in parts) drawState(state);
  if ("aloud" in parts) drawAloud(state);
  if ("clinic" in parts) drawClinic(state.clinic);
  if ("word" in parts || "text" in parts) drawWord(state);
  if ("light" in parts || "items" in parts) drawLight(state);
}

// With scanning off the assistant sends one light without items, and no more.
const scans = (light) => Boolean(light) && (light.phase !== "rest" || light.items.length > 0);

function manner({ state, light, aloud }) {
  if (!scans(light) || state === "urgent") return [state, aloud && state === "listening" ? "aloud" : state];
  if (light.phase === "rest") return ["resting", "start"];
  if (light.phase === "paused") return [state, state === "speaking" ? "paused" : state];
  if (light.phase === "held") return ["scanning", light.item === "command:back" ? "back" : "held"];
  return ["scanning", light.phase === "undo" ? "undo" : "scanning"];
}

function drawState(all) {
  const [name, words] = manner(all);
  const was = document.body.dataset.scanning;
  document.body.dataset.state = name;
  document.body.dataset.scanning = scans(all.light) ? "yes" : "no";
  $("state").querySelector("use").setAttribute("href", `#sign-${words === "aloud" ? "speaking" : name}`);
  $("state-word").textContent = $("state-word").dataset[words];
  if (was === "no" && scans(all.light)) dispatchEvent(new Event("scanning"));
}

function drawWords({ state, title, text, heard, large }) {
  document.body.dataset.large = large ? "yes" : "no";
  if (text !== told) scrollTo(0, 0); // what is new begins at the top
  told = text;
  const heading = $("title");
  heading.textContent = title || (state === "resting" ? heading.dataset.resting : heading.dataset.idle);
  $("heard").hidden = !heard;
  $("heard-words").textContent = heard;
  $("say").textContent = $("say").getAttribute("aria-live") === "polite" ? text : "";
}

function drawWord({ text, word }) {
  const [start, end] = word ?? [text.length, text.length];
  $("before").textContent = text.slice(0, start);
  $("now").textContent = text.slice(start, end);
  $("after").textContent = text.slice(end);
  if (word) $("now").scrollIntoView({ block: "nearest" });
}

function drawItems({ items, light }) {
  const wanted = light?.items?.length ? light.items : items;
  const list = $("items");
  const same = list.children.length === wanted.length && wanted.every((item, i) => list.children[i].dataset.key === key(item));
  if (!same) list.replaceChildren(...wanted.map(choice));
}

const key = (item) => JSON.stringify([item.id, item.code, item.label]);

function choice(item) {
  const row = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button" });
  row.dataset.key = key(item);
  button.dataset.id = item.id;
  if (item.code) button.append(span("code", item.code), " ");
  button.append(span("label", item.label));
  row.append(button);
  return row;
}

// A press was felt and does not count: said quietly, and not for long.
export function tick() {
  clearTimeout(ticking);
  $("tick").hidden = false;
  ticking = setTimeout(() => ($("tick").hidden = true), TICK_MS);
}

function span(name, text) {
  return Object.assign(document.createElement("span"), { className: name, textContent: text });
}

function drawLight({ light }) {
  const lit = light?.item ?? "";
  const timed = lit && light.seconds > 0;
  for (const button of $("items").querySelectorAll("button")) {
    const is = button.dataset.id === lit;
    button.classList.toggle("lit", is);
    button.classList.remove("pressed");
    button.querySelector(".time")?.remove();
    if (!is) button.removeAttribute("aria-current");
    else {
      button.setAttribute("aria-current", "true");
      button.scrollIntoView({ block: "nearest" });
      if (timed) drawTime(button, light);
    }
  }
  drawUndo(light, timed);
  nowLit(lit);
}

function drawUndo(light, timed) {
  const strip = $("undo");
  strip.hidden = light?.phase !== "undo";
  strip.classList.remove("pressed");
  strip.querySelector(".time")?.remove();
  if (strip.hidden) return;
  strip.scrollIntoView({ block: "nearest" });
  if (timed) drawTime(strip, light);
}

function drawTime(place, { seconds }) {
  if (still.matches || document.documentElement.dataset.motion === "off") return;
  const bar = span("time", "");
  place.append(bar);
  bar.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: seconds * 1000, fill: "forwards" });
}
