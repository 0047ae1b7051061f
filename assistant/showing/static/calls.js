// A page beside the main one must not hide a cry for help, nor keep a person from their own screen for long.

const IDLE_MS = 180000;
const bar = document.querySelector("#alarm");

export function watchCalls(unsaved) {
  const home = () => unsaved() || location.assign("/");
  let idle;
  const awake = () => {
    clearTimeout(idle);
    idle = setTimeout(home, IDLE_MS);
  };
  for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(sign, awake, { passive: true });
  awake();

  const state = {};
  const source = new EventSource("/events");
  source.addEventListener("change", (event) => {
    Object.assign(state, JSON.parse(event.data));
    const urgent = state.state === "urgent";
    bar.hidden = !urgent;
    if (!urgent) return;
    bar.querySelector("b").textContent = state.title;
    bar.querySelector("span").textContent = state.text;
    home(); // with something unsaved the words are here
  });
  source.addEventListener("act", (event) => JSON.parse(event.data).what === "elsewhere" && source.close());
  addEventListener("pagehide", () => source.close());
}
