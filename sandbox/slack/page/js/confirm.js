// The small "are you sure?" dialog of a Block Kit confirm object.

import { el, trapFocus, uniqueId } from "./dom.js";
import { renderText } from "./mrkdwn.js";

const DENY = { type: "plain_text", text: "Cancel" };

/** Resolves to true when the person confirms, false when they decline or press Escape. */
export function askToConfirm({ title, text, confirm, deny, style }, people) {
  const opener = document.activeElement;
  const id = uniqueId("confirm");
  const yes = el(
    "button",
    { type: "submit", value: "yes", class: `button ${style === "danger" ? "danger" : "primary"}` },
    renderText(confirm, people),
  );
  const no = el("button", { type: "submit", value: "no", class: "button" }, renderText(deny ?? DENY, people));
  const dialog = el(
    "dialog",
    { class: "dialog small", "aria-labelledby": id },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id, class: "dialog-title" }, renderText(title, people)),
      el("div", { class: "dialog-body" }, renderText(text, people)),
      el("footer", { class: "dialog-foot" }, no, yes),
    ),
  );
  trapFocus(dialog);
  document.body.append(dialog);
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
  });
}
