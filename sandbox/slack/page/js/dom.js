// Small helpers to build the page. Text only ever enters as text nodes: nothing here parses HTML.

let nextId = 0;

/** An id that no other element of this page has. */
export const uniqueId = (prefix) => `${prefix}-${++nextId}`;

/**
 * Creates an element. `props` may hold `class`, `dataset`, `on` (event → listener), ARIA and other
 * attributes; true means present, false/null/undefined means absent. Children are nodes or text.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  send: "M4 12l16-8-6 16-3-6z",
  thread: "M4 5h16v11H10l-5 4v-4H4z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  eye: "M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  plus: "M12 5v14M5 12h14",
  people:
    "M8.5 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3 19c0-3.5 2.5-5.5 5.5-5.5S14 15.5 14 19M15.5 6a2.5 2.5 0 1 1 0 5M17 13.6c2.4.5 4 2.3 4 5.4",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  smile:
    "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8.5 14c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.5h.01M15 9.5h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
};

/** A decorative line icon (hidden from assistive technology: the control around it has a name). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon; `label` is its name and its tooltip. */
export function iconButton(name, label, onClick, props = {}) {
  return el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      on: { click: onClick },
      ...props,
    },
    icon(name),
  );
}

/** Gives `host` exactly these children in this order, moving as few nodes as it can (moving a node drops its focus). */
export function reconcile(host, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...host.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (host.children[index] !== node) host.insertBefore(node, host.children[index] ?? null);
  });
}

/** Says something to screen readers without showing it. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Keeps Tab inside `container`: from the last control to the first and back. */
export function trapFocus(container) {
  container.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [
      ...container.querySelectorAll("a[href],button,input,textarea,select,[tabindex='0']"),
    ].filter((node) => !node.disabled && node.tabIndex >= 0 && node.offsetParent !== null);
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  });
}

/**
 * Places a popover (fixed, in the top layer) under `anchor`, or above it when there is more room.
 * Widths follow the anchor unless `minWidth` (CSS pixels) asks for more.
 */
export function placeBeside(popover, anchor, minWidth = 0) {
  const box = anchor.getBoundingClientRect();
  const margin = 8;
  const width = Math.min(Math.max(box.width, minWidth), innerWidth - 2 * margin);
  const below = innerHeight - box.bottom - margin;
  const above = box.top - margin;
  const upwards = below < 220 && above > below;
  popover.style.width = `${width}px`;
  popover.style.maxHeight = `${Math.max(120, Math.min(320, upwards ? above - 4 : below - 4))}px`;
  popover.style.left = `${Math.max(margin, Math.min(box.left, innerWidth - width - margin))}px`;
  popover.style.top = upwards ? "auto" : `${box.bottom + 4}px`;
  popover.style.bottom = upwards ? `${innerHeight - box.top + 4}px` : "auto";
}
