// Puts the page together. Each module knows one thing; this one knows who must hear of what.

import { follow } from "/stream.js";
import { render, tick } from "/view.js";
import { send } from "/post.js";
import { releaseKeys, watchKeys } from "/keys.js";
import { releasePointers, watchPointer } from "/pointer.js";
import { watchGamepads } from "/gamepad.js";
import { watchDwell } from "/dwell.js";
import { watchFocus } from "/focus.js";
import { watchLook } from "/look.js";
import { watchScreen, fullScreen } from "/screen.js";
import { press } from "/press.js";
import { showCompanion } from "/companion-badge.js";
import { watchAloud } from "/aloud.js";
import { watchClinic } from "/clinic.js";
import { watchLetters } from "/letters.js";

const SHORTEST_DWELL_S = 0.4;
const state = { state: "resting", title: "", text: "", heard: "", items: [], word: null, light: null, look: {}, aloud: null };
const scanning = () => document.body.dataset.scanning === "yes";

follow({
  changed(parts) {
    Object.assign(state, parts);
    render(state, parts);
    if ("companion" in parts) showCompanion(state.companion);
  },
  acted(what) {
    if (what === "full screen") fullScreen(true);
    if (what === "leave full screen") fullScreen(false);
    if (what === "tick") tick();
  },
});

watchKeys(scanning, press, () => send("/pick", { item: "command:safe" }));
watchPointer(scanning, press);
watchGamepads(press);
watchDwell(() => (state.look.dwell_s > 0 && !scanning() ? Math.max(SHORTEST_DWELL_S, state.look.dwell_s) : 0));
watchFocus(scanning, () => {
  releaseKeys();
  releasePointers();
});
watchLook(state);
watchScreen();
watchAloud(state, scanning);
watchClinic();
watchLetters(() => Boolean(state.aloud) && !scanning());

document.querySelector("#items").addEventListener("click", (event) => {
  const chosen = event.target.closest("button");
  if (chosen && !scanning()) send("/pick", { item: chosen.dataset.id });
});
document.querySelector("#open-family").addEventListener("click", () => location.assign("/family.html"));
document.querySelector("#quit").addEventListener("click", () => send("/pick", { item: "command:quit" }));
document.querySelector("#stop").addEventListener("click", () => send("/pick", { item: "command:stop" }));

const question = document.querySelector("#question");
document.querySelector("#ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  send("/ask", { text });
  question.value = "";
});
