// Buttons and overflow menus: they act and keep no state.

import { el, icon } from "../dom.js";
import { menuButton } from "../menu.js";
import { renderText } from "../mrkdwn.js";
import { asActor } from "../permalink.js";

const OVERFLOW_WIDTH = 200; // CSS pixels

export function renderButton(context) {
  const { element } = context;
  const style = element.style ? `button ${element.style}` : "button";
  const label = [
    el("span", { class: "button-label" }, renderText(element.text, context.surface.people)),
    el("span", { class: "spinner", "aria-hidden": "true" }),
  ];
  const props = {
    class: style,
    dataset: { actionId: element.action_id },
    "aria-label": element.accessibility_label,
  };
  const send = (event) =>
    context.send(
      { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) },
      event.currentTarget,
    );
  if (element.url && /^https?:/i.test(element.url)) {
    return el(
      "a",
      { ...props, href: asActor(element.url), target: "_blank", rel: "noopener noreferrer", on: { click: send } },
      label,
      el("span", { class: "visually-hidden" }, " (opens a new page)"),
    );
  }
  return el("button", { ...props, type: "button", on: { click: send } }, label);
}

export function renderOverflow(context) {
  const { element, surface } = context;
  const items = element.options.map((option) => {
    const isLink = option.url && /^https?:/i.test(option.url);
    return el(
      isLink ? "a" : "button",
      {
        class: "popup-row",
        role: "menuitem",
        ...(isLink
          ? { href: option.url, target: "_blank", rel: "noopener noreferrer" }
          : { type: "button" }),
        on: {
          click: () => {
            close();
            context.send({ selected_option: { text: option.text, value: option.value } }, button);
          },
        },
      },
      el(
        "span",
        { class: "popup-text" },
        el("span", {}, renderText(option.text, surface.people)),
        option.description &&
          el("span", { class: "popup-hint" }, renderText(option.description, surface.people)),
      ),
    );
  });
  const { button, menu, close } = menuButton({
    label: element.accessibility_label ?? "More actions",
    menuLabel: "More actions",
    className: "button overflow",
    sign: icon("more"),
    items,
    width: OVERFLOW_WIDTH,
    props: { "data-action-id": element.action_id },
  });
  return el("span", { class: "overflow-wrap" }, button, menu);
}
