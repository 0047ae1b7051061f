// While scanning, a mouse button or a touch anywhere is a press; only tools and typing stay what they are.

import { covered } from "/cover.js";

const FREE = "#tools, #aloud-tools, #ask, dialog";
const held = new Map();
let tell = () => {};

export function watchPointer(scanning, press) {
  tell = press;
  addEventListener("pointerdown", (event) => {
    if (!scanning() || covered() || event.target.closest?.(FREE)) return;
    event.preventDefault();
    document.activeElement?.blur(); // a press outside the typing box ends typing
    const name = event.button === 2 ? "2" : "1";
    if (held.has(event.pointerId)) return;
    held.set(event.pointerId, name);
    press(true, event.timeStamp, name);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, (event) => {
      if (!held.has(event.pointerId)) return;
      press(false, event.timeStamp, held.get(event.pointerId));
      held.delete(event.pointerId);
    });
  }
  for (const own of ["contextmenu", "auxclick", "dragstart", "mousedown"]) {
    addEventListener(own, (event) => {
      if (scanning() && !event.target.closest?.(FREE)) event.preventDefault();
    });
  }
}

export function releasePointers() {
  for (const name of held.values()) tell(false, performance.now(), name);
  held.clear();
}
