// Starts the page: who acts, what is laid out, which keys work everywhere.

import { bootstrap } from "./api.js";
import { ConversationPane } from "./conversation.js";
import { announce, el, icon, iconButton } from "./dom.js";
import { goLive } from "./live.js";
import { ModalLayer } from "./modal.js";
import { Page } from "./page.js";
import { chooser, personSwitcher } from "./people.js";
import { placeOf } from "./permalink.js";
import { readRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { ThreadPane } from "./thread.js";
import { toast } from "./toasts.js";

const NARROW = matchMedia("(max-width: 719px)");
const root = document.getElementById("app");

async function main() {
  const route = readRoute();
  document.documentElement.classList.toggle("embed", route.embed);
  let base;
  try {
    base = await bootstrap();
  } catch (error) {
    return showFailure(error.message);
  }
  const actor = base.users.find(({ id }) => id === route.user);
  if (!actor || actor.deleted) {
    document.title = `Who would you like to be? · ${base.team.name}`;
    root.replaceChildren(chooser(base, { unknown: route.user, deactivated: actor }));
    return;
  }
  await startAs(new Page(base, route));
}

function showFailure(words) {
  const again = el(
    "button",
    { type: "button", class: "button primary", on: { click: () => location.reload() } },
    "Try again",
  );
  root.replaceChildren(
    el(
      "main",
      { class: "failure" },
      el("h1", {}, "Slack can't be shown just now"),
      el("p", {}, words),
      again,
    ),
  );
}

async function startAs(page) {
  const { store, route } = page;
  await goLive(store, page.client, () => page.reload());
  try {
    await page.loadConversations();
  } catch (error) {
    return showFailure(error.message);
  }
  const [sidebar, conversation, thread] = [
    new Sidebar(page),
    new ConversationPane(page),
    new ThreadPane(page),
  ];
  new ModalLayer(page);
  const offline = el(
    "div",
    { class: "offline", role: "status", hidden: true },
    "Not connected. Trying again …",
  );
  const body = el("div", { class: "workspace" }, sidebar.node, conversation.node, thread.node);
  root.replaceChildren(topBar(page), offline, body);

  const showConnection = () => {
    offline.hidden = store.connected;
  };
  store.on("connection", showConnection);
  showConnection();
  store.on("reset", () => location.reload());
  store.on("toast", ({ text }) => toast(text));
  store.on("conversations", () => showTitle(page));
  let before = route;
  store.on("route", ({ focus }) => {
    const closedThread = before.thread && !page.route.thread && before.channel === page.route.channel;
    const leftFor = !page.route.channel && before.channel;
    before = page.route;
    body.dataset.pane = page.route.thread ? "thread" : page.route.channel ? "main" : "list";
    showTitle(page);
    conversation.show({ focus: focus && !page.route.thread });
    thread.show({ focus });
    if (focus && closedThread) conversation.composer?.focus();
    if (focus && leftFor) sidebar.focusItem(leftFor);
  });
  addEventListener("popstate", () => {
    const { user, ...place } = readRoute();
    if (user !== page.route.user) location.reload();
    else page.navigate(place, { replace: true });
  });
  addEventListener("keydown", (event) => globalKey(event, page, sidebar));
  addEventListener("click", (event) => followPermalink(event, page));

  const channel = route.channel ?? (route.home || !NARROW.matches ? "app" : null);
  await page.navigate({ ...route, channel }, { replace: true, focus: !route.embed });
  if (route.channel && !store.conversations.has(page.route.channel))
    announce("This conversation is not open to this person.");
}

function topBar(page) {
  const { store, route } = page;
  const jump = el(
    "button",
    { type: "button", class: "jump-button", on: { click: () => page.jump() } },
    icon("search"),
    el("span", {}, "Jump to …"),
    el("kbd", {}, "Ctrl K"),
  );
  if (route.embed) {
    return el(
      "header",
      { class: "topbar" },
      personSwitcher(store, { compact: true }),
      iconButton("search", "Jump to a conversation (Ctrl+K)", () => page.jump()),
    );
  }
  return el(
    "header",
    { class: "topbar" },
    el(
      "span",
      { class: "team" },
      el("span", { class: "team-tile", "aria-hidden": "true" }, store.team.name[0]),
      store.team.name,
    ),
    jump,
    el("span", { class: "topbar-person" }, personSwitcher(store, { compact: true })),
  );
}

function showTitle({ store, route }) {
  const conversation = store.conversations.get(route.channel);
  const unread = store.unreadTotal();
  const place = conversation ? store.title(conversation) : store.team.name;
  document.title = `${unread ? `(${unread}) ` : ""}${place} · ${store.me.real_name} · Slack stand-in`;
}

/** A link to a message leads there on this page; from a dialog, which it would not leave, in a new tab. */
function followPermalink(event, page) {
  const link = event.target.closest?.("a[href]");
  const place = link && !link.closest("dialog") && placeOf(link.href);
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  page.navigate(place);
}

function globalKey(event, page, sidebar) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    page.jump();
  } else if (
    event.altKey &&
    (event.key === "ArrowDown" || event.key === "ArrowUp") &&
    !document.querySelector("dialog[open]")
  ) {
    event.preventDefault();
    const order = sidebar
      .order()
      .filter(({ unread, id }) => !event.shiftKey || unread > 0 || id === page.route.channel);
    const at = order.findIndex(({ id }) => id === page.route.channel);
    const next = order[(at + (event.key === "ArrowDown" ? 1 : -1) + order.length) % order.length];
    if (next) page.navigate({ channel: next.id });
  } else if (event.key === "Escape" && page.route.thread && !document.querySelector("dialog[open]")) {
    page.navigate({ channel: page.route.channel });
  }
}

main();
