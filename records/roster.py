"""The mentors as they are now: who has room, and how well each is placed for a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from domain import matching
from domain.matching import MOST_CANDIDATES, Appraisal, Pair, Wish
from domain.models import Candidate, Mentor, Skill
from domain.skills import SkillIndex
from domain.standing import Standing
from records.catalog import Catalog


class Standings(Protocol):
    """Knows how the mentors stand whom Muster has met; see ``clients.mentors``."""

    async def standings(self) -> dict[str, Standing]: ...


class Roster:
    """The catalogue's mentors, with what their own workflows say of them.

    Every method raises ``RecordsAwayError`` when Airtable can't be read and nothing is remembered,
    and ``temporalio.service.RPCError`` when Temporal can't be asked how they stand.
    """

    def __init__(self, catalog: Catalog, standings: Standings) -> None:
        self._catalog = catalog
        self._standings = standings
        self._skills: list[Skill] = []
        self._index = SkillIndex([])

    async def mentors(self, now: datetime) -> list[Mentor]:
        """All mentors as they stand at ``now``; of those never met, their row says how."""
        mentors = await self._catalog.mentors()
        met = await self._standings.standings()
        return [
            standing.applied_to(mentor, now) if (standing := met.get(mentor.slack_id)) else mentor
            for mentor in mentors
        ]

    async def find(self, slack_id: str, now: datetime) -> Mentor | None:
        """One of them; None for somebody who is not on the roster."""
        mentor = await self.in_row(slack_id)
        standing = (await self._standings.standings()).get(slack_id)
        return standing.applied_to(mentor, now) if mentor and standing else mentor

    async def in_row(self, slack_id: str) -> Mentor | None:
        """One of them as their row has it, whatever their workflow says."""
        rows = await self._catalog.mentors()
        return next((one for one in rows if one.slack_id == slack_id), None)

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
        *,
        cap_lifted: bool = False,
        most: int | None = MOST_CANDIDATES,
    ) -> list[Candidate]:
        """Who may be asked at ``now``, best placed first: the best ``most``, None for everybody.

        With ``cap_lifted`` also those who were asked this week as often as they want.
        """
        wish = await self._wish(service, skills, mentee, excluded, now, cap_lifted=cap_lifted)
        return matching.best_placed(await self.mentors(now), wish, most=most)

    async def appraise(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
        *,
        cap_lifted: bool = False,
    ) -> list[tuple[Mentor, Appraisal]]:
        """Every mentor, best placed first, with why they can('t) be asked.

        For coordinators: the words may name a never-pair.
        """
        wish = await self._wish(service, skills, mentee, excluded, now, cap_lifted=cap_lifted)
        return matching.appraise_all(await self.mentors(now), wish)

    async def _wish(
        self,
        service: str,
        skills: Sequence[str],
        mentee: str,
        excluded: Collection[str],
        now: datetime,
        *,
        cap_lifted: bool,
    ) -> Wish:
        return Wish(
            service=service,
            skills=skills,
            index=await self._skill_index(),
            mentee=mentee,
            excluded=excluded,
            never_pairs=await self.never_pairs(),
            now=now,
            cap_lifted=cap_lifted,
        )

    async def _skill_index(self) -> SkillIndex:
        """Kept while the table of skills stays as it is: it knows each mentor's skills by then."""
        skills = await self._catalog.skills()
        if skills != self._skills:
            self._skills, self._index = skills, SkillIndex(skills)
        return self._index
