"""The mentors at this moment, as far as anybody can say."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from clients.airtable import AirtableAwayError
from clients.away import or_away
from clients.requests import TemporalAwayError
from domain.models import Mentor
from records.errors import RecordsAwayError
from starter.ports import Catalog, Roster

ROWS_WITHIN = 8.0
"""Seconds that somebody waits in front of an empty page while the records are read."""
STANDINGS_WITHIN = 2.0
"""Seconds for how they stand; else the rows alone must do."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MentorsNow:
    mentors: list[Mentor]
    as_they_stand: bool = True
    """False: Temporal could not be asked, so this is what their rows say; how often each was asked
    this week is not known then."""


async def mentors_now(catalog: Catalog, roster: Roster, now: datetime) -> MentorsNow:
    """Everybody on the roster at ``now``. Raises: RecordsAwayError."""
    try:
        async with asyncio.timeout(ROWS_WITHIN):
            rows = await catalog.mentors()
    except TimeoutError:
        reason = AirtableAwayError(f"no answer within {ROWS_WITHIN:.0f} s")
        raise RecordsAwayError(reason) from None
    try:
        async with or_away(STANDINGS_WITHIN):
            return MentorsNow(await roster.mentors(now))
    except TemporalAwayError as error:
        _log.warning("Mentors go by their rows alone: %s", error)
        return MentorsNow(rows, as_they_stand=False)
