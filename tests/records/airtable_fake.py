"""A small Airtable for unit tests: keeps rows, counts calls, and refuses what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from clients.airtable import Airtable

TOKEN = "patUnitTest.secret"
Refusal = tuple[int, object]
"""A status and the JSON that goes with it."""


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Call:
    at: float
    base: str
    table: str
    fields: list[str]
    """Names that a read asks for."""
    rows: list[dict[str, Any]]
    """Cells that a write sends."""


@dataclass
class FakeAirtable:
    """What the server knows. ``lists`` are read; ``rows`` are written, by their key.

    Rows that are added to a table of ``lists`` are read from then on.
    """

    clock: Clock
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    refuse: Callable[[Call], Refusal | None] = lambda call: None
    drop_after: int = 0
    """How many more answers get lost although the work was done."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    page_size: int = 100
    created: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    def row(self, key: str, table: str = "Mentor Request") -> dict[str, Any]:
        return self.rows[table][key]

    @property
    def keys_sent(self) -> list[list[str]]:
        """The request ids of each write, in order."""
        return [[str(row.get("Request ID")) for row in call.rows] for call in self.calls]

    async def read(self, request: web.Request) -> web.StreamResponse:
        call = Call(
            self.clock(),
            request.match_info["base"],
            request.match_info["table"],
            request.query.getall("fields[]", []),
            [],
        )
        if refusal := await self._take(call, request):
            return refusal
        start = int(request.query.get("offset", "0"))
        end = start + self.page_size
        records = self.lists.get(call.table, [])
        if most := request.query.get("maxRecords"):
            records = records[: int(most)]
        page: dict[str, object] = {"records": records[start:end]}
        if end < len(records):
            page["offset"] = str(end)
        return web.json_response(page)

    async def write(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        rows = [record["fields"] for record in body["records"]]
        assert len(rows) <= 10
        assert not body.get("typecast")
        place = request.match_info
        call = Call(self.clock(), place["base"], place["table"], [], rows)
        if refusal := await self._take(call, request):
            return refusal
        if "performUpsert" not in body:
            return self._update(call.table, body["records"])
        [key] = body["performUpsert"]["fieldsToMergeOn"]
        table = self.rows.setdefault(call.table, {})
        if call.table in self.lists:
            self._add_to_lists(call.table, key, rows)
        self.created += len({row[key] for row in rows} - set(table))
        for row in rows:
            table.setdefault(row[key], {}).update(row)
        if self.drop_after:
            self.drop_after -= 1
            assert request.transport is not None
            request.transport.abort()
        records = [
            {"id": f"rec{row[key]}", "createdTime": "2026-01-01T00:00:00.000Z", "fields": row}
            for row in rows
        ]
        return web.json_response({"records": records, "createdRecords": [], "updatedRecords": []})

    def _add_to_lists(self, table: str, key: str, rows: list[dict[str, Any]]) -> None:
        found = {record["fields"].get(key): record["fields"] for record in self.lists[table]}
        for row in rows:
            if row[key] not in found:
                found[row[key]] = {}
                self.lists[table].append({"id": f"rec{row[key]}", "fields": found[row[key]]})
            found[row[key]].update({name: cell for name, cell in row.items() if cell is not None})

    def _update(self, table: str, changes: list[dict[str, Any]]) -> web.Response:
        """Change rows of ``lists`` by their ids; cells set to null disappear."""
        known = {record["id"]: record["fields"] for record in self.lists.get(table, [])}
        for change in changes:
            if change["id"] not in known:
                told = f"Record ID {change['id']} does not exist in this table"
                status, body = error(422, "ROW_DOES_NOT_EXIST", told)
                return web.json_response(body, status=status)
        for change in changes:
            cells = known[change["id"]]
            cells.update(change["fields"])
            for name in [name for name, cell in cells.items() if cell is None]:
                del cells[name]
        return web.json_response({"records": changes})

    async def _take(self, call: Call, request: web.Request) -> web.Response | None:
        self.calls.append(call)
        self.arrived.set()
        await self.gate.wait()
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": {"type": "AUTHENTICATION_REQUIRED"}}, status=401)
        if refusal := self.refuse(call):
            status, body = refusal
            return web.json_response(body, status=status)
        return None


def error(status: int, kind: str, message: str = "") -> Refusal:
    """An error in the shape in which Airtable writes most of them."""
    return status, {"error": {"type": kind, "message": message}}


RATE_LIMITED: Refusal = (
    429,
    {"errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}]},
)


@asynccontextmanager
async def serve(fake: FakeAirtable) -> AsyncIterator[Airtable]:
    """A client that talks to the fake over real HTTP; its pace follows the fake's clock."""
    app = web.Application()
    app.router.add_get("/v0/{base}/{table}", fake.read)
    app.router.add_patch("/v0/{base}/{table}", fake.write)
    async with TestServer(app) as server:
        address = str(server.make_url("")).rstrip("/")
        airtable = Airtable(TOKEN, endpoint_url=address, clock=fake.clock, sleep=fake.clock.sleep)
        try:
            yield airtable
        finally:
            fake.gate.set()
            await airtable.close()
