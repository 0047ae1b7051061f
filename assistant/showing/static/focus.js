// A page without the keyboard hears no switch. It says so, hugely, and any press brings it back without choosing anything.

import { cover } from "/cover.js";

export function watchFocus(scanning, release) {
  const guard = document.querySelector("#guard");
  const lost = () => {
    release();
    if (scanning()) cover("guard", true);
  };
  const back = () => cover("guard", false);

  addEventListener("blur", lost);
  document.addEventListener("visibilitychange", () => document.hidden && release());
  addEventListener("keydown", (event) => {
    if (guard.hidden || event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    back();
  }, true);
  guard.addEventListener("click", back);
  if (!document.hasFocus()) addEventListener("scanning", lost, { once: true });
}
