// One message: who, when, what, and what can be done with it.

import { avatar, roleOf } from "./avatar.js";
import { renderBlocks, renderMessageText } from "./blocks.js";
import { el, icon, iconButton } from "./dom.js";
import { Reactions } from "./reactions.js";
import { Surface } from "./surface.js";

/**
 * A message's node, kept and updated as the message changes.
 * `page` is what app.js shares: store, client, people, forms, openThread(channel, ts).
 */
export class MessageView {
  #signature = "";

  constructor(page, channel, { inThread }) {
    Object.assign(this, { page, channel, inThread });
    this.gutter = el("div", { class: "gutter" });
    this.heading = el("div", { class: "message-head" });
    this.content = el("div", { class: "message-content" });
    this.reactions = new Reactions(page, channel);
    this.foot = el("div", { class: "message-foot" });
    this.notice = el("div", { class: "notice", role: "alert", hidden: true });
    this.tools = el("div", { class: "message-tools" });
    this.node = el(
      "article",
      { class: "message", tabindex: "-1" },
      this.gutter,
      el(
        "div",
        { class: "message-main" },
        this.heading,
        this.content,
        this.reactions.node,
        this.foot,
        this.notice,
      ),
      this.tools,
    );
  }

  /** @param grouped true when the same person wrote the message just above */
  update(message, grouped) {
    const signature = JSON.stringify([message, grouped]);
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.node.dataset.ts = message.ts;
    const { store, people } = this.page;
    const author = this.#author(message);
    this.node.className = `message${grouped ? " grouped" : ""}${message.ephemeral ? " ephemeral" : ""}`;
    this.node.setAttribute(
      "aria-label",
      `${author.name}, ${people.clock.pretty(message.ts)}${message.ephemeral ? ", only visible to you" : ""}`,
    );
    const time = el(
      "time",
      {
        class: "time",
        datetime: new Date(Number(message.ts) * 1000).toISOString(),
        title: people.clock.full(message.ts),
      },
      people.clock.time(message.ts),
    );
    this.gutter.replaceChildren(grouped ? time : avatar(author.user, "medium"));
    this.heading.replaceChildren(
      ...(grouped
        ? []
        : [
            el("span", { class: "author" }, author.name),
            author.badge && el("span", { class: "badge" }, author.badge),
            time,
          ].filter(Boolean)),
    );
    this.#showContent(message);
    const calls = store.me.id !== message.user && this.content.querySelector(".mention.mine, .mention.loud");
    this.node.classList.toggle("mentions-me", Boolean(calls));
    this.reactions.update(message);
    this.foot.replaceChildren(...this.#footer(message));
    const hasTools = !message.ephemeral && message.subtype !== "tombstone";
    if (!hasTools) this.tools.replaceChildren();
    else if (!this.tools.childElementCount) this.tools.append(...this.#toolsFor(message));
    if (store.me.id === message.user) this.node.dataset.mine = "";
  }

  #toolsFor(message) {
    const react = this.#canWrite() ? this.reactions.picker() : [];
    if (this.inThread) return react;
    const reply = iconButton("thread", "Reply in thread", () =>
      this.page.openThread(this.channel, message.thread_ts ?? message.ts),
    );
    return [...react, reply];
  }

  #canWrite() {
    return Boolean(this.page.store.conversations.get(this.channel)?.is_member);
  }

  #author(message) {
    const { store } = this.page;
    const isBot = Boolean(message.bot_id) || message.subtype === "bot_message";
    const user = store.users.get(message.user) ?? {
      id: message.user,
      real_name: message.username ?? (isBot ? store.app.name : "Slack"),
      is_bot: isBot,
    };
    return {
      user,
      name: message.username ?? user.real_name ?? user.name,
      badge: isBot ? "App" : roleOf(user),
    };
  }

  #showContent(message) {
    const { people } = this.page;
    const text = [];
    if (message.ephemeral) text.push(el("p", { class: "only-you" }, icon("eye"), "Only visible to you"));
    if (!message.blocks?.length) {
      const body = renderMessageText(message.text, people);
      if (message.edited && !message.bot_id) body.append(el("span", { class: "edited" }, " (edited)"));
      this.content.replaceChildren(...text, body);
      this.blocks = null;
      return;
    }
    this.blocks ??= el("div", { class: "blocks" });
    this.surface ??= this.#surface();
    this.surface.container = containerOf(this.channel, message);
    if (this.blocks.parentNode !== this.content) this.content.replaceChildren(...text, this.blocks);
    renderBlocks(this.blocks, message.blocks, this.surface);
  }

  #surface() {
    const { client, people, forms } = this.page;
    return new Surface({
      kind: "message",
      client,
      people,
      form: forms.of(`message ${this.channel} ${this.node.dataset.ts}`),
      onNotice: (words) => {
        this.notice.hidden = !words;
        this.notice.replaceChildren(...(words ? [icon("warn"), el("span", {}, words)] : []));
      },
    });
  }

  #footer(message) {
    if (this.inThread || !message.reply_count) return [];
    const { people } = this.page;
    const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
    const last = message.latest_reply
      ? el("span", { class: "last-reply" }, `Last reply ${people.clock.pretty(message.latest_reply)}`)
      : null;
    return [
      el(
        "button",
        {
          type: "button",
          class: "replies",
          on: { click: () => this.page.openThread(this.channel, message.ts) },
        },
        icon("thread"),
        el("strong", {}, count),
        last,
      ),
    ];
  }
}

function containerOf(channel, { ts, thread_ts: thread, ephemeral }) {
  return {
    type: "message",
    channel,
    ts,
    ...(thread ? { thread_ts: thread } : {}),
    ...(ephemeral ? { ephemeral: true } : {}),
  };
}
