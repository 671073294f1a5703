// How a cell looks in the grid and in a record, and how it reads in a search or a sort.

import { button, make } from "./dom.js";

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});

/** The cell as plain text, for searching and for telling what changed. */
export function cellText(field, value) {
  if (value === undefined || value === null) return "";
  if (field.links_to) return value.map((link) => link.title).join(", ");
  if (Array.isArray(value)) return value.join(", ");
  if (field.type === "checkbox") return "checked";
  if (field.type === "rating") return `${value} of 5`;
  if (field.type === "date") return DAY.format(new Date(`${value}T00:00:00Z`));
  if (/Time$/.test(field.type)) return MOMENT.format(new Date(value));
  return String(value);
}

/** What rows are sorted by: numbers and dates by size, everything else by its letters. */
export function sortKey(field, value) {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (field.type === "singleSelect") return field.choices.indexOf(value);
  if (/date|Time/.test(field.type)) return Date.parse(value);
  return cellText(field, value).toLocaleLowerCase();
}

/** The cell's contents as DOM nodes; `open(table, id)` follows a link. */
export function cellNodes(field, value, open) {
  if (value === undefined || value === null) return [];
  if (field.links_to) {
    return value.map((link) => {
      const chip = button("chip", link.title || "Unnamed row", (event) => {
        event.stopPropagation();
        open(field.links_to, link.id);
      });
      chip.title = `Open in ${field.links_to}`;
      return chip;
    });
  }
  if (field.type === "singleSelect" || field.type === "multipleSelects") {
    return [value].flat().map((name) => make("span", `chip option option-${optionColour(field, name)}`, name));
  }
  if (field.type === "checkbox") return ["✓ yes"];
  if (field.type === "url" && /^https?:\/\//.test(value)) return [outsideLink(value)];
  if (field.type === "dateTime" || field.type.endsWith("Time")) {
    const time = make("time", "", cellText(field, value));
    time.dateTime = value;
    time.title = value;
    return [time];
  }
  return [cellText(field, value)];
}

function optionColour(field, name) {
  return Math.max(0, field.choices.indexOf(name)) % 6;
}

function outsideLink(address) {
  const link = make("a", "", address.replace(/^https?:\/\//, ""));
  link.href = address;
  link.target = "_blank";
  link.rel = "noreferrer";
  link.addEventListener("click", (event) => event.stopPropagation());
  return link;
}
