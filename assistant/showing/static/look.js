// How the page looks: shows the choices, sends them, and takes over what was decided, here or elsewhere.

import { send } from "/post.js";

const dialog = document.querySelector("#look");

export function watchLook() {
  document.querySelector("#open-look").addEventListener("click", () => dialog.showModal());
  document.querySelector("#print").addEventListener("click", () => print());
  dialog.addEventListener("change", (event) => {
    const { name, value } = event.target;
    send("/look", { name, value: meant(name, value) });
  });
}

export function showLook(look) {
  const root = document.documentElement.dataset;
  root.theme = look.theme;
  root.size = look.size;
  root.motion = look.motion ? "on" : "off";
  document.querySelector("#rest").hidden = !(look.dwell_s > 0);
  // While the assistant speaks itself, a screen reader must not read the same words over it.
  document.querySelector("#say").setAttribute("aria-live", look.who_speaks === "askaloud" ? "off" : "polite");
  for (const input of dialog.querySelectorAll("input")) input.checked = meant(input.name, input.value) === look[input.name];
}

function meant(name, value) {
  if (name === "motion") return value === "true";
  return name === "dwell_s" ? Number(value) : value;
}
