// The family's page: shows what there is, sends one form at a time, and puts every sentence beside its field. Whatever was
// typed stays in its field until it is saved or the form is closed on purpose.

import { dress } from "/dress.js";
import { watchCalls } from "/calls.js";

const PATIENCE_MS = 20000; // a slow disk, and every question asked anew
const told = document.querySelector("#told");
const parts = [...document.querySelectorAll("main section")];
const forms = [...document.querySelectorAll("form")];
let family = null, busy = false;

async function ask(body) {
  const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch("/family", { ...(body ? how : {}), signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) return { outcome: { saved: false, faults: [], trouble: await answer.text() } };
    return await answer.json();
  } catch {
    return { outcome: { saved: false, faults: [], trouble: told.dataset.lost } };
  }
}

function tell(sentence, kind = "good") {
  told.dataset.kind = kind;
  told.textContent = sentence;
  if (sentence) scrollTo(0, 0);
}

// One change: sent, drawn, told. What is returned says whether it was saved.
async function change(body, done) {
  if (busy) return { saved: false, faults: [] };
  busy = true;
  const { outcome, family: now } = await ask(body);
  busy = false;
  if (now) draw(now);
  if (outcome.saved) tell([done, now?.trouble].filter(Boolean).join(" "));
  else tell(outcome.trouble || told.dataset.faults, "fault");
  document.querySelector("#take-back").hidden = !outcome.saved;
  return outcome;
}

// ---- drawing

function element(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

function line(name, about, act, label) {
  const row = element("li", ""), what = element("div", "what");
  what.append(element("span", "name", name));
  if (about) what.append(element("span", "about", about));
  row.append(what);
  if (act) {
    const button = element("button", "", label);
    button.type = "button";
    button.setAttribute("aria-label", `${label}: ${name}`);
    button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

function fill(part, rows) {
  const list = document.querySelector(`#${part} .entries`);
  list.replaceChildren(...(rows.length ? rows : [line(list.dataset.none)]));
}

function draw(now) {
  family = now;
  const change = document.querySelector("#answers .entries").dataset.change;
  const edit = (type, one) => () => open(formOf(type), one);
  fill("answers", now.topics.map((one) => line(`M${one.number} ${one.name}`, one.answer, edit("topic", one), change)));
  fill("people", now.people.map((one) => line(`M${one.number} ${one.name}`, [one.who, one.phone].filter(Boolean).join(", "), edit("person", one), change)));
  fill("asking", now.ways.map((one) => line(one.title, one.ways.join(" · "), edit("ways", one), change)));
  drawCopies(now.copies);
  options("#ways-topic", now.known.map(({ id, code, name }) => [id, `${code} ${name}`]));
  const region = document.querySelector("#region-region");
  const known = now.regions.some(({ id }) => id === now.region);
  const other = known ? [] : [[now.region, region.dataset.other]];
  options("#region-region", [...other, ...now.regions.map(({ id, name }) => [id, name])]);
  if (!region.matches(":focus")) region.value = now.region;
  if (now.trouble && !told.textContent) tell(now.trouble, "fault");
}

function drawCopies(copies) {
  const list = document.querySelector("#copies .entries");
  const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const row = ({ name, saved }, place) => {
    const back = () => change({ type: "restore", copy: name }, told.dataset.undone);
    return line(date.format(new Date(saved)), place ? "" : list.dataset.now, place ? back : null, list.dataset.back);
  };
  fill("copies", copies.map(row));
  document.querySelector("#copies .undo").hidden = !copies.length;
}

function options(where, pairs) {
  const select = document.querySelector(where), chosen = select.value;
  if (select.options.length !== pairs.length) select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
  if (chosen) select.value = chosen;
}

// ---- forms

const formOf = (type) => forms.find((form) => form.dataset.type === type);
const fields = (form) => [...form.querySelectorAll("input, textarea, select")];
const asText = (value) => (Array.isArray(value) ? value.join("\n") : value ?? "");
const typed = (form) => JSON.stringify(fields(form).map((field) => field.value));

function open(form, one = null) {
  form.dataset.number = one?.number ?? 0;
  for (const field of fields(form)) if (one || !field.matches("select")) field.value = asText(one?.[field.name]);
  showFaults(form, []);
  const heading = form.querySelector("h3");
  heading.textContent = one ? heading.dataset.change : heading.dataset.new;
  form.querySelector(".remove").hidden = !one;
  form.dataset.before = typed(form);
  form.hidden = false;
  tell("");
  document.querySelector("#take-back").hidden = true;
  heading.focus();
}

function close(form) {
  form.hidden = true;
  form.closest("section").querySelector(".add").focus();
}

function showFaults(form, faults) {
  for (const place of form.querySelectorAll(".field")) {
    const here = faults.filter(({ field }) => field === place.dataset.field);
    const fault = place.querySelector(".fault"), wrong = here.some(({ level }) => level === "error");
    fault.hidden = !here.length;
    fault.textContent = here.map(({ sentence }) => sentence).join("\n");
    fault.classList.toggle("advice", !wrong);
    place.querySelector("input, textarea, select").setAttribute("aria-invalid", String(wrong));
  }
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function body(form) {
  const values = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  const { type, number } = form.dataset;
  return { type, ...values, ...(type === "topic" || type === "person" ? { number: Number(number) } : {}) };
}

for (const form of forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const before = new Set(family?.[form.dataset.list]?.map(({ number }) => number));
    const { saved, faults } = await change(body(form), told.dataset.saved);
    showFaults(form, faults);
    if (!saved || form.dataset.type === "region") return;
    form.dataset.before = typed(form);
    if (!faults.length) return close(form);
    // Advice stays beside its field, and what is saved again is the same entry.
    const made = family[form.dataset.list].find(({ number }) => number && !before.has(number));
    if (made && form.dataset.number === "0") form.dataset.number = made.number;
    tell(told.dataset.advice);
  });
  form.querySelector(".close")?.addEventListener("click", () => close(form));
  form.querySelector(".remove")?.addEventListener("click", async () => {
    const { type, number } = form.dataset;
    const less = type === "ways" ? { type, topic: form.topic.value, ways: "" } : { type: "remove", number: Number(number) };
    const { saved } = await change(less, told.dataset.removed);
    if (saved) close(form);
  });
}

for (const button of document.querySelectorAll(".add")) button.addEventListener("click", () => open(formOf(button.dataset.form)));
for (const button of document.querySelectorAll(".undo")) {
  button.addEventListener("click", () => change({ type: "restore" }, told.dataset.undone));
}
const unsaved = () => forms.some((form) => !form.hidden && form.dataset.before && typed(form) !== form.dataset.before);
addEventListener("beforeunload", (event) => unsaved() && event.preventDefault());
watchCalls(unsaved);

// ---- one part at a time

function show() {
  const wanted = parts.find(({ id }) => `#${id}` === location.hash) ?? parts[0];
  for (const part of parts) part.hidden = part !== wanted;
  for (const link of document.querySelectorAll("#parts a")) {
    if (link.hash === `#${wanted.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  tell("");
  document.querySelector("#take-back").hidden = true;
}

addEventListener("hashchange", show);
show();
dress();
const { outcome, family: first } = await ask();
if (first) draw(first);
else tell(outcome.trouble, "fault");
