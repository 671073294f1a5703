"""Readings that are remembered: shared by everybody who asks, and served while Airtable is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from clients.airtable import AirtableError
from records.errors import RecordsAwayError

LIFE = 15 * 60.0
"""Seconds for which a reading is good."""
PATIENCE = 3.0
"""Seconds a caller waits for a new reading before the old one must do."""
PAUSE_AFTER_FAILURE = 30.0
"""Seconds in which the old reading is served without another try."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Remembered(Generic[_T]):
    """One reading: fetched once for everyone who asks meanwhile, then good for its life."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Awaitable[list[_T]]],
        *,
        clock: Callable[[], float],
        patience: float = PATIENCE,
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._clock = clock
        self._patience = patience
        self.reading: list[_T] | None = None
        """What is remembered; None for nothing yet."""
        self._good_until = 0.0
        self._stale = False
        self._times_forgotten = 0
        self._task: asyncio.Task[list[_T]] | None = None
        self.begun_at = 0.0
        """By ``clock``, when the reading that is served was begun: it may lack what came later."""

    async def get(self) -> list[_T]:
        """The reading, as a list of the caller's own.

        Raises:
            RecordsAwayError: nothing can be read and nothing is remembered.
        """
        if self.reading is not None and self._clock() < self._good_until:
            return list(self.reading)
        task = self._read_again()
        patience = None if self.reading is None else self._patience
        done, _ = await asyncio.wait({task}, timeout=patience)
        if done or self.reading is None:
            return list(task.result())
        return list(self.reading)

    def forget(self) -> None:
        """It is known to be out of date, and so is a reading on its way: it is read anew."""
        self._good_until = 0.0
        self._times_forgotten += 1

    def known_now(self) -> list[_T] | None:
        """What is remembered, however old, without waiting; None for nothing yet.

        A reading that is due begins in the background; its failure reaches nobody here.
        """
        if self._clock() >= self._good_until:
            self._read_again()
        return None if self.reading is None else list(self.reading)

    def _read_again(self) -> asyncio.Task[list[_T]]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._refresh())
            self._task.add_done_callback(_mark_seen)
        return self._task

    async def _refresh(self) -> list[_T]:
        begun, forgotten = self._clock(), self._times_forgotten
        try:
            reading = await self._fetch()
        except (AirtableError, RecordsAwayError) as error:
            reason = error.reason if isinstance(error, RecordsAwayError) else error
            self._good_until = self._clock() + PAUSE_AFTER_FAILURE
            if self.reading is None:
                raise RecordsAwayError(reason) from None
            if not self._stale:
                _log.warning("serving %s from memory for now: %s", self._name, reason)
            self._stale = True
            return self.reading
        if self._stale:
            _log.info("%s can be read again", self._name)
        self.reading, self.begun_at = reading, begun
        self._stale = False
        is_current = forgotten == self._times_forgotten
        self._good_until = self._clock() + LIFE if is_current else 0.0
        return reading


def _mark_seen(task: asyncio.Task[list[_T]]) -> None:
    """A failure is told to those who wait, if anybody does."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, RecordsAwayError):
        _log.error("a reading failed in a way nobody thought of", exc_info=error)
