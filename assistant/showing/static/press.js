// A press of any switch: what was lit on the glass at that moment, and when it was.

import { assistantTime_s } from "/clock.js";
import { litAt } from "/lit.js";
import { send } from "/post.js";

export function press(down, page_ms, name) {
  // The person sees at once that the press was felt; what it means, the assistant decides.
  if (down) document.querySelector(".lit, #undo:not([hidden])")?.classList.add("pressed");
  send("/press", { down, shown: litAt(page_ms), at_s: assistantTime_s(page_ms), switch: name });
}
