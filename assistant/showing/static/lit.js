// Which item was lit at which moment. A press is judged by what the eye had before it, not by what came since.

const KEPT = 20;
let history = [{ from_ms: 0, item: "" }];

export function nowLit(item) {
  const note = () => {
    if (history.at(-1).item !== item) history.push({ from_ms: performance.now(), item });
    history = history.slice(-KEPT);
  };
  // An unseen page draws no frames.
  if (document.hidden) note();
  else requestAnimationFrame(note);
}

export function litAt(page_ms) {
  return (history.findLast((lit) => lit.from_ms <= page_ms) ?? history[0]).item;
}
