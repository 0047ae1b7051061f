// Y, N, ? and the other letters on the buttons, for a hand that stays at the keyboard. They can be switched off.

import { covered } from "/cover.js";

const toggle = document.querySelector("#letters");

export function watchLetters(wanted) {
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? toggle.dataset.on : toggle.dataset.off;
  });
  addEventListener("keydown", (event) => {
    if (!wanted() || toggle.getAttribute("aria-pressed") !== "true") return;
    if (covered() || event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, dialog")) return;
    const meant = [...document.querySelectorAll("#items button")].find((one) => {
      return one.querySelector(".code")?.textContent.toUpperCase() === event.key.toUpperCase();
    });
    if (!meant) return;
    event.preventDefault();
    meant.click();
  });
}
