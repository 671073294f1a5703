"""A mentor's row: what their workflow owns, the profile they fill in, and nobody who hasn't."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from typing import Any

import pytest

from clients.airtable import Airtable, AirtableAwayError, AirtablePayloadError
from domain.mentor_messages import MentorProfile
from domain.models import Mentor, Service, Skill
from domain.quiet import QuietHours
from domain.standing import MentorRow, MentorStatus
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.mentor_rows import MentorRows
from records.remembered import LIFE
from records.writer import Writer
from tests.records.airtable_fake import Call, FakeAirtable, error

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
UNTIL = datetime(2026, 12, 3, 15, tzinfo=UTC)
KEPT = {"Full Name": "Sam Okafor", "Active": True, "Max Mentees": 2}
PROFILE = MentorProfile(
    shown_name="Sammy",
    bio="Builds things.",
    skills=[Skill(name="Go", record_id="recGo")],
    services=[Service(name="Code Review", record_id="recReview")],
    max_mentees=4,
    weekly_asks=1,
    time_zone="Europe/Berlin",
    quiet_hours=QuietHours(start=time(22), end=time(7)),
    code_of_conduct=True,
)
AT_SIGN_UP = PROFILE.model_copy(
    update={"full_name": "Kim Tran", "slack_name": "kim", "email": "kim@example.org"}
)


def row(slack_id: str = "SAM", revision: int = 1, **more: Any) -> MentorRow:
    facts: dict[str, Any] = {"status": MentorStatus.AVAILABLE, "mentees_now": 0}
    return MentorRow(slack_id=slack_id, revision=revision, **(facts | more))


def sign_up(slack_id: str = "KIM", revision: int = 1, **more: Any) -> MentorRow:
    facts: dict[str, Any] = {"profile": AT_SIGN_UP, "signed_up_at": NOW, "active": True}
    return row(slack_id, revision, **(facts | more))


class House:
    def __init__(self, fake: FakeAirtable, airtable: Airtable) -> None:
        self.fake = fake
        self.catalog = Catalog(airtable, "appTest", clock=fake.clock)
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        self.rows = MentorRows(self.catalog, self.writer, "appTest")

    def cells(self, record_id: str = "recSAM") -> dict[str, Any]:
        rows = {row["id"]: row["fields"] for row in self.fake.lists["Mentors"]}
        return dict(rows[record_id])

    async def mentor(self, slack_id: str = "SAM") -> Mentor:
        return next(one for one in await self.catalog.mentors() if one.slack_id == slack_id)

    async def until_a_write_is_on_its_way(self) -> None:
        while not self.writes:
            await self.fake.arrived.wait()
            self.fake.arrived.clear()

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.fake.calls if call.rows]


@pytest.fixture
async def house(fake: FakeAirtable, airtable: Airtable) -> AsyncIterator[House]:
    fake.lists["Skillsets"] = [{"id": "recGo", "fields": {"Name": "Go"}}]
    fake.lists["Services"] = [{"id": "recReview", "fields": {"Name": "Code Review"}}]
    fake.lists["Mentors"] = [
        {"id": "recSAM", "fields": {"Slack ID": "SAM", **KEPT, "Status": "Available"}},
        {"id": "recDANA", "fields": {"Slack ID": "DANA", **KEPT}},
    ]
    house = House(fake, airtable)
    yield house
    fake.gate.set()
    await house.writer.close()


# ---- what their workflow owns ---------------------------------------------------------------


async def test_how_a_mentor_stands_is_written_and_nothing_else_is(house: House) -> None:
    await house.rows.write(
        row(
            status=MentorStatus.SNOOZED,
            mentees_now=1,
            snoozed_until=UNTIL,
            opted_out_at=None,
            last_seen=NOW,
        )
    )
    assert house.cells() == {
        "Slack ID": "SAM",
        **KEPT,
        "Status": "Snoozed",
        "Mentees Now": 1,
        "Snoozed Until": "2026-12-04",
        "Last Seen": "2026-05-01T12:00:00.000Z",
    }
    assert house.cells("recDANA") == {"Slack ID": "DANA", **KEPT}


async def test_what_is_over_leaves_the_row(house: House) -> None:
    opted_out: dict[str, Any] = {
        "status": MentorStatus.OPTED_OUT,
        "opted_out_at": NOW,
        "snoozed_until": UNTIL,
    }
    await house.rows.write(row(**opted_out))
    assert house.cells()["Opted Out At"] == "2026-05-01T12:00:00.000Z"
    await house.rows.write(row(revision=2))
    assert house.cells() == {"Slack ID": "SAM", **KEPT, "Status": "Available", "Mentees Now": 0}


async def test_a_last_sight_from_before_muster_met_them_stays(house: House) -> None:
    house.fake.lists["Mentors"][0]["fields"]["Last Seen"] = "2026-04-01T08:00:00.000Z"
    await house.rows.write(row(last_seen=None))
    assert house.cells()["Last Seen"] == "2026-04-01T08:00:00.000Z"


async def test_whoever_stands_in_two_rows_is_written_in_both(house: House) -> None:
    house.fake.lists["Mentors"].append({"id": "recTWIN", "fields": {"Slack ID": " SAM "}})
    await house.rows.write(row(status=MentorStatus.OPTED_OUT))
    assert house.cells()["Status"] == house.cells("recTWIN")["Status"] == "Opted out"
    assert len(house.writes) == 1


async def test_nobody_gets_a_row_who_has_not_signed_up(house: House) -> None:
    await house.rows.write(row("STRANGER"))
    await house.rows.write(row("STRANGER", 2, profile=PROFILE))
    assert house.writes == []
    assert len(house.fake.lists["Mentors"]) == 2


async def test_a_row_that_was_deleted_is_not_made_again(house: House) -> None:
    await house.mentor()
    house.fake.lists["Mentors"] = []
    with pytest.raises(AirtablePayloadError):
        await house.rows.write(row())
    assert house.fake.lists["Mentors"] == []
    house.fake.clock.now += LIFE
    await house.rows.write(row(revision=2))
    assert house.fake.lists["Mentors"] == []


async def test_a_late_try_does_not_undo_what_was_written_since(house: House) -> None:
    await house.rows.write(row(revision=2, status=MentorStatus.OPTED_OUT))
    await house.rows.write(row(revision=1))
    assert house.cells()["Status"] == "Opted out"
    assert len(house.writes) == 1


async def test_without_a_roster_nobody_can_tell_whose_row_it_is(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(RecordsAwayError):
        await house.rows.write(row())


async def test_a_write_goes_on_when_its_workflow_has_something_newer(house: House) -> None:
    await house.mentor()
    house.fake.gate.clear()
    writing = asyncio.create_task(house.rows.write(row(status=MentorStatus.OPTED_OUT)))
    await house.until_a_write_is_on_its_way()
    writing.cancel()
    await asyncio.wait({writing})
    assert writing.cancelled()
    house.fake.gate.set()
    await house.rows.write(row(revision=1, status=MentorStatus.OPTED_OUT))
    assert house.cells()["Status"] == "Opted out"
    assert len(house.writes) == 1


# ---- the profile they fill in ---------------------------------------------------------------


async def test_a_profile_is_written_into_the_row_without_touching_who_they_are(
    house: House,
) -> None:
    await house.rows.write(row(profile=PROFILE))
    assert house.cells() == {
        "Slack ID": "SAM",
        "Full Name": "Sam Okafor",
        "Active": True,
        "Status": "Available",
        "Mentees Now": 0,
        "Shown Name": "Sammy",
        "Bio": "Builds things.",
        "Skillsets": ["recGo"],
        "Services": ["recReview"],
        "Max Mentees": 4,
        "Asks A Week": 1,
        "Time Zone": "Europe/Berlin",
        "Quiet Hours": "22:00–07:00",
        "Code of Conduct Accepted": True,
    }


async def test_a_profile_is_known_here_before_the_row_has_it(house: House) -> None:
    before = await house.mentor()
    house.fake.gate.clear()
    writing = asyncio.create_task(house.rows.write(row(profile=PROFILE)))
    await house.until_a_write_is_on_its_way()
    known = await house.mentor()
    assert known == before.model_copy(
        update={
            "name": "Sammy",
            "bio": "Builds things.",
            "skills": ["Go"],
            "services": ["Code Review"],
            "max_mentees": 4,
            "weekly_asks": 1,
            "time_zone": "Europe/Berlin",
            "quiet_hours": PROFILE.quiet_hours,
        }
    )
    house.fake.gate.set()
    await writing
    assert await house.mentor() == known
    house.fake.clock.now += LIFE
    read = await house.mentor()
    assert read == known.model_copy(update={"status": "Available"}), "the row says the same"
    house.fake.lists["Mentors"][0]["fields"]["Bio"] = "Mends things."
    house.fake.clock.now += LIFE
    assert (await house.mentor()).bio == "Mends things.", "a coordinator's change counts again"


async def test_a_profile_counts_while_airtable_is_away(house: House) -> None:
    await house.mentor()
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(AirtableAwayError):
        await house.rows.write(row(profile=PROFILE))
    assert (await house.mentor()).skills == ["Go"]


async def test_a_profile_that_can_never_be_written_does_not_count(house: House) -> None:
    before = await house.mentor()
    house.fake.refuse = lambda call: (
        error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request.") if call.rows else None
    )
    with pytest.raises(AirtablePayloadError):
        await house.rows.write(row(profile=PROFILE))
    assert await house.mentor() == before


# ---- who signs up ---------------------------------------------------------------------------


async def test_whoever_signs_up_gets_a_row_by_their_slack_id_with_all_its_cells(
    house: House,
) -> None:
    await house.rows.write(sign_up(last_seen=NOW))
    assert house.cells("recKIM") == {
        "Slack ID": "KIM",
        "Full Name": "Kim Tran",
        "Slack Name": "kim",
        "Email": "kim@example.org",
        "Signed Up At": "2026-05-01T12:00:00.000Z",
        "Active": True,
        "Status": "Available",
        "Mentees Now": 0,
        "Last Seen": "2026-05-01T12:00:00.000Z",
        "Shown Name": "Sammy",
        "Bio": "Builds things.",
        "Skillsets": ["recGo"],
        "Services": ["recReview"],
        "Max Mentees": 4,
        "Asks A Week": 1,
        "Time Zone": "Europe/Berlin",
        "Quiet Hours": "22:00–07:00",
        "Code of Conduct Accepted": True,
    }
    newcomer = await house.mentor("KIM")
    assert (newcomer.name, newcomer.skills, newcomer.active) == ("Sammy", ["Go"], True)


async def test_where_coordinators_look_at_new_mentors_first_they_are_not_active_yet(
    house: House,
) -> None:
    await house.rows.write(sign_up(active=False))
    assert house.cells("recKIM")["Active"] is False
    assert not (await house.mentor("KIM")).active


async def test_signed_up_twice_is_one_row(house: House) -> None:
    await house.rows.write(sign_up())
    await house.rows.write(sign_up(revision=2))
    assert len(house.fake.lists["Mentors"]) == 3


async def test_what_is_written_later_finds_the_new_row(house: House) -> None:
    await house.rows.write(sign_up())
    await house.rows.write(row("KIM", 2, status=MentorStatus.AT_CAPACITY, mentees_now=4))
    assert house.cells("recKIM")["Status"] == "At capacity"
    assert house.cells("recKIM")["Email"] == "kim@example.org"
    assert len(house.fake.lists["Mentors"]) == 3


async def test_what_is_written_later_finds_the_new_row_also_before_it_can_be_read(
    house: House,
) -> None:
    await house.mentor()
    house.fake.refuse = lambda call: None if call.rows else (503, {})
    await house.rows.write(sign_up())
    await house.rows.write(row("KIM", 2, status=MentorStatus.AT_CAPACITY, mentees_now=4))
    assert house.cells("recKIM")["Status"] == "At capacity"
    assert len(house.fake.lists["Mentors"]) == 3


async def test_a_new_row_that_was_deleted_again_is_not_made_anew(house: House) -> None:
    await house.rows.write(sign_up())
    await house.rows.write(row("KIM", 2))
    house.fake.lists["Mentors"].pop()
    house.fake.clock.now += LIFE
    await house.rows.write(row("KIM", 3, mentees_now=1))
    assert len(house.fake.lists["Mentors"]) == 2


async def test_a_mentor_of_old_who_signs_up_again_is_active_at_once_in_their_old_row(
    house: House,
) -> None:
    old = {"Slack ID": "KIM", "Email": "kim@older.example", "Slack Name": "kim.t"}
    house.fake.lists["Mentors"].append({"id": "recOLD", "fields": old})
    assert not (await house.mentor("KIM")).active
    nameless = AT_SIGN_UP.model_copy(update={"email": "", "slack_name": ""})
    await house.rows.write(sign_up(profile=nameless))
    assert (await house.mentor("KIM")).active
    cells = house.cells("recOLD")
    assert (cells["Active"], cells["Full Name"]) == (True, "Kim Tran")
    assert (cells["Email"], cells["Slack Name"]) == ("kim@older.example", "kim.t")
    assert len(house.fake.lists["Mentors"]) == 3
