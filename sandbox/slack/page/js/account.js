// Closing somebody's account and opening it again: the stand-in's own doing, which Slack leaves to administrators.

import { setClosed } from "./api.js";
import { askToConfirm } from "./confirm.js";
import { el, icon, uniqueId } from "./dom.js";
import { menuButton } from "./menu.js";

const plain = (text) => ({ type: "plain_text", text });
const MENU_WIDTH = 250; // CSS pixels

/** The menu beside one's own name. `onProblem` is told what went wrong, in words. */
export function accountMenu(me, onProblem) {
  const noteId = uniqueId("note");
  const close = el(
    "button",
    { type: "button", class: "popup-row", role: "menuitem", "aria-describedby": noteId },
    el("span", { class: "popup-text" }, "Close this account …"),
  );
  const note = el(
    "div",
    { class: "popup-note", id: noteId },
    "Only this stand-in has this. In Slack, an administrator deactivates accounts.",
  );
  const { button, menu, close: closeMenu } = menuButton({
    label: `More about ${me.real_name}`,
    className: "icon-button account",
    sign: icon("more"),
    items: [close, note],
    width: MENU_WIDTH,
  });
  close.addEventListener("click", async () => {
    closeMenu();
    const isSure = await askToConfirm({
      title: plain(`Close the account of ${me.real_name}?`),
      text: plain(
        "This is what an administrator’s “Deactivate account” does in Slack. The app is told, and nobody can be this person here until you open the account again.",
      ),
      confirm: plain("Close the account"),
      style: "danger",
    });
    if (isSure) await order(me, true, onProblem);
  });
  return [button, menu];
}

/** The button that undoes it. */
export function openAgain(user, onProblem) {
  return el(
    "button",
    {
      type: "button",
      class: "button",
      "aria-label": `Open the account of ${user.real_name} again`,
      on: { click: () => order(user, false, onProblem) },
    },
    "Open it again",
  );
}

async function order(user, isClosed, onProblem) {
  try {
    await setClosed(user.id, isClosed);
    location.reload(); // who one is, and who can be chosen, is another now
  } catch (error) {
    onProblem(error.message);
  }
}
