"""The rows and what happened to them, in memory and in SQLite.

Reading is from memory. Writing goes through a `Draft`: all of it is stored, or nothing.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

Cells = dict[str, Any]
"""Values by field id, as the API shows them; an empty cell isn't in it."""

_TABLES = """
CREATE TABLE IF NOT EXISTS rows (
    id TEXT PRIMARY KEY, table_id TEXT NOT NULL, number INTEGER NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL, version INTEGER NOT NULL, cells TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS choices (
    field_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (field_id, name)
);
"""


@dataclass(frozen=True)
class Row:
    """One record."""

    id: str
    table_id: str
    number: int
    """Counts up in the order of creation within the table."""
    created: str
    """ISO 8601, UTC, as the API shows it; `modified` likewise."""
    modified: str
    version: int
    """The store's version at which the row last changed."""
    cells: Cells


@dataclass
class Draft:
    """Changes that are being made; the store takes them over when all went well."""

    store: "Store"
    now: str
    rows: dict[str, Row] = field(default_factory=dict)
    """Rows that are new or changed, by id."""
    deleted: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Select options that `typecast` added, by field id."""

    def get(self, table_id: str, row_id: str) -> Row | None:
        if row_id in self.deleted:
            return None
        row = self.rows.get(row_id) or self.store.row(row_id)
        return row if row is not None and row.table_id == table_id else None

    def table(self, table_id: str) -> list[Row]:
        """The table's rows in the order of their creation."""
        merged = {row.id: row for row in self.store.table(table_id)}
        merged.update({row.id: row for row in self.rows.values() if row.table_id == table_id})
        return [row for row in merged.values() if row.id not in self.deleted]

    def insert(self, table_id: str, row_id: str, cells: Cells, created: str = "") -> Row:
        when = created or self.now
        in_draft = (row.number for row in self.rows.values() if row.table_id == table_id)
        number = 1 + max(self.store.last_number(table_id), max(in_draft, default=0))
        row = Row(row_id, table_id, number, when, when, self.store.version + 1, cells)
        self.rows[row_id] = row
        return row

    def update(self, row: Row, cells: Cells) -> Row:
        """Replace the row's cells; a row that stays the same keeps its time."""
        if cells == row.cells:
            return row
        version = self.store.version + 1
        self.rows[row.id] = replace(row, cells=cells, modified=self.now, version=version)
        return self.rows[row.id]

    def delete(self, row: Row) -> None:
        self.deleted.add(row.id)
        self.rows.pop(row.id, None)

    def add_choice(self, field_id: str, name: str) -> None:
        self.choices.setdefault(field_id, []).append(name)

    def added_choices(self, field_id: str) -> tuple[str, ...]:
        return (*self.store.choices.get(field_id, ()), *self.choices.get(field_id, ()))


class Store:
    """All rows of all tables.

    Args:
        database: a path, or ":memory:". Folders are made.
    """

    def __init__(self, database: Path | str) -> None:
        if str(database) != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(str(database), isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_TABLES)
        self.version = 0
        """Goes up with every change; the grid page asks for what changed since."""
        self.choices: dict[str, tuple[str, ...]] = {}
        self._rows: dict[str, Row] = {}
        self._by_table: dict[str, dict[str, Row]] = {}
        self._last_numbers: dict[str, int] = {}
        self._load()

    def _load(self) -> None:
        for row_id, table_id, *rest, text in self._database.execute(
            "SELECT id, table_id, number, created, modified, version, cells FROM rows "
            "ORDER BY table_id, number"
        ):
            number, created, modified, version = rest
            row = Row(row_id, table_id, number, created, modified, version, json.loads(text))
            self._keep(row)
        for field_id, name in self._database.execute(
            "SELECT field_id, name FROM choices ORDER BY rowid"
        ):
            self.choices[field_id] = (*self.choices.get(field_id, ()), json.loads(name))
        self.version = max((row.version for row in self._rows.values()), default=0)

    def _keep(self, row: Row) -> None:
        self._rows[row.id] = row
        self._by_table.setdefault(row.table_id, {})[row.id] = row
        last = self._last_numbers.get(row.table_id, 0)
        self._last_numbers[row.table_id] = max(last, row.number)

    def close(self) -> None:
        self._database.close()

    @property
    def empty(self) -> bool:
        return not self._rows

    def row(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def table(self, table_id: str) -> list[Row]:
        """The table's rows in the order of their creation."""
        return list(self._by_table.get(table_id, {}).values())

    def last_number(self, table_id: str) -> int:
        return self._last_numbers.get(table_id, 0)

    @contextmanager
    def draft(self, now: str) -> Iterator[Draft]:
        """Collect changes and store them together; an exception inside discards them."""
        draft = Draft(self, now)
        yield draft
        if draft.rows or draft.deleted or draft.choices:
            self._write(draft)

    def _write(self, draft: Draft) -> None:
        with self._transaction() as database:
            database.executemany(
                "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_stored(row) for row in draft.rows.values()],
            )
            database.executemany("DELETE FROM rows WHERE id = ?", [(i,) for i in draft.deleted])
            database.executemany(
                "INSERT OR IGNORE INTO choices VALUES (?, ?)",
                [
                    (field_id, json.dumps(name))
                    for field_id, names in draft.choices.items()
                    for name in names
                ],
            )
        for row in draft.rows.values():
            self._keep(row)
        for row_id in draft.deleted:
            if (gone := self._rows.pop(row_id, None)) is not None:
                del self._by_table[gone.table_id][row_id]
        for field_id in draft.choices:
            self.choices[field_id] = draft.added_choices(field_id)
        self.version += 1

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def clear(self) -> None:
        """Throw everything away; the version goes on, so that pages notice."""
        with self._transaction() as database:
            database.execute("DELETE FROM rows")
            database.execute("DELETE FROM choices")
        self._rows.clear()
        self._by_table.clear()
        self._last_numbers.clear()
        self.choices.clear()
        self.version += 1


def _stored(row: Row) -> tuple[Any, ...]:
    cells: Mapping[str, Any] = row.cells
    text = json.dumps(cells, separators=(",", ":"))
    return (row.id, row.table_id, row.number, row.created, row.modified, row.version, text)
