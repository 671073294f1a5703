"""Skip ahead: moves the clocks of all open requests at the Temporal server, so that a visitor sees
in seconds what days bring.

Each workflow has a clock of its own. Every timer on the way fires in order, with all that follows
from it; a clock that was moved stays ahead. Works on a development server that was started with
`frontend.WorkflowTimeSkippingEnabled=true`, and nowhere else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

LONGEST = timedelta(days=366)
"""The farthest that one skip goes."""
AT_ONCE = 4
"""Requests whose clocks move at the same time."""
PATIENCE = timedelta(minutes=3)
"""How long one request may take; with no worker running it would wait for ever."""
LISTED = 100
"""Requests whose clocks the page tells."""
_UNIMPORTANT = timedelta(seconds=2)


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
    problems: list[str] = field(default_factory=list)
    over: bool = False


class Clock:
    """The clocks of all open workflows of one type."""

    def __init__(
        self, address: str, namespace: str, workflow_type: str = "MentorshipRequest"
    ) -> None:
        self._address = address
        self._namespace = namespace
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
            try:
                now = await time_at(handle)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise ClockError(f"Temporal does not answer ({error.message}).") from error
                continue  # it ended long ago; the list lags behind
            ahead = now - datetime.now(UTC)
            at_real_time = ahead < _UNIMPORTANT
            clocks.append(RequestClock(handle.id, now, timedelta(0) if at_real_time else ahead))
        return clocks

    async def skip(self, by: timedelta) -> Skip:
        """Move every open request's clock ahead, and return when all have moved.

        One skip at a time: a second waits for the first. `last` shows how far it is.

        Raises:
            ClockError: `by` is out of range, or Temporal does not answer.
        """
        if not timedelta(0) < by <= LONGEST:
            raise ClockError(f"Choose more than nothing and at most {LONGEST.days} days.")
        async with self._lock:
            handles = await self._open()
            skip = self.last = Skip(by, total=len(handles))
            try:
                await self._move(handles, skip)
            finally:
                skip.over = True
            return skip

    async def _move(self, handles: Sequence[WorkflowHandle[Any, Any]], skip: Skip) -> None:
        skipper = TimeSkipper(await self._connected())
        at_once = asyncio.Semaphore(AT_ONCE)

        async def move(handle: WorkflowHandle[Any, Any]) -> None:
            async with at_once:
                try:
                    async with asyncio.timeout(PATIENCE.total_seconds()):
                        await skipper.fast_forward(handle, skip.by)
                    skip.moved += 1
                except TimeoutError:
                    skip.problems.append(
                        f"{_short(handle.id)} did not get there in {PATIENCE.seconds // 60} "
                        "minutes. Is the worker running?"
                    )
                except RPCError as error:
                    if error.status is RPCStatusCode.NOT_FOUND:
                        skip.moved += 1  # it ended in the meantime
                    else:
                        skip.problems.append(f"{_short(handle.id)}: {error.message}")
                except RuntimeError:
                    skip.problems.append(f"{_short(handle.id)} was moved by somebody else too.")

        await asyncio.gather(*map(move, handles))

    async def _open(self, limit: int | None = None) -> list[WorkflowHandle[Any, Any]]:
        client = await self._connected()
        try:
            return [
                client.get_workflow_handle(found.id)
                async for found in client.list_workflows(self._query, limit=limit)
            ]
        except RPCError as error:
            raise ClockError(f"Temporal does not answer ({error.message}).") from error

    async def _connected(self) -> Client:
        if self._client is None:
            try:
                self._client = await Client.connect(self._address, namespace=self._namespace)
            except RuntimeError as error:
                raise ClockError(
                    f"Temporal does not answer at {self._address}. Is it running?"
                ) from error
        return self._client


async def time_at(handle: WorkflowHandle[Any, Any]) -> datetime:
    """What the workflow's own clock says now (UTC).

    Raises:
        RPCError: there is no such workflow, or Temporal does not answer.
    """
    described = await handle.describe()
    info = described.raw_description.workflow_extended_info
    if not info.HasField("time_skipping_info"):
        return datetime.now(UTC)
    return info.time_skipping_info.current_time.ToDatetime(tzinfo=UTC)


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
