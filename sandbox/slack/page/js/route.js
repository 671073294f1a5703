// What the address says: who acts, which conversation, thread or App Home is open. The one place that knows the URL.

/**
 * Reads ?user=&channel=&thread=&home=1&embed=1. `channel` is a conversation id, or "app" for the
 * DM with the app; `message` is the ts of a message to bring into sight (a permalink leads here).
 * Missing parts are null.
 */
export function readRoute(search = location.search) {
  const query = new URLSearchParams(search);
  return {
    user: query.get("user"),
    channel: query.get("channel"),
    thread: query.get("thread"),
    message: query.get("message"),
    home: query.get("home") === "1",
    embed: query.get("embed") === "1",
  };
}

export function routeUrl(route) {
  const query = new URLSearchParams();
  for (const name of ["user", "channel", "thread", "message"]) if (route[name]) query.set(name, route[name]);
  for (const name of ["home", "embed"]) if (route[name]) query.set(name, "1");
  return `${location.pathname}?${query}`;
}

/** Writes the route to the address. In an embedded page the frame's history is left alone. */
export function writeRoute(route, { replace = false } = {}) {
  const url = routeUrl(route);
  if (url === location.pathname + location.search) return;
  if (replace || route.embed) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
}

/** Loads the page again as another person, at `place` (parts of a route; by default where the address says). */
export function becomePerson(user, place = readRoute()) {
  const { embed } = readRoute();
  const url = routeUrl({ ...place, user, embed });
  if (embed) location.replace(url);
  else location.assign(url);
}
