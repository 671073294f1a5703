"""A day's sightings, passed on to mentors' workflows and to the rows of mentees."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from temporalio import activity

from activities.errors import HourlyAlerts
from activities.heartbeat import heartbeats
from activities.records_errors import RecordsErrors
from clients.airtable import AirtableError, AirtableMissingError, AirtablePayloadError
from clients.mentees import Mentees
from clients.mentors import Mentors
from domain.matching import OPTED_OUT
from domain.mentor_messages import Meet, Seen
from domain.sightings import PassedOn, PassOnSightings
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.tables import MEMBERS_SEEN, seen_fields
from records.writer import Writer

AT_ONCE = 10
"""Mentors' workflows that are told at the same time."""


class SightingActivities:
    """Served by the process that serves Airtable: it knows the roster and writes the rows."""

    def __init__(
        self,
        mentors: Mentors,
        mentees: Mentees,
        catalog: Catalog,
        writer: Writer,
        base_id: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mentors = mentors
        self._mentees = mentees
        self._catalog = catalog
        self._writer = writer
        self._base_id = base_id
        self._errors = RecordsErrors(clock)
        self._hourly = HourlyAlerts(clock)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.pass_on_sightings]

    @activity.defn
    async def pass_on_sightings(self, order: PassOnSightings) -> PassedOn:
        """Each mentor's workflow hears of its own; saying it twice is harmless.

        Mentors whose row says that they have opted out, and whom Muster has not met, are met: from
        then on they are asked now and then whether they come back.
        """
        try:
            async with heartbeats():
                rows = await self._catalog.mentors()
                roster = {row.slack_id for row in rows if row.slack_id}
                mentors = {who: at for who, at in order.seen.items() if who in roster}
                met = await self._mentors.standings()
                absent = [
                    row.slack_id
                    for row in rows
                    if row.slack_id and row.status == OPTED_OUT and row.slack_id not in met
                ]
                now = activity.info().scheduled_time
                await self._tell(
                    {who: Meet(at=now) for who in absent}
                    | {who: Seen(at=at) for who, at in mentors.items()}
                )
                others = {who: at for who, at in order.seen.items() if who not in roster}
                mentees = await self._mentees.among(others)
                await self._note({who: others[who] for who in mentees})
        except RecordsAwayError as error:
            raise self._errors.failure(error.reason, "the roster") from error
        except AirtableError as error:
            raise self._errors.failure(error, "when mentees were seen") from error
        return PassedOn(mentors=len(mentors), mentees=len(mentees))

    async def _tell(self, news: Mapping[str, Meet | Seen]) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)

        async def tell(slack_id: str, word: Meet | Seen) -> None:
            async with at_once:
                await self._mentors.tell(slack_id, word)

        await asyncio.gather(*(tell(who, word) for who, word in news.items()))

    async def _note(self, seen: Mapping[str, datetime]) -> None:
        """Into the rows of mentees; a base without that table goes without."""
        await asyncio.gather(*(self._note_one(who, at) for who, at in seen.items()))

    async def _note_one(self, who: str, at: datetime) -> None:
        revision, cells = int(at.timestamp() * 1000), seen_fields(who, at)
        try:
            await self._writer.write(self._base_id, MEMBERS_SEEN, who, revision, cells)
        except (AirtableMissingError, AirtablePayloadError) as error:
            line = f'When mentees were last seen is not in table "{MEMBERS_SEEN.name}": {error}.'
            self._hourly.error(line, line)
