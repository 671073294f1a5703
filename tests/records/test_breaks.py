"""A mentor's break: in their row, in no other cell, and known here at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.airtable import Airtable, AirtableAwayError
from domain.models import Mentor
from records.breaks import Breaks
from records.catalog import Catalog
from records.errors import NoMentorError, OptedOutError, RecordsAwayError
from records.writer import Writer
from tests.records.airtable_fake import FakeAirtable, error

UNTIL = datetime(2026, 12, 3, tzinfo=UTC)
PROFILE = {"Full Name": "Sam Okafor", "Active": True, "Max Mentees": 2}


class House:
    def __init__(self, fake: FakeAirtable, airtable: Airtable) -> None:
        self.fake = fake
        self.catalog = Catalog(airtable, "appTest", clock=fake.clock)
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        self.breaks = Breaks(self.catalog, self.writer, "appTest")

    def cells(self, record_id: str = "recSAM") -> dict[str, Any]:
        rows = {row["id"]: row["fields"] for row in self.fake.lists["Mentors"]}
        return dict(rows[record_id])

    async def mentor(self, slack_id: str = "SAM") -> Mentor:
        return next(one for one in await self.catalog.mentors() if one.slack_id == slack_id)

    @property
    def writes(self) -> int:
        return len([call for call in self.fake.calls if call.rows])


@pytest.fixture
async def house(fake: FakeAirtable, airtable: Airtable) -> AsyncIterator[House]:
    fake.lists["Mentors"] = [
        {"id": "recSAM", "fields": {"Slack ID": "SAM", **PROFILE, "Status": "Available"}},
        {"id": "recOUT", "fields": {"Slack ID": "OUT", **PROFILE, "Status": "Opted out"}},
    ]
    house = House(fake, airtable)
    yield house
    fake.gate.set()
    await house.writer.close()


async def test_a_break_is_written_into_the_row_and_nothing_else_is(house: House) -> None:
    await house.breaks.set("SAM", UNTIL)
    assert house.cells() == {
        "Slack ID": "SAM",
        **PROFILE,
        "Status": "Snoozed",
        "Snoozed Until": "2026-12-03",
    }
    [write] = [call for call in house.fake.calls if call.rows]
    assert set(write.rows[0]) == {"Status", "Snoozed Until"}


async def test_its_end_makes_them_available_with_an_empty_date(house: House) -> None:
    await house.breaks.set("SAM", UNTIL)
    await house.breaks.set("SAM", None)
    assert house.cells() == {"Slack ID": "SAM", **PROFILE, "Status": "Available"}


async def test_the_roster_here_knows_it_before_the_row_does(house: House) -> None:
    assert (await house.mentor()).snoozed_until is None
    house.fake.arrived.clear()
    house.fake.gate.clear()
    pausing = asyncio.create_task(house.breaks.set("SAM", UNTIL))
    await house.fake.arrived.wait()
    assert (await house.mentor()).snoozed_until == UNTIL
    house.fake.gate.set()
    await pausing
    assert (await house.mentor()).snoozed_until == UNTIL
    await house.breaks.set("SAM", None)
    assert (await house.mentor()).status == "Available"
    assert (await house.mentor()).snoozed_until is None


async def test_while_airtable_is_away_the_break_counts_already(house: House) -> None:
    await house.mentor()
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(AirtableAwayError):
        await house.breaks.set("SAM", UNTIL)
    assert (await house.mentor()).status == "Snoozed"
    house.fake.refuse = lambda call: None
    await house.breaks.set("SAM", UNTIL)
    assert house.cells()["Status"] == "Snoozed"


async def test_a_break_that_can_never_be_written_does_not_count(house: House) -> None:
    await house.mentor()
    house.fake.refuse = lambda call: (
        error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request.") if call.rows else None
    )
    with pytest.raises(ValueError, match="Airtable refuses"):
        await house.breaks.set("SAM", UNTIL)
    assert (await house.mentor()).status == "Available"


async def test_of_two_wishes_the_later_one_is_written_last(house: House) -> None:
    await house.mentor()
    house.fake.arrived.clear()
    house.fake.gate.clear()
    pausing = asyncio.create_task(house.breaks.set("SAM", UNTIL))
    await house.fake.arrived.wait()
    back = asyncio.create_task(house.breaks.set("SAM", None))
    await asyncio.sleep(0)
    house.fake.gate.set()
    await asyncio.gather(pausing, back)
    assert house.cells()["Status"] == "Available"
    assert (await house.mentor()).status == "Available"


async def test_who_opted_out_stays_so(house: House) -> None:
    with pytest.raises(OptedOutError):
        await house.breaks.set("OUT", None)
    await house.breaks.set("OUT", UNTIL)
    assert house.cells("recOUT") == {"Slack ID": "OUT", **PROFILE, "Status": "Opted out"}
    assert (await house.mentor("OUT")).status == "Opted out"
    assert house.writes == 0


async def test_somebody_without_a_row_gets_none(house: House) -> None:
    with pytest.raises(NoMentorError, match="no mentor"):
        await house.breaks.set("STRANGER", UNTIL)
    assert house.writes == 0
    assert len(house.fake.lists["Mentors"]) == 2


async def test_a_row_that_was_deleted_meanwhile_is_not_made_again(house: House) -> None:
    await house.mentor()
    house.fake.lists["Mentors"] = []
    with pytest.raises(NoMentorError):
        await house.breaks.set("SAM", UNTIL)
    assert house.fake.lists["Mentors"] == []


async def test_whoever_stands_in_two_rows_is_on_a_break_in_both(house: House) -> None:
    house.fake.lists["Mentors"].append({"id": "recTWIN", "fields": {"Slack ID": " SAM "}})
    await house.breaks.set("SAM", UNTIL)
    assert house.cells()["Status"] == house.cells("recTWIN")["Status"] == "Snoozed"


async def test_a_caller_who_gives_up_does_not_leave_a_half_known_break(house: House) -> None:
    await house.mentor()
    house.fake.arrived.clear()
    house.fake.gate.clear()
    pausing = asyncio.create_task(house.breaks.set("SAM", UNTIL))
    await house.fake.arrived.wait()
    pausing.cancel()
    house.fake.gate.set()
    await house.breaks.set("SAM", UNTIL)
    assert house.cells()["Status"] == "Snoozed"


async def test_without_a_roster_there_is_nothing_to_write_to(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(RecordsAwayError):
        await house.breaks.set("SAM", UNTIL)
