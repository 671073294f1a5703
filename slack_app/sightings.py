"""Who was seen in Slack, gathered in this process: each person once a day, passed on in batches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice

from clients.mentors import Mentors
from clients.requests import TemporalAwayError

FLUSHED_EVERY = 900.0
"""Seconds."""
BATCH = 2000
"""People in one signal (``NoteSightings`` takes 5,000)."""
MOST = 100_000
"""People who are waited with while Temporal is away; more than a workspace has in a day or two."""

_log = logging.getLogger(__name__)


class Sightings:
    """Only that somebody was there, and when (UTC): nothing of what they did is looked at."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._day = date.min
        self._seen_today: set[str] = set()
        self._waiting: dict[str, datetime] = {}
        self._away = False

    def note(self, slack_id: str) -> None:
        now = self._now()
        if now.date() != self._day:
            self._day = now.date()
            self._seen_today.clear()
        if slack_id not in self._seen_today and len(self._waiting) < MOST:
            self._seen_today.add(slack_id)
            self._waiting[slack_id] = now

    async def flush(self, mentors: Mentors) -> None:
        """Pass on who was seen since the last time; what can't be passed on waits for the next."""
        while self._waiting:
            batch = dict(islice(self._waiting.items(), BATCH))
            try:
                await mentors.note_sightings(batch)
            except TemporalAwayError:
                if not self._away:
                    _log.warning("Temporal is away: who was seen in Slack is passed on later")
                self._away = True
                return
            self._away = False
            for slack_id, at in batch.items():
                if self._waiting.get(slack_id) == at:  # else seen again meanwhile
                    del self._waiting[slack_id]

    async def keep_flushing(self, mentors: Mentors) -> None:
        while True:
            await asyncio.sleep(FLUSHED_EVERY)
            await self.flush(mentors)
