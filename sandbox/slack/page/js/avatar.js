// People as coloured initials. The colour is the member's own, darkened until white letters read well on it.

import { el } from "./dom.js";

const FALLBACK = "6b5b73";
const DARK_ENOUGH = 0.18; // relative luminance at which white text has a contrast of 4.5:1

function channelsOf(hex) {
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function luminance(channels) {
  const [r, g, b] = channels.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function readable(color) {
  const hex = /^#?([0-9a-f]{6})$/i.exec(color ?? "")?.[1] ?? FALLBACK;
  let channels = channelsOf(hex);
  while (luminance(channels) > DARK_ENOUGH) channels = channels.map((value) => Math.floor(value * 0.92));
  return `rgb(${channels.join(" ")})`;
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return (
    letters
      .map((word) => [...word][0])
      .join("")
      .toUpperCase() || "?"
  );
}

/** A decorative square with the initials of `user` (a member of bootstrap's users); sizes: small, medium, large. */
export function avatar(user, size = "small") {
  const node = el(
    "span",
    { class: `avatar ${size}${user.is_bot ? " bot" : ""}`, "aria-hidden": "true" },
    initials(user.real_name || user.name || "?"),
  );
  node.style.backgroundColor = readable(user.color);
  return node;
}

const SLACKBOT = "USLACKBOT"; // Slack's own, who is no member

/** True for a member one can be or write to: no app, not Slackbot, not gone. */
export const isPerson = (user) => !user.is_bot && !user.deleted && user.id !== SLACKBOT;

/** The words for a member's part in the programme, or null. */
export function roleOf(user) {
  if (user.is_bot) return "App";
  if (user.deleted) return "Deactivated";
  return (
    [user.is_mentor && "Mentor", user.is_coordinator && "Coordinator"].filter(Boolean).join(" · ") || null
  );
}
