"""The watch for requests that nobody works on.

It runs in the web process, because a worker can't tell that it is dead. A look costs Temporal one
call, and Slack and Airtable none while nothing is wrong.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import web

from clients.alerts import Alerter, alerts
from clients.overdue import LookError, Overdue, query
from starter import alert_words
from starter.parts import utc_now
from starter.rhythm import Rhythm

_log = logging.getLogger(__name__)

OVERDUE = "overdue requests"
TEMPORAL = "Temporal"
"""Subjects of alerts."""


class Requests(Protocol):
    """Lists what is overdue; see ``clients.overdue``."""

    async def before(self, moment: datetime) -> list[Overdue]:
        """Raises: LookError."""
        ...


@dataclass(frozen=True)
class Look:
    """What a look has found."""

    at: datetime
    overdue: int


class OverdueWatch:
    """Looks for requests that are overdue by more than ``after``, and alerts.

    An alert wants two looks in a row: when everything slept (a laptop, a Temporal server that was
    away) the worker gets the time between them to catch up. Skipping ahead leaves deadlines ahead
    of the clock on the wall, so those requests are never overdue by mistake.
    """

    def __init__(
        self,
        requests: Requests,
        alerter: Alerter,
        *,
        after: timedelta,
        every: timedelta,
        web_ui: str = "",
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.last_look: Look | None = None
        """The last that succeeded."""
        self._requests = requests
        self._alerter = alerter
        self._after = after
        self._every = every
        self._web_ui = web_ui
        self._now = now
        self._sleep = sleep
        self._rhythm = Rhythm()
        self._seen: set[str] = set()
        """What the look before found."""
        self._blind_since: datetime | None = None
        self._told_blind = False

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # one look that fails must not be the last
                _log.exception("A look for overdue requests failed; the next one comes as usual")
            await self._sleep(self._every.total_seconds())

    async def look(self) -> None:
        """Look once, and tell what is to be told."""
        now = self._now()
        moment = now - self._after
        try:
            overdue = await self._requests.before(moment)
        except LookError as error:
            self._saw_nothing(error, now)
        else:
            self._saw(overdue, now, moment)
        await self._alerter.deliver()

    def _saw(self, overdue: list[Overdue], now: datetime, moment: datetime) -> None:
        if self._told_blind and self._blind_since:
            words = alert_words.can_look_again(self._blind_since, now)
            self._alerter.say(TEMPORAL, words, level=logging.INFO)
        self._blind_since, self._told_blind = None, False
        self.last_look = Look(now, len(overdue))

        current = {one.request_id for one in overdue}
        stuck = [one for one in overdue if one.request_id in self._seen]
        self._seen = current
        if moved := self._rhythm.moved(current):
            alerts.info("%s", alert_words.moved(moved))
        if not self._rhythm.told_and_overdue:
            self._alerter.settle(OVERDUE)
        news = self._rhythm.take([one.request_id for one in stuck], now)
        if news is not None:
            words = alert_words.overdue(stuck, news, now, query(moment), self._web_ui)
            self._alerter.say(OVERDUE, words)

    def _saw_nothing(self, error: LookError, now: datetime) -> None:
        self._seen = set()
        self._blind_since = self._blind_since or now
        if not self._told_blind and now - self._blind_since >= self._after:
            self._told_blind = True
            self._alerter.say(TEMPORAL, alert_words.cannot_look(error, self._blind_since, now))


WATCH = web.AppKey("WATCH", OverdueWatch)


def watch_beside(app: web.Application, watch: OverdueWatch) -> None:
    """Let the watch run for as long as the application does."""

    async def run(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(watch.run(), name="overdue watch")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    app[WATCH] = watch
    app.cleanup_ctx.append(run)
