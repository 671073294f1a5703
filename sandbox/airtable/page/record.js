// One record opened beside the grid, with all its fields.

import { cellNodes } from "./cells.js";
import { byId, make } from "./dom.js";

/** Show the record, or hide the pane when there is none. */
export function showRecord(table, record, rows, fresh, { open, openIn, close }) {
  const pane = byId("record");
  pane.hidden = !record;
  if (!record) return;
  byId("record-table").textContent = `${table.name} · row ${record.number}`;
  byId("record-title").textContent = record.title || "Unnamed row";
  const position = rows.findIndex((row) => row.id === record.id);
  stepTo(byId("record-previous"), rows[position - 1], open);
  stepTo(byId("record-next"), position < 0 ? undefined : rows[position + 1], open);
  byId("record-close").onclick = close;
  byId("record-fields").replaceChildren(
    ...table.fields.flatMap((field) => {
      const nodes = cellNodes(field, record.cells[field.name], openIn);
      const detail = make("dd", "", ...(nodes.length ? nodes : [make("span", "nothing", "empty")]));
      if (fresh.has(record.id, field.name)) {
        detail.classList.add("fresh");
        detail.prepend(make("span", "mark", "changed just now"));
      }
      return [make("dt", "", field.name), detail];
    }),
  );
  byId("record-foot").textContent = `${record.id} · created ${record.created} · changed ${record.modified}`;
}

function stepTo(button, row, open) {
  button.disabled = !row;
  button.onclick = row ? () => open(row.id) : null;
}
