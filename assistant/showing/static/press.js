// A press of any switch: what was lit on the glass at that moment, and when it was.

import { assistantTime_s } from "/clock.js";
import { litAt } from "/lit.js";
import { send } from "/post.js";

export function press(down, page_ms, name) {
  send("/press", { down, shown: litAt(page_ms), at_s: assistantTime_s(page_ms), switch: name });
}
