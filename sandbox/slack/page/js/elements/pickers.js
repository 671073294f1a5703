// Date and time pickers. Dates and times are the acting person's wall clock; a datetimepicker's value is UNIX seconds.

import { el } from "../dom.js";

const SETTLE_MS = 700; // typing a year passes through other years; an action goes out when the fingers rest
const LAST_DAY = "2999-12-31"; // keeps the year field at four digits

function dateInput(context, props) {
  return el("input", { type: "date", class: "field date", max: LAST_DAY, ...context.naming, ...props });
}

/** Stores every change at once and sends the last one when the person pauses, leaves the field or presses Enter. */
function watch(node, context, field, read) {
  let timer = null;
  const send = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    context.commit(field, read(), node);
  };
  node.addEventListener("change", () => {
    context.store(field, read());
    clearTimeout(timer);
    timer = context.dispatches ? setTimeout(send, SETTLE_MS) : null;
  });
  node.addEventListener("focusout", send);
  node.addEventListener("keydown", (event) => event.key === "Enter" && send());
}

export function renderDatepicker(context) {
  const input = dateInput(context);
  input.value = context.declare("selected_date", context.element.initial_date) ?? "";
  watch(input, context, "selected_date", () => input.value || null);
  return input;
}

export function renderTimepicker(context) {
  const input = el("input", { type: "time", class: "field time", ...context.naming });
  input.value = context.declare("selected_time", context.element.initial_time) ?? "";
  watch(input, context, "selected_time", () => input.value || null);
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
  const initial = context.declare("selected_date_time", context.element.initial_date_time);
  if (initial !== null) ({ date: date.value, time: time.value } = clock.toLocal(initial));
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
  watch(group, context, "selected_date_time", () =>
    date.value && time.value ? clock.fromLocal(date.value, time.value) : null,
  );
  return group;
}
