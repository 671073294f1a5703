"""What the community has in Airtable to choose from: services, skills, affiliations, mentors.

Read when somebody asks, and good for a quarter of an hour: an idle Muster does not call at all
(a free base has 1,000 calls a month).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from clients.airtable import Airtable, AirtableError
from domain.models import Affiliation, Mentor, Service, Skill
from records import tables
from records.errors import RecordsAwayError

LIFE = 15 * 60.0
"""Seconds for which a reading is good."""
PATIENCE = 3.0
"""Seconds a caller waits for a new reading before the old one must do."""
PAUSE_AFTER_FAILURE = 30.0
"""Seconds in which the old reading is served without another try."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Catalog:
    """Readings of the community's base, remembered and shared by all callers in this process.

    When Airtable is away, the last reading is served, however old. Every method raises
    ``RecordsAwayError`` when there is none.
    """

    def __init__(
        self,
        airtable: Airtable,
        base_id: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._airtable = airtable
        self._base_id = base_id

        def remembered(name: str, fetch: Callable[[], Awaitable[list[_T]]]) -> _Remembered[_T]:
            return _Remembered(name, fetch, clock=clock, patience=patience)

        self._services = remembered("services", self._read_services)
        self._skills = remembered("skills", self._read_skills)
        self._affiliations = remembered("affiliations", self._read_affiliations)
        self._mentors = remembered("mentors", self._read_mentors)

    async def services(self) -> list[Service]:
        return await self._services.get()

    async def skills(self) -> list[Skill]:
        return await self._skills.get()

    async def affiliations(self) -> list[Affiliation]:
        """Affiliations, those with the lowest priority number first."""
        return await self._affiliations.get()

    async def mentors(self) -> list[Mentor]:
        """Everyone on the roster, whether they can be asked now or not."""
        return await self._mentors.get()

    async def _read_services(self) -> list[Service]:
        records = await self._read(tables.SERVICES, tables.SERVICE_FIELDS)
        return [service for record in records if (service := tables.read_service(record)).name]

    async def _read_skills(self) -> list[Skill]:
        records = await self._read(tables.SKILLS, tables.SKILL_FIELDS)
        return [skill for record in records if (skill := tables.read_skill(record)).name]

    async def _read_affiliations(self) -> list[Affiliation]:
        records = await self._read(tables.AFFILIATIONS, tables.AFFILIATION_FIELDS)
        found = [tables.read_affiliation(record) for record in records]
        return sorted((entry for entry in found if entry.name), key=lambda entry: entry.priority)

    async def _read_mentors(self) -> list[Mentor]:
        skills = {skill.record_id: skill.name for skill in await self.skills()}
        services = {service.record_id: service.name for service in await self.services()}
        records = await self._read(tables.MENTORS, tables.MENTOR_FIELDS)
        found = [tables.read_mentor(record, skills=skills, services=services) for record in records]
        return [mentor for mentor in found if mentor.slack_id]

    async def _read(self, table: str, fields: tuple[str, ...]) -> list[tables.Record]:
        return list(await self._airtable.read(self._base_id, table, fields))


class _Remembered(Generic[_T]):
    """One reading: fetched once for everyone who asks meanwhile, then good for its life."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Awaitable[list[_T]]],
        *,
        clock: Callable[[], float],
        patience: float,
    ) -> None:
        self._name = name
        self._fetch = fetch
        self._clock = clock
        self._patience = patience
        self._reading: list[_T] | None = None
        self._good_until = 0.0
        self._stale = False
        self._task: asyncio.Task[list[_T]] | None = None

    async def get(self) -> list[_T]:
        """The reading, as a list of the caller's own."""
        if self._reading is not None and self._clock() < self._good_until:
            return list(self._reading)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._refresh())
            self._task.add_done_callback(_mark_seen)
        patience = None if self._reading is None else self._patience
        done, _ = await asyncio.wait({self._task}, timeout=patience)
        if done or self._reading is None:
            return list(self._task.result())
        return list(self._reading)

    async def _refresh(self) -> list[_T]:
        try:
            self._reading = await self._fetch()
        except (AirtableError, RecordsAwayError) as error:
            reason = error.reason if isinstance(error, RecordsAwayError) else error
            if self._reading is None:
                raise RecordsAwayError(reason) from None
            if not self._stale:
                _log.warning("serving %s from memory for now: %s", self._name, reason)
            self._stale = True
            self._good_until = self._clock() + PAUSE_AFTER_FAILURE
            return self._reading
        if self._stale:
            _log.info("%s can be read again", self._name)
        self._stale = False
        self._good_until = self._clock() + LIFE
        return self._reading


def _mark_seen(task: asyncio.Task[list[_T]]) -> None:
    """A failure is told to those who wait; without them asyncio would complain about it."""
    if not task.cancelled():
        task.exception()
