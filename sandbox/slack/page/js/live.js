// What the server's event stream changes in the store. A hidden page gives its connection back and only counts now and then:
// browsers allow six connections to one server, and a visitor may have many people open in tabs.

const HIDDEN_AFTER_MS = 10_000;
const HIDDEN_POLL_MS = 15_000;

const HANDLERS = {
  message: (store, { channel, message }) => {
    if (!message.thread_ts || message.thread_ts === message.ts)
      store.patchConversation(channel, { latest: message.ts });
    store.putMessage(channel, message);
  },
  message_changed: (store, { channel, message }) => store.changeMessage(channel, message),
  message_deleted: (store, { channel, ts }) => store.removeMessage(channel, ts),
  ephemeral: (store, { channel, message }) => store.putMessage(channel, { ...message, ephemeral: true }),
  ephemeral_changed: (store, { channel, message }) =>
    store.changeMessage(channel, { ...message, ephemeral: true }),
  ephemeral_removed: (store, { channel, ts }) => store.removeMessage(channel, ts),
  conversation: (store, { conversation }) => store.putConversation(conversation),
  unread: (store, { channel, unread, mentions }) => store.patchConversation(channel, { unread, mentions }),
  user: (store, { user }) => store.putUser(user),
  view_opened: (store, { view }, client) => client.hasActed() && store.putModal(view),
  view_updated: (store, { view }) => store.modals.some(({ id }) => id === view.id) && store.putModal(view),
  view_closed: (store, { view_id: id }) => store.dropModal(id),
  home: (store, { view }) => store.setHome(view),
  reset: (store) => store.emit("reset"),
  toast: (store, { text }) => store.emit("toast", { text }),
};

/**
 * Follows the stream for as long as the page is visible.
 * @param reload brings everything up to date; called when a connection could not take up where the last one ended
 * @returns a promise that is kept when the first connection stands (load afterwards, and nothing is missed) or has failed
 */
export function goLive(store, client, reload) {
  let stop = null;
  let timer = null;
  let isFirst = true;
  const { promise, resolve } = Promise.withResolvers();
  const start = () => {
    stop = client.events({
      onOpen: () => store.setConnected(true),
      onEvent: (event) => {
        if (event.type === "hello") {
          if (!isFirst && !event.resumed) reload(); // the server can't tell what was missed
          isFirst = false;
          return resolve();
        }
        store.touch(event);
        HANDLERS[event.type]?.(store, event, client);
      },
      onLost: () => {
        store.setConnected(false);
        resolve();
      },
    });
  };
  const rest = () => {
    stop?.();
    stop = null;
    timer = setInterval(async () => {
      try {
        store.setConversations((await client.conversations()).conversations);
      } catch {
        // The next look will tell; nobody is watching now.
      }
    }, HIDDEN_POLL_MS);
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    clearInterval(timer);
    if (document.visibilityState === "hidden") timer = setTimeout(rest, HIDDEN_AFTER_MS);
    else if (!stop) start();
  });
  start();
  return promise;
}
