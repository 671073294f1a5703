"""A day's sightings reach mentors' workflows and the rows of mentees; nothing else is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.sightings import SightingActivities
from clients.airtable import Airtable
from clients.mentees import Mentees
from clients.requests import TemporalAwayError
from domain import mentor_projected
from domain.mentor_messages import Meet, Seen, Told
from domain.sightings import PassedOn, PassOnSightings
from records.catalog import Catalog
from records.writer import Writer
from tests.activities.community_rows import NOW, Entities, fill, mentor
from tests.records.airtable_fake import RATE_LIMITED, Call, Clock, FakeAirtable, error, serve

MORGAN, PASSER_BY = "MORGAN", "PASSERBY"
AN_HOUR_AGO = NOW - timedelta(hours=1)
MISSING = error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")


class HaveAsked(Mentees):
    """Those who have asked for a mentor some time."""

    def __init__(self, *people: str) -> None:
        self._people = set(people)

    async def among(self, people: Iterable[str]) -> set[str]:
        return self._people & set(people)


class House:
    def __init__(
        self, fake: FakeAirtable, airtable: Airtable, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.fake = fake
        self.caplog = caplog
        self.entities = Entities()
        self.entities.listed = {}
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        self.activities = SightingActivities(
            self.entities,
            HaveAsked(MORGAN, "KIM"),
            Catalog(airtable, "appMain", clock=fake.clock),
            self.writer,
            "appMain",
            clock=fake.clock,
        )

    async def pass_on(self, **seen: datetime) -> PassedOn:
        return await ActivityEnvironment().run(
            self.activities.pass_on_sightings, PassOnSightings(seen=seen)
        )

    @property
    def heard(self) -> dict[str, Told]:
        """What each mentor's workflow was told last."""
        return dict(self.entities.told)

    @property
    def members(self) -> dict[str, dict[str, object]]:
        return self.fake.rows.get("Members", {})

    @property
    def alerts(self) -> list[str]:
        return [one.getMessage() for one in self.caplog.records if one.name == "muster.alerts"]


@pytest.fixture
async def house(caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    fake = FakeAirtable(Clock())
    fill(fake)
    fake.lists["Mentors"] = [mentor("SAM"), mentor("DANA"), mentor("RETIRED", Active=False)]
    async with serve(fake) as airtable:
        house = House(fake, airtable, caplog)
        yield house
        await house.writer.close()


def without_members(call: Call) -> tuple[int, object] | None:
    return MISSING if call.table == "Members" else None


# ---- mentors --------------------------------------------------------------------------------


async def test_each_mentor_who_was_seen_is_told_when(house: House) -> None:
    told = await house.pass_on(SAM=NOW, RETIRED=AN_HOUR_AGO)
    assert house.heard == {"SAM": Seen(at=NOW), "RETIRED": Seen(at=AN_HOUR_AGO)}
    assert told == PassedOn(mentors=2, mentees=0)
    assert house.members == {}


async def test_who_opted_out_and_was_never_met_is_met_once(house: House) -> None:
    house.fake.lists["Mentors"] += [mentor("OUT", Status="Opted out"), mentor("", Active=False)]
    await house.pass_on(PASSERBY=NOW)
    assert list(house.heard) == ["OUT"]
    assert isinstance(house.heard["OUT"], Meet)
    house.entities.listed = {"OUT": mentor_projected.standing(house.entities.of("OUT"), NOW)}
    house.entities.told.clear()
    await house.pass_on(PASSERBY=NOW)
    assert house.heard == {}


async def test_who_opted_out_and_was_seen_hears_of_that(house: House) -> None:
    house.fake.lists["Mentors"].append(mentor("OUT", Status="Opted out"))
    await house.pass_on(OUT=NOW)
    assert house.heard == {"OUT": Seen(at=NOW)}


# ---- mentees --------------------------------------------------------------------------------


async def test_a_mentees_last_sight_is_in_their_row(house: House) -> None:
    told = await house.pass_on(MORGAN=NOW, SAM=NOW)
    assert house.members == {
        "MORGAN": {"Slack ID": "MORGAN", "Last Seen": "2026-05-01T12:00:00.000Z"}
    }
    assert told == PassedOn(mentors=1, mentees=1)


async def test_nothing_is_kept_of_people_who_have_asked_for_nothing(house: House) -> None:
    assert await house.pass_on(**{PASSER_BY: NOW}) == PassedOn()
    assert (house.members, house.heard) == ({}, {})


async def test_a_base_without_the_members_table_holds_up_no_sighting(house: House) -> None:
    house.fake.refuse = without_members
    for _ in range(2):
        await house.pass_on(MORGAN=NOW, SAM=NOW)
    assert house.heard == {"SAM": Seen(at=NOW)}
    [alert] = house.alerts
    assert "Members" in alert


async def test_one_row_that_is_refused_holds_up_nobody_elses(house: House) -> None:
    house.fake.refuse = lambda call: (
        error(422, "INVALID_VALUE_FOR_COLUMN", "Cannot upsert: more than one record matches.")
        if any(row["Slack ID"] == "KIM" for row in call.rows)
        else None
    )
    await house.pass_on(KIM=NOW, MORGAN=NOW)
    assert list(house.members) == ["MORGAN"]
    [alert] = house.alerts
    assert "KIM" not in alert


async def test_an_older_sight_does_not_replace_a_newer_one(house: House) -> None:
    await house.pass_on(MORGAN=NOW)
    await house.pass_on(MORGAN=AN_HOUR_AGO)
    assert house.members["MORGAN"]["Last Seen"] == "2026-05-01T12:00:00.000Z"


# ---- what is away ---------------------------------------------------------------------------


async def test_without_a_roster_the_sightings_wait(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(ApplicationError) as failure:
        await house.pass_on(SAM=NOW)
    assert not failure.value.non_retryable
    assert house.heard == {}


async def test_a_pause_that_airtable_asks_for_is_kept(house: House) -> None:
    house.fake.refuse = lambda call: RATE_LIMITED if call.rows else None
    with pytest.raises(ApplicationError) as failure:
        await house.pass_on(MORGAN=NOW)
    assert failure.value.next_retry_delay == timedelta(seconds=30)


async def test_a_used_up_quota_loses_no_mentees_sight(house: House) -> None:
    quota = (429, {"errors": [{"error": "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "message": ""}]})
    house.fake.refuse = lambda call: quota if call.rows else None
    with pytest.raises(ApplicationError) as failure:
        await house.pass_on(MORGAN=NOW)
    assert failure.value.next_retry_delay == timedelta(hours=1)
    house.fake.refuse = lambda call: None
    await house.pass_on(MORGAN=NOW)
    assert list(house.members) == ["MORGAN"]


async def test_mentors_workflows_that_cannot_be_told_are_told_later(house: House) -> None:
    house.entities.away = True
    with pytest.raises(TemporalAwayError):
        await house.pass_on(SAM=NOW)
