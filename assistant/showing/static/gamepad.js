// Any button of a gamepad or of a switch box that says it is one.

const PRESSED = 0.5;
const BACK_BUTTONS = new Set([1, 3]);

export function watchGamepads(press) {
  const down = new Map();
  let polling = false;

  const look = () => {
    const pads = navigator.getGamepads().filter(Boolean);
    for (const pad of pads) {
      pad.buttons.forEach((button, index) => {
        const key = `${pad.index}:${index}`;
        const is = button.pressed || button.value > PRESSED;
        if (is === (down.get(key) ?? false)) return;
        down.set(key, is);
        press(is, performance.now(), BACK_BUTTONS.has(index) ? "2" : "1");
      });
    }
    polling = pads.length > 0;
    if (polling) requestAnimationFrame(look);
  };

  const start = () => {
    if (!polling) requestAnimationFrame(look);
    polling = true;
  };
  addEventListener("gamepadconnected", start);
  if (navigator.getGamepads?.().some(Boolean)) start();
}
