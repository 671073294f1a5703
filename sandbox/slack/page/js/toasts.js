// Short notices at the edge of the page, for news that belongs to no message or modal.

import { el, icon, iconButton } from "./dom.js";

const SHOWN_MS = 10_000;

const GRACE_MS = 400; // what failed here may be shown beside its button any moment

/** Shows `words` for a while, unless something on this page says the same already. */
export function toast(words) {
  setTimeout(() => {
    const said = [...document.querySelectorAll(".notice:not([hidden]), .popup-note")].some(
      (notice) => notice.textContent === words,
    );
    if (!said) show(words);
  }, GRACE_MS);
}

function show(words) {
  const node = el(
    "div",
    { class: "toast" },
    icon("warn"),
    el("span", {}, words),
    iconButton("close", "Dismiss", () => node.remove()),
  );
  const place = document.getElementById("toasts");
  place.append(node);
  if (place.popover && place.matches(":popover-open")) place.hidePopover();
  place.showPopover?.(); // the top layer, above an open modal
  setTimeout(() => node.remove(), SHOWN_MS);
}
