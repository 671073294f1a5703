// The list of conversations: channels, direct messages and the app; unread ones in bold with a count.

import { avatar } from "./avatar.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { personSwitcher } from "./people.js";
import { routeUrl } from "./route.js";

const byName = (a, b) => a.name.localeCompare(b.name);
const byLatest = (a, b) => Number(b.latest ?? 0) - Number(a.latest ?? 0);

/** The conversations as the sidebar orders them: {channels, browse, dms, apps}. */
export function arrange(store, current) {
  const all = [...store.conversations.values()];
  const isRoom = ({ type }) => type === "channel" || type === "private";
  return {
    channels: all.filter((each) => isRoom(each) && each.is_member).sort(byName),
    browse: all.filter((each) => isRoom(each) && !each.is_member).sort(byName),
    dms: all
      .filter((each) => !isRoom(each) && !store.isAppDm(each) && (each.latest || each.id === current))
      .sort(byLatest),
    apps: all.filter((each) => store.isAppDm(each)),
  };
}

/** The sign before a conversation's name. */
export function leadOf(store, conversation) {
  if (conversation.type === "channel") return el("span", { class: "lead", "aria-hidden": "true" }, "#");
  if (conversation.type === "private") return el("span", { class: "lead" }, icon("lock"));
  const others = store.others(conversation);
  if (conversation.type === "mpim")
    return el("span", { class: "lead count-lead", "aria-hidden": "true" }, String(others.length));
  return el("span", { class: "lead" }, avatar(store.users.get(others[0]) ?? store.me));
}

export class Sidebar {
  #items = new Map(); // conversation id → {signature, node}

  constructor(page) {
    this.page = page;
    [this.channels, this.dms, this.apps] = [0, 1, 2].map(() => el("div"));
    this.lists = el(
      "div",
      { class: "sidebar-lists" },
      section("Channels", this.channels),
      section(
        "Direct messages",
        this.dms,
        iconButton("plus", "New direct message", () => page.newMessage()),
      ),
      section("Apps", this.apps),
    );
    this.clock = el("p", { class: "sidebar-clock" });
    const { store, route } = page;
    this.node = el(
      "nav",
      { class: "sidebar", "aria-label": "Conversations" },
      route.embed ? null : el("div", { class: "sidebar-top" }, personSwitcher(store)),
      this.lists,
      this.clock,
    );
    this.browsing = false;
    store.on("conversations", () => this.render());
    store.on("route", () => this.render());
    this.#tick();
    setInterval(() => this.#tick(), 15_000);
  }

  /** Entries in the order in which Alt+Up and Alt+Down visit them. */
  order() {
    const { channels, dms, apps } = arrange(this.page.store, this.page.route.channel);
    return [...channels, ...dms, ...apps];
  }

  render() {
    const { store, route } = this.page;
    const focused = document.activeElement?.closest?.(".sidebar-item")?.dataset.channel;
    const { channels, browse, dms, apps } = arrange(store, route.channel);
    reconcile(this.channels, [
      ...channels.map((each) => this.#item(each)),
      ...(browse.length ? [this.#browseToggle(browse.length)] : []),
      ...(this.browsing ? browse.map((each) => this.#item(each)) : []),
    ]);
    reconcile(
      this.dms,
      dms.length
        ? dms.map((each) => this.#item(each))
        : [el("p", { class: "sidebar-empty" }, "No conversations yet")],
    );
    reconcile(this.apps, apps.length ? apps.map((each) => this.#item(each)) : [this.#appPlaceholder()]);
    if (focused && document.activeElement === document.body) this.focusItem(focused);
  }

  focusItem(channel) {
    this.lists.querySelector(`[data-channel="${CSS.escape(channel)}"]`)?.focus();
  }

  #browseToggle(count) {
    const toggle = () => {
      this.browsing = !this.browsing;
      this.render();
      this.focusItem("browse");
    };
    return el(
      "button",
      {
        type: "button",
        class: "sidebar-item quiet-item",
        dataset: { channel: "browse" },
        "aria-expanded": String(this.browsing),
        on: { click: toggle },
      },
      el("span", { class: "lead", "aria-hidden": "true" }, this.browsing ? "–" : "+"),
      el("span", { class: "name" }, this.browsing ? "Hide other channels" : `${count} more to join`),
    );
  }

  /** An entry; kept while it looks the same, so that news never swallows a click that is under way. */
  #item(conversation) {
    const { store, route } = this.page;
    const signature = JSON.stringify([
      store.title(conversation),
      conversation.unread,
      conversation.mentions,
      conversation.is_member,
      route.channel === conversation.id,
    ]);
    const kept = this.#items.get(conversation.id);
    if (kept?.signature === signature) return kept.node;
    const node = this.#newItem(conversation);
    this.#items.set(conversation.id, { signature, node });
    return node;
  }

  #newItem(conversation) {
    const { store, route } = this.page;
    const { id, unread, mentions } = conversation;
    const isUnread = conversation.is_member && (unread > 0 || mentions > 0);
    const title = store.title(conversation);
    const link = el(
      "a",
      {
        class: `sidebar-item${isUnread ? " unread" : ""}${conversation.is_member ? "" : " outside"}`,
        href: routeUrl({ ...route, channel: id, thread: null, home: false }),
        "aria-current": route.channel === id ? "page" : null,
        dataset: { channel: id },
        title,
      },
      leadOf(store, conversation),
      el("span", { class: "name" }, title),
      isUnread && badge(conversation),
    );
    link.addEventListener("click", (event) => this.#go(event, { channel: id }));
    return link;
  }

  #appPlaceholder() {
    const { app } = this.page.store;
    const link = el(
      "a",
      {
        class: "sidebar-item",
        href: routeUrl({ ...this.page.route, channel: "app", thread: null, home: false }),
        dataset: { channel: "app" },
      },
      el("span", { class: "lead" }, avatar({ real_name: app.name, is_bot: true })),
      el("span", { class: "name" }, app.name),
    );
    link.addEventListener("click", (event) => this.#go(event, { channel: "app" }));
    return link;
  }

  #go(event, target) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab, as with any link
    event.preventDefault();
    this.page.navigate(target);
  }

  #tick() {
    const { clock } = this.page.people;
    const now = Date.now() / 1000;
    this.clock.replaceChildren(`${clock.time(now)} · `, el("span", { title: clock.tz }, clock.zoneName));
  }
}

const upTo99 = (count) => (count > 99 ? "99+" : String(count));

/** What waits: in a DM every message calls for its reader, in a channel those that mention them. */
function badge({ type, unread, mentions }) {
  const isRoom = type === "channel" || type === "private";
  const rest = unread > 0 ? `, ${unread} unread` : "";
  if (mentions > 0) {
    const words = ` ${mentions === 1 ? "mention" : "mentions"} of you${rest}`;
    const said = el("span", { class: "visually-hidden" }, words);
    return el("span", { class: "count" }, `@${upTo99(mentions)}`, said);
  }
  const said = el("span", { class: "visually-hidden" }, " unread");
  return el("span", { class: isRoom ? "count calm" : "count" }, upTo99(unread), said);
}

function section(title, list, tool = null) {
  return el("section", { class: "sidebar-section" }, el("h2", {}, title, tool), list);
}
