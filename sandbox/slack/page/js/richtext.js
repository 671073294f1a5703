// rich_text blocks: sections, lists, quotes and preformatted text.

import { el } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { emojiNode, link, mention } from "./mrkdwn.js";

const STYLES = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
];

function styled(node, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}

const withBreaks = (text) => text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));

function inline(item, people) {
  switch (item.type) {
    case "text":
      return styled(el("span", {}, withBreaks(item.text)), item.style);
    case "link":
      return styled(link(item.url, item.text || item.url), item.style);
    case "user":
      return styled(mention(item.user_id, people), item.style);
    case "channel":
      return el("span", { class: "mention channel" }, `#${people.channelName(item.channel_id)}`);
    case "broadcast":
      return el("span", { class: "mention loud" }, `@${item.range}`);
    case "emoji": {
      const character = emojiFor(item.name);
      return character ? emojiNode(item.name, character) : `:${item.name}:`;
    }
    case "date":
      return el("time", {}, people.clock.fill(item.format ?? "{date_pretty} at {time}", item.timestamp));
    default:
      return item.text ?? item.fallback ?? "";
  }
}

function part(piece, people) {
  const content = () => piece.elements.map((item) => inline(item, people));
  switch (piece.type) {
    case "rich_text_list":
      return el(
        piece.style === "ordered" ? "ol" : "ul",
        { class: `indent-${piece.indent ?? 0}` },
        piece.elements.map((item) => el("li", {}, part(item, people))),
      );
    case "rich_text_quote":
      return el("blockquote", {}, content());
    case "rich_text_preformatted":
      return el(
        "pre",
        { class: "pre" },
        piece.elements.map((item) => item.text ?? item.url ?? ""),
      );
    default:
      return el("div", {}, content());
  }
}

export const renderRichText = (block, people) => block.elements.map((piece) => part(piece, people));
