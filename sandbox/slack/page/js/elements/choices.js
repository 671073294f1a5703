// Checkboxes and radio buttons.

import { el, uniqueId } from "../dom.js";
import { renderText } from "../mrkdwn.js";

/** An option as Slack sends it back: its text and value, and its description if it has one. */
export const plainOption = ({ text, value, description }) =>
  description ? { text, value, description } : { text, value };

function renderChoices(context, type, isChosen, onChange) {
  const { element, surface } = context;
  const name = uniqueId("choice");
  const rows = element.options.map((option) => {
    const hintId = option.description ? uniqueId("hint") : null;
    const box = el("input", { type, name, value: option.value, "aria-describedby": hintId });
    box.checked = isChosen(option);
    box.addEventListener("change", () => onChange(option, box));
    return el(
      "div",
      { class: "choice" },
      el("label", {}, box, el("span", {}, renderText(option.text, surface.people))),
      option.description &&
        el("div", { class: "choice-hint", id: hintId }, renderText(option.description, surface.people)),
    );
  });
  return el(
    "div",
    { ...context.naming, class: "choices", role: type === "radio" ? "radiogroup" : "group" },
    rows,
  );
}

export function renderCheckboxes(context) {
  let chosen =
    context.declare("selected_options", context.element.initial_options?.map(plainOption) ?? []) ?? [];
  const has = (option) => chosen.some(({ value }) => value === option.value);
  return renderChoices(context, "checkbox", has, (option, box) => {
    const wanted = context.element.options.filter((each) => (each === option ? box.checked : has(each)));
    chosen = wanted.map(plainOption);
    context.commit("selected_options", chosen, box);
  });
}

export function renderRadioButtons(context) {
  const { initial_option: initial } = context.element;
  const chosen = context.declare("selected_option", initial ? plainOption(initial) : null);
  return renderChoices(
    context,
    "radio",
    (option) => option.value === chosen?.value,
    (option, box) => context.commit("selected_option", plainOption(option), box),
  );
}
