// A searchable list (ARIA combobox with a listbox popup): used by every select, the person switcher and Ctrl+K.

import { announce, el, icon, iconButton, placeBeside, uniqueId } from "./dom.js";

/**
 * Options are {key, label, hint?, lead? (node factory), badge?, data?}; groups are {label?, options}.
 *
 * @param search (query) => groups or a promise of groups; called with "" when the list opens
 * @param selected options chosen at first (one at most unless `multiple`)
 * @param onChange (selected options) => void
 */
export class Combobox {
  #options = [];
  #active = -1;
  #searches = 0;

  constructor({
    search,
    selected = [],
    onChange,
    multiple = false,
    clearable = false,
    placeholder = "",
    label,
    labelledBy,
    describedBy,
    minWidth = 0,
    max = Infinity,
    inputProps = {},
  }) {
    Object.assign(this, { search, selected: [...selected], onChange, multiple, clearable, minWidth, max });
    const listId = uniqueId("list");
    this.input = el("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-label": label,
      "aria-labelledby": labelledBy,
      "aria-describedby": describedBy,
      placeholder,
      ...inputProps,
    });
    this.placeholder = placeholder;
    this.list = el("div", {
      id: listId,
      class: "popup",
      role: "listbox",
      popover: "manual",
      "aria-labelledby": labelledBy,
      "aria-label": labelledBy ? null : (label ?? placeholder ?? "Choices"),
      "aria-multiselectable": multiple ? "true" : null,
    });
    this.chips = el("span", { class: "chips" });
    this.clear =
      clearable && !multiple
        ? iconButton("close", "Clear", () => this.#change([]), { tabindex: "-1" })
        : null;
    this.node = el(
      "div",
      { class: multiple ? "combobox multiple" : "combobox" },
      this.chips,
      this.input,
      this.clear,
      el("span", { class: "combobox-arrow" }, icon("down")),
      this.list,
    );
    this.#listen();
    this.#showSelection();
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  focus() {
    this.input.focus();
  }

  #listen() {
    this.node.addEventListener("pointerdown", (event) => {
      if (event.target === this.input || event.target.closest("button")) return;
      event.preventDefault(); // keep the focus in the field
      this.input.focus();
      if (!this.list.contains(event.target)) this.isOpen ? this.close() : this.open();
    });
    this.input.addEventListener("pointerdown", () => {
      if (!this.isOpen) this.open();
    });
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => {
      this.close();
      this.#showText();
    });
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#pick(Number(row.dataset.index));
    });
  }

  #key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) this.open();
      else this.#move(this.#active + (key === "ArrowDown" ? 1 : -1));
    } else if (key === "Enter" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      if (this.#active >= 0) this.#pick(this.#active);
    } else if (key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.#showText();
    } else if (key === "Backspace" && this.multiple && !this.input.value && this.selected.length) {
      this.#change(this.selected.slice(0, -1));
    } else if (key === "Tab" && this.isOpen) this.close();
  }

  async open(query = "") {
    this.input.setAttribute("aria-expanded", "true");
    if (!this.list.matches(":popover-open")) {
      this.list.showPopover();
      addEventListener("scroll", this.#place, true);
      addEventListener("resize", this.#place);
    }
    const turn = ++this.#searches;
    let groups = this.search(query.trim());
    if (groups instanceof Promise) {
      this.#say("Looking…");
      this.#place();
      try {
        groups = await groups;
      } catch (error) {
        if (turn === this.#searches) this.#say(error.message);
        return;
      }
    }
    if (turn !== this.#searches || !this.isOpen) return;
    this.#fill(groups);
    this.#place();
  }

  close() {
    if (!this.isOpen) return;
    this.#searches += 1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    removeEventListener("scroll", this.#place, true);
    removeEventListener("resize", this.#place);
  }

  #place = () => placeBeside(this.list, this.node, this.minWidth);

  #say(words) {
    this.#options = [];
    this.#active = -1;
    this.list.replaceChildren(el("div", { class: "popup-note" }, words));
    announce(words);
  }

  #fill(groups) {
    this.#options = groups.flatMap(({ options }) => options);
    if (!this.#options.length) return this.#say("Nothing found");
    const chosen = new Set(this.selected.map(({ key }) => key));
    const isFull = this.multiple && this.selected.length >= this.max;
    let index = 0;
    this.list.replaceChildren(
      ...(isFull ? [el("div", { class: "popup-note" }, this.#fullWords())] : []),
      ...groups
        .filter(({ options }) => options.length)
        .map(({ label, options }) => {
          const rows = options.map((option) => {
            const isChosen = chosen.has(option.key);
            return this.#row(option, index++, isChosen, isFull && !isChosen);
          });
          if (!label) return rows;
          const id = uniqueId("group");
          return [
            el(
              "div",
              { role: "group", "aria-labelledby": id },
              el("div", { class: "popup-group", id }, label),
              rows,
            ),
          ];
        })
        .flat(),
    );
    const current = this.multiple
      ? 0
      : Math.max(
          0,
          this.#options.findIndex(({ key }) => chosen.has(key)),
        );
    this.#move(current);
  }

  #fullWords() {
    return `No more than ${this.max} can be chosen. Remove one to choose another.`;
  }

  #row({ label, hint, lead, badge }, index, isChosen, isOff) {
    return el(
      "div",
      {
        role: "option",
        id: `${this.list.id}-${index}`,
        class: "popup-row",
        "aria-selected": String(isChosen),
        "aria-disabled": isOff ? "true" : null,
        dataset: { index },
      },
      lead?.(),
      el(
        "span",
        { class: "popup-text" },
        el("span", {}, label),
        hint && el("span", { class: "popup-hint" }, hint),
      ),
      badge && el("span", { class: "badge" }, badge),
      isChosen && el("span", { class: "popup-tick", "aria-hidden": "true" }, "✓"),
    );
  }

  #move(index) {
    if (!this.#options.length) return;
    this.#active = (index + this.#options.length) % this.#options.length;
    const rows = this.list.querySelectorAll("[role=option]");
    rows.forEach((row, at) => row.classList.toggle("active", at === this.#active));
    rows[this.#active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", rows[this.#active].id);
  }

  #pick(index) {
    const option = this.#options[index];
    if (!this.multiple) {
      this.close();
      return this.#change([option]);
    }
    const without = this.selected.filter(({ key }) => key !== option.key);
    if (without.length === this.selected.length && without.length >= this.max)
      return announce(this.#fullWords());
    this.input.value = "";
    this.#change(without.length === this.selected.length ? [...this.selected, option] : without);
    this.open();
  }

  #change(selected) {
    this.selected = selected;
    this.#showSelection();
    this.onChange(selected);
  }

  /** Shows another selection without telling `onChange`. */
  select(selected) {
    this.selected = selected;
    this.#showSelection();
  }

  /** What stands in the field while nobody types; the chips stay, as a click on one may be under way. */
  #showText() {
    if (!this.multiple) this.input.value = this.selected[0]?.label ?? "";
    else if (!this.isOpen) this.input.value = "";
  }

  #showSelection() {
    this.#showText();
    if (!this.multiple) {
      if (this.clear) this.clear.hidden = !this.selected.length;
      return;
    }
    this.input.placeholder = this.selected.length ? "" : this.placeholder;
    this.chips.replaceChildren(
      ...this.selected.map((option) =>
        el(
          "span",
          { class: "chip" },
          option.label,
          iconButton("close", `Remove ${option.label}`, () => {
            this.#change(this.selected.filter(({ key }) => key !== option.key));
            this.input.focus();
          }),
        ),
      ),
    );
  }
}

/** Keeps the options whose label, hint or badge contains every word of the query. */
export function matching(options, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ label, hint, badge }) => {
    const text = `${label} ${hint ?? ""} ${badge ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
