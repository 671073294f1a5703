// Emoji on a message: how many people put which, and a small choice of them to add.

import { el, icon, reconcile } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { menuButton } from "./menu.js";

/** What can be added here, with the words for it; people's real clients offer every emoji there is. */
const CHOICE = [
  ["+1", "Thumbs up"],
  ["raised_hands", "Raised hands"],
  ["tada", "Party popper"],
  ["heart", "Heart"],
  ["pray", "Folded hands"],
  ["eyes", "Eyes"],
  ["white_check_mark", "Tick"],
  ["wave", "Waving hand"],
];
const WORDS = new Map(CHOICE);
const MENU_WIDTH = 190; // CSS pixels

const wordsFor = (name) => WORDS.get(name) ?? name.replaceAll("_", " ");

/** The emoji, or nothing where it can't be drawn. */
const glyph = (name) => emojiFor(name) && el("span", { class: "emoji", "aria-hidden": "true" }, emojiFor(name));

/** The row below a message; it stays empty until somebody reacts. */
export class Reactions {
  #pills = new Map(); // emoji's name → its button
  #ts = null;
  #mine = new Set();

  constructor(page, channel) {
    Object.assign(this, { page, channel });
    this.node = el("div", { class: "reactions", role: "group", "aria-label": "Reactions", hidden: true });
  }

  /** A button that opens the choice of emoji, with the choice itself. */
  picker() {
    const choices = CHOICE.map(([name, words]) =>
      el(
        "button",
        {
          type: "button",
          class: "popup-row",
          role: "menuitem",
          on: {
            click: () => {
              close();
              this.#set(name, true);
            },
          },
        },
        glyph(name),
        el("span", { class: "popup-text" }, words),
      ),
    );
    const { button, menu, close } = menuButton({
      label: "Add a reaction",
      className: "icon-button",
      sign: icon("smile"),
      items: choices,
      width: MENU_WIDTH,
      props: { title: "Add a reaction" },
    });
    return [button, menu];
  }

  update({ ts, reactions = [] }) {
    const { store } = this.page;
    this.#ts = ts;
    this.#mine = new Set(
      reactions.filter(({ users }) => users.includes(store.me.id)).map(({ name }) => name),
    );
    for (const name of this.#pills.keys())
      if (!reactions.some((each) => each.name === name)) this.#pills.delete(name);
    const hadFocus = this.node.contains(document.activeElement);
    reconcile(this.node, reactions.map((each) => this.#pill(each)));
    this.node.hidden = !reactions.length;
    if (hadFocus && !this.node.contains(document.activeElement))
      (this.node.lastChild ?? this.node.closest(".message"))?.focus();
  }

  #pill({ name, users, count }) {
    if (!this.#pills.has(name)) {
      const number = el("span", { class: "reaction-count" });
      const button = el(
        "button",
        {
          type: "button",
          class: "reaction",
          dataset: { reaction: name },
          on: { click: () => this.#set(name, !this.#mine.has(name)) },
        },
        glyph(name) ?? wordsFor(name),
        number,
      );
      this.#pills.set(name, button);
    }
    const button = this.#pills.get(name);
    const names = users.map((id) =>
      id === this.page.store.me.id ? "you" : (this.page.store.userName(id) ?? "somebody"),
    );
    const mine = this.#mine.has(name);
    button.setAttribute("aria-pressed", String(mine));
    button.setAttribute("aria-label", `${wordsFor(name)}: ${count}, ${names.join(", ")}`);
    button.title = `${wordsFor(name)}: ${names.join(", ")}`;
    button.lastChild.textContent = String(count);
    return button;
  }

  #set(name, on) {
    return this.page.attempt(() => this.page.client.react(this.channel, this.#ts, name, on));
  }
}
