"""What can be asked for at this moment: read from the records, found again by what was posted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clients.airtable import AirtableAwayError
from domain.matching import can_take_more
from domain.models import Affiliation, Mentor, Service, Skill
from domain.skills import SkillIndex, distinct
from records.errors import RecordsAwayError
from starter.mentors import ROWS_WITHIN, mentors_now
from starter.ports import Catalog, Roster


@dataclass(frozen=True)
class Offer:
    """Everything that the form lets people choose from."""

    services: list[Service]
    skills: list[Skill]
    names: SkillIndex
    """All names of skills, also of rows that mean the same as one of ``skills``."""
    affiliations: list[Affiliation]
    mentors: list[Mentor]
    """Those who can be asked for something now, by the name they choose to show."""
    without_room: list[Mentor]
    """The others: known, but not to be chosen now."""

    def mentor(self, choice: str) -> Mentor | None:
        """One of those who can be asked, by their record id, which is what forms and the API name
        them by; a Slack id is understood, too."""
        return _chosen(self.mentors, choice)

    def known_mentor(self, choice: str) -> Mentor | None:
        """The same, whether they can be asked now or not."""
        return _chosen([*self.mentors, *self.without_room], choice)

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)

    def affiliation(self, name: str) -> Affiliation | None:
        return next((one for one in self.affiliations if one.name == name), None)

    def skill(self, name: str) -> Skill | None:
        """The skill behind any of its names."""
        wanted = self.names.canonical(name)
        return next(
            (skill for skill in self.skills if self.names.canonical(skill.name) == wanted), None
        )


async def offer(catalog: Catalog, roster: Roster, now: datetime) -> Offer:
    """Read what is on offer at ``now``. Raises: RecordsAwayError."""
    try:
        async with asyncio.timeout(ROWS_WITHIN):
            services, skills, affiliations = await asyncio.gather(
                catalog.services(), catalog.skills(), catalog.affiliations()
            )
    except TimeoutError:
        reason = AirtableAwayError(f"no answer within {ROWS_WITHIN:.0f} s")
        raise RecordsAwayError(reason) from None
    known = by_name((await mentors_now(catalog, roster, now)).mentors)
    return Offer(
        services=services,
        skills=sorted(distinct(skills), key=lambda skill: skill.name.casefold()),
        names=SkillIndex(skills),
        affiliations=affiliations,
        mentors=selectable(known, now),
        without_room=[mentor for mentor in known if not can_take_more(mentor, now)],
    )


def by_name(mentors: Iterable[Mentor]) -> list[Mentor]:
    """Those whom a request can name, by the name they choose to show."""
    known = [mentor for mentor in mentors if mentor.slack_id and mentor.record_id and mentor.name]
    return sorted(known, key=lambda mentor: mentor.name.casefold())


def selectable(mentors: Iterable[Mentor], now: datetime) -> list[Mentor]:
    """Those of them who can be chosen at ``now``: willing, there, with room, not asked too much."""
    return [mentor for mentor in mentors if can_take_more(mentor, now)]


def _chosen(mentors: Iterable[Mentor], choice: str) -> Mentor | None:
    return next(
        (one for one in mentors if choice and choice in (one.record_id, one.slack_id)), None
    )
