// Where one types: Enter sends, Shift+Enter starts a new line, "/" offers the app's commands, "@" the members.

import { announce, el, icon, uniqueId } from "./dom.js";
import { avatar, roleOf } from "./avatar.js";

const MAX_SUGGESTIONS = 8;

export class Composer {
  #suggestions = [];
  #active = 0;
  #mentions = new Map(); // "@Name" as typed → handle

  /** @param send (text) => Promise; rejects with words to show. */
  constructor({ store, label, placeholder, zone, hint = "", draft = "", onDraft = () => {}, send }) {
    Object.assign(this, { store, send, onDraft });
    const listId = uniqueId("suggestions");
    this.list = el("div", {
      class: "suggestions",
      id: listId,
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.input = el("textarea", {
      rows: "1",
      "aria-label": label,
      placeholder,
      "aria-controls": listId,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
    });
    this.input.value = draft;
    this.button = el(
      "button",
      { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" },
      icon("send"),
    );
    this.notice = el("div", { class: "notice", role: "alert", hidden: true });
    this.status = el("div", { class: "composer-status", role: "status" });
    this.node = el(
      "form",
      { class: "composer" },
      this.notice,
      this.list,
      el("div", { class: "composer-box" }, this.input, this.button),
      el(
        "div",
        { class: "composer-foot" },
        this.status,
        el("span", { class: "composer-zone" }, `Times are ${zone}`),
        el("span", { class: "composer-hint" }, `Enter to send · Shift+Enter for a new line${hint}`),
      ),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.#grow());
    this.input.addEventListener("blur", () => this.#suggest([]));
    this.#grow();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  #changed() {
    this.onDraft(this.input.value);
    this.#grow();
    this.#suggest(this.#findSuggestions());
  }

  #grow() {
    if (this.input.isConnected) {
      this.input.style.height = "auto";
      this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
    }
    this.button.classList.toggle("ready", this.input.value.trim() !== "");
  }

  #key(event) {
    if (!this.list.hidden) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        return this.#move(this.#active + step);
      }
      if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !this.#isComplete())) {
        event.preventDefault();
        return this.#take(this.#suggestions[this.#active]);
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        return this.#suggest([]);
      }
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    }
  }

  /** A command that is typed out in full is sent by Enter, not completed. */
  #isComplete() {
    return this.#suggestions[this.#active]?.insert.trim() === this.input.value.trim();
  }

  #findSuggestions() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    if (/^\/\S*$/.test(before)) {
      return this.store.commands
        .filter(({ command }) => command.startsWith(before))
        .map(({ command, description, usage_hint: usage }) => ({
          insert: `${command} `,
          from: 0,
          title: command,
          extra: usage,
          hint: description,
        }));
    }
    const at = /(^|\s)@([\p{L}\p{N}.'-]*(?: [\p{L}]*)?)$/u.exec(before);
    if (!at) return [];
    const query = at[2].toLowerCase();
    return [...this.store.users.values()]
      .filter(
        ({ real_name: name, name: handle, deleted }) =>
          !deleted && (name?.toLowerCase().includes(query) || handle?.toLowerCase().startsWith(query)),
      )
      .slice(0, MAX_SUGGESTIONS)
      .map((user) => ({
        insert: `@${user.real_name} `,
        from: before.length - at[2].length - 1,
        title: user.real_name,
        extra: user.name,
        hint: roleOf(user),
        user,
      }));
  }

  #suggest(suggestions) {
    this.#suggestions = suggestions;
    this.list.hidden = !suggestions.length;
    this.list.replaceChildren(
      ...suggestions.map((item, index) =>
        el(
          "div",
          {
            class: "popup-row",
            role: "option",
            id: `${this.list.id}-${index}`,
            on: { pointerdown: (event) => (event.preventDefault(), this.#take(item)) },
          },
          item.user && avatar(item.user),
          el(
            "span",
            { class: "popup-text" },
            el(
              "span",
              {},
              el("strong", {}, item.title),
              item.extra && el("span", { class: "popup-extra" }, ` ${item.extra}`),
            ),
            item.hint && el("span", { class: "popup-hint" }, item.hint),
          ),
        ),
      ),
    );
    if (suggestions.length) this.#move(0);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #move(index) {
    this.#active = (index + this.#suggestions.length) % this.#suggestions.length;
    [...this.list.children].forEach((row, at) => {
      row.classList.toggle("active", at === this.#active);
      row.setAttribute("aria-selected", String(at === this.#active));
    });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.#active}`);
  }

  #take({ insert, from, user }) {
    const to = this.input.selectionStart;
    if (user) this.#mentions.set(insert.trim(), user.name);
    this.input.setRangeText(insert, from, to, "end");
    this.#changed();
    this.#suggest([]);
  }

  /** What is sent: mentions that were chosen by name go as @handle, which the server makes into references. */
  #wireText(typed) {
    let text = typed;
    for (const [name, handle] of this.#mentions) text = text.replaceAll(name, `@${handle}`);
    return text;
  }

  async #submit() {
    const typed = this.input.value;
    if (!typed.trim()) return;
    this.#suggest([]);
    this.input.value = "";
    this.#changed();
    this.#say(null);
    this.status.textContent = typed.startsWith("/") ? `Running ${typed.split(/\s/)[0]} …` : "";
    try {
      await this.send(this.#wireText(typed.trim()));
      this.#mentions.clear();
    } catch (error) {
      if (!this.input.value) {
        this.input.value = typed;
        this.#changed();
        this.#suggest([]);
      }
      this.#say(error.message);
    } finally {
      this.status.textContent = "";
    }
  }

  #say(words) {
    this.notice.hidden = !words;
    this.notice.replaceChildren(...(words ? [icon("warn"), el("span", {}, words)] : []));
    if (words) announce(words);
  }
}
