"""The mentors as they are now: who has room, and how well each is placed for a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from domain import matching
from domain.matching import Appraisal, Pair
from domain.models import Candidate, Mentor
from records.catalog import Catalog


class Workload(Protocol):
    """Knows how many mentees each mentor has; see ``clients.workload``."""

    async def open_mentees(self) -> dict[str, int]: ...


class Roster:
    """The catalogue's mentors, with what Temporal knows of their mentees.

    Every method raises ``RecordsAwayError`` when Airtable can't be read and nothing is remembered,
    and ``temporalio.service.RPCError`` when Temporal can't be asked for the load.
    """

    def __init__(self, catalog: Catalog, workload: Workload) -> None:
        self._catalog = catalog
        self._workload = workload

    async def mentors(self) -> list[Mentor]:
        """All mentors, with the mentees they have now by whichever count is higher."""
        mentors = await self._catalog.mentors()
        mentees = await self._workload.open_mentees()
        return [
            mentor.model_copy(update={"load": running})
            if (running := mentees.get(mentor.slack_id, 0)) > mentor.load
            else mentor
            for mentor in mentors
        ]

    async def never_pairs(self) -> list[Pair]:
        """People who are never matched with each other; for coordinators' eyes only."""
        return await self._catalog.never_pairs()

    async def candidates(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
    ) -> list[Candidate]:
        """Everyone who may be asked at ``now``, best placed first."""
        return matching.askable(await self.appraise(service, skills, mentee, excluded, now))

    async def appraise(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
    ) -> list[tuple[Mentor, Appraisal]]:
        """Every mentor, best placed first, with why they can('t) be asked.

        For coordinators: the words may name a never-pair.
        """
        never_pairs = await self.never_pairs()
        mentors = await self.mentors()
        wish = matching.Wish(
            service=service,
            skills=skills,
            index=matching.SkillIndex(await self._catalog.skills()),
            mentee=mentee,
            excluded=excluded,
            never_pairs=never_pairs,
            now=now,
        )
        return matching.appraise_all(mentors, wish)
