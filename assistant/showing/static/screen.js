// Full screen, which must be as easy to leave as to enter.

const button = document.querySelector("#full");

export async function fullScreen(wanted) {
  try {
    if (wanted && !document.fullscreenElement) await document.documentElement.requestFullscreen();
    if (!wanted && document.fullscreenElement) await document.exitFullscreen();
  } catch {
    // The browser asks for a press that is not long past; the next one will do.
    addEventListener("keyup", () => fullScreen(wanted), { once: true });
  }
}

export function watchScreen() {
  button.addEventListener("click", () => fullScreen(!document.fullscreenElement));
  document.addEventListener("fullscreenchange", () => {
    button.textContent = document.fullscreenElement ? button.dataset.leave : button.dataset.enter;
  });
}
