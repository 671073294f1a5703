// Date and time pickers. Dates and times are the acting person's wall clock; a datetimepicker's value is UNIX seconds.

import { el } from "../dom.js";

const SETTLE_MS = 700; // typing a year passes through other years; an action goes out when the fingers rest
const LAST_DAY = "2999-12-31"; // keeps the year field at four digits

function dateInput(context, props) {
  return el("input", { type: "date", class: "field date", max: LAST_DAY, ...context.naming, ...props });
}

/**
 * Stores every change at once and sends the last one when the person pauses, leaves the field or presses Enter.
 * What they decline to confirm is undone: `write` shows the value that `read` gave before.
 */
function watch(node, context, field, read, write) {
  let timer = null;
  let accepted = read();
  const send = async () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    const value = read();
    if (value === accepted) return; // a date without its time, or the same again
    if (await context.commit(field, value, node)) {
      accepted = value;
      return;
    }
    write(accepted);
    context.store(field, accepted);
  };
  node.addEventListener("change", () => {
    context.store(field, read());
    clearTimeout(timer);
    timer = context.dispatches ? setTimeout(send, SETTLE_MS) : null;
  });
  node.addEventListener("focusout", (event) => node.contains(event.relatedTarget) || send());
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // or the same key would press the button of a confirmation that opens
    send();
  });
}

const watchInput = (input, context, field) =>
  watch(
    input,
    context,
    field,
    () => input.value || null,
    (value) => {
      input.value = value ?? "";
    },
  );

export function renderDatepicker(context) {
  const input = dateInput(context);
  input.value = context.declare("selected_date", context.element.initial_date) ?? "";
  watchInput(input, context, "selected_date");
  return input;
}

export function renderTimepicker(context) {
  const input = el("input", { type: "time", class: "field time", ...context.naming });
  input.value = context.declare("selected_time", context.element.initial_time) ?? "";
  watchInput(input, context, "selected_time");
  return el(
    "span",
    { class: "with-zone" },
    input,
    el("span", { class: "zone" }, context.element.timezone ?? context.surface.people.clock.zoneName),
  );
}

export function renderDatetimepicker(context) {
  const { clock } = context.surface.people;
  const part = (name) => ({ "aria-labelledby": null, "aria-label": `${name}, in ${clock.zoneName}` });
  const date = dateInput(context, part("Date"));
  const time = el("input", { type: "time", class: "field time", ...context.naming, ...part("Time") });
  const show = (at) => {
    ({ date: date.value, time: time.value } = at === null ? { date: "", time: "" } : clock.toLocal(at));
  };
  show(context.declare("selected_date_time", context.element.initial_date_time));
  const group = el(
    "div",
    {
      class: "with-zone",
      role: "group",
      "aria-labelledby": context.labelId,
      "aria-describedby": context.describedBy,
    },
    date,
    time,
    el("span", { class: "zone", title: clock.tz }, clock.zoneName),
  );
  const read = () => (date.value && time.value ? clock.fromLocal(date.value, time.value) : null);
  watch(group, context, "selected_date_time", read, show);
  return group;
}
