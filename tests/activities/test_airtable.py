"""What requests have done with the records, and how Temporal hears of what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.airtable import AirtableActivities, Bases
from clients.airtable import Airtable
from domain.models import Role, Status
from domain.policy import Scope
from domain.records import NoteRow, Records, RequestRow
from domain.standing import Standing
from domain.work import Candidates, FindCandidates
from records.catalog import Catalog
from records.roster import Roster
from records.writer import Writer
from tests.activities.community_rows import NOW, Entities, fill
from tests.records.airtable_fake import RATE_LIMITED, Clock, FakeAirtable, error, serve


class House:
    """The activities with their parts, and the Airtable behind them."""

    def __init__(
        self, fake: FakeAirtable, airtable: Airtable, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.fake = fake
        self.caplog = caplog
        self.entities = Entities()
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        catalog = Catalog(airtable, "appMain", private_base_id="appPrivate", clock=fake.clock)
        self.activities = AirtableActivities(
            Roster(catalog, self.entities),
            self.writer,
            Bases(main="appMain", private="appPrivate"),
            clock=fake.clock,
        )

    async def record(self, revision: int = 1, *notes: NoteRow, request: str = "MR-A") -> None:
        await ActivityEnvironment().run(
            self.activities.record, Records(request=row(revision, request), notes=list(notes))
        )

    async def find(
        self, *skills: str, excluded: tuple[str, ...] = (), cap_lifted: bool = False
    ) -> list[str]:
        """Slack ids of those who may be asked, best placed first."""
        found = await self.look(*skills, excluded=list(excluded), cap_lifted=cap_lifted)
        return [one.slack_id for one in found.found]

    async def look(self, *skills: str, **more: Any) -> Candidates:
        wish = FindCandidates(
            service="Pair Programming", skills=list(skills), mentee="RILEY", now=NOW, **more
        )
        return await ActivityEnvironment().run(self.activities.find_candidates, wish)

    @property
    def alerts(self) -> list[str]:
        return [one.getMessage() for one in self.caplog.records if one.name == "muster.alerts"]


@pytest.fixture
async def house(caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    fake = FakeAirtable(Clock())
    fill(fake)
    async with serve(fake) as airtable:
        house = House(fake, airtable, caplog)
        yield house
        await house.writer.close()


def row(revision: int = 1, request: str = "MR-A") -> RequestRow:
    return RequestRow(
        request_id=request,
        revision=revision,
        slack_id="RILEY",
        status=Status.OPEN,
        created_at=NOW,
        updated_at=NOW,
    )


def note(rating: int = 5, at: datetime = NOW) -> NoteRow:
    return NoteRow(
        note_id="MR-A/mentee",
        request_id="MR-A",
        author="RILEY",
        role=Role.MENTEE,
        happened=True,
        rating=rating,
        created_at=at,
    )


# ---- looking --------------------------------------------------------------------------------


async def test_those_who_may_be_asked_are_found_least_loaded_first(house: House) -> None:
    found = (await house.look("Py")).found
    assert [(one.slack_id, one.scope) for one in found] == [
        ("SAM", Scope.FULL),
        ("DANA", Scope.FULL),
    ]
    assert found[0].record_id == "recSAM"


@pytest.mark.parametrize(
    "standing",
    [
        Standing(slack_id="SAM", load=2),
        Standing(slack_id="SAM", resting=True),
        Standing(slack_id="SAM", resting=True, rest_until=NOW + timedelta(days=7)),
        Standing(slack_id="SAM", opted_out=True),
        Standing(slack_id="SAM", account_closed=True),
        Standing(slack_id="SAM", dormant_at=NOW),
        Standing(slack_id="SAM", asked=[NOW - timedelta(days=days) for days in (1, 2, 3)]),
    ],
    ids=["full", "resting", "on a break", "opted out", "gone", "dormant", "asked enough"],
)
async def test_how_a_mentor_stands_counts_whatever_their_row_says(
    house: House, standing: Standing
) -> None:
    house.entities.listed = {"SAM": standing}
    assert await house.find("Python") == ["DANA"]


async def test_a_mentor_who_is_back_is_found_while_their_row_still_says_that_they_are_away(
    house: House,
) -> None:
    house.entities.listed = {one: Standing(slack_id=one) for one in ("AWAY", "OUT", "FULL")}
    assert set(await house.find("Python")) == {"SAM", "DANA", "AWAY", "OUT", "FULL"}


async def test_a_lifted_cap_reaches_those_who_were_asked_often_enough(house: House) -> None:
    asked = [NOW - timedelta(days=days) for days in (1, 2, 3)]
    house.entities.listed = {"SAM": Standing(slack_id="SAM", asked=asked)}
    assert "SAM" not in await house.find("Python")
    assert "SAM" in await house.find("Python", cap_lifted=True)


async def test_nobody_is_found_while_nobody_can_say_how_mentors_stand(house: House) -> None:
    house.entities.listing_fails = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
    with pytest.raises(RPCError):  # and Temporal tries again
        await house.find("Python")


async def test_a_second_search_within_a_quarter_of_an_hour_reads_nothing(house: House) -> None:
    await house.find("Python")
    calls = len(house.fake.calls)
    assert await house.find("Python", excluded=("SAM",)) == ["DANA"]
    assert len(house.fake.calls) == calls


async def test_people_who_are_never_paired_are_not_asked(house: House) -> None:
    house.fake.lists["Never Pair"] = [{"id": "rec1", "fields": {"A": " sam", "B": "Riley "}}]
    assert await house.find("Python") == ["DANA"]


async def test_without_the_never_pair_list_nobody_is_matched_and_operators_are_told(
    house: House,
) -> None:
    house.fake.refuse = lambda call: (
        error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") if call.base == "appPrivate" else None
    )
    with pytest.raises(ApplicationError) as failure:
        await house.find("Python")
    assert failure.value.next_retry_delay == timedelta(hours=1)
    assert not failure.value.non_retryable
    [alert] = house.alerts
    assert "AIRTABLE_PRIVATE_BASE_ID" in alert


async def test_a_base_without_a_never_pair_table_holds_nobody_up(house: House) -> None:
    house.fake.refuse = lambda call: (
        error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") if call.table == "Never Pair" else None
    )
    assert len(await house.find("Python")) == 2
    [alert] = house.alerts
    assert "Never Pair" in alert


async def test_a_search_comes_back_when_airtable_does(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(ApplicationError) as failure:
        await house.find("Python")
    assert failure.value.type == "AirtableAwayError"
    assert not failure.value.non_retryable
    assert failure.value.next_retry_delay is None
    house.fake.refuse = lambda call: None
    assert len(await house.find("Python")) == 2


# ---- writing --------------------------------------------------------------------------------


async def test_the_row_goes_to_the_base_and_notes_to_the_private_one(house: House) -> None:
    await house.record(1, note())
    assert house.fake.row("MR-A")["Status"] == "Open"
    assert house.fake.row("MR-A/mentee", "Session Notes")["Rating"] == 5
    assert {call.table: call.base for call in house.fake.calls} == {
        "Mentor Request": "appMain",
        "Session Notes": "appPrivate",
    }


async def test_a_repeated_activity_writes_nothing_twice(house: House) -> None:
    await house.record(3, note())
    await house.record(3, note())
    assert len(house.fake.calls) == 2


async def test_feedback_that_was_changed_later_is_written_again(house: House) -> None:
    await house.record(3, note())
    await house.record(4, note(rating=3, at=NOW + timedelta(minutes=1)))
    assert house.fake.row("MR-A/mentee", "Session Notes")["Rating"] == 3


async def test_notes_that_cannot_be_stored_do_not_hold_up_the_row(house: House) -> None:
    house.fake.refuse = lambda call: (
        error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") if call.base == "appPrivate" else None
    )
    with pytest.raises(ApplicationError):
        await house.record(1, note())
    assert house.fake.row("MR-A")["Status"] == "Open"


async def test_a_pause_that_airtable_asks_for_is_kept(house: House) -> None:
    house.fake.refuse = lambda call: RATE_LIMITED
    with pytest.raises(ApplicationError) as failure:
        await house.record()
    assert failure.value.type == "AirtableRateLimitError"
    assert failure.value.next_retry_delay == timedelta(seconds=30)


async def test_a_revoked_token_is_tried_hourly_and_alerted_once_for_all_requests(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.fake.refuse = lambda call: error(401, "AUTHENTICATION_REQUIRED")
    outcomes = await asyncio.gather(
        *(house.record(request=f"MR-{n}") for n in range(20)), return_exceptions=True
    )
    for outcome in outcomes:
        assert isinstance(outcome, ApplicationError)
        assert outcome.next_retry_delay == timedelta(hours=1)
        assert not outcome.non_retryable
    assert len([one for one in caplog.records if one.name == "muster.alerts"]) == 1
    house.fake.clock.now += 3600
    with pytest.raises(ApplicationError):
        await house.record()
    assert len([one for one in caplog.records if one.name == "muster.alerts"]) == 2


async def test_a_row_that_cannot_be_mended_is_not_tried_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.fake.refuse = lambda call: error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request.")
    with pytest.raises(ApplicationError) as failure:
        await house.record()
    assert failure.value.non_retryable
    [alert] = [one for one in caplog.records if one.name == "muster.alerts"]
    assert "MR-A" in alert.getMessage()
