// What the page knows, as one person sees it. Modules subscribe to topics; nothing here touches the DOM.
//
// Topics: "conversations", "messages" (detail: {channel}), "route", "home", "modals", "connection", "toast", "reset".

const compareTs = (a, b) => Number(a.ts) - Number(b.ts);

/** True for a reply that is shown in its thread only, not in the conversation. */
export const isThreadReply = (message) =>
  Boolean(
    message.thread_ts &&
    message.thread_ts !== message.ts &&
    message.subtype !== "thread_broadcast" &&
    !message.reply_broadcast,
  );

export class Store extends EventTarget {
  #news = new Map();

  constructor({ team, app, users, commands }, me) {
    super();
    this.team = team;
    this.app = app;
    this.users = new Map(users.map((user) => [user.id, user]));
    this.commands = commands;
    this.me = this.users.get(me);
    this.conversations = new Map();
    this.feeds = new Map(); // "C1" or "C1/thread ts" → {messages: oldest first, hasMore}
    this.home = null;
    this.modals = []; // bottom first
    this.connected = true;
  }

  /** Notes that news came in, so that an answer which was under way meanwhile is known to be stale. */
  touch({ channel, type }) {
    for (const key of [channel ?? type, "anything"]) this.#news.set(key, this.newsOf(key) + 1);
  }

  /** How much news came in so far of a conversation (by id), "home", or "anything". */
  newsOf(key) {
    return this.#news.get(key) ?? 0;
  }

  emit(topic, detail = {}) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  on(topic, listener) {
    this.addEventListener(topic, (event) => listener(event.detail));
  }

  // — people and conversations —

  userName = (id) => this.users.get(id)?.real_name ?? this.users.get(id)?.name ?? null;

  channelName = (id) => this.conversations.get(id)?.name || "private-channel";

  putUser(user) {
    this.users.set(user.id, user);
    this.emit("conversations");
  }

  others(conversation) {
    return conversation.members.filter((id) => id !== this.me.id);
  }

  isAppDm(conversation) {
    return conversation.type === "im" && conversation.members.includes(this.app.bot_user_id);
  }

  appDm() {
    return [...this.conversations.values()].find((conversation) => this.isAppDm(conversation)) ?? null;
  }

  /** How a person would call this conversation: "# general" has its sign apart. */
  title(conversation) {
    if (conversation.type === "channel" || conversation.type === "private") return conversation.name;
    const names = this.others(conversation).map((id) => this.userName(id) ?? "Unknown person");
    return names.length ? names.join(", ") : `${this.userName(this.me.id)} (you)`;
  }

  setConversations(list) {
    this.conversations = new Map(list.map((conversation) => [conversation.id, conversation]));
    this.emit("conversations");
  }

  putConversation(conversation) {
    this.conversations.set(conversation.id, { ...this.conversations.get(conversation.id), ...conversation });
    this.emit("conversations");
  }

  patchConversation(id, change) {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    Object.assign(conversation, change);
    this.emit("conversations");
  }

  unreadTotal() {
    return [...this.conversations.values()].reduce(
      (sum, { unread, mentions, is_member: member }) => sum + (member ? Math.max(unread, mentions) : 0),
      0,
    );
  }

  // — messages —

  feed(channel, thread = null) {
    return this.feeds.get(feedKey(channel, thread)) ?? null;
  }

  /** Replaces what is known of a conversation or thread. */
  setFeed(channel, thread, messages, hasMore) {
    this.feeds.set(feedKey(channel, thread), { messages: [...messages].sort(compareTs), hasMore });
    this.emit("messages", { channel, thread });
  }

  addEarlier(channel, messages, hasMore) {
    const feed = this.feed(channel);
    const known = new Set(feed.messages.map(({ ts }) => ts));
    feed.messages = [...messages.filter(({ ts }) => !known.has(ts)), ...feed.messages].sort(compareTs);
    feed.hasMore = hasMore;
    this.emit("messages", { channel });
  }

  /** A message that was changed: replaced where it is loaded, and not pulled in where it isn't. */
  changeMessage(channel, message) {
    for (const thread of [null, message.thread_ts ?? message.ts]) {
      const feed = this.feed(channel, thread);
      if (feed?.messages.some(({ ts }) => ts === message.ts)) this.#put(channel, thread, message);
    }
    this.emit("messages", { channel });
  }

  /** Adds a new message wherever it belongs; feeds that are not loaded stay unloaded. */
  putMessage(channel, message) {
    const reply = isThreadReply(message);
    if (!reply) this.#put(channel, null, message);
    if (message.thread_ts || message.reply_count !== undefined)
      this.#put(channel, message.thread_ts ?? message.ts, message);
    if (reply) this.#countReply(channel, message);
    this.emit("messages", { channel });
  }

  removeMessage(channel, ts) {
    for (const [key, feed] of this.feeds) {
      if (key === channel || key.startsWith(`${channel}/`))
        feed.messages = feed.messages.filter((message) => message.ts !== ts);
    }
    this.emit("messages", { channel });
  }

  #put(channel, thread, message) {
    const feed = this.feed(channel, thread);
    if (!feed) return;
    const index = feed.messages.findIndex(({ ts }) => ts === message.ts);
    if (index >= 0)
      feed.messages[index] = {
        ...message,
        reply_count: message.reply_count ?? feed.messages[index].reply_count,
        latest_reply: message.latest_reply ?? feed.messages[index].latest_reply,
      };
    else feed.messages = [...feed.messages, message].sort(compareTs);
  }

  #countReply(channel, reply) {
    if (reply.ephemeral) return;
    const parent = this.feed(channel)?.messages.find(({ ts }) => ts === reply.thread_ts);
    if (!parent || Number(parent.latest_reply ?? 0) >= Number(reply.ts)) return;
    parent.reply_count = (parent.reply_count ?? 0) + 1;
    parent.latest_reply = reply.ts;
  }

  // — App Home and modals —

  setHome(view) {
    this.home = view;
    this.emit("home");
  }

  setModals(stack) {
    this.modals = stack;
    this.emit("modals");
  }

  putModal(view) {
    const index = this.modals.findIndex(({ id }) => id === view.id);
    this.setModals(index < 0 ? [...this.modals, view] : this.modals.with(index, view));
  }

  dropModal(viewId) {
    if (this.modals.some(({ id }) => id === viewId))
      this.setModals(this.modals.filter(({ id }) => id !== viewId));
  }

  setConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.emit("connection");
  }
}

const feedKey = (channel, thread) => (thread ? `${channel}/${thread}` : channel);
