// Choosing by resting the pointer: for eye trackers and head mice. A short slip off the target is forgiven, the place of the
// last choice must be left before anything there can be chosen, and there is a place to rest, with a pause that itself dwells.

const FORGIVEN_MS = 200;
const TARGET = "#items button, [data-dwell]";

export function watchDwell(seconds) {
  const pause = document.querySelector("#pause-dwell");
  const spent = new Place();
  let target = null, left_ms = 0, since_ms = 0, timer, slip, bar;

  const paused = () => pause.getAttribute("aria-pressed") === "true";

  const reset = () => {
    clearTimeout(timer);
    clearTimeout(slip);
    bar?.remove();
    target = bar = slip = null;
  };

  const run = () => {
    since_ms = performance.now();
    timer = setTimeout(choose, left_ms);
    bar.getAnimations().forEach((animation) => animation.play());
  };

  const choose = () => {
    const chosen = target;
    reset();
    spent.take(chosen.getBoundingClientRect());
    if (chosen.isConnected) chosen.click();
  };

  const enter = (next, whole_ms) => {
    reset();
    target = next;
    left_ms = whole_ms;
    bar = Object.assign(document.createElement("span"), { className: "dwelling" });
    target.append(bar);
    bar.animate([{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }], { duration: whole_ms, fill: "forwards" });
    run();
  };

  const leave = () => {
    clearTimeout(timer);
    left_ms -= performance.now() - since_ms;
    bar.getAnimations().forEach((animation) => animation.pause());
    slip = setTimeout(reset, FORGIVEN_MS);
  };

  const comeBack = () => {
    clearTimeout(slip);
    slip = null;
    run();
  };

  const over = (event) => {
    if (!seconds() || event.pointerType === "touch" || spent.holds(event)) return null;
    const found = event.target.closest?.(TARGET) ?? null;
    return paused() && found !== pause ? null : found;
  };

  addEventListener("pointermove", (event) => {
    const now = over(event);
    if (now && now === target) {
      if (slip) comeBack();
    } else if (now) {
      enter(now, seconds() * 1000);
    } else if (target && !slip) {
      leave();
    }
  });
  document.documentElement.addEventListener("pointerleave", () => target && !slip && leave());
  pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(!paused())));
}

// Where the last choice was made. What is drawn there next is not chosen by a pointer that simply stayed.
class Place {
  #rect = null;
  #left_ms = null;

  take(rect) {
    this.#rect = rect;
    this.#left_ms = null;
  }

  holds({ clientX, clientY, timeStamp }) {
    const rect = this.#rect;
    if (!rect) return false;
    const inside = clientX >= rect.left && clientX <= rect.right && clientY >= rect.top && clientY <= rect.bottom;
    if (inside && !(this.#left_ms !== null && timeStamp - this.#left_ms > FORGIVEN_MS)) {
      this.#left_ms = null;
      return true;
    }
    this.#left_ms ??= timeStamp;
    if (!inside && timeStamp - this.#left_ms <= FORGIVEN_MS) return false;
    this.#rect = null;
    return false;
  }
}
