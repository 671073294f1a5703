"""A few mentors in Airtable, and how they stand by workflows of their own, in memory."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from activities.mentors import row_of
from clients.mentors import Mentors
from clients.requests import TemporalAwayError
from domain import mentor_projected
from domain.availability import Availability
from domain.mentor_messages import MayAsk, Permit, Reserve, Told
from domain.standing import Standing
from records.errors import RecordsAwayError
from records.roster import Roster
from tests.records.airtable_fake import FakeAirtable

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def mentor(slack_id: str, **cells: object) -> dict[str, object]:
    return {
        "id": f"rec{slack_id}",
        "fields": {
            "Slack ID": slack_id,
            "Full Name": slack_id.title(),
            "Active": True,
            "Status": "Available",
            "Max Mentees": 2,
            "Skillsets": ["recPython"],
            "Services": ["recPair"],
            **cells,
        },
    }


def fill(fake: FakeAirtable) -> None:
    """Two mentors with room, and some who have none for one reason or another."""
    fake.lists = {
        "Skillsets": [{"id": "recPython", "fields": {"Name": "Python", "Aliases": "Py"}}],
        "Services": [{"id": "recPair", "fields": {"Name": "Pair Programming"}}],
        "Mentors": [
            mentor("SAM"),
            mentor("DANA", **{"Mentees Now": 1}),
            mentor("RILEY"),
            mentor("FULL", **{"Mentees Now": 2}),
            mentor("AWAY", Status="Snoozed", **{"Snoozed Until": "2030-01-01"}),
            mentor("OUT", Status="Opted out"),
            mentor("RETIRED", Active=False),
        ],
        "Never Pair": [],
    }


class Entities(Mentors):
    """Mentors' workflows without a server: their state and rules are the real ones.

    ``listed`` is what visibility knows of them; None: everything, at once.
    """

    def __init__(self, roster: Roster | None = None) -> None:
        self.roster = roster
        self.met: dict[str, Availability] = {}
        self.listed: dict[str, Standing] | None = None
        self.told: list[tuple[str, Told]] = []
        self.away = False
        self.listing_fails: Exception | None = None

    def of(self, slack_id: str) -> Availability:
        return self.met.setdefault(slack_id, Availability(slack_id=slack_id))

    async def tell(self, slack_id: str, news: Told) -> None:
        self._answer()
        self.told.append((slack_id, news))

    async def reserve(self, slack_id: str, wish: Reserve) -> Permit:
        entity = await self._asked(slack_id)
        entity.learn(wish.terms, NOW)
        return entity.reserve(wish, NOW)

    async def may_ask(self, slack_id: str, wish: MayAsk) -> Permit:
        entity = await self._asked(slack_id)
        entity.learn(wish.terms, NOW)
        return entity.may_ask(wish)

    async def standings(self) -> dict[str, Standing]:
        if self.listing_fails:
            raise self.listing_fails
        if self.listed is not None:
            return self.listed
        return {one: mentor_projected.standing(entity, NOW) for one, entity in self.met.items()}

    async def _asked(self, slack_id: str) -> Availability:
        self._answer()
        if slack_id not in self.met and self.roster is not None:
            with suppress(RecordsAwayError):
                row = await self.roster.in_row(slack_id)
                self.of(slack_id).meet(row_of(row) if row else None, NOW)
        return self.of(slack_id)

    def _answer(self) -> None:
        if self.away:
            raise TemporalAwayError("Temporal can't be reached")
