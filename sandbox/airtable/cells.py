"""Cell values: what a field accepts, and how a value reads in a formula, a sort and a grid."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sandbox.airtable import errors
from sandbox.airtable.formula.values import Value, iso, tidy, to_text
from sandbox.airtable.schema import TEXT_TYPES, Base, Field, Table
from sandbox.airtable.store import Draft, Row

MAX_TEXT = 100_000
"""Characters in a long text, https://support.airtable.com/docs/long-text-field."""

_RECORD_ID = re.compile(r"rec[A-Za-z0-9]{14}")

CreateRow = Callable[[Table, str], str]
"""Makes a row with that primary value in that table and gives its id."""


@dataclass(frozen=True)
class CellReader:
    """Turns what a request says about a cell into the value to keep.

    Without `typecast` only values of the field's own kind are taken; with it texts are read, and
    select options and linked rows that don't exist are made.
    """

    base: Base
    table: Table
    draft: Draft
    typecast: bool
    create_row: CreateRow

    def read(self, column: Field, value: Any) -> Any:
        """The value to keep; None for an empty cell.

        Raises:
            AirtableError: the field can't take this value.
        """
        if column.computed:
            raise errors.computed_field(column.name)
        if value is None:
            return None
        if column.type in TEXT_TYPES:
            return self._text(column, value) or None
        readers: Mapping[str, Callable[[Field, Any], Any]] = {
            "checkbox": self._checkbox,
            "number": self._number,
            "rating": self._rating,
            "singleSelect": self._choice,
            "multipleSelects": self._choices,
            "date": self._date,
            "dateTime": self._moment,
            "multipleRecordLinks": self._links,
        }
        return readers[column.type](column, value)

    def _text(self, column: Field, value: Any) -> str:
        if self.typecast and isinstance(value, (int, float)) and not isinstance(value, bool):
            value = to_text(value)
        if self.typecast and isinstance(value, list):
            value = to_text([str(part) for part in value])
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise errors.bad_value(column.name)
        return value

    def _checkbox(self, column: Field, value: Any) -> bool | None:
        if self.typecast and isinstance(value, (str, int)):
            return str(value).strip().lower() in ("true", "1", "yes", "checked") or None
        if not isinstance(value, bool):
            raise errors.bad_value(column.name)
        return value or None

    def _number(self, column: Field, value: Any) -> float | int:
        return tidy(round(self._float(column, value), column.precision))

    def _rating(self, column: Field, value: Any) -> int | None:
        stars = self._float(column, value)
        if not stars.is_integer() or not 0 <= stars <= column.maximum:
            raise errors.bad_value(column.name)
        return int(stars) or None

    def _float(self, column: Field, value: Any) -> float:
        if self.typecast and isinstance(value, str):
            value = value.replace(",", "")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            raise errors.bad_value(column.name)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise errors.bad_value(column.name) from None
        if not math.isfinite(number):
            raise errors.bad_value(column.name)
        return number

    def _choice(self, column: Field, value: Any) -> str:
        if self.typecast and isinstance(value, (int, float)) and not isinstance(value, bool):
            value = to_text(value)
        if not isinstance(value, str):
            raise errors.bad_value(column.name)
        field_id = self.table.ids[column.name]
        known = (*column.choices, *self.draft.added_choices(field_id))
        if value in known:
            return value
        wanted = value.strip()
        if not self.typecast or not wanted:
            raise errors.unknown_choice(value)
        for choice in known:
            if choice.casefold() == wanted.casefold():
                return choice
        self.draft.add_choice(field_id, wanted)
        return wanted

    def _choices(self, column: Field, value: Any) -> list[str] | None:
        if self.typecast and isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if not isinstance(value, list):
            raise errors.bad_value(column.name)
        return list(dict.fromkeys(self._choice(column, choice) for choice in value)) or None

    def _date(self, column: Field, value: Any) -> str:
        return self._parsed(column, value).date().isoformat()

    def _moment(self, column: Field, value: Any) -> str:
        return iso(self._parsed(column, value))

    def _parsed(self, column: Field, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (TypeError, ValueError, OverflowError):
            raise errors.bad_value(column.name) from None

    def _links(self, column: Field, value: Any) -> list[str] | None:
        if self.typecast and isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise errors.not_record_ids()
        linked = self.base.linked(column)
        return list(dict.fromkeys(self._link(linked, item) for item in value)) or None

    def _link(self, linked: Table, item: str) -> str:
        if self.draft.get(linked.id, item) is not None:
            return item
        if _RECORD_ID.fullmatch(item):
            raise errors.row_does_not_exist(item)
        if not self.typecast:
            raise errors.not_record_ids()
        primary = linked.ids[linked.primary.name]
        for row in self.draft.table(linked.id):
            if row.cells.get(primary) == item:
                return row.id
        return self.create_row(linked, item)


Lookup = Callable[[str], Row | None]
"""Finds a row by its id."""


def shown(table: Table, row: Row, column: Field) -> Any:
    """The cell as the API shows it; None when it is empty."""
    match column.type:
        case "createdTime":
            return row.created
        case "lastModifiedTime":
            return row.modified
        case "autoNumber":
            return row.number
        case _:
            return row.cells.get(table.ids[column.name])


def title(base: Base, table: Table, row: Row, lookup: Lookup) -> str:
    """The row's primary value as a text; what a link to it shows."""
    return to_text(formula_value(base, table, row, table.primary, lookup))


def formula_value(base: Base, table: Table, row: Row, column: Field, lookup: Lookup) -> Value:
    """The cell as formulas see it: dates as moments, links by the names of the linked rows."""
    value = shown(table, row, column)
    if value is None:
        return None
    match column.type:
        case "date":
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        case "dateTime" | "createdTime" | "lastModifiedTime":
            return datetime.fromisoformat(value)
        case "multipleRecordLinks":
            linked = base.linked(column)
            rows = (lookup(record_id) for record_id in value)
            return [title(base, linked, found, lookup) for found in rows if found is not None]
        case _:
            result: Value = value
            return result


@dataclass(frozen=True)
class RowValues(Mapping[str, Value]):
    """A row's cells by field name as formulas see them, worked out when they are asked for."""

    base: Base
    table: Table
    row: Row
    lookup: Lookup

    def __getitem__(self, name: str) -> Value:
        column = self.table.find(name)
        if column is None:
            raise KeyError(name)
        return formula_value(self.base, self.table, self.row, column, self.lookup)

    def __iter__(self) -> Iterator[str]:
        return (column.name for column in self.table.fields)

    def __len__(self) -> int:
        return len(self.table.fields)
