// Block Kit blocks as DOM. Blocks that did not change keep their nodes, so focus, open lists and typed text survive an update.

import { el, icon, reconcile, uniqueId } from "./dom.js";
import { renderElement } from "./elements/index.js";
import { renderMrkdwn, renderText } from "./mrkdwn.js";
import { renderRichText } from "./richtext.js";

/** Lays out `blocks` in `host`. `errors` ({block_id: words}) are shown at input blocks. */
export function renderBlocks(host, blocks, surface, errors = {}) {
  surface.blocks = withIds(blocks ?? []);
  const focus = rememberFocus(host);
  const before = new Map([...host.children].map((node) => [node.dataset.signature, node]));
  const nodes = surface.blocks.map((block) => {
    const signature = JSON.stringify(block);
    const node = before.get(signature) ?? renderBlock(block, surface);
    before.delete(signature);
    node.dataset.signature = signature;
    node.dataset.blockId = block.block_id;
    if (block.type === "input") showError(node, errors[block.block_id]);
    return node;
  });
  reconcile(host, nodes);
  focus.restore();
}

/** Slack gives every block an id; blocks that came without one get their place as id. */
const withIds = (blocks) =>
  blocks.map((block, index) => (block.block_id ? block : { ...block, block_id: `block-${index}` }));

function rememberFocus(host) {
  const active = document.activeElement;
  const inside = host.contains(active) && active !== host;
  const block = inside ? active.closest("[data-block-id]")?.dataset.blockId : null;
  const action = inside ? active.dataset.actionId : null;
  const range =
    inside && typeof active.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
  return {
    restore() {
      if (!inside || host.contains(document.activeElement)) return;
      const quote = CSS.escape;
      const again =
        block &&
        action &&
        host.querySelector(`[data-block-id="${quote(block)}"] [data-action-id="${quote(action)}"]`);
      if (!again) return host.closest("[tabindex='-1']")?.focus();
      again.focus();
      if (range && again.setSelectionRange) again.setSelectionRange(...range);
    },
  };
}

const RENDERERS = { section, actions, context, divider, header, image, input, rich_text: richText };

function renderBlock(block, surface) {
  const render = RENDERERS[block.type];
  if (!render)
    return el("p", { class: "unknown" }, `(a ${block.type} block, which this stand-in does not show)`);
  return render(block, surface);
}

function section(block, surface) {
  const { people } = surface;
  const textId = uniqueId("text");
  const body = el(
    "div",
    { class: "section-body" },
    block.text && el("div", { class: "text", dir: "auto", id: textId }, renderText(block.text, people)),
    block.fields &&
      el(
        "div",
        { class: "fields" },
        block.fields.map((field) => el("div", { class: "text", dir: "auto" }, renderText(field, people))),
      ),
  );
  const { accessory } = block;
  if (!accessory) return el("div", { class: "block section" }, body);
  const isImage = accessory.type === "image";
  const named = accessory.type === "button" || accessory.type === "overflow";
  const side = isImage
    ? picture(accessory)
    : renderElement(accessory, { surface, block, labelId: !named && block.text ? textId : null });
  const wide = accessory.type === "checkboxes" || accessory.type === "radio_buttons";
  return el(
    "div",
    { class: `block section${wide ? " stacked" : ""}` },
    body,
    el("div", { class: "accessory" }, side),
  );
}

function actions(block, surface) {
  return el(
    "div",
    { class: "block actions" },
    block.elements.map((element) => renderElement(element, { surface, block })),
  );
}

function context(block, surface) {
  return el(
    "div",
    { class: "block context" },
    block.elements.map((element) =>
      element.type === "image"
        ? picture(element)
        : el("span", { class: "text", dir: "auto" }, renderText(element, surface.people)),
    ),
  );
}

function divider() {
  return el("hr", { class: "block divider" });
}

function header(block, surface) {
  return el("h3", { class: "block header", dir: "auto" }, renderText(block.text, surface.people));
}

function image(block, surface) {
  return el(
    "figure",
    { class: "block image" },
    block.title && el("figcaption", {}, renderText(block.title, surface.people)),
    picture(block),
  );
}

/** No picture is fetched from outside: its description stands in its place. */
const picture = ({ alt_text: alt }) =>
  el(
    "span",
    { class: "picture", role: "img", "aria-label": alt },
    icon("image"),
    el("span", { "aria-hidden": "true" }, alt),
  );

function input(block, surface) {
  const [labelId, hintId, errorId] = ["label", "hint", "error"].map(uniqueId);
  const describedBy = `${block.hint ? `${hintId} ` : ""}${errorId}`;
  const control = renderElement(block.element, { surface, block, labelId, describedBy });
  const label = el(
    "div",
    { class: "input-label", id: labelId },
    renderText(block.label, surface.people),
    block.optional && el("span", { class: "optional" }, " (optional)"),
  );
  label.addEventListener("click", () => control.querySelector("input,textarea")?.focus() ?? control.focus());
  return el(
    "div",
    { class: "block input" },
    label,
    control,
    block.hint && el("div", { class: "hint", id: hintId }, renderText(block.hint, surface.people)),
    el("div", { class: "error", id: errorId }),
  );
}

function showError(node, words) {
  const place = node.querySelector(":scope > .error");
  place.replaceChildren(...(words ? [icon("warn"), words] : []));
  node.classList.toggle("invalid", Boolean(words));
  for (const field of node.querySelectorAll("input,textarea")) {
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function richText(block, surface) {
  return el("div", { class: "block text rich-text", dir: "auto" }, renderRichText(block, surface.people));
}

/** The text of a message that has no blocks. */
export function renderMessageText(text, people) {
  return el("div", { class: "text", dir: "auto" }, renderMrkdwn(text, people));
}
