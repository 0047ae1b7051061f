// Screens that lie over everything, and take the page below out of reach while they do.

const page = document.querySelector("#page");

export function covered() {
  return [...document.querySelectorAll(".cover")].some((cover) => !cover.hidden);
}

export function cover(id, shown, words = "") {
  const screen = document.getElementById(id);
  for (const text of words ? screen.querySelectorAll(`[data-${words}]`) : []) text.textContent = text.dataset[words];
  if (screen.hidden === !shown) return;
  screen.hidden = !shown;
  page.inert = covered();
  if (shown) screen.querySelector("button, [tabindex]").focus();
}
