// Addresses of messages in this workspace: they open here, as the person who follows them.

import { readRoute } from "./route.js";

const PATH = /^\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function parse(href) {
  const url = URL.parse(href, location.href);
  const isHere =
    url?.host === location.host ||
    (url?.port === location.port && LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname));
  const path = isHere && PATH.exec(url.pathname);
  return path ? { url, path } : null;
}

/** Where such a link leads, as a route's {channel, message, thread}; null for any other address. */
export function placeOf(href) {
  const found = parse(href);
  if (!found) return null;
  const [, channel, seconds, fraction] = found.path;
  return {
    channel,
    message: `${seconds}.${fraction}`,
    thread: found.url.searchParams.get("thread_ts"),
  };
}

/** The address to follow: a message's says who follows it, so that a new tab needn't ask. */
export function asActor(href) {
  const found = parse(href);
  const { user } = readRoute();
  if (!found || !user) return href;
  found.url.searchParams.set("user", user);
  return found.url.href;
}
