// A button that opens a small menu (ARIA menu button): overflow menus, the choice of emoji, what can be done to an account.

import { el, placeBeside, uniqueId } from "./dom.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/**
 * @param label the button's name; `menuLabel` the menu's, if it is another
 * @param items the menu's nodes; those with role="menuitem" can be reached by the arrow keys
 * @param width least width of the menu in CSS pixels
 * @returns {button, menu, close}: `menu` belongs beside the button; `close` gives the focus back
 */
export function menuButton({ label, menuLabel = label, className, sign, items, width, props = {} }) {
  const id = uniqueId("menu");
  const menu = el(
    "div",
    { id, class: "popup menu", role: "menu", popover: "auto", "aria-label": menuLabel },
    items,
  );
  const rows = [...menu.querySelectorAll('[role="menuitem"]')];
  for (const row of rows) row.tabIndex = -1;
  const button = el(
    "button",
    {
      type: "button",
      class: className,
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      popovertarget: id,
      ...props,
    },
    sign,
  );
  menu.addEventListener(
    "beforetoggle",
    (event) => event.newState === "open" && placeBeside(menu, button, width),
  );
  menu.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") rows[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const at = rows.indexOf(document.activeElement);
    const to = { Home: 0, End: rows.length - 1 }[event.key] ?? (STEPS[event.key] && at + STEPS[event.key]);
    if (to === undefined) return;
    event.preventDefault();
    rows[(to + rows.length) % rows.length].focus();
  });
  const close = () => {
    menu.hidePopover();
    button.focus();
  };
  return { button, menu, close };
}
