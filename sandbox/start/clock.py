"""Skip ahead: moves the clocks of all open requests at the Temporal server, so that a visitor sees
in seconds what days bring, and with them those of mentors who are due for something (`mentors.py`).

Each workflow has a clock of its own. Every timer on the way fires in order, with all that follows
from it; a clock that was moved stays ahead. Works on a development server that was started with
`frontend.WorkflowTimeSkippingEnabled=true`, and nowhere else.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from sandbox.start import mentors
from sandbox.start.workflow_time import time_if_there

LONGEST = timedelta(days=366)
"""The farthest that one skip goes."""
AT_ONCE = 4
"""Workflows whose clocks move at the same time."""
PATIENCE = timedelta(minutes=3)
"""How long one workflow may take; with no worker running it would wait for ever."""
LISTED = 100
"""Requests whose clocks the page tells."""
_UNIMPORTANT = timedelta(seconds=2)


Handle = WorkflowHandle[Any, Any]


class ClockError(Exception):
    """The clock could not be read or moved; the text says why, and what to do."""


@dataclass(frozen=True)
class RequestClock:
    """One open request's clock."""

    workflow_id: str
    now: datetime
    ahead: timedelta


@dataclass
class Skip:
    """One skip ahead, under way or done."""

    by: timedelta
    total: int = 0
    moved: int = 0
    """Of `total` open requests."""
    mentors: int = 0
    """Whose clocks moved too, because something fell due for them."""
    problems: list[str] = field(default_factory=list)
    over: bool = False


class Clock:
    """The clocks of all open requests, which tell what time it is in town.

    Args:
        address: of the Temporal server.
        namespace: where the workflows run.
        workflow_type: of requests.
        mentor_type: of mentors' own workflows.
    """

    def __init__(
        self,
        address: str,
        namespace: str,
        workflow_type: str = "MentorshipRequest",
        mentor_type: str = mentors.WORKFLOW_TYPE,
    ) -> None:
        self._address = address
        self._namespace = namespace
        self._mentor_type = mentor_type
        self._query = f"WorkflowType = '{workflow_type}' AND ExecutionStatus = 'Running'"
        self._client: Client | None = None
        self._lock = asyncio.Lock()
        self.last: Skip | None = None

    async def read(self) -> list[RequestClock]:
        """The clocks of open requests, newest first, at most `LISTED`.

        Raises:
            ClockError: Temporal does not answer.
        """
        clocks = []
        for handle in await self._open(LISTED):
            now = await self._time_at(handle)
            if now is None:
                continue
            ahead = now - datetime.now(UTC)
            at_real_time = ahead < _UNIMPORTANT
            clocks.append(RequestClock(handle.id, now, timedelta(0) if at_real_time else ahead))
        return clocks

    async def skip(self, by: timedelta) -> Skip:
        """Move every open request's clock ahead, then those of mentors who are due for something
        within this time; return when all have moved.

        One skip at a time: a second waits for the first. `last` shows how far it is.

        Raises:
            ClockError: `by` is out of range, or Temporal does not answer.
        """
        if not timedelta(0) < by <= LONGEST:
            raise ClockError(f"Choose more than nothing and at most {LONGEST.days} days.")
        async with self._lock:
            requests = await self._open()
            skip = self.last = Skip(by, total=len(requests))
            try:
                town = await self._time_in_town(requests)
                async for _ in self._moved(((one, by) for one in requests), skip.problems):
                    skip.moved += 1
                async for _ in self._moved(await self._mentors_due(town, by), skip.problems):
                    skip.mentors += 1
            finally:
                skip.over = True
            return skip

    async def _time_in_town(self, requests: Iterable[Handle]) -> datetime:
        """What the clock that is furthest ahead says."""
        times = [await self._time_at(request) for request in requests]
        return max([datetime.now(UTC), *(time for time in times if time is not None)])

    async def _mentors_due(self, town: datetime, by: timedelta) -> list[tuple[Handle, timedelta]]:
        try:
            return await mentors.falling_due(
                await self._connected(), town, by, workflow_type=self._mentor_type
            )
        except RPCError as error:
            raise _silent(error) from error

    async def _moved(
        self, moves: Iterable[tuple[Handle, timedelta]], problems: list[str]
    ) -> AsyncIterator[Handle]:
        """Those whose clocks have moved, as they get there; of the others, `problems` tells."""
        skipper = TimeSkipper(await self._connected())
        at_once = asyncio.Semaphore(AT_ONCE)

        async def move(handle: Handle, by: timedelta) -> Handle | None:
            async with at_once:
                problem = await _move(skipper, handle, by)
            if problem:
                problems.append(problem)
            return None if problem else handle

        for one in asyncio.as_completed([move(handle, by) for handle, by in moves]):
            if moved := await one:
                yield moved

    async def _time_at(self, handle: Handle) -> datetime | None:
        try:
            return await time_if_there(handle)
        except RPCError as error:
            raise _silent(error) from error

    async def _open(self, limit: int | None = None) -> list[Handle]:
        client = await self._connected()
        try:
            return [
                client.get_workflow_handle(found.id)
                async for found in client.list_workflows(self._query, limit=limit)
            ]
        except RPCError as error:
            raise _silent(error) from error

    async def _connected(self) -> Client:
        if self._client is None:
            try:
                self._client = await Client.connect(self._address, namespace=self._namespace)
            except RuntimeError as error:
                raise ClockError(
                    f"Temporal does not answer at {self._address}. Is it running?"
                ) from error
        return self._client


async def _move(skipper: TimeSkipper, handle: Handle, by: timedelta) -> str:
    """Move one clock; what kept it from getting there, in words, or "" if it did."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await skipper.fast_forward(handle, by)
    except TimeoutError:
        minutes = PATIENCE.seconds // 60
        return f"{_short(handle.id)} did not get there in {minutes} minutes. Is the worker running?"
    except RPCError as error:
        ended_meanwhile = error.status is RPCStatusCode.NOT_FOUND
        return "" if ended_meanwhile else f"{_short(handle.id)}: {error.message}"
    except RuntimeError:
        return f"{_short(handle.id)} was moved by somebody else too."
    return ""


def _silent(error: RPCError) -> ClockError:
    return ClockError(f"Temporal does not answer ({error.message}).")


def _short(workflow_id: str) -> str:
    return workflow_id.rpartition("/")[2]


def in_words(span: timedelta) -> str:
    """`2 days 3 hours`, `8 hours`, `2 minutes`; "0 minutes" for less than half a minute."""
    minutes = round(span.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        minutes = 0
    parts = [
        f"{number} {name if number == 1 else name + 's'}"
        for number, name in ((days, "day"), (hours, "hour"), (minutes, "minute"))
        if number
    ]
    return " ".join(parts) or "0 minutes"
