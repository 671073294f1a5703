"""What the community has in Airtable to choose from: services, skills, affiliations, mentors.

Read when somebody asks, and good for a quarter of an hour: an idle Muster does not call at all
(a free base has 1,000 calls a month).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from clients.airtable import (
    Airtable,
    AirtableLacksFieldError,
    AirtableMissingError,
    AirtableSystemError,
)
from clients.hourly import HOUR, HourlyAlerts
from domain.matching import Pair
from domain.models import Affiliation, Mentor, Service, Skill
from records import tables
from records.amendments import Amendments
from records.remembered import PATIENCE, Remembered

_T = TypeVar("_T")


class Catalog:
    """Readings of the community's base, remembered and shared by all callers in this process.

    When Airtable is away, the last reading is served, however old. Every coroutine method raises
    ``RecordsAwayError`` when there is none.

    ``private_base_id`` is the coordinators' base, where the never-pair list is; "" for the same.
    """

    def __init__(
        self,
        airtable: Airtable,
        base_id: str,
        *,
        private_base_id: str = "",
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._airtable = airtable
        self._base_id = base_id
        self._private_base_id = private_base_id or base_id
        self._clock = clock
        self._hourly = HourlyAlerts(clock)
        self._lacking: dict[str, float] = {}
        """Columns that the table of mentors lacks, and until when they are not asked for."""

        def remembered(name: str, fetch: Callable[[], Awaitable[list[_T]]]) -> Remembered[_T]:
            return Remembered(name, fetch, clock=clock, patience=patience)

        self._services = remembered("services", self._read_services)
        self._skills = remembered("skills", self._read_skills)
        self._affiliations = remembered("affiliations", self._read_affiliations)
        self._mentors = remembered("mentors", self._read_mentors)
        self._never_pairs = remembered("never-pair list", self._read_never_pairs)
        self._message_texts = remembered("message texts", self._read_message_texts)
        self.amendments = Amendments(clock)
        """Changes of mentors that this process has made, ahead of the next reading."""

    async def services(self) -> list[Service]:
        return await self._services.get()

    async def skills(self) -> list[Skill]:
        return await self._skills.get()

    async def affiliations(self) -> list[Affiliation]:
        """Affiliations, those with the lowest priority number first."""
        return await self._affiliations.get()

    async def mentors(self) -> list[Mentor]:
        """Everyone on the roster, whether they can be asked now or not."""
        mentors = await self._mentors.get()
        return self.amendments.applied(mentors, self._mentors.begun_at)

    def read_mentors_again(self) -> None:
        """Somebody was added: whoever asks next has them."""
        self._mentors.forget()

    async def never_pairs(self) -> list[Pair]:
        """People who are never matched with each other.

        A base that can be read but lacks the table counts as an empty list, with an alert an hour.
        """
        return await self._never_pairs.get()

    def message_texts_known_now(self) -> dict[str, str]:
        """The words that coordinators changed, by key: what is known at this moment.

        Nobody waits for them and nothing is raised: at first the answer is empty, and a reading
        that is due goes on in the background. Call it inside the event loop. A key that two rows
        give different words is left out, with an alert.
        """
        return dict(self._message_texts.known_now() or ())

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
        records = await self._read_mentor_rows()
        found = [tables.read_mentor(record, skills=skills, services=services) for record in records]
        return [mentor for mentor in found if mentor.slack_id or mentor.name]

    async def _read_mentor_rows(self) -> list[tables.Record]:
        """Without the columns that this base lacks, as far as an earlier release lacked them."""
        now = self._clock()
        self._lacking = {name: until for name, until in self._lacking.items() if now < until}
        while True:
            fields = tuple(name for name in tables.MENTOR_FIELDS if name not in self._lacking)
            try:
                return await self._read(tables.MENTORS, fields)
            except AirtableLacksFieldError as error:
                if error.field not in tables.NEW_MENTOR_FIELDS & set(fields):
                    raise
                self._lacking[error.field] = now + HOUR
                self._hourly.error(
                    error.field,
                    f'Table "{tables.MENTORS}" has no column "{error.field}": its default counts '
                    "for every mentor until it is added.",
                )

    async def _read_never_pairs(self) -> list[Pair]:
        base, table = self._private_base_id, tables.NEVER_PAIR
        try:
            records = await self._airtable.read(base, table, tables.NEVER_PAIR_FIELDS)
        except AirtableMissingError:
            # Airtable answers the same for a table that isn't there and a base that must not be
            # read. With the latter somebody may rely on a list: then nobody is matched without it.
            await self._check_private_base()
            self._hourly.error(
                table,
                f'The coordinators\' base has no table "{table}" (columns A and B, Slack ids): '
                "mentors are asked without a never-pair list until it is added.",
            )
            return self._never_pairs.reading or []
        return [pair for record in records if (pair := tables.read_never_pair(record))]

    async def _check_private_base(self) -> None:
        """Raises: AirtableError: what else should be in the base can't be read either."""
        table, field = tables.MENTORS, tables.MENTOR_KEY
        if self._private_base_id != self._base_id:
            table, field = tables.NOTES.name, tables.NOTE_KEY
        try:
            await self._airtable.read(self._private_base_id, table, [field], most=1)
        except AirtableMissingError as error:
            raise AirtableMissingError(
                f'neither "{tables.NEVER_PAIR}" nor "{table}" can be read in the coordinators\' '
                f"base (AIRTABLE_PRIVATE_BASE_ID): {error}"
            ) from None

    async def _read_message_texts(self) -> list[tuple[str, str]]:
        try:
            records = await self._read(tables.MESSAGES, tables.MESSAGE_FIELDS)
        except AirtableSystemError as error:
            self._hourly.error(
                str(error), f'Messages keep their words: table "{tables.MESSAGES}": {error}.'
            )
            return self._message_texts.reading or []
        texts: dict[str, set[str]] = {}
        for key, text in map(tables.read_message_text, records):
            if key and text:
                texts.setdefault(key, set()).add(text)
        for key in sorted(key for key, words in texts.items() if len(words) > 1):
            self._hourly.error(
                key,
                f'Two rows of table "{tables.MESSAGES}" have the key "{key}" and different words: '
                "the message keeps its bundled words until one of them is deleted.",
            )
        return [(key, words.pop()) for key, words in texts.items() if len(words) == 1]

    async def _read(self, table: str, fields: tuple[str, ...]) -> list[tables.Record]:
        return list(await self._airtable.read(self._base_id, table, fields))
