// Buttons and overflow menus: they act and keep no state.

import { el, icon, placeBeside, uniqueId } from "../dom.js";
import { renderText } from "../mrkdwn.js";
import { asActor } from "../permalink.js";

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
  const menuId = uniqueId("menu");
  const menu = el("div", {
    id: menuId,
    class: "popup menu",
    role: "menu",
    popover: "auto",
    "aria-label": "More actions",
  });
  const button = el(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-label": element.accessibility_label ?? "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      popovertarget: menuId,
      dataset: { actionId: element.action_id },
    },
    icon("more"),
  );
  menu.append(
    ...element.options.map((option) => {
      const row =
        option.url && /^https?:/i.test(option.url)
          ? el("a", { href: option.url, target: "_blank", rel: "noopener noreferrer" })
          : el("button", { type: "button" });
      row.className = "popup-row";
      row.setAttribute("role", "menuitem");
      row.tabIndex = -1;
      row.append(
        el(
          "span",
          { class: "popup-text" },
          el("span", {}, renderText(option.text, surface.people)),
          option.description &&
            el("span", { class: "popup-hint" }, renderText(option.description, surface.people)),
        ),
      );
      row.addEventListener("click", () => {
        menu.hidePopover();
        context.send({ selected_option: { text: option.text, value: option.value } }, button);
      });
      return row;
    }),
  );
  menu.addEventListener(
    "beforetoggle",
    (event) => event.newState === "open" && placeBeside(menu, button, 200),
  );
  menu.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") menu.firstChild?.focus();
  });
  menu.addEventListener("keydown", (event) => moveFocus(event, menu));
  return el("span", { class: "overflow-wrap" }, button, menu);
}

function moveFocus(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...menu.children];
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
}
