// Two small dialogs: "jump to" (Ctrl+K) over conversations and people, and "new message" to one or several people.

import { avatar, isPerson, roleOf } from "./avatar.js";
import { Combobox, matching } from "./combobox.js";
import { el, iconButton, trapFocus, uniqueId } from "./dom.js";
import { leadOf } from "./sidebar.js";

const MAX_PEOPLE = 8; // besides oneself, as in Slack

function openDialog(title, ...content) {
  const id = uniqueId("dialog");
  const dialog = el("dialog", { class: "dialog jump", "aria-labelledby": id });
  dialog.append(
    el(
      "header",
      { class: "dialog-head" },
      el("h2", { id, class: "dialog-title" }, title),
      iconButton("close", "Close", () => dialog.close()),
    ),
    ...content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  trapFocus(dialog);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const personOption = (user) => ({
  key: user.id,
  label: user.real_name,
  hint: `@${user.name}`,
  badge: roleOf(user),
  lead: () => avatar(user),
  data: user,
});

function otherPeople({ store }) {
  return [...store.users.values()]
    .filter((user) => user.id !== store.me.id && isPerson(user))
    .sort((a, b) => a.real_name.localeCompare(b.real_name));
}

/** Ctrl+K: type a few letters of a channel or a person, Enter goes there. */
export function openJump(page) {
  if (document.querySelector("dialog[open]")) return;
  const { store } = page;
  const conversations = [...store.conversations.values()]
    .sort((a, b) => b.unread - a.unread || Number(b.latest ?? 0) - Number(a.latest ?? 0))
    .map((each) => ({
      key: each.id,
      label: store.title(each),
      hint:
        each.unread > 0 && each.is_member ? `${each.unread} unread` : each.is_member ? "" : "not joined yet",
      lead: () => leadOf(store, each),
      data: each,
    }));
  const withDm = new Set(
    [...store.conversations.values()]
      .filter(({ type }) => type === "im")
      .flatMap((each) => store.others(each)),
  );
  const people = otherPeople(page)
    .filter(({ id }) => !withDm.has(id))
    .map(personOption);
  const box = new Combobox({
    label: "Jump to a channel or person",
    placeholder: "Jump to a channel or person",
    search: (query) => [
      { label: "Conversations", options: matching(conversations, query) },
      { label: "People", options: matching(people, query) },
    ],
    onChange: async ([{ data }]) => {
      dialog.close();
      if (store.conversations.has(data.id)) page.navigate({ channel: data.id });
      else await page.openDm([data.id]);
    },
  });
  const dialog = openDialog(
    "Jump to",
    el(
      "div",
      { class: "dialog-body" },
      box.node,
      el(
        "p",
        { class: "keys" },
        key("↑"),
        key("↓"),
        " choose ",
        key("Enter"),
        " go there ",
        key("Alt"),
        key("↑ ↓"),
        " next conversation ",
        key("Esc"),
        " close",
      ),
    ),
  );
  box.focus();
  box.open();
}

const key = (name) => el("kbd", {}, name);

/** A new direct message: one person, or several for a group. */
export function openNewMessage(page) {
  const people = otherPeople(page).map(personOption);
  const start = el(
    "button",
    { type: "button", class: "button primary", disabled: true },
    "Start the conversation",
  );
  const box = new Combobox({
    label: "To",
    placeholder: "Names of one or more people",
    multiple: true,
    max: MAX_PEOPLE,
    search: (query) => [{ options: matching(people, query) }],
    onChange: (selected) => {
      start.disabled = !selected.length;
    },
  });
  start.addEventListener("click", async () => {
    dialog.close();
    await page.openDm(box.selected.map((option) => option.key));
  });
  const dialog = openDialog(
    "New direct message",
    el("div", { class: "dialog-body" }, box.node),
    el("footer", { class: "dialog-foot" }, start),
  );
  box.focus();
}
