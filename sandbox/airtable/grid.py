"""What the grid page reads: the tables, their rows, and a stream that says when they change.

The page is for looking; rows are written through the API alone.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.airtable.api import API, Api
from sandbox.airtable.cells import RowValues, shown
from sandbox.airtable.formula.values import to_text
from sandbox.airtable.schema import Base, Field, Table
from sandbox.airtable.store import Row

PAGE = Path(__file__).parent / "page"
NEWEST_FIRST = frozenset({"Mentor Request", "Session Notes"})
"""Tables in which the latest row is what one looks for."""
LEADING_FIELDS = {
    "Mentor Request": (
        "Request ID",
        "Status",
        "Mentor Assigned",
        "Slack User",
        "Service",
        "Skillsets",
        "Goal",
        "Escalation Step",
        "Mentors Asked",
        "Declines",
        "Session Date",
        "Outcome",
    ),
    "Mentors": ("Slack Name", "Full Name", "Status", "Skillsets", "Services", "Requests Assigned"),
}
"""The view's order: what one wants to see without scrolling; the other fields follow."""
LOOK_EVERY = 0.5
"""Seconds between looks at the store's version for the pages that are open."""
HEARTBEAT = 15.0
"""Seconds after which an idle stream says something, so that a lost page is noticed."""

_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_TYPE_HINTS = {
    "singleLineText": "Text",
    "multilineText": "Long text",
    "richText": "Rich text",
    "email": "Email",
    "url": "Link",
    "phoneNumber": "Phone",
    "checkbox": "Checkbox",
    "number": "Number",
    "rating": "Rating",
    "singleSelect": "Single select",
    "multipleSelects": "Multiple select",
    "date": "Date",
    "dateTime": "Date and time",
    "createdTime": "Created time",
    "lastModifiedTime": "Last modified",
    "autoNumber": "Autonumber",
}


_CLOSING = web.AppKey("airtable_closing", asyncio.Event)


def add_routes(app: web.Application) -> None:
    app[_CLOSING] = asyncio.Event()
    app.on_shutdown.append(_end_streams)
    app.router.add_get("/", _page)
    app.router.add_get("/page/{name}", _asset)
    app.router.add_get("/grid/bases", _bases)
    app.router.add_get("/grid/rows", _rows)
    app.router.add_get("/grid/events", _events)


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html", headers=_SECURITY)


async def _asset(request: web.Request) -> web.FileResponse:
    name = request.match_info["name"]
    if name not in {path.name for path in PAGE.iterdir()}:
        raise web.HTTPNotFound
    return web.FileResponse(PAGE / name, headers=_SECURITY)


def _json(data: Any) -> web.Response:
    return web.json_response(data, headers={"Cache-Control": "no-store"})


async def _bases(request: web.Request) -> web.Response:
    api = request.config_dict[API]
    return _json({"bases": [_base(api, base) for base in api.bases.values()]})


def _base(api: Api, base: Base) -> dict[str, Any]:
    tables = [
        {
            "id": table.id,
            "name": table.name,
            "description": table.description,
            "newest_first": table.name in NEWEST_FIRST,
            "count": len(api.store.table(table.id)),
            "fields": [_field(api, table, column) for column in _in_view_order(table)],
        }
        for table in base.tables
    ]
    return {"id": base.id, "name": base.name, "tables": tables}


def _in_view_order(table: Table) -> list[Field]:
    leading = [table.find(name) for name in LEADING_FIELDS.get(table.name, ())]
    first = [column for column in leading if column is not None]
    return [*first, *(column for column in table.fields if column not in first)]


def _field(api: Api, table: Table, column: Field) -> dict[str, Any]:
    hint = f"Link to {column.links_to}" if column.links_to else _TYPE_HINTS[column.type]
    return {
        "name": column.name,
        "type": column.type,
        "hint": hint,
        "description": column.description,
        "links_to": column.links_to,
        "choices": [*column.choices, *api.store.choices.get(table.ids[column.name], ())],
    }


async def _rows(request: web.Request) -> web.Response:
    api = request.config_dict[API]
    base = api.bases.get(request.query.get("base", ""))
    table = base.find(request.query.get("table", "")) if base else None
    if base is None or table is None:
        return web.json_response({"message": "There is no such table."}, status=404)
    rows = [_row(api, base, table, row) for row in api.store.table(table.id)]
    counts = {other.name: len(api.store.table(other.id)) for other in base.tables}
    return _json({"version": api.store.version, "counts": counts, "rows": rows})


def _row(api: Api, base: Base, table: Table, row: Row) -> dict[str, Any]:
    """A row with cells by field name; a link shows the linked row's name beside its id."""
    values = RowValues(base, table, row, api.store.row)
    cells: dict[str, Any] = {}
    for column in table.fields:
        value = shown(table, row, column)
        if value is None:
            continue
        if column.links_to:
            titles = values[column.name]
            assert isinstance(titles, list), "links read as a list of names"  # noqa: S101
            pairs = zip(value, titles, strict=True)
            value = [{"id": row_id, "title": to_text(name)} for row_id, name in pairs]
        cells[column.name] = value
    return {
        "id": row.id,
        "number": row.number,
        "title": to_text(values[table.primary.name]),
        "created": row.created,
        "modified": row.modified,
        "version": row.version,
        "cells": cells,
    }


async def _end_streams(app: web.Application) -> None:
    app[_CLOSING].set()


async def _events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: the store's version, at once and after every change."""
    api = request.config_dict[API]
    stream = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await stream.prepare(request)
    closing = request.config_dict[_CLOSING]
    told, silent = -1, 0.0
    try:
        while not closing.is_set():
            if api.store.version != told:
                told, silent = api.store.version, 0.0
                await stream.write(f"data: {told}\n\n".encode())
            elif silent >= HEARTBEAT:
                silent = 0.0
                await stream.write(b": still here\n\n")
            with suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), LOOK_EVERY)
            silent += LOOK_EVERY
    except ConnectionError:
        pass  # the page was closed
    return stream
