// The main pane: a conversation's header, messages and composer, or the app's Home.

import { roleOf } from "./avatar.js";
import { Composer } from "./composer.js";
import { el, icon, iconButton } from "./dom.js";
import { Feed } from "./feed.js";
import { HomeTab } from "./home.js";
import { routeUrl } from "./route.js";
import { leadOf } from "./sidebar.js";

const SEEK_PAGES = 10;

export class ConversationPane {
  #shown = null; // what is laid out now: "C1", "D1 home"
  #headShown = null;
  #newAfter = null; // ts of the last message read before; the "new" line is drawn below it
  #drafts = new Map();

  constructor(page) {
    this.page = page;
    this.head = el("header", { class: "pane-head" });
    this.body = el("div", { class: "pane-body" });
    this.node = el("main", { class: "main-pane", "aria-label": "Conversation" }, this.head, this.body);
    this.home = new HomeTab(page);
    page.store.on("messages", ({ channel }) => channel === page.route.channel && this.#refresh());
    page.store.on("conversations", () => this.#conversationsChanged());
    document.addEventListener("visibilitychange", () => this.#markRead());
  }

  get conversation() {
    return this.page.store.conversations.get(this.page.route.channel) ?? null;
  }

  /** Lays out what the route asks for. */
  async show({ focus = true } = {}) {
    const { route, store } = this.page;
    const { conversation } = this;
    const key =
      conversation &&
      `${conversation.id}${route.home ? " home" : ""}${conversation.is_member ? "" : " outside"}`;
    this.#showHead();
    const linked = route.thread ?? route.message;
    if (key === this.#shown) {
      if (route.message && this.feed) await this.#seek(conversation.id, linked);
      return;
    }
    this.#shown = key;
    this.feed = this.composer = null;
    this.#newAfter = null;
    if (!conversation) {
      this.body.replaceChildren(
        el(
          "div",
          { class: "empty" },
          el(
            "p",
            {},
            route.channel
              ? "This conversation is not open to this person."
              : "Pick a conversation to read it.",
          ),
        ),
      );
      return;
    }
    if (route.home) {
      this.body.replaceChildren(this.home.node);
      await this.home.open();
      return;
    }
    if (conversation.unread > 0) this.#newAfter = conversation.last_read ?? "0";
    this.#layOut(conversation);
    if (focus) this.composer?.focus();
    if (store.feed(conversation.id)) this.#refresh();
    else await this.page.loadMessages(conversation.id);
    if (route.message) await this.#seek(conversation.id, linked);
  }

  /** Brings a linked message into sight, looking back through older ones for it. */
  async #seek(channel, ts) {
    const find = () => this.page.store.feed(channel)?.messages.some((message) => message.ts === ts);
    for (let pages = 0; !find() && this.page.store.feed(channel)?.hasMore && pages < SEEK_PAGES; pages += 1)
      await this.page.loadEarlier(channel);
    if (find()) this.feed?.highlight(ts);
    else
      this.page.store.emit("toast", {
        text: "The linked message is no longer here, or it is a long way back.",
      });
  }

  #layOut(conversation) {
    const { page } = this;
    const { store } = page;
    const title = store.title(conversation);
    const isRoom = conversation.type === "channel" || conversation.type === "private";
    this.feed = new Feed(page, conversation.id, {
      label: `Messages in ${title}`,
      intro: this.#intro(conversation, title, isRoom),
      onEarlier: () => page.loadEarlier(conversation.id),
    });
    this.feed.log.setAttribute("aria-busy", "true");
    this.feed.onBottom = () => this.#markRead();
    if (!conversation.is_member) {
      const join = el(
        "button",
        { type: "button", class: "button primary", on: { click: () => page.join(conversation.id) } },
        "Join channel",
      );
      this.body.replaceChildren(
        this.feed.node,
        el("div", { class: "join" }, el("span", {}, `You are looking at #${title}.`), join),
      );
      return;
    }
    this.composer = new Composer({
      store,
      label: `Message to ${title}`,
      zone: page.people.clock.zoneName,
      hint: " · / for commands",
      placeholder: `Message ${isRoom ? "#" : ""}${title}`,
      draft: this.#drafts.get(conversation.id),
      onDraft: (text) => this.#drafts.set(conversation.id, text),
      send: (text) => {
        this.#newAfter = null;
        if (this.feed) this.feed.stuck = true;
        return page.sendMessage(conversation.id, text);
      },
    });
    this.body.replaceChildren(this.feed.node, this.composer.node);
  }

  #intro(conversation, title, isRoom) {
    const words = isRoom
      ? `This is the start of ${conversation.type === "private" ? "the private channel" : "the channel"} #${title}.`
      : `This is the start of the conversation between you and ${title}.`;
    return el(
      "div",
      { class: "intro" },
      leadOf(this.page.store, conversation),
      el("h2", {}, isRoom ? `#${title}` : title),
      el("p", {}, words),
    );
  }

  #showHead() {
    const { page, conversation } = this;
    const { store, route } = page;
    const signature = JSON.stringify([
      conversation && { ...conversation, unread: 0, last_read: 0, latest: 0 },
      route.home,
    ]);
    if (signature === this.#headShown) return; // replacing it would swallow a click that is under way
    this.#headShown = signature;
    const back = iconButton(
      "back",
      "Back to the list of conversations",
      () => page.navigate({ channel: null }),
      { class: "icon-button back" },
    );
    if (!conversation) return this.head.replaceChildren(back, el("h1", {}, page.store.team.name));
    const isApp = store.isAppDm(conversation);
    const peer = conversation.type === "im" ? store.users.get(store.others(conversation)[0]) : null;
    const badge = peer && roleOf(peer);
    const tabs =
      isApp &&
      el(
        "nav",
        { class: "tabs", "aria-label": `${store.app.name}` },
        this.#tab("Home", true),
        this.#tab("Messages", false),
      );
    const about = conversation.topic || (peer && !isApp ? peer.title : "");
    const members =
      conversation.type === "im"
        ? null
        : el(
            "span",
            { class: "members", title: "Members" },
            icon("people"),
            el(
              "span",
              {},
              String(conversation.members.length),
              el("span", { class: "visually-hidden" }, " members"),
            ),
          );
    this.head.replaceChildren(
      back,
      el(
        "div",
        { class: "pane-title" },
        el("h1", {}, leadOf(store, conversation), el("span", { class: "name" }, store.title(conversation))),
        badge && el("span", { class: "badge" }, badge),
      ),
      ...[tabs, about && el("p", { class: "topic", title: about }, about), members].filter(Boolean),
    );
  }

  #tab(label, home) {
    const { page } = this;
    const tab = el(
      "a",
      {
        class: "tab",
        href: routeUrl({ ...page.route, home, thread: null }),
        "aria-current": page.route.home === home ? "page" : null,
      },
      label,
    );
    tab.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      page.navigate({ channel: page.route.channel, home });
    });
    return tab;
  }

  #conversationsChanged() {
    const { conversation } = this;
    if (!conversation) return;
    const outside = this.#shown?.endsWith(" outside");
    if (outside === conversation.is_member) this.show();
    else this.#showHead();
    this.#markRead();
  }

  #refresh() {
    const feed = this.page.store.feed(this.page.route.channel);
    if (!this.feed || !feed) return;
    const unseen = document.visibilityState !== "visible" || !this.feed.stuck;
    const lastRead = this.conversation.last_read ?? "0";
    if (unseen && this.#newAfter === null && Number(feed.messages.at(-1)?.ts) > Number(lastRead))
      this.#newAfter = lastRead;
    this.feed.log.setAttribute("aria-busy", "false");
    this.feed.show(feed, this.#newAfter);
    this.#markRead();
  }

  /** What is in sight counts as read: the page is visible, the pane is shown, the end of the list is on screen. */
  #markRead() {
    const { conversation, feed } = this;
    if (
      !conversation?.is_member ||
      !feed ||
      document.visibilityState !== "visible" ||
      !this.node.offsetParent ||
      !feed.stuck
    )
      return;
    const shown = this.page.store
      .feed(conversation.id)
      ?.messages.filter(({ ephemeral }) => !ephemeral)
      .at(-1)?.ts;
    if (!shown) return;
    const ts = Number(conversation.latest ?? 0) > Number(shown) ? conversation.latest : shown;
    if (conversation.unread === 0 && Number(conversation.last_read ?? 0) >= Number(ts)) return;
    this.page.markRead(conversation.id, ts);
  }
}
