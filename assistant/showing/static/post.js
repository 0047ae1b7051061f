// Tells the assistant what was done, one thing after the other, so that a release never overtakes its press.

let last = Promise.resolve();

export function send(path, body) {
  last = last.then(() =>
    fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5000),
    }).catch(() => {}), // the stream notices that the assistant is gone, and says so
  );
  return last;
}
