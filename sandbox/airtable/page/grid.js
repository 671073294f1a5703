// The grid page: which table is shown, its rows as they change, and one record opened beside it.
// It only reads. The address always says what is shown, so it can be shared:
//   /?base=…&table=Mentor Request&record=rec…   or   &key=… (the primary field's value)

import { cellNodes, cellText, sortKey } from "./cells.js";
import { byId, button, fetchJson, make } from "./dom.js";
import { Freshness } from "./freshness.js";
import { showRecord } from "./record.js";

const PAGE = 200; // rows drawn at first and with every "Show more"

const state = {
  bases: [],
  base: null,
  table: null,
  rows: [],
  recordId: null,
  wantedKey: null,
  search: "",
  sort: null, // {field, down}
  limit: PAGE,
  loading: 0,
};
const fresh = new Freshness(draw);

function fromAddress() {
  const wish = new URLSearchParams(location.search);
  const has = (base) => base.tables.some((table) => named(table, wish.get("table")));
  state.base =
    state.bases.find((base) => base.id === wish.get("base")) ?? state.bases.find(has) ?? state.bases[0];
  state.table = state.base.tables.find((table) => named(table, wish.get("table"))) ?? state.base.tables[0];
  state.recordId = wish.get("record");
  state.wantedKey = wish.get("key");
}

const named = (table, wish) => table.name === wish || table.id === wish;

function address(table, recordId) {
  const wish = new URLSearchParams({ base: state.base.id, table });
  if (recordId) wish.set("record", recordId);
  return `/?${wish}`;
}

function go(path, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", path);
  const before = state.table;
  fromAddress();
  if (state.table === before) return draw();
  Object.assign(state, { rows: [], search: "", sort: null, limit: PAGE });
  byId("search").value = "";
  byId("scroll").scrollTo(0, 0);
  fresh.forget();
  drawFrame();
  return load();
}

async function load() {
  const ticket = ++state.loading;
  const wish = new URLSearchParams({ base: state.base.id, table: state.table.id });
  const answer = await fetchJson(`/grid/rows?${wish}`);
  if (ticket !== state.loading) return; // another table was chosen meanwhile
  state.rows = answer.rows;
  for (const table of state.base.tables) table.count = answer.counts[table.name];
  const news = fresh.compare(state.table, answer.rows);
  if (news.length) byId("news").textContent = news.slice(0, 5).join(". ");
  if (state.wantedKey !== null) openByKey();
  drawTabs();
  draw();
}

function openByKey() {
  const row = state.rows.find((candidate) => candidate.title === state.wantedKey);
  if (!row) return; // it may still be written; the next change looks again
  state.wantedKey = null;
  state.recordId = row.id;
  history.replaceState(null, "", address(state.table.name, row.id));
}

function drawFrame() {
  document.title = `${state.table.name} · Airtable stand-in`;
  const choice = byId("base");
  choice.replaceChildren(
    ...state.bases.map((base) => {
      const option = make("option", "", base.name);
      option.value = base.id;
      option.selected = base === state.base;
      return option;
    }),
  );
  byId("base-choice").hidden = state.bases.length < 2;
  drawTabs();
  byId("tabs").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" });
  draw();
}

function drawTabs() {
  byId("tabs").replaceChildren(
    ...state.base.tables.map((table) => {
      const link = make("a", "", table.name, make("span", "n", String(table.count)));
      link.href = address(table.name);
      link.title = table.description;
      if (table === state.table) link.setAttribute("aria-current", "page");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(link.href);
      });
      return make("li", "", link);
    }),
  );
}

function visibleRows() {
  const wanted = state.search.trim().toLocaleLowerCase();
  const fields = state.table.fields;
  const rows = state.rows.filter(
    (row) => !wanted || fields.some((f) => cellText(f, row.cells[f.name]).toLocaleLowerCase().includes(wanted)),
  );
  if (state.sort) {
    const { field, down } = state.sort;
    const keys = new Map(rows.map((row) => [row, sortKey(field, row.cells[field.name])]));
    return rows.sort((a, b) => compare(keys.get(a), keys.get(b)) * (down ? -1 : 1));
  }
  return state.table.newest_first ? rows.reverse() : rows;
}

function compare(a, b) {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return typeof a === "string" ? a.localeCompare(b) : a - b;
}

function draw() {
  const rows = visibleRows();
  drawColumns();
  byId("rows").replaceChildren(...rows.slice(0, state.limit).map(drawRow));
  byId("more").hidden = rows.length <= state.limit;
  drawCounts(rows.length);
  const record = state.rows.find((row) => row.id === state.recordId);
  showRecord(state.table, record, rows, fresh, { open: openRecord, openIn, close: () => openRecord(null) });
}

function drawCounts(shown) {
  const total = state.rows.length;
  byId("count").textContent = shown === total ? `${total} ${total === 1 ? "row" : "rows"}` : `${shown} of ${total} rows`;
  const empty = byId("empty");
  empty.hidden = shown > 0;
  empty.textContent = total
    ? `No row has “${state.search.trim()}” in it.`
    : `Nothing in ${state.table.name} yet. ${state.table.description}`;
}

function drawColumns() {
  const number = make("th", "number", make("span", "unseen", "Row"));
  const columns = state.table.fields.map((field, position) => {
    const sorted = state.sort?.field === field ? (state.sort.down ? " ↓" : " ↑") : "";
    const label = button("", `${field.name}${sorted}`, () => sortBy(field));
    label.append(make("span", "hint", field.hint));
    label.title = [field.description, "Click to sort"].filter(Boolean).join(" · ");
    const header = make("th", position === 0 ? "first" : "", label);
    header.scope = "col";
    if (sorted) header.setAttribute("aria-sort", state.sort.down ? "descending" : "ascending");
    return header;
  });
  const focused = document.activeElement?.closest?.("#columns th");
  const index = focused ? [...focused.parentNode.children].indexOf(focused) : -1;
  byId("columns").replaceChildren(number, ...columns);
  if (index >= 0) byId("columns").children[index].querySelector("button")?.focus();
}

function sortBy(field) {
  const before = state.sort;
  if (before?.field !== field) state.sort = { field, down: false };
  else state.sort = before.down ? null : { field, down: true };
  draw();
}

function drawRow(row) {
  const news = fresh.word(row.id);
  const open = button("", news ? make("span", "mark", news) : String(row.number), () => openRecord(row.id));
  open.setAttribute("aria-label", `Open row ${row.number}, ${row.title || "unnamed"}`);
  const number = make("td", "number", open);
  const line = make("tr", row.id === state.recordId ? "chosen" : "", number);
  state.table.fields.forEach((field, position) => {
    const nodes = cellNodes(field, row.cells[field.name], openIn);
    const cell = make(position === 0 ? "th" : "td", position === 0 ? "first" : `kind-${field.type}`, ...nodes);
    if (position === 0) {
      cell.scope = "row";
      cell.addEventListener("click", () => openRecord(row.id));
    }
    if (fresh.has(row.id, field.name)) {
      cell.classList.add("fresh");
      cell.append(make("span", "mark", "changed"));
    }
    cell.title = cellText(field, row.cells[field.name]).slice(0, 300);
    line.append(cell);
  });
  line.addEventListener("dblclick", () => openRecord(row.id));
  return line;
}

function openRecord(recordId) {
  go(address(state.table.name, recordId));
  if (recordId) byId("record-title").focus({ preventScroll: true });
  else byId("scroll").focus({ preventScroll: true });
}

const openIn = (table, recordId) => go(address(table, recordId));

function listen() {
  const stream = new EventSource("/grid/events");
  const live = byId("live");
  stream.addEventListener("message", () => {
    live.textContent = "Live";
    live.classList.add("on");
    load().catch(lost);
  });
  stream.addEventListener("error", lost);
}

function lost() {
  byId("live").textContent = "Reconnecting…";
  byId("live").classList.remove("on");
}

async function start() {
  state.bases = (await fetchJson("/grid/bases")).bases;
  fromAddress();
  drawFrame();
  byId("search").addEventListener("input", (event) => {
    state.search = event.target.value;
    state.limit = PAGE;
    draw();
  });
  byId("base").addEventListener("change", (event) => go(`/?base=${encodeURIComponent(event.target.value)}`));
  byId("more").addEventListener("click", () => {
    state.limit += PAGE;
    draw();
  });
  addEventListener("popstate", () => go(location.href, { replace: true }));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.recordId) openRecord(null);
  });
  listen();
}

start().catch(() => {
  byId("live").textContent = "Can't reach the records. Is the sandbox running? Reload to try again.";
});
