// What the parts of the page share: the store, the calls that fill it, and where one is. One per acting person.

import { clientFor } from "./api.js";
import { clockFor } from "./dates.js";
import { FormStates } from "./form.js";
import { openJump, openNewMessage } from "./jump.js";
import { writeRoute } from "./route.js";
import { Store } from "./store.js";

const FETCHES = 5;

export class Page {
  constructor(bootstrap, route) {
    this.store = new Store(bootstrap, route.user);
    this.client = clientFor(route.user);
    this.forms = new FormStates();
    this.route = route;
    this.people = this.#people();
  }

  /** What renderers need to know of people, channels and time. */
  #people() {
    const { store } = this;
    return {
      me: store.me.id,
      clock: clockFor(store.me.tz),
      users: store.users,
      userName: store.userName,
      channelName: store.channelName,
      conversationTitle: (id) =>
        store.conversations.has(id) ? store.title(store.conversations.get(id)) : id,
      conversationIds: (onlyChannels) =>
        [...store.conversations.values()]
          .filter(({ type }) => !onlyChannels || type === "channel")
          .map(({ id }) => id),
    };
  }

  // — where one is —

  /** Goes to a conversation ({channel}), thread ({channel, thread}) or the app's Home ({channel, home: true}). */
  async navigate(
    { channel = null, thread = null, home = false, message = null },
    { replace = false, focus = true } = {},
  ) {
    const resolved = channel === "app" ? await this.#appChannel() : channel;
    this.route = { ...this.route, channel: resolved, thread, home, message };
    writeRoute(this.route, { replace });
    this.store.emit("route", { focus });
  }

  openThread(channel, thread) {
    return this.navigate({ channel, thread });
  }

  jump() {
    openJump(this);
  }

  newMessage() {
    openNewMessage(this);
  }

  async join(channel) {
    await this.attempt(async () =>
      this.store.putConversation((await this.client.join(channel)).conversation),
    );
  }

  async openDm(users) {
    await this.attempt(async () => {
      const { conversation } = await this.client.openDm(users);
      this.store.putConversation(conversation);
      await this.navigate({ channel: conversation.id });
    });
  }

  async #appChannel() {
    if (!this.store.appDm()) {
      await this.attempt(async () =>
        this.store.putConversation((await this.client.openDm([this.store.app.bot_user_id])).conversation),
      );
    }
    return this.store.appDm()?.id ?? null;
  }

  // — calls that fill the store —

  /** Runs a call; a failure is shown (as a toast, unless `show` says where), not thrown. */
  async attempt(call, show = (text) => this.store.emit("toast", { text })) {
    try {
      return await call();
    } catch (error) {
      show(error.message);
      return null;
    }
  }

  /** Fetches again while news of the same thing (see Store.newsOf) overtakes the answer. */
  async #fetchFresh(key, fetch) {
    for (let attempt = 1; ; attempt += 1) {
      const before = this.store.newsOf(key);
      const answer = await fetch();
      if (this.store.newsOf(key) === before || attempt === FETCHES) return answer;
    }
  }

  async loadConversations() {
    this.store.setConversations(
      (await this.#fetchFresh("anything", () => this.client.conversations())).conversations,
    );
  }

  async loadHome() {
    this.store.setHome((await this.#fetchFresh("home", () => this.client.home())).view);
  }

  loadMessages(channel) {
    return this.attempt(async () => {
      const { messages, has_more: hasMore } = await this.#fetchFresh(channel, () =>
        this.client.messages(channel),
      );
      this.store.setFeed(channel, null, messages, hasMore);
    });
  }

  loadEarlier(channel) {
    return this.attempt(async () => {
      const before = this.store.feed(channel)?.messages[0]?.ts;
      const { messages, has_more: hasMore } = await this.client.messages(channel, { before });
      this.store.addEarlier(channel, messages, hasMore);
    });
  }

  loadThread(channel, thread) {
    return this.attempt(async () => {
      const { messages } = await this.#fetchFresh(channel, () =>
        this.client.messages(channel, { thread, limit: 500 }),
      );
      this.store.setFeed(channel, thread, messages, false);
    });
  }

  async syncModals() {
    await this.attempt(async () => this.store.setModals((await this.client.views()).stack));
  }

  /** Brings everything that is shown up to date; what isn't shown is loaded again when it is next opened. */
  async reload() {
    const { route, store } = this;
    await this.attempt(() => this.loadConversations());
    for (const key of [...store.feeds.keys()])
      if (key.split("/")[0] !== route.channel) store.feeds.delete(key);
    if (route.channel && !route.home) await this.loadMessages(route.channel);
    if (route.thread) await this.loadThread(route.channel, route.thread);
    if (route.home) await this.attempt(() => this.loadHome());
    if (store.modals.length) await this.syncModals();
  }

  /** Sends what was typed. What went wrong with a slash command is told by a note in the conversation, as in Slack. */
  async sendMessage(channel, text, thread = null) {
    try {
      const { message } = await this.client.send(channel, text, thread);
      if (message) this.store.putMessage(channel, message);
    } catch (error) {
      if (!error.answer?.command) throw error;
    }
  }

  async markRead(channel, ts) {
    this.store.patchConversation(channel, { last_read: ts, unread: 0 });
    await this.attempt(() => this.client.markRead(channel, ts));
  }

  async markThreadRead(channel, thread, ts) {
    await this.attempt(() => this.client.markRead(channel, ts, thread));
  }
}
