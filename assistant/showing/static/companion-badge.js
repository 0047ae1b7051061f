// While answers can be seen on another screen, this one says so.

const badge = document.querySelector("#companion-on");

export function showCompanion({ on, joined }) {
  badge.hidden = !on;
  badge.textContent = joined ? badge.dataset.joined : badge.dataset.on;
}
