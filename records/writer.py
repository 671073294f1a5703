"""Writes rows for all workflows of this process, as few calls and as safely as Airtable allows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from clients.airtable import (
    MAX_ROWS,
    Airtable,
    AirtableAwayError,
    AirtablePayloadError,
    AirtableRateLimitError,
    Fields,
)
from records.repair import without_offence
from records.tables import KeyedTable

GATHER = 0.05
"""Seconds after the first row of a quiet time in which others may join its call."""
REST = 1.0
"""Seconds between two calls if the second is not full: quick transitions of one request become one
write, and the base's five calls a second are left for bursts and for those who read."""
CALLS_AT_ONCE = 6
"""Calls on their way per table; fewer than the client's threads, so that reads find one."""
UNKNOWN_FIELD_LIFE = 3600.0
"""Seconds in which a field that the table lacks is not sent again: with it each call is refused."""
REMEMBERED = 10_000
"""Keys whose last written revision is known; older ones are simply written again."""

_alerts = logging.getLogger("muster.alerts")


class Writer:
    """Writes rows by key: batches of ten at Airtable's pace, the highest revision of a key wins.

    Writing the same again is harmless, also after an attempt whose answer was lost.
    """

    def __init__(
        self,
        airtable: Airtable,
        *,
        rest: float = REST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._airtable = airtable
        self._rest = rest
        self._clock = clock
        self._sleep = sleep
        self._queues: dict[tuple[str, str, str | None], _Queue] = {}
        self._closed = False

    async def write(
        self, base: str, table: KeyedTable, key: str, revision: int, cells: Fields
    ) -> None:
        """Return once this revision of the row, or a higher one, is in Airtable.

        A row that Airtable refuses loses the offending field or link, with a line in the log
        ``muster.alerts``, and the rest is written. Cancelling a caller doesn't cancel the write.

        Raises:
            AirtablePayloadError: the row is refused and the error doesn't tell what offends.
            AirtableRateLimitError: nothing can be written for longer than a moment.
            AirtableSystemError: token, base, table or quota must be mended first.
            AirtableAwayError: no answer came; whether the row was written is unknown.
        """
        if self._closed:
            raise AirtableAwayError("this process is stopping; another one will write the row")
        place = (base, table.name, table.key_field)
        if place not in self._queues:
            self._queues[place] = _Queue(
                self._airtable, base, table, rest=self._rest, clock=self._clock, sleep=self._sleep
            )
        await self._queues[place].write(key, revision, cells)

    async def close(self, seconds: float = 10.0) -> None:
        """Take no more rows, and give those that wait some seconds to be written."""
        self._closed = True
        await asyncio.gather(*(queue.close(seconds) for queue in self._queues.values()))


@dataclass(eq=False)
class _Row:
    """One row that waits or is on its way; all who want it written share ``done``."""

    key: str
    revision: int
    cells: Fields
    done: asyncio.Future[None] = field(default_factory=asyncio.Future)

    def __post_init__(self) -> None:
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class _Queue:
    """The rows of one table."""

    def __init__(
        self,
        airtable: Airtable,
        base: str,
        table: KeyedTable,
        *,
        rest: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._airtable = airtable
        self._base = base
        self._table = table
        self._rest = rest
        self._clock = clock
        self._sleep = sleep
        self._last_call = float("-inf")
        self._full = asyncio.Event()
        self._waiting: OrderedDict[str, _Row] = OrderedDict()
        self._on_its_way: dict[str, _Row] = {}
        self._written: OrderedDict[str, int] = OrderedDict()
        self._lacking: dict[str, float] = {}
        """Fields that the table doesn't have, and until when they are left out."""
        self._landed = asyncio.Event()
        self._lanes = asyncio.Semaphore(CALLS_AT_ONCE)
        self._draining: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def write(self, key: str, revision: int, cells: Fields) -> None:
        if revision <= self._written.get(key, -1):
            return
        await asyncio.shield(self._admit(key, revision, cells).done)

    async def close(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while tasks := self._tasks():
                    await asyncio.wait(tasks)
        stopped = AirtableAwayError("this process stopped before the row was written")
        for row in (*self._waiting.values(), *self._on_its_way.values()):
            row.fail(stopped)
        for task in self._tasks():
            task.cancel()

    def _tasks(self) -> set[asyncio.Task[None]]:
        draining = {self._draining} if self._draining else set()
        return {task for task in self._sending | draining if not task.done()}

    def _admit(self, key: str, revision: int, cells: Fields) -> _Row:
        """The row that will bring this revision, or a higher one, to Airtable."""
        on_its_way = self._on_its_way.get(key)
        if on_its_way and revision <= on_its_way.revision:
            return on_its_way
        row = self._waiting.get(key)
        if row is None:
            row = self._waiting[key] = _Row(key, revision, cells)
            if len(self._next_batch()) == MAX_ROWS:
                self._full.set()
        elif revision > row.revision:
            row.revision, row.cells = revision, cells
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return row

    async def _drain(self) -> None:
        """Send what waits, ten at a time; what arrives before a call's turn goes with it."""
        while self._waiting:
            if not self._next_batch():
                self._landed.clear()
                await self._landed.wait()
                continue
            await self._fill_up()
            await self._lanes.acquire()
            try:
                await self._airtable.turn(self._base)
            except AirtableRateLimitError as error:
                self._lanes.release()
                for row in self._waiting.values():
                    row.fail(error)
                self._waiting.clear()
                return
            self._last_call = self._clock()
            batch = self._next_batch()
            for row in batch:
                self._on_its_way[row.key] = self._waiting.pop(row.key)
            task = asyncio.create_task(self._send(batch))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _fill_up(self) -> None:
        """Wait for ten rows, but not for long."""
        if len(self._next_batch()) == MAX_ROWS:
            return
        self._full.clear()
        full = asyncio.ensure_future(self._full.wait())
        enough = asyncio.ensure_future(
            self._sleep(max(GATHER, self._last_call + self._rest - self._clock()))
        )
        try:
            await asyncio.wait({full, enough}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            full.cancel()
            enough.cancel()

    def _next_batch(self) -> list[_Row]:
        """The first ten rows none of whose earlier revisions is on its way."""
        free = (row for key, row in self._waiting.items() if key not in self._on_its_way)
        return list(islice(free, MAX_ROWS))

    async def _send(self, batch: Sequence[_Row]) -> None:
        try:
            await self._write(batch)
        finally:
            for row in batch:
                del self._on_its_way[row.key]
            self._lanes.release()
            self._landed.set()

    async def _write(self, rows: Sequence[_Row]) -> None:
        """One call for these rows; the caller has taken its turn."""
        for row in rows:
            row.cells = self._without_lacking(row.cells)
        try:
            await self._call(rows)
        except AirtablePayloadError as error:
            await self._write_mended(rows, error)
        except Exception as error:  # whatever it is, those who wait must hear of it
            for row in rows:
                row.fail(error)
        else:
            for row in rows:
                self._remember(row)
                row.succeed()

    async def _call(self, rows: Sequence[_Row]) -> None:
        place = self._base, self._table.name
        if self._table.key_field is None:
            await self._airtable.update(*place, {row.key: row.cells for row in rows})
        else:
            await self._airtable.upsert(*place, self._table.key_field, [row.cells for row in rows])

    def _without_lacking(self, cells: Fields) -> Fields:
        now = self._clock()
        self._lacking = {name: until for name, until in self._lacking.items() if now < until}
        return {name: cell for name, cell in cells.items() if name not in self._lacking}

    async def _write_mended(self, rows: Sequence[_Row], error: AirtablePayloadError) -> None:
        """Leave out what the error names; if it names nothing, find the bad row by halves."""
        for part in self._mended(rows, error):
            try:
                await self._airtable.turn(self._base)
            except AirtableRateLimitError as limited:
                for row in part:
                    row.fail(limited)
            else:
                await self._write(part)

    def _mended(
        self, rows: Sequence[_Row], error: AirtablePayloadError
    ) -> Sequence[Sequence[_Row]]:
        alone = len(rows) == 1
        mended = False
        for row in rows:
            cells, touched = without_offence(row.cells, error, self._table, alone=alone)
            for name in touched:
                self._tell(row.key, name, error)
            row.cells = cells
            mended = mended or bool(touched)
        if mended:
            return [rows]
        if alone:
            rows[0].fail(error)
            return []
        half = len(rows) // 2
        return [rows[:half], rows[half:]]

    def _tell(self, key: str, field: str, error: AirtablePayloadError) -> None:
        if not error.unknown_field:
            _alerts.error(
                '%s: Airtable does not take what field "%s" of table "%s" should hold (%s); '
                "the rest of the row is written without it",
                key,
                field,
                self._table.name,
                error.kind,
            )
        elif field not in self._lacking:
            self._lacking[field] = self._clock() + UNKNOWN_FIELD_LIFE
            _alerts.error(
                'table "%s" has no field "%s": its rows are written without it; add the field '
                "to the base, it is tried again every hour",
                self._table.name,
                field,
            )

    def _remember(self, row: _Row) -> None:
        self._written[row.key] = row.revision
        self._written.move_to_end(row.key)
        while len(self._written) > REMEMBERED:
            self._written.popitem(last=False)
