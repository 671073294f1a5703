// Typed inputs: plain text, email, URL, number.

import { el } from "../dom.js";

const INPUT_KINDS = {
  plain_text_input: {},
  email_text_input: { inputmode: "email", autocomplete: "off" },
  url_text_input: { inputmode: "url", autocomplete: "off" },
  number_input: { inputmode: "decimal", autocomplete: "off" },
};
const NEAR_LIMIT = 50; // characters left at which the counter appears

export function renderTextInput(context) {
  const { element } = context;
  const props = {
    ...context.naming,
    ...INPUT_KINDS[element.type],
    ...(element.is_decimal_allowed === false ? { inputmode: "numeric" } : {}),
    class: "field",
    placeholder: context.placeholder,
  };
  const field = element.multiline
    ? el("textarea", { ...props, rows: "4" })
    : el("input", { type: "text", ...props });
  field.value = context.declare("value", element.initial_value) ?? "";
  const counter = el("span", { class: "counter", "aria-live": "polite" });
  const read = () => (field.value === "" ? null : field.value);

  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  field.addEventListener("input", () => {
    context.store("value", read());
    showRoom(counter, element, field.value.length);
    if (context.dispatches && when.includes("on_character_entered")) context.send({ value: read() }, field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || (element.multiline && event.shiftKey)) return;
    if (context.dispatches && when.includes("on_enter_pressed")) {
      event.preventDefault();
      context.send({ value: read() }, field);
    }
  });
  showRoom(counter, element, field.value.length);
  return el("div", { class: "field-wrap" }, field, counter);
}

function showRoom(counter, { min_length: least = 0, max_length: most }, length) {
  const left = most === undefined ? Infinity : most - length;
  if (left < 0) counter.textContent = `${-left} too many`;
  else if (left <= NEAR_LIMIT) counter.textContent = `${left} left`;
  else if (length > 0 && length < least) counter.textContent = `${least - length} more needed`;
  else counter.textContent = "";
}
