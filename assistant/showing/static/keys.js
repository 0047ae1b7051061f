// Any key is a switch. Left alone are the keys that steer the browser itself, so that nobody is ever trapped here.

import { covered } from "/cover.js";

const BROWSER_KEYS = new Set(["Tab", "Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "ContextMenu", "F5", "F11", "F12"]);
const SAFE = "F8";
const NAMES = { Enter: "2", ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const held = new Map();
let tell = () => {};

export function watchKeys(scanning, press, makeSafe) {
  tell = press;
  addEventListener("keydown", (event) => {
    if (event.key === SAFE && !event.repeat) {
      event.preventDefault();
      return makeSafe();
    }
    if (!meant(event, scanning())) return;
    event.preventDefault();
    if (event.repeat || held.has(event.code)) return;
    const name = NAMES[event.key] ?? "1";
    held.set(event.code, name);
    press(true, event.timeStamp, name);
  });
  addEventListener("keyup", (event) => {
    if (!held.has(event.code)) return;
    event.preventDefault();
    press(false, event.timeStamp, held.get(event.code));
    held.delete(event.code);
  });
}

// A key that is down when the page loses the keyboard never tells that it came up.
export function releaseKeys() {
  for (const name of held.values()) tell(false, performance.now(), name);
  held.clear();
}

function meant(event, scanning) {
  if (covered() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key === SAFE || BROWSER_KEYS.has(event.key)) return false;
  if (event.target.closest?.("input, dialog")) return false;
  if (scanning) return true;
  // Without scanning the keyboard works as on any page; what is left over brings silence or the menu.
  const onControl = event.target.closest?.("button, a, select, textarea");
  return event.key === "Escape" || (event.key === " " && !onControl);
}
