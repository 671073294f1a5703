// The thread pane at the right: the first message, its replies, and a composer of its own.

import { Composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { Feed } from "./feed.js";

export class ThreadPane {
  #shown = null;
  #drafts = new Map();

  constructor(page) {
    this.page = page;
    this.node = el("aside", { class: "thread-pane", "aria-label": "Thread", hidden: true });
    page.store.on("messages", ({ channel }) => channel === page.route.channel && this.#refresh());
  }

  async show({ focus = true } = {}) {
    const { page } = this;
    const { store, route } = page;
    const conversation = store.conversations.get(route.channel);
    const key = route.thread && conversation ? `${route.channel}/${route.thread}` : null;
    if (key === this.#shown) return;
    this.#shown = key;
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
  }

  #refresh() {
    const { store, route } = this.page;
    const feed = route.thread && store.feed(route.channel, route.thread);
    if (this.feed && feed) this.feed.show(feed);
  }
}
