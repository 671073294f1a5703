"""Creating, changing and deleting rows, with links that stay the same on both sides.

Every operation is all or nothing: a value that is refused leaves the whole batch undone.
"""

import secrets
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.airtable import errors
from sandbox.airtable.cells import CellReader
from sandbox.airtable.formula.values import iso
from sandbox.airtable.schema import TEXT_TYPES, UPSERT_TYPES, Base, Field, Table
from sandbox.airtable.store import Cells, Draft, Row, Store

Fields = Mapping[str, Any]
"""Values by field name or id, as a request gives them."""

_ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Upserted:
    rows: list[Row]
    created: list[str]
    updated: list[str]


class Records:
    """The rows of one base.

    Args:
        store: where they are kept.
        base: the base's schema.
        clock: seconds since 1970.
    """

    def __init__(self, store: Store, base: Base, clock: Callable[[], float]) -> None:
        self.base = base
        self._store = store
        self._clock = clock

    def _now(self) -> str:
        return iso(datetime.fromtimestamp(self._clock(), UTC))

    def get(self, table: Table, row_id: str) -> Row:
        row = self._store.row(row_id)
        if row is None or row.table_id != table.id:
            raise errors.no_such_record()
        return row

    def create(self, table: Table, new: Sequence[Fields], *, typecast: bool = False) -> list[Row]:
        with self._store.draft(self._now()) as draft:
            ids = [self._insert(draft, table, fields, typecast).id for fields in new]
            return [draft.rows[row_id] for row_id in ids]

    def update(
        self,
        table: Table,
        changes: Sequence[tuple[str, Fields]],
        *,
        replace: bool,
        typecast: bool = False,
    ) -> list[Row]:
        """Change rows by their ids.

        Args:
            table: the table.
            changes: row ids with the new values.
            replace: whether fields that aren't named are cleared (PUT) or kept (PATCH).
            typecast: whether texts are read into the fields' kinds.
        """
        if len({row_id for row_id, _ in changes}) < len(changes):
            raise errors.repeated_record()
        with self._store.draft(self._now()) as draft:
            for row_id, fields in changes:
                self._change(draft, table, row_id, fields, replace=replace, typecast=typecast)
            return [_current(draft, table, row_id) for row_id, _ in changes]

    def upsert(
        self,
        table: Table,
        wished: Sequence[tuple[str | None, Fields]],
        merge_on: Sequence[str],
        *,
        replace: bool,
        typecast: bool = False,
    ) -> Upserted:
        """Change the rows that match on the merge fields, create those that don't exist.

        Raises:
            AirtableError: the merge fields are no good, more than one row matches, or two of the
                wished rows are the same one.
        """
        keys = _merge_fields(table, merge_on)
        with self._store.draft(self._now()) as draft:
            reader = self._reader(draft, table, typecast)
            known = _by_key(table, keys, draft.table(table.id))
            touched: list[str] = []
            created: list[str] = []
            for row_id, fields in wished:
                key = () if row_id else _key(reader, keys, fields)
                target = row_id or _only(known.get(key, []))
                if target is None:
                    target = self._insert(draft, table, fields, typecast).id
                    known[key] = [target]
                    created.append(target)
                elif target in touched:
                    raise errors.repeated_record()
                else:
                    self._change(draft, table, target, fields, replace=replace, typecast=typecast)
                touched.append(target)
            rows = [_current(draft, table, row_id) for row_id in touched]
        return Upserted(rows, created, [row_id for row_id in touched if row_id not in created])

    def delete(self, table: Table, row_ids: Sequence[str], missing: errors.AirtableError) -> None:
        """Delete rows; one that doesn't exist raises `missing` and nothing is deleted."""
        with self._store.draft(self._now()) as draft:
            for row_id in row_ids:
                row = draft.get(table.id, row_id)
                if row is None:
                    raise missing
                self._unlink(draft, table, row)
                draft.delete(row)

    def seed(self, table: Table, rows: Mapping[str, Fields], created: str) -> None:
        """Create rows under given ids; those that exist stay as they are."""
        with self._store.draft(self._now()) as draft:
            for row_id, fields in rows.items():
                if self._store.row(row_id) is None:
                    row = draft.insert(table.id, row_id, {}, created)
                    cells = self._cells(draft, table, fields, typecast=False)
                    self._write(draft, table, row, cells)

    def _reader(self, draft: Draft, table: Table, typecast: bool) -> CellReader:
        def create_row(linked: Table, name: str) -> str:
            if linked.primary.type not in TEXT_TYPES:
                raise errors.not_record_ids()
            row = draft.insert(linked.id, new_row_id(), {linked.ids[linked.primary.name]: name})
            return row.id

        return CellReader(self.base, table, draft, typecast, create_row)

    def _cells(self, draft: Draft, table: Table, fields: Fields, typecast: bool) -> Cells:
        """The new values by field id; None where a cell is cleared."""
        reader = self._reader(draft, table, typecast)
        cells: Cells = {}
        for name, value in fields.items():
            column = table.find(name)
            if column is None:
                raise errors.unknown_field(name)
            cells[table.ids[column.name]] = reader.read(column, value)
        return cells

    def _insert(self, draft: Draft, table: Table, fields: Fields, typecast: bool) -> Row:
        cells = self._cells(draft, table, fields, typecast)
        row = draft.insert(table.id, new_row_id(), {})
        self._write(draft, table, row, cells)
        return draft.rows[row.id]

    def _change(
        self,
        draft: Draft,
        table: Table,
        row_id: str,
        fields: Fields,
        *,
        replace: bool,
        typecast: bool,
    ) -> None:
        row = draft.get(table.id, row_id)
        if row is None:
            raise errors.row_does_not_exist(row_id)
        kept: Cells = dict.fromkeys(row.cells) if replace else {}
        self._write(draft, table, row, {**kept, **self._cells(draft, table, fields, typecast)})

    def _write(self, draft: Draft, table: Table, row: Row, changed: Cells) -> None:
        """Put the changed cells into the row, and the links among them into the other side."""
        merged = {**row.cells, **changed}
        cells = {
            table.ids[column.name]: merged[table.ids[column.name]]
            for column in table.fields
            if merged.get(table.ids[column.name]) is not None
        }
        for column in table.fields:
            if column.inverse:
                field_id = table.ids[column.name]
                before, after = row.cells.get(field_id, []), cells.get(field_id, [])
                self._mirror(draft, column, row.id, before, after)
        draft.update(row, cells)

    def _mirror(
        self, draft: Draft, column: Field, row_id: str, before: list[str], after: list[str]
    ) -> None:
        linked = self.base.linked(column)
        inverse_id = linked.ids[column.inverse]
        for other_id in (*before, *after):
            if (other_id in before) == (other_id in after):
                continue
            other = draft.get(linked.id, other_id)
            if other is not None:
                links = [link for link in other.cells.get(inverse_id, []) if link != row_id]
                _set_links(draft, other, inverse_id, links + [row_id] * (other_id in after))

    def _unlink(self, draft: Draft, table: Table, row: Row) -> None:
        """Take the row's id out of every cell that links to it."""
        for other_table in self.base.tables:
            for column in other_table.fields:
                if column.links_to != table.name:
                    continue
                field_id = other_table.ids[column.name]
                for other in draft.table(other_table.id):
                    links = other.cells.get(field_id, [])
                    if row.id in links:
                        _set_links(draft, other, field_id, [i for i in links if i != row.id])


def new_row_id() -> str:
    return "rec" + "".join(secrets.choice(_ALPHANUMERIC) for _ in range(14))


def _current(draft: Draft, table: Table, row_id: str) -> Row:
    row = draft.get(table.id, row_id)
    if row is None:
        raise errors.row_does_not_exist(row_id)
    return row


def _set_links(draft: Draft, row: Row, field_id: str, links: list[str]) -> None:
    cells = {**row.cells, field_id: links}
    if not links:
        del cells[field_id]
    draft.update(row, cells)


def _merge_fields(table: Table, names: Sequence[str]) -> list[Field]:
    if not 1 <= len(names) <= 3:
        raise errors.bad_parameters("fieldsToMergeOn takes one to three fields")
    columns = []
    for name in names:
        column = table.find(name)
        if column is None:
            raise errors.unknown_field(name)
        if column.type not in UPSERT_TYPES:
            raise errors.bad_parameters(
                f'field "{column.name}" of type {column.type} cannot be used in fieldsToMergeOn'
            )
        columns.append(column)
    return columns


Key = tuple[str, ...]


def _by_key(table: Table, keys: Sequence[Field], rows: Iterable[Row]) -> dict[Key, list[str]]:
    """The rows' ids by their values in the merge fields; rows with an empty one are left out."""
    known: dict[Key, list[str]] = {}
    for row in rows:
        values = [row.cells.get(table.ids[column.name]) for column in keys]
        if all(value is not None for value in values):
            known.setdefault(tuple(map(repr, values)), []).append(row.id)
    return known


def _only(row_ids: Sequence[str]) -> str | None:
    if len(row_ids) > 1:
        raise errors.several_match(len(row_ids))
    return row_ids[0] if row_ids else None


def _key(reader: CellReader, keys: Sequence[Field], fields: Fields) -> Key:
    values = []
    for column in keys:
        given = fields.get(column.name, fields.get(reader.table.ids[column.name]))
        value = reader.read(column, given)
        if value is None:
            raise errors.bad_parameters(f'each record needs a value in "{column.name}" to merge on')
        values.append(repr(value))
    return tuple(values)
