// Date and time pickers. Dates and times are the acting person's wall clock; a datetimepicker's value is UNIX seconds.

import { el } from "../dom.js";

function dateInput(context, props) {
  return el("input", { type: "date", class: "field date", ...context.naming, ...props });
}

export function renderDatepicker(context) {
  const input = dateInput(context);
  input.value = context.declare("selected_date", context.element.initial_date) ?? "";
  input.addEventListener("change", () => context.commit("selected_date", input.value || null, input));
  return input;
}

export function renderTimepicker(context) {
  const input = el("input", { type: "time", class: "field time", ...context.naming });
  input.value = context.declare("selected_time", context.element.initial_time) ?? "";
  input.addEventListener("change", () => context.commit("selected_time", input.value || null, input));
  return el("span", { class: "with-zone" }, input, el("span", { class: "zone" }, context.element.timezone ?? context.surface.people.clock.zoneShort()));
}

export function renderDatetimepicker(context) {
  const { clock } = context.surface.people;
  const part = (name) => ({ "aria-labelledby": null, "aria-label": `${name}, in ${clock.zoneName}` });
  const date = dateInput(context, part("Date"));
  const time = el("input", { type: "time", class: "field time", ...context.naming, ...part("Time") });
  const initial = context.declare("selected_date_time", context.element.initial_date_time);
  if (initial !== null) ({ date: date.value, time: time.value } = clock.toLocal(initial));
  const group = el("div", { class: "with-zone", role: "group", "aria-labelledby": context.labelId, "aria-describedby": context.describedBy },
    date, time, el("span", { class: "zone", title: clock.tz }, clock.zoneShort()));
  group.addEventListener("change", () => {
    const complete = date.value && time.value;
    context.commit("selected_date_time", complete ? clock.fromLocal(date.value, time.value) : null, group);
  });
  return group;
}
