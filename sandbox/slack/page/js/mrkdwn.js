// Slack's mrkdwn as DOM nodes. Text arrives with &, < and > escaped; only those three are decoded.

import { el } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { asActor } from "./permalink.js";

const decode = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

/**
 * Renders mrkdwn. `people` gives names: userName(id), channelName(id), clock (see dates.js), me (user id).
 * Returns a DocumentFragment.
 */
export function renderMrkdwn(text, people) {
  const out = document.createDocumentFragment();
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```/);
  parts.forEach((part, index) => {
    if (index % 2)
      out.append(
        el(
          "pre",
          { class: "pre" },
          decode(part.replace(/<([^>|]+)(?:\|([^>]*))?>/g, (_, target, label) => label ?? target)),
        ),
      );
    else renderLines(part, index > 0, out, people);
  });
  return out;
}

/** Plain text of a Slack text object: line breaks and emoji short names, no other mark-up. */
export function renderPlain(text, useEmoji = true) {
  const out = document.createDocumentFragment();
  String(text ?? "")
    .split("\n")
    .forEach((line, index) => {
      if (index) out.append(el("br"));
      out.append(...(useEmoji ? withEmoji(line) : [line]));
    });
  return out;
}

/** A Slack text object ({type, text, emoji}) as nodes. */
export function renderText(object, people) {
  if (!object) return document.createDocumentFragment();
  return object.type === "mrkdwn"
    ? renderMrkdwn(object.text, people)
    : renderPlain(object.text, object.emoji !== false);
}

const LINE_KINDS = [
  ["quote", /^(?:&gt;|>) ?(.*)$/],
  ["bullet", /^\s{0,8}[•◦▪‣-] +(.+)$/],
  ["number", /^\s{0,8}(\d{1,3})[.)] +(.+)$/],
];

function classify(line) {
  for (const [kind, pattern] of LINE_KINDS) {
    const match = pattern.exec(line);
    if (match) return { kind, text: match[match.length - 1], number: match[1] };
  }
  return { kind: "text", text: line };
}

function renderLines(text, afterPre, out, people) {
  const lines = text.split("\n");
  if (afterPre && lines[0] === "") lines.shift();
  let group = null; // the quote or list that consecutive lines share
  let needsBreak = false;
  for (const line of lines) {
    const { kind, text: content, number } = classify(line);
    if (kind === "text") {
      group = null;
      if (needsBreak) out.append(el("br"));
      out.append(...inline(content, people));
      needsBreak = true;
      continue;
    }
    if (group?.dataset.kind !== kind) {
      group =
        kind === "quote" ? el("blockquote") : kind === "bullet" ? el("ul") : el("ol", { start: number });
      group.dataset.kind = kind;
      out.append(group);
    } else if (kind === "quote") group.append(el("br"));
    if (kind === "quote") group.append(...inline(content, people));
    else group.append(el("li", {}, inline(content, people)));
    needsBreak = false;
  }
}

// Order matters: code shields what is in it, then Slack's <…> references, bare links, emphasis, emoji.
const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]])|(^|[\s([{"'.,;:!?/—–-])([*_~])(?!\5)(?=\S)(.*?\S)\5(?=$|[\s)\]}"'.,;:!?/—–-])/g;
const STYLES = { "*": "strong", _: "em", "~": "s" };

function inline(text, people) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(...withEmoji(decode(text.slice(from, match.index))));
    from = match.index + match[0].length;
    const [, code, reference, url, before, mark, styled] = match;
    if (code !== undefined) nodes.push(el("code", {}, decode(code)));
    else if (reference !== undefined) nodes.push(renderReference(reference, people));
    else if (url !== undefined) nodes.push(link(decode(url), decode(url)));
    else nodes.push(decode(before), el(STYLES[mark], {}, inline(styled, people)));
  }
  nodes.push(...withEmoji(decode(text.slice(from))));
  return nodes;
}

/** What stands between < and >: a mention, a channel, a date, a special word or a link. */
function renderReference(reference, people) {
  const bar = reference.indexOf("|");
  const target = bar < 0 ? reference : reference.slice(0, bar);
  const label = bar < 0 ? null : decode(reference.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), people, label);
  if (target.startsWith("#"))
    return el("span", { class: "mention channel" }, `#${label || people.channelName(target.slice(1))}`);
  if (target.startsWith("!date^")) return renderDate(target.slice(6).split("^"), label, people.clock);
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, label || "@group");
  if (target.startsWith("!"))
    return el("span", { class: "mention loud" }, `@${(label || target.slice(1)).replace(/^@/, "")}`);
  return link(decode(target), label || decode(target).replace(/^mailto:/, ""));
}

export function mention(id, people, label = null) {
  const mine = id === people.me;
  return el(
    "span",
    { class: mine ? "mention mine" : "mention", dataset: { user: id } },
    `@${people.userName(id) ?? label ?? "unknown person"}`,
  );
}

function renderDate([unix, template = "{date_pretty} at {time}", href], fallback, clock) {
  if (!/^\d+$/.test(unix)) return el("span", {}, fallback || "unknown date");
  const text = clock.fill(decode(template), Number(unix));
  const node = el(
    "time",
    { datetime: new Date(Number(unix) * 1000).toISOString(), title: `${clock.full(unix)} (${clock.tz})` },
    text,
  );
  return href && SAFE_LINK.test(href) ? link(href, node) : node;
}

/** A link to http(s), mail or telephone; any other scheme is shown as text. */
export function link(href, content) {
  if (!SAFE_LINK.test(href)) return el("span", {}, content);
  const props = { href: asActor(href), target: "_blank", rel: "noopener noreferrer", class: "link" };
  return el("a", props, content);
}

function withEmoji(text) {
  return text
    .split(/(:[a-z0-9_+'-]+:)/g)
    .filter((part) => part !== "")
    .map((part) => {
      const emoji =
        part.length > 2 && part.startsWith(":") && part.endsWith(":") ? emojiFor(part.slice(1, -1)) : null;
      return emoji ? emojiNode(part.slice(1, -1), emoji) : part;
    });
}

export function emojiNode(name, character) {
  return el(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replace(/[_-]/g, " "), title: `:${name}:` },
    character,
  );
}
