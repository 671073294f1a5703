// Checkboxes and radio buttons.

import { el, uniqueId } from "../dom.js";
import { renderText } from "../mrkdwn.js";

/** An option as Slack sends it back: its text and value, and its description if it has one. */
export const plainOption = ({ text, value, description }) =>
  description ? { text, value, description } : { text, value };

/** @param choose (option, box) => false if the person declined to confirm; then what was chosen before is shown again */
function renderChoices(context, type, isChosen, choose) {
  const { element, surface } = context;
  const name = uniqueId("choice");
  const boxes = new Map();
  const rows = element.options.map((option) => {
    const hintId = option.description ? uniqueId("hint") : null;
    const box = el("input", { type, name, value: option.value, "aria-describedby": hintId });
    box.checked = isChosen(option);
    boxes.set(option, box);
    box.addEventListener("change", async () => {
      if (await choose(option, box)) return;
      for (const [each, its] of boxes) its.checked = isChosen(each);
    });
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
    const before = chosen;
    const wanted = context.element.options.filter((each) => (each === option ? box.checked : has(each)));
    chosen = wanted.map(plainOption);
    return accepted(context, "selected_options", chosen, box, () => (chosen = before));
  });
}

export function renderRadioButtons(context) {
  const { initial_option: initial } = context.element;
  let chosen = context.declare("selected_option", initial ? plainOption(initial) : null);
  const isChosen = (option) => option.value === chosen?.value;
  return renderChoices(context, "radio", isChosen, (option, box) => {
    const before = chosen;
    chosen = plainOption(option);
    return accepted(context, "selected_option", chosen, box, () => (chosen = before));
  });
}

/** Sends a choice; if it is declined, `undo` gives the value that is stored again. */
async function accepted(context, field, value, box, undo) {
  if (await context.commit(field, value, box)) return true;
  context.store(field, undo());
  return false;
}
