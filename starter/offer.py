"""What can be asked for at this moment: read from the records, found again by what was posted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from clients.airtable import AirtableAwayError
from domain.matching import can_take_more
from domain.models import Affiliation, Mentor, Service, Skill
from domain.skills import SkillIndex, skill_key
from records.errors import RecordsAwayError
from starter.ports import Catalog

PATIENCE_SECONDS = 8.0
"""How long somebody waits in front of an empty page while the records are read."""


@dataclass(frozen=True)
class Offer:
    """Everything that the form lets people choose from."""

    services: list[Service]
    skills: list[Skill]
    affiliations: list[Affiliation]
    mentors: list[Mentor]
    """Those who can take a request now, by name."""
    without_room: list[Mentor]
    """The others: known, but not to be chosen now."""

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)

    def affiliation(self, name: str) -> Affiliation | None:
        return next((one for one in self.affiliations if one.name == name), None)

    def skill(self, name: str) -> Skill | None:
        """The skill behind any of its names."""
        wanted = SkillIndex(self.skills).canonical(name)
        return next((skill for skill in self.skills if skill_key(skill.name) == wanted), None)


async def offer(catalog: Catalog, now: datetime) -> Offer:
    """Read what is on offer at ``now``. Raises: RecordsAwayError."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            services, skills, affiliations, mentors = await asyncio.gather(
                catalog.services(), catalog.skills(), catalog.affiliations(), catalog.mentors()
            )
    except TimeoutError:
        reason = AirtableAwayError(f"no answer within {PATIENCE_SECONDS:.0f} s")
        raise RecordsAwayError(reason) from None
    known = sorted(
        (mentor for mentor in mentors if mentor.slack_id), key=lambda mentor: mentor.name.casefold()
    )
    return Offer(
        services=services,
        skills=sorted(skills, key=lambda skill: skill.name.casefold()),
        affiliations=affiliations,
        mentors=[mentor for mentor in known if can_take_more(mentor, now)],
        without_room=[mentor for mentor in known if not can_take_more(mentor, now)],
    )
