"""What to leave out of a row that Airtable refused, as far as its error tells."""

from __future__ import annotations

from clients.airtable import AirtablePayloadError, Fields
from records.tables import KeyedTable


def without_offence(
    cells: Fields, error: AirtablePayloadError, table: KeyedTable, *, alone: bool
) -> tuple[dict[str, object], list[str]]:
    """The cells that remain, and the names of the fields that lost something.

    A record id is taken out of its links, and the links that remain are written; an unknown
    option takes its field along. A field named without a value is left out only when the row was
    sent ``alone``: of several rows nobody can tell which one was meant. The key always stays.
    """
    remaining: dict[str, object] = {}
    touched: list[str] = []
    for name, cell in cells.items():
        if name != table.key_field and _offends(name, cell, error, table, alone=alone):
            touched.append(name)
            if isinstance(cell, list) and error.value:
                remaining[name] = [link for link in cell if link != error.value]
        else:
            remaining[name] = cell
    return remaining, touched


def _offends(
    name: str, cell: object, error: AirtablePayloadError, table: KeyedTable, *, alone: bool
) -> bool:
    if error.value:
        if isinstance(cell, list):
            return error.value in cell
        return name in table.choices and cell == error.value
    return name == error.field and (alone or error.unknown_field)
