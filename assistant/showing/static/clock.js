// The assistant's clock, as well as it can be known here: each message brings its time, and the one that came fastest is
// nearest the truth. So a press tells when it happened, not when it arrived.

const KEPT = 50;
const offsets_s = [];

export function heardTime(now_s) {
  offsets_s.push(performance.now() / 1000 - now_s);
  if (offsets_s.length > KEPT) offsets_s.shift();
}

// Seconds on the assistant's clock for milliseconds on the page's clock; null while nothing is known.
export function assistantTime_s(page_ms) {
  return offsets_s.length ? page_ms / 1000 - Math.min(...offsets_s) : null;
}

// Milliseconds on the page's clock for seconds on the assistant's.
export function pageTime_ms(at_s) {
  return offsets_s.length ? (at_s + Math.min(...offsets_s)) * 1000 : performance.now();
}
