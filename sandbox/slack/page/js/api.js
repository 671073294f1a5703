// The stand-in's client API, spoken as one person. Every failure becomes an ApiError with words to show.

const UNREACHABLE = "The Slack stand-in did not answer. Check that it is still running, then try again.";

export class ApiError extends Error {
  /** @param answer the whole answer, if there was one */
  constructor(code, message, answer = {}) {
    super(message);
    this.code = code;
    this.answer = answer;
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new ApiError("unreachable", UNREACHABLE);
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new ApiError(
      "bad_answer",
      `The Slack stand-in answered ${response.status} without saying why. Its log knows more.`,
    );
  }
  if (!response.ok || !answer.ok) {
    throw new ApiError(
      answer.error ?? String(response.status),
      answer.message ?? answer.error ?? UNREACHABLE,
      answer,
    );
  }
  return answer;
}

export const bootstrap = () => call("GET", "/client/bootstrap");

/** Closes somebody's account, or opens it again: an order to the stand-in, which Slack's administrators give elsewhere. */
export const setClosed = (user, isClosed) =>
  call("POST", `/_sandbox/people/${encodeURIComponent(user)}`, { deactivated: isClosed });

const TRIGGER_MS = 10_000; // a trigger lives three seconds; the rest is for slow machines

/**
 * The calls of one acting person; `user` is a Slack user id. `hasActed()` tells whether this page did
 * something lately that may open a modal: as in Slack, one opens only where it was asked for.
 */
export function clientFor(user) {
  const base = `/client/${encodeURIComponent(user)}`;
  const conversation = (id) => `${base}/conversations/${encodeURIComponent(id)}`;
  const view = (id) => `${base}/views/${encodeURIComponent(id)}`;
  let actedAt = -Infinity;
  const acting = (path, body) => {
    actedAt = Date.now();
    return call("POST", path, body);
  };
  return {
    hasActed: () => Date.now() - actedAt < TRIGGER_MS,
    conversations: () => call("GET", `${base}/conversations`),
    messages(id, { thread, before, limit = 60 } = {}) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (thread) query.set("thread_ts", thread);
      if (before) query.set("before", before);
      return call("GET", `${conversation(id)}/messages?${query}`);
    },
    send: (id, text, thread) =>
      acting(`${conversation(id)}/messages`, thread ? { text, thread_ts: thread } : { text }),
    markRead: (id, ts, thread) =>
      call("POST", `${conversation(id)}/read`, thread ? { ts, thread_ts: thread } : { ts }),
    react: (id, ts, name, on) => call("POST", `${conversation(id)}/reactions`, { ts, name, on }),
    join: (id) => call("POST", `${conversation(id)}/join`, {}),
    openDm: (users) => call("POST", `${base}/dms`, { users }),
    act: (payload) => acting(`${base}/actions`, payload),
    options: (payload) => call("POST", `${base}/options`, payload),
    views: () => call("GET", `${base}/views`),
    submitView: (id, state) => acting(`${view(id)}/submit`, { state }),
    closeView: (id, isCleared) => call("POST", `${view(id)}/close`, { is_cleared: isCleared }),
    home: () => call("GET", `${base}/home`),
    openHome: () => call("POST", `${base}/home/open`, {}),
    events: (handlers) => listen(`${base}/events`, handlers),
  };
}

const RETRY_MS = 2000;

/**
 * Follows the event stream. `onOpen` runs at every (re)connection, `onEvent` for each event,
 * `onLost` when the line drops. Returns a function that ends it.
 */
function listen(path, { onOpen, onEvent, onLost }) {
  let source;
  let timer;
  const connect = () => {
    source = new EventSource(path);
    source.onopen = onOpen;
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      onLost();
      if (source.readyState !== EventSource.CLOSED) return; // the browser retries by itself
      clearTimeout(timer);
      timer = setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
