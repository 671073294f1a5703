// What changed just now: new rows and changed cells keep a mark for a few seconds.

import { cellText } from "./cells.js";

const MARK_FOR = 6000; // milliseconds

export class Freshness {
  #known = null; // row id -> {version, texts by field}; null until a table was seen once
  #marks = new Map(); // "row|field", and "row" for a new row or "row|" for any change: when it ends
  #redraw;

  constructor(redraw) {
    this.#redraw = redraw;
  }

  /** Begin again with another table: what it holds then isn't news. */
  forget() {
    this.#known = null;
    this.#marks.clear();
  }

  /** Note what differs from the last look; gives sentences that say so. */
  compare(table, rows) {
    const before = this.#known;
    const news = [];
    this.#known = new Map(
      rows.map((row) => {
        const old = before?.get(row.id);
        if (old?.version === row.version) return [row.id, old];
        const texts = new Map(table.fields.map((f) => [f.name, cellText(f, row.cells[f.name])]));
        if (before && !old) {
          this.#mark(row.id);
          news.push(`New row ${row.title}`);
        } else if (old) {
          const changed = [...texts.keys()].filter((name) => texts.get(name) !== old.texts.get(name));
          for (const name of changed.length ? [...changed, ""] : []) this.#mark(`${row.id}|${name}`);
          if (changed.length) news.push(`${row.title || "A row"}: ${changed.join(", ")} changed`);
        }
        return [row.id, { version: row.version, texts }];
      }),
    );
    return news;
  }

  /** "new", "changed" or nothing: how the row as a whole is marked. */
  word(rowId) {
    if (this.#lasts(rowId)) return "new";
    return this.has(rowId, "") ? "changed" : "";
  }

  has(rowId, field) {
    return this.#lasts(`${rowId}|${field}`);
  }

  #lasts(key) {
    return (this.#marks.get(key) ?? 0) > performance.now();
  }

  #mark(key) {
    this.#marks.set(key, performance.now() + MARK_FOR);
    setTimeout(() => {
      if (this.#marks.has(key) && !this.#lasts(key)) {
        this.#marks.delete(key);
        this.#redraw();
      }
    }, MARK_FOR + 50);
  }
}
