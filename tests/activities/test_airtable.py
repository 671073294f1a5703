"""What requests have done with the records, and how Temporal hears of what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import airtable as module
from activities.airtable import AirtableActivities, Bases
from clients.airtable import Airtable
from domain.models import Role, Status
from domain.policy import Scope
from domain.records import NoteRow, Records, RequestRow
from domain.view import Notice
from domain.work import Candidates, CheckMentor, FindCandidates, MentorCheck, PauseMentor
from records.catalog import Catalog
from records.writer import Writer
from tests.records.airtable_fake import RATE_LIMITED, Clock, FakeAirtable, error, serve

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


class Counted:
    """A workload as tests set it."""

    def __init__(self) -> None:
        self.mentees: dict[str, int] = {}

    async def open_mentees(self) -> dict[str, int]:
        return self.mentees


class House:
    """The activities with their parts, and the Airtable behind them."""

    def __init__(
        self, fake: FakeAirtable, airtable: Airtable, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.fake = fake
        self.caplog = caplog
        self.workload = Counted()
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        self.activities = AirtableActivities(
            Catalog(airtable, "appMain", private_base_id="appPrivate", clock=fake.clock),
            self.writer,
            self.workload,
            Bases(main="appMain", private="appPrivate"),
            clock=fake.clock,
        )

    async def record(self, revision: int = 1, *notes: NoteRow, request: str = "MR-A") -> None:
        await ActivityEnvironment().run(
            self.activities.record, Records(request=row(revision, request), notes=list(notes))
        )

    async def find(self, *skills: str, excluded: tuple[str, ...] = ()) -> Candidates:
        wish = FindCandidates(
            service="Pair Programming",
            skills=list(skills),
            mentee="RILEY",
            excluded=list(excluded),
            now=NOW,
        )
        return await ActivityEnvironment().run(self.activities.find_candidates, wish)

    async def check(self, slack_id: str, mentee: str = "RILEY") -> MentorCheck:
        return await ActivityEnvironment().run(
            self.activities.check_mentor, CheckMentor(slack_id=slack_id, now=NOW, mentee=mentee)
        )

    async def pause(
        self, slack_id: str, until: datetime | None, *, wish: str = "1", attempt: int = 1
    ) -> None:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, activity_id=wish, attempt=attempt)
        await environment.run(
            self.activities.pause_mentor, PauseMentor(slack_id=slack_id, until=until)
        )

    def mentor_cells(self, slack_id: str) -> dict[str, Any]:
        rows = {row["id"]: row["fields"] for row in self.fake.lists["Mentors"]}
        return dict(rows[f"rec{slack_id}"])

    @property
    def alerts(self) -> list[str]:
        return [one.getMessage() for one in self.caplog.records if one.name == "muster.alerts"]


@pytest.fixture
async def house(caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    fake = FakeAirtable(Clock())
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
    found = (await house.find("Py")).found
    assert [(one.slack_id, one.scope) for one in found] == [
        ("SAM", Scope.FULL),
        ("DANA", Scope.FULL),
    ]
    assert found[0].record_id == "recSAM"


async def test_running_requests_count_even_before_airtable_knows(house: House) -> None:
    house.workload.mentees = {"SAM": 2, "DANA": 0}
    assert [one.slack_id for one in (await house.find("Python")).found] == ["DANA"]
    assert (await house.check("SAM")).refusal is Notice.NO_ROOM


async def test_a_second_search_within_a_quarter_of_an_hour_reads_nothing(house: House) -> None:
    await house.find("Python")
    calls = len(house.fake.calls)
    await house.find("Python", excluded=("SAM",))
    await house.check("SAM")
    assert len(house.fake.calls) == calls


@pytest.mark.parametrize(
    ("slack_id", "refusal"),
    [
        ("SAM", None),
        ("DANA", None),
        ("STRANGER", Notice.NOT_A_MENTOR),
        ("RETIRED", Notice.NOT_A_MENTOR),
        ("FULL", Notice.NO_ROOM),
        ("AWAY", Notice.NO_ROOM),
        ("OUT", Notice.NO_ROOM),
    ],
)
async def test_who_may_claim(house: House, slack_id: str, refusal: Notice | None) -> None:
    answer = await house.check(slack_id)
    assert answer.refusal is refusal
    assert (answer.mentor is not None) == (refusal is None)


@pytest.fixture
def kept_apart(house: House) -> House:
    """Riley is never paired with Sam, nor with others who could not be asked anyway."""
    house.fake.lists["Never Pair"] = [
        {"id": f"rec{n}", "fields": {"A": one, "B": other}}
        for n, (one, other) in enumerate(
            [("SAM", "RILEY"), ("riley ", "Full"), ("RETIRED", "RILEY"), ("STRANGER", "RILEY")]
        )
    ]
    return house


async def test_people_who_are_never_paired_are_not_asked(kept_apart: House) -> None:
    assert [one.slack_id for one in (await kept_apart.find("Python")).found] == ["DANA"]


async def test_a_claim_of_somebody_never_paired_is_refused_without_a_word_of_the_list(
    kept_apart: House,
) -> None:
    answer = await kept_apart.check("SAM")
    assert answer == MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
    assert (await kept_apart.check("SAM", mentee="MORGAN")).refusal is None


@pytest.mark.parametrize(
    ("slack_id", "refusal"),
    [
        ("FULL", Notice.NO_ROOM),
        ("RETIRED", Notice.NOT_A_MENTOR),
        ("STRANGER", Notice.NOT_A_MENTOR),
    ],
)
async def test_who_would_be_refused_anyway_hears_what_anybody_would_hear(
    kept_apart: House, slack_id: str, refusal: Notice
) -> None:
    assert (await kept_apart.check(slack_id)).refusal is refusal


async def test_without_the_never_pair_list_nobody_is_matched_and_operators_are_told(
    house: House,
) -> None:
    house.fake.refuse = lambda call: (
        error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") if call.base == "appPrivate" else None
    )
    assert (await house.check("SAM")).refusal is Notice.CANNOT_CHECK
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
    assert len((await house.find("Python")).found) == 2
    assert (await house.check("SAM")).refusal is None
    [alert] = house.alerts
    assert "Never Pair" in alert


async def test_a_mentor_who_may_claim_comes_with_name_and_record_but_no_profile(
    house: House,
) -> None:
    answer = await house.check("SAM")
    assert answer.mentor is not None
    assert answer.mentor.model_dump() == {
        "slack_id": "SAM",
        "name": "Sam",
        "time_zone": "",
        "record_id": "recSAM",
    }


async def test_somebody_who_clicks_is_answered_while_airtable_is_away(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    assert (await house.check("SAM")).refusal is Notice.CANNOT_CHECK


async def test_somebody_who_clicks_does_not_wait_for_a_slow_airtable(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_PATIENCE", 0.05)
    house.fake.gate.clear()
    assert (await house.check("SAM")).refusal is Notice.CANNOT_CHECK


async def test_a_search_comes_back_when_airtable_does(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(ApplicationError) as failure:
        await house.find("Python")
    assert failure.value.type == "AirtableAwayError"
    assert not failure.value.non_retryable
    assert failure.value.next_retry_delay is None
    house.fake.refuse = lambda call: None
    assert len((await house.find("Python")).found) == 2


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


# ---- breaks ---------------------------------------------------------------------------------


UNTIL = NOW + timedelta(days=14)


async def test_a_mentor_on_a_break_is_not_asked_and_not_written_to(house: House) -> None:
    assert len((await house.find("Python")).found) == 2
    await house.pause("SAM", UNTIL)
    assert [one.slack_id for one in (await house.find("Python")).found] == ["DANA"]
    assert (await house.check("SAM")).refusal is Notice.NO_ROOM
    assert house.mentor_cells("SAM")["Status"] == "Snoozed"


async def test_a_mentor_who_is_back_can_be_asked_at_once(house: House) -> None:
    await house.pause("AWAY", None)
    assert "AWAY" in [one.slack_id for one in (await house.find("Python")).found]
    assert house.mentor_cells("AWAY")["Status"] == "Available"
    assert "Snoozed Until" not in house.mentor_cells("AWAY")


@pytest.mark.parametrize(
    ("slack_id", "kind"), [("STRANGER", "NoMentorError"), ("OUT", "OptedOutError")]
)
async def test_who_can_not_be_brought_back_is_not_tried_again(
    house: House, slack_id: str, kind: str
) -> None:
    with pytest.raises(ApplicationError) as failure:
        await house.pause(slack_id, None)
    assert failure.value.type == kind
    assert failure.value.non_retryable
    assert house.mentor_cells("OUT")["Status"] == "Opted out"


async def test_a_break_is_written_once_airtable_is_back(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(ApplicationError) as failure:
        await house.pause("SAM", UNTIL)
    assert failure.value.type == "AirtableAwayError"
    assert not failure.value.non_retryable
    house.fake.refuse = lambda call: None
    await house.pause("SAM", UNTIL, attempt=2)
    assert house.mentor_cells("SAM")["Status"] == "Snoozed"


async def test_a_late_retry_does_not_undo_a_newer_wish(house: House) -> None:
    await house.find("Python")
    house.fake.refuse = lambda call: RATE_LIMITED if call.rows else None
    with pytest.raises(ApplicationError):
        await house.pause("SAM", UNTIL, wish="pause")
    house.fake.refuse = lambda call: None
    house.fake.clock.now += 30
    await house.pause("SAM", None, wish="back")
    await house.pause("SAM", UNTIL, wish="pause", attempt=2)
    assert house.mentor_cells("SAM")["Status"] == "Available"
    assert (await house.check("SAM")).refusal is None
    await house.pause("SAM", UNTIL, wish="another pause")
    assert house.mentor_cells("SAM")["Status"] == "Snoozed"
