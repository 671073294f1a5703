// A scrolling list of messages (a conversation's or a thread's): day dividers, the "new" line, grouping, staying at the bottom.

import { el, reconcile } from "./dom.js";
import { MessageView } from "./message.js";

const GROUP_SECONDS = 300; // messages of one person within five minutes share one heading
const NEAR_BOTTOM_PX = 80;

export class Feed {
  #views = new Map();

  /** @param onEarlier called when older messages are wanted, or null if all are always here */
  constructor(page, channel, { inThread = false, label, intro = null, onEarlier = null }) {
    Object.assign(this, { page, channel, inThread, intro });
    this.log = el("div", {
      class: "log",
      role: "log",
      "aria-label": label,
      "aria-live": "polite",
      "aria-relevant": "additions",
    });
    this.earlier = el(
      "button",
      { type: "button", class: "button earlier", hidden: true, on: { click: onEarlier } },
      "Show earlier messages",
    );
    this.node = el(
      "div",
      { class: "feed", tabindex: "0", "aria-label": label, role: "group" },
      this.earlier,
      intro,
      this.log,
    );
    this.stuck = true;
    this.node.addEventListener("scroll", () => {
      this.stuck = this.distance() < NEAR_BOTTOM_PX;
      if (this.stuck) this.onBottom?.();
    });
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.log);
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.node);
  }

  distance() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }

  toBottom() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** Scrolls to a message and marks it for as long as it has the focus. */
  highlight(ts) {
    const node = this.#views.get(ts)?.node;
    if (!node) return;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("linked");
    node.focus({ preventScroll: true });
    node.addEventListener("blur", () => node.classList.remove("linked"), { once: true });
  }

  /** @param newAfter ts of the last message that was read; a line is drawn below it, or null for no line */
  show({ messages, hasMore }, newAfter = null) {
    const heightBefore = this.node.scrollHeight;
    const oldest = this.log.querySelector(".message")?.dataset.ts;
    const nodes = [];
    let previous = null;
    let lineDrawn = newAfter === null;
    for (const message of messages) {
      const newDay = !previous || this.#day(previous) !== this.#day(message);
      const startsNew =
        !lineDrawn && Number(message.ts) > Number(newAfter) && message.user !== this.page.store.me.id;
      if (newDay) nodes.push(this.#dayDivider(message));
      if (startsNew) {
        nodes.push(
          this.#keep("new-line", () =>
            el(
              "div",
              { class: "new-line", role: "separator", "aria-label": "New messages" },
              el("span", { "aria-hidden": "true" }, "New"),
            ),
          ),
        );
        lineDrawn = true;
      }
      nodes.push(this.#message(message, !newDay && !startsNew && this.#isGrouped(previous, message)));
      previous = message;
    }
    const known = new Set(messages.map(({ ts }) => ts));
    for (const ts of this.#views.keys()) if (!known.has(ts)) this.#views.delete(ts);
    reconcile(this.log, nodes);
    this.earlier.hidden = !hasMore;
    if (this.intro) this.intro.hidden = hasMore;
    if (this.stuck) this.toBottom();
    else if (oldest && messages[0]?.ts !== oldest && known.has(oldest))
      this.node.scrollTop += this.node.scrollHeight - heightBefore;
  }

  #message(message, grouped) {
    if (!this.#views.has(message.ts))
      this.#views.set(message.ts, new MessageView(this.page, this.channel, { inThread: this.inThread }));
    const view = this.#views.get(message.ts);
    view.update(message, grouped);
    return view.node;
  }

  #isGrouped(previous, message) {
    return (
      Boolean(previous) &&
      previous.user === message.user &&
      Boolean(previous.ephemeral) === Boolean(message.ephemeral) &&
      !message.ephemeral &&
      Number(message.ts) - Number(previous.ts) < GROUP_SECONDS
    );
  }

  #day(message) {
    return this.page.people.clock.day(message.ts);
  }

  #dayDivider(message) {
    const label = this.page.people.clock.dayLabel(message.ts);
    return this.#keep(`day ${label}`, () =>
      el(
        "div",
        { class: "day", role: "separator", "aria-label": label },
        el("span", { "aria-hidden": "true" }, label),
      ),
    );
  }

  #keep(key, make) {
    const found = [...this.log.children].find((node) => node.dataset.key === key);
    if (found) return found;
    const node = make();
    node.dataset.key = key;
    return node;
  }
}
