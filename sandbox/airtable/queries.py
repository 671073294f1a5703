"""Listing rows: which, in what order, which columns, and page by page."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from multidict import MultiMapping

from sandbox.airtable import errors
from sandbox.airtable.cells import RowValues, shown
from sandbox.airtable.formula import Context, FormulaSyntaxError, compile_formula
from sandbox.airtable.formula.values import to_text
from sandbox.airtable.schema import Base, Field, Table
from sandbox.airtable.store import Row, Store

MAX_PAGE = 100
OFFSET_LIFE = 300.0
"""Seconds after which an unused offset is forgotten; Airtable says only that they expire."""
MAX_OFFSETS = 1_000


@dataclass(frozen=True)
class Shape:
    """How a record is shown."""

    columns: tuple[str, ...] | None = None
    """Names of the fields to show; None for all."""
    by_field_id: bool = False
    as_text: bool = False
    """Whether cells are texts (`cellFormat=string`)."""


@dataclass(frozen=True)
class Query:
    """What a list request asks for."""

    shape: Shape
    formula: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    """Field names, and whether descending."""
    max_records: int | None = None
    page_size: int = MAX_PAGE
    offset: str = ""


def query_from_url(params: MultiMapping[str]) -> dict[str, Any]:
    """The parameters of a GET in the shape of the body of `POST …/listRecords`."""
    wish: dict[str, Any] = dict(params)
    if "fields[]" in params or "fields" in params:
        wish["fields"] = [*params.getall("fields[]", []), *params.getall("fields", [])]
    wish["sort"] = []
    while (field_name := params.get(f"sort[{len(wish['sort'])}][field]")) is not None:
        direction = params.get(f"sort[{len(wish['sort'])}][direction]", "asc")
        wish["sort"].append({"field": field_name, "direction": direction})
    return wish


def parse_shape(table: Table, wish: Mapping[str, Any]) -> Shape:
    columns = None
    if wish.get("fields") is not None:
        if not isinstance(wish["fields"], list):
            raise errors.bad_parameters()
        columns = tuple(_column(table, name).name for name in wish["fields"])
    cell_format = wish.get("cellFormat", "json")
    if cell_format not in ("json", "string"):
        raise errors.bad_parameters()
    if cell_format == "string" and not (wish.get("timeZone") and wish.get("userLocale")):
        raise errors.bad_parameters("cellFormat string needs timeZone and userLocale")
    by_id = str(wish.get("returnFieldsByFieldId", "")).lower() in ("true", "1")
    return Shape(columns, by_id, cell_format == "string")


def parse_query(table: Table, wish: Mapping[str, Any]) -> Query:
    """What a list request asks for, checked against the table.

    Raises:
        AirtableError: a parameter is wrong, or names a field or view that the table hasn't got.
    """
    view = wish.get("view")
    if view and view not in ("Grid view", table.view_id):
        raise errors.unknown_view(str(view))
    sort, orders = [], wish.get("sort") or []
    if not isinstance(orders, list):
        raise errors.bad_parameters()
    for order in orders:
        if not isinstance(order, Mapping) or order.get("direction", "asc") not in ("asc", "desc"):
            raise errors.bad_parameters()
        column = _column(table, order.get("field"))
        sort.append((column.name, order.get("direction") == "desc"))
    formula = wish.get("filterByFormula") or ""
    if not isinstance(formula, str):
        raise errors.bad_parameters()
    return Query(
        shape=parse_shape(table, wish),
        formula=formula,
        sort=tuple(sort),
        max_records=_whole(wish.get("maxRecords"), None),
        page_size=_whole(wish.get("pageSize"), MAX_PAGE) or MAX_PAGE,
        offset=str(wish.get("offset") or ""),
    )


def _column(table: Table, name: Any) -> Field:
    column = table.find(str(name))
    if column is None:
        raise errors.unknown_field(str(name))
    return column


def _whole(value: Any, most: int | None) -> int | None:
    if value in (None, ""):
        return None
    if not str(value).isdecimal() or int(value) < 1 or (most is not None and int(value) > most):
        raise errors.bad_parameters()
    return int(value)


@dataclass
class _Iteration:
    row_ids: Sequence[str]
    used_at: float


class Listing:
    """Answers list requests; remembers iterations so that a page follows the other.

    Args:
        store: the rows.
        clock: seconds since 1970.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._iterations: dict[str, _Iteration] = {}

    def forget(self) -> None:
        """Let all offsets expire, as a restart of Airtable's servers does."""
        self._iterations.clear()

    def page(self, base: Base, table: Table, query: Query) -> tuple[list[Row], str | None]:
        """One page of rows and the offset of the next page, if there is one.

        Raises:
            AirtableError: the formula or the offset is no good.
        """
        if query.offset:
            iteration_id, iteration, start = self._resume(query.offset)
        else:
            rows = self._select(base, table, query)
            iteration_id = "itr" + secrets.token_hex(7)
            iteration, start = _Iteration([row.id for row in rows], self._clock()), 0
        end = start + query.page_size
        found = (self._store.row(row_id) for row_id in iteration.row_ids[start:end])
        page = [row for row in found if row is not None]
        if end >= len(iteration.row_ids):
            return page, None
        iteration.used_at = self._clock()
        self._remember(iteration_id, iteration)
        return page, f"{iteration_id}/{iteration.row_ids[end]}"

    def _resume(self, offset: str) -> tuple[str, _Iteration, int]:
        iteration_id, _, row_id = offset.partition("/")
        if not iteration_id.startswith("itr") or not row_id.startswith("rec"):
            raise errors.bad_offset(offset)
        iteration = self._iterations.get(iteration_id)
        if iteration is None or iteration.used_at + OFFSET_LIFE < self._clock():
            raise errors.offset_expired()
        if row_id not in iteration.row_ids:
            raise errors.bad_offset(offset)
        return iteration_id, iteration, iteration.row_ids.index(row_id)

    def _remember(self, iteration_id: str, iteration: _Iteration) -> None:
        self._iterations[iteration_id] = iteration
        while len(self._iterations) > MAX_OFFSETS:
            del self._iterations[next(iter(self._iterations))]

    def _select(self, base: Base, table: Table, query: Query) -> list[Row]:
        rows = self._store.table(table.id)
        if query.formula:
            rows = self._filter(base, table, rows, query.formula)
        for name, descending in reversed(query.sort):
            column = _column(table, name)
            values = {row.id: self._sort_key(base, table, row, column) for row in rows}
            rows.sort(key=lambda row: values[row.id], reverse=descending)
        return rows[: query.max_records]

    def _filter(self, base: Base, table: Table, rows: list[Row], source: str) -> list[Row]:
        def resolve(name: str) -> str | None:
            column = table.find(name)
            return column.name if column else None

        try:
            formula = compile_formula(source, resolve)
        except FormulaSyntaxError as problem:
            raise errors.bad_formula(str(problem)) from None
        now = datetime.fromtimestamp(self._clock(), UTC)
        return [
            row
            for row in rows
            if formula.matches(
                Context(
                    fields=RowValues(base, table, row, self._store.row),
                    record_id=row.id,
                    created=datetime.fromisoformat(row.created),
                    modified=datetime.fromisoformat(row.modified),
                    now=now,
                )
            )
        ]

    def _sort_key(self, base: Base, table: Table, row: Row, column: Field) -> tuple[bool, Any]:
        """Empty cells come first; selects go by the order of their options, texts by letters."""
        value = shown(table, row, column)
        if value is None:
            return (False, 0)
        if column.type == "singleSelect":
            added = self._store.choices.get(table.ids[column.name], ())
            return (True, (*column.choices, *added).index(value))
        if isinstance(value, (bool, int, float)):
            return (True, value)
        text = to_text(RowValues(base, table, row, self._store.row)[column.name])
        return (True, (text.casefold(), text))
