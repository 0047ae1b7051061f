// Follows the assistant: what it shows, and whether it is there at all.

import { heardTime } from "/clock.js";
import { cover } from "/cover.js";

const RETRY_MS = 1000;
const GONE_MS = 1500;
const LAST = ["elsewhere", "ended"];
const SILENT_MS = 12000; // more than two beats of the assistant

export function follow({ changed, acted }) {
  let source, silent, gone, over = false; // over: there is nothing to follow any more

  const alive = (event) => {
    clearTimeout(silent);
    clearTimeout(gone);
    gone = undefined;
    silent = setTimeout(lost, SILENT_MS);
    const data = JSON.parse(event.data);
    heardTime(data.now_s);
    delete data.now_s;
    cover("gone", false);
    return data;
  };

  const lost = () => {
    source.close();
    clearTimeout(silent);
    gone ??= setTimeout(() => cover("gone", true, "gone"), GONE_MS);
    if (!over) setTimeout(open, RETRY_MS);
  };

  const open = () => {
    source = new EventSource("/events");
    source.addEventListener("change", (event) => changed(alive(event)));
    source.addEventListener("beat", alive);
    source.addEventListener("act", (event) => {
      const { what } = alive(event);
      over = LAST.includes(what);
      if (over) {
        source.close();
        clearTimeout(silent);
        cover("gone", true, what);
      } else {
        acted(what);
      }
    });
    source.addEventListener("error", lost);
  };

  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && open());
}
