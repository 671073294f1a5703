// The thread pane at the right: the first message, its replies, and a composer of its own.

import { Composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { Feed } from "./feed.js";

export class ThreadPane {
  #shown = null;
  #drafts = new Map();
  #readUpTo = null; // ts of the last reply that counts as read

  constructor(page) {
    this.page = page;
    this.node = el("aside", { class: "thread-pane", "aria-label": "Thread", hidden: true });
    page.store.on("messages", ({ channel }) => channel === page.route.channel && this.#refresh());
    page.store.on("conversations", () => this.#markRead());
    document.addEventListener("visibilitychange", () => this.#markRead());
  }

  async show({ focus = true } = {}) {
    const { page } = this;
    const { store, route } = page;
    const conversation = store.conversations.get(route.channel);
    const key = route.thread && conversation ? `${route.channel}/${route.thread}` : null;
    if (key === this.#shown) return this.#highlight();
    this.#shown = key;
    this.#readUpTo = null;
    this.node.hidden = !key;
    this.node.replaceChildren();
    this.feed = null;
    if (!key) return;
    const { thread } = route;
    const title = store.title(conversation);
    const close = () => page.navigate({ channel: route.channel });
    this.feed = new Feed(page, route.channel, { inThread: true, label: "Messages in this thread" });
    const head = el(
      "header",
      { class: "pane-head" },
      iconButton("back", "Back to the conversation", close, { class: "icon-button back" }),
      el(
        "div",
        { class: "pane-title" },
        el("h2", {}, "Thread"),
        el(
          "span",
          { class: "topic" },
          conversation.name && conversation.type !== "im" && conversation.type !== "mpim"
            ? `#${title}`
            : title,
        ),
      ),
      iconButton("close", "Close the thread", close),
    );
    const parts = [head, this.feed.node];
    if (conversation.is_member) {
      const composer = new Composer({
        store,
        label: "Reply in this thread",
        placeholder: "Reply…",
        zone: page.people.clock.zoneName,
        draft: this.#drafts.get(key),
        onDraft: (text) => this.#drafts.set(key, text),
        send: (text) => page.sendMessage(conversation.id, text, thread),
      });
      parts.push(composer.node);
      this.node.replaceChildren(...parts);
      if (focus) composer.focus();
    } else this.node.replaceChildren(...parts);
    this.#refresh();
    await page.loadThread(conversation.id, thread);
    this.#highlight();
  }

  #highlight() {
    const { message, thread } = this.page.route;
    if (thread && message) this.feed?.highlight(message);
  }

  #refresh() {
    const { store, route } = this.page;
    const feed = route.thread && store.feed(route.channel, route.thread);
    if (!this.feed || !feed) return;
    this.feed.show(feed);
    this.#markRead();
  }

  /** Mentions in a thread are read when the thread is in sight. */
  #markRead() {
    const { store, route } = this.page;
    const last = route.thread && store.feed(route.channel, route.thread)?.messages.at(-1)?.ts;
    const waits = store.conversations.get(route.channel)?.mentions > 0;
    if (!last || !waits || last === this.#readUpTo) return;
    if (document.visibilityState !== "visible" || !this.node.offsetParent) return;
    this.#readUpTo = last;
    this.page.markThreadRead(route.channel, route.thread, last);
  }
}
