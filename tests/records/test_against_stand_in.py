"""Catalogue and writer over real HTTP, against the sandbox's Airtable with its rate limits on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

import clients.airtable
from clients.airtable import (
    NO_SUCH_ROW,
    Airtable,
    AirtableAwayError,
    AirtablePayloadError,
    AirtableRateLimitError,
    AirtableSystemError,
)
from domain.mentor_messages import MentorProfile
from domain.models import Level, Mentor, Outcome, Role, Status
from domain.quiet import QuietHours
from domain.records import NoteRow, RequestRow
from domain.standing import MentorRow, MentorStatus
from records.catalog import Catalog
from records.errors import RecordsAwayError
from records.mentor_rows import MentorRows
from records.tables import MEMBERS_SEEN, NOTES, REQUESTS, note_fields, request_fields, seen_fields
from records.writer import Writer
from sandbox.airtable import create_app
from sandbox.airtable.bases import MEMBERS, MENTOR_REQUEST, MENTORS
from sandbox.config import (
    AIRTABLE_BASE_ID,
    AIRTABLE_COORDINATORS_BASE_ID,
    AirtableStandInConfig,
)
from sandbox.control import CONTROLS, Controls

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
UPSERT = "PATCH records (upsert)"


class Community:
    """The stand-in, and Muster's way to it."""

    def __init__(self, airtable: Airtable, controls: Controls) -> None:
        self.airtable = airtable
        self.controls = controls
        self.catalog = Catalog(
            airtable, AIRTABLE_BASE_ID, private_base_id=AIRTABLE_COORDINATORS_BASE_ID
        )
        self.writer = Writer(airtable, rest=0.1)
        self.rows_of_mentors = MentorRows(self.catalog, self.writer, AIRTABLE_BASE_ID)

    async def mentor(self, name: str) -> Mentor:
        return next(one for one in await self.catalog.mentors() if one.name == name)

    async def mentor_row(self, slack_id: str) -> dict[str, Any]:
        found = await self.airtable.read(
            AIRTABLE_BASE_ID, "Mentors", [field.name for field in MENTORS.fields]
        )
        [row] = [row["fields"] for row in found if row["fields"].get("Slack ID") == slack_id]
        return dict(row)

    async def write(self, row: RequestRow) -> None:
        await self.writer.write(
            AIRTABLE_BASE_ID, REQUESTS, row.request_id, row.revision, request_fields(row)
        )

    async def rows(self, request_id: str = "MR-AAAAAAAAAA") -> list[dict[str, Any]]:
        fields = [field.name for field in MENTOR_REQUEST.fields]
        found = await self.airtable.read(AIRTABLE_BASE_ID, "Mentor Request", fields)
        return [row["fields"] for row in found if row["fields"].get("Request ID") == request_id]

    async def row(self) -> dict[str, Any]:
        [row] = await self.rows()
        return row


@pytest.fixture
async def community() -> AsyncIterator[Community]:
    app = create_app(AirtableStandInConfig())
    async with TestServer(app) as server:
        airtable = Airtable(
            AirtableStandInConfig.token, endpoint_url=str(server.make_url("")).rstrip("/")
        )
        community = Community(airtable, app[CONTROLS])
        yield community
        await community.writer.close()
        await airtable.close()


def full_row(**changes: object) -> RequestRow:
    row = RequestRow(
        request_id="MR-AAAAAAAAAA",
        revision=1,
        slack_id="U0RILEY0001",
        slack_user="Riley Santos",
        email="riley@example.org",
        goal="Get unstuck",
        details="With async code",
        status=Status.SCHEDULED,
        created_at=NOW,
        first_asked_at=NOW,
        claimed_at=NOW + timedelta(hours=2),
        first_response_at=NOW + timedelta(hours=2),
        escalation_step="remind",
        breached=True,
        session_at=NOW + timedelta(days=2),
        outcome=Outcome.MET,
        level_before=Level.BEGINNER,
        level_after=Level.JOB_READY,
        mentors_asked=3,
        declines=1,
        updated_at=NOW,
    )
    return row.model_copy(update=changes)


def filled(row: RequestRow) -> dict[str, Any]:
    """The cells as Airtable shows them: those that hold something."""
    return {name: cell for name, cell in request_fields(row).items() if cell is not None}


async def test_the_seeded_community_is_read_whole(community: Community) -> None:
    catalog = community.catalog
    assert len(await catalog.services()) == 6
    assert len(await catalog.affiliations()) == 5
    assert len(await catalog.mentors()) == 82
    sam = await community.mentor("Sam Okafor")
    assert {"Python", "JavaScript"} <= set(sam.skills)
    assert {"Pair Programming", "General Guidance – Slack Chat"} <= set(sam.services)
    assert sam.active
    assert sam.max_mentees >= 2
    snoozed = [one for one in await catalog.mentors() if one.status == "Snoozed"]
    assert snoozed
    assert all(one.snoozed_until for one in snoozed)
    needs_session = {one.name for one in await catalog.services() if one.needs_session}
    assert "Pair Programming" in needs_session
    assert "Code Review" not in needs_session
    javascript = next(one for one in await catalog.skills() if one.name == "JavaScript")
    assert "JS" in javascript.aliases
    assert community.controls.log.counts == {"GET records": 5}  # more than 100 skills: two pages


async def test_a_row_is_stored_with_its_links_and_emptied_where_a_release_takes_back(
    community: Community,
) -> None:
    sam, dana = await community.mentor("Sam Okafor"), await community.mentor("Dana Whitfield")
    [service] = [s for s in await community.catalog.services() if s.name == "Pair Programming"]
    python, *_ = [s for s in await community.catalog.skills() if s.name == "Python"]
    [affiliation, *_] = await community.catalog.affiliations()
    linked = full_row(
        service_record=service.record_id,
        skill_records=[python.record_id],
        affiliation_record=affiliation.record_id,
        mentor_requested_record=dana.record_id,
        mentor_assigned_record=sam.record_id,
    )
    await community.write(linked)
    assert await community.row() == filled(linked)
    released = linked.model_copy(
        update={
            "revision": 2,
            "status": Status.OPEN,
            "mentor_assigned_record": "",
            "claimed_at": None,
            "session_at": None,
            "outcome": None,
        }
    )
    await community.write(released)
    stored = await community.row()
    assert stored["Status"] == "Open"
    assert stored["Mentor Requested"] == [dana.record_id]
    assert not {"Mentor Assigned", "Claimed At", "Session Date", "Outcome"} & set(stored)


async def test_notes_are_stored_in_the_coordinators_base(community: Community) -> None:
    note = NoteRow(
        note_id="MR-AAAAAAAAAA/mentee",
        request_id="MR-AAAAAAAAAA",
        author="U0RILEY0001",
        role=Role.MENTEE,
        happened=True,
        rating=5,
        level=Level.EMPLOYED,
        note="Thank you!",
        created_at=NOW,
    )
    cells = note_fields(note)
    await community.writer.write(AIRTABLE_COORDINATORS_BASE_ID, NOTES, note.note_id, 1, cells)
    [stored] = await community.airtable.read(
        AIRTABLE_COORDINATORS_BASE_ID, "Session Notes", list(cells)
    )
    assert stored["fields"] == cells


def row_of(slack_id: str, revision: int, **more: Any) -> MentorRow:
    facts: dict[str, Any] = {"status": MentorStatus.AVAILABLE, "mentees_now": 0}
    return MentorRow(slack_id=slack_id, revision=revision, **(facts | more))


async def test_how_a_mentor_stands_changes_only_the_cells_that_say_so(
    community: Community,
) -> None:
    sam = (await community.mentor("Sam Okafor")).slack_id
    before = await community.mentor_row(sam)
    break_ = {
        "status": MentorStatus.SNOOZED,
        "snoozed_until": datetime(2026, 12, 3, 15, tzinfo=UTC),
    }
    await community.rows_of_mentors.write(row_of(sam, 1, mentees_now=1, **break_))
    paused = await community.mentor_row(sam)
    assert paused == {
        **before,
        "Status": "Snoozed",
        "Snoozed Until": "2026-12-04",
        "Mentees Now": 1,
    }
    await community.rows_of_mentors.write(row_of(sam, 2))
    back = await community.mentor_row(sam)
    assert back == {**before, "Status": "Available", "Mentees Now": 0}
    assert len(await Catalog(community.airtable, AIRTABLE_BASE_ID).mentors()) == 82


async def test_whoever_signs_up_in_slack_has_a_row_that_later_writes_find(
    community: Community,
) -> None:
    python = next(one for one in await community.catalog.skills() if one.name == "Python")
    review = next(one for one in await community.catalog.services() if one.name == "Code Review")
    profile = MentorProfile(
        shown_name="Kim",
        full_name="Kim Tran",
        slack_name="kim",
        email="kim@example.org",
        bio="Likes tests.",
        skills=[python],
        services=[review],
        max_mentees=2,
        weekly_asks=1,
        time_zone="Europe/Berlin",
        quiet_hours=QuietHours(),
        code_of_conduct=True,
    )
    signed_up = row_of("U0KIMTRAN1", 1, profile=profile, signed_up_at=NOW, active=True)
    assert len(await community.catalog.mentors()) == 82
    await community.rows_of_mentors.write(signed_up)
    newcomer = await community.mentor("Kim")
    assert (newcomer.skills, newcomer.services) == (["Python"], ["Code Review"])
    assert (newcomer.max_mentees, newcomer.weekly_asks, newcomer.active) == (2, 1, True)
    assert newcomer.quiet_hours == QuietHours()
    await community.rows_of_mentors.write(row_of("U0KIMTRAN1", 2, mentees_now=1, last_seen=NOW))
    row = await community.mentor_row("U0KIMTRAN1")
    assert (row["Mentees Now"], row["Last Seen"]) == (1, "2026-05-01T12:00:00.000Z")
    assert (row["Email"], row["Signed Up At"]) == ("kim@example.org", "2026-05-01T12:00:00.000Z")
    assert len(await Catalog(community.airtable, AIRTABLE_BASE_ID).mentors()) == 83


async def test_a_mentees_last_sight_changes_nothing_else_that_is_known_of_them(
    community: Community,
) -> None:
    fields = [field.name for field in MEMBERS.fields]
    before = await community.airtable.read(AIRTABLE_BASE_ID, "Members", fields)
    member = next(row["fields"] for row in before if row["fields"].get("Slack ID"))
    slack_id = member["Slack ID"]
    cells = seen_fields(slack_id, NOW)
    await community.writer.write(AIRTABLE_BASE_ID, MEMBERS_SEEN, slack_id, 1, cells)
    after = await community.airtable.read(AIRTABLE_BASE_ID, "Members", fields)
    assert len(after) == len(before)
    [now] = [row["fields"] for row in after if row["fields"].get("Slack ID") == slack_id]
    assert now == {**member, "Last Seen": "2026-05-01T12:00:00.000Z"}


async def test_a_mentor_whose_row_is_gone_gets_no_new_one(community: Community) -> None:
    with pytest.raises(AirtablePayloadError) as gone:
        await community.airtable.update(
            AIRTABLE_BASE_ID, "Mentors", {"recDoesNotExist00": {"Status": "Snoozed"}}
        )
    assert gone.value.kind == NO_SUCH_ROW


async def test_the_never_pair_list_is_read_from_the_coordinators_base(
    community: Community,
) -> None:
    pairs = await community.catalog.never_pairs()
    assert pairs
    people = {mentor.slack_id for mentor in await community.catalog.mentors()}
    assert all(pair & people for pair in pairs), "at least one of the two is a mentor"


async def test_a_base_without_the_never_pair_table_is_told_from_one_that_must_not_be_read(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    without_table = Catalog(community.airtable, AIRTABLE_BASE_ID)  # the community's own has none
    assert await without_table.never_pairs() == []
    assert [one.name for one in caplog.records if "Never Pair" in one.getMessage()] == [
        "muster.alerts"
    ]
    elsewhere = Catalog(community.airtable, AIRTABLE_BASE_ID, private_base_id="appNotOurs")
    with pytest.raises(RecordsAwayError, match="AIRTABLE_PRIVATE_BASE_ID"):
        await elsewhere.never_pairs()


async def test_words_that_coordinators_changed_are_read_in_the_background(
    community: Community,
) -> None:
    assert community.catalog.message_texts_known_now() == {}
    await community.airtable.turn(AIRTABLE_BASE_ID)
    await community.airtable.upsert(
        AIRTABLE_BASE_ID, "Message Text", "Key", [{"Key": "ask.intro", "Text": "Hello there"}]
    )
    fresh = Catalog(community.airtable, AIRTABLE_BASE_ID)
    async with asyncio.timeout(60):
        while fresh.message_texts_known_now() != {"ask.intro": "Hello there"}:
            await asyncio.sleep(0.02)


async def test_what_airtable_does_not_take_is_left_out_and_the_rest_is_stored(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    sam = await community.mentor("Sam Okafor")
    gone = "recDoesNotExist00"
    bad = {
        **request_fields(full_row(mentor_assigned_record=sam.record_id)),
        "Status": "On hold",
        "Skillsets": [gone],
        "Mentors Asked": "three",
        "No Such Field": "x",
    }
    others = [full_row(request_id=f"MR-OTHER{n}") for n in range(4)]
    await asyncio.gather(
        community.writer.write(AIRTABLE_BASE_ID, REQUESTS, "MR-AAAAAAAAAA", 1, bad),
        *(community.write(other) for other in others),
    )
    stored = await community.row()
    assert stored["Mentor Assigned"] == [sam.record_id]
    assert stored["Goal"] == "Get unstuck"
    assert not {"Status", "Skillsets", "Mentors Asked"} & set(stored)
    for other in others:
        assert await community.rows(other.request_id) == [filled(other)]
    alerts = [one.getMessage() for one in caplog.records if one.name == "muster.alerts"]
    assert len(alerts) == 4
    assert len([alert for alert in alerts if "MR-AAAAAAAAAA" in alert]) == 3
    assert len([alert for alert in alerts if '"No Such Field"' in alert]) == 1
    assert not any("On hold" in alert or gone in alert for alert in alerts)


async def test_an_answer_lost_after_the_write_leaves_one_row(community: Community) -> None:
    community.controls.faults.add({"method": UPSERT, "kind": "drop_after", "count": 1})
    with pytest.raises(AirtableAwayError):
        await community.write(full_row())
    await community.write(full_row())
    assert len(await community.rows()) == 1
    assert community.controls.log.counts[UPSERT] == 2


async def test_a_burst_is_written_in_few_calls_and_no_429(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients.airtable, "WINDOW", 1.6)  # a busy machine delays calls on the way
    rows = [full_row(request_id=f"MR-BURST{n:03}") for n in range(150)]
    await asyncio.gather(*(community.write(row) for row in rows))
    entries = community.controls.log.entries(method=UPSERT)
    assert {entry["status"] for entry in entries} == {200}
    assert len(entries) <= 0.15 * len(rows)
    stored = await community.airtable.read(AIRTABLE_BASE_ID, "Mentor Request", ["Request ID"])
    assert len({row["fields"]["Request ID"] for row in stored}) == len(stored) == 150


async def test_a_429_closes_the_base_for_half_a_minute(community: Community) -> None:
    community.controls.faults.add(
        {
            "method": UPSERT,
            "kind": "status",
            "status": 429,
            "count": 1,
            "body": {
                "errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}]
            },
        }
    )
    for _ in range(3):
        with pytest.raises(AirtableRateLimitError) as limited:
            await community.write(full_row())
        assert 29 <= limited.value.retry_after <= 30
    assert community.controls.log.counts[UPSERT] == 1


async def test_a_wrong_token_is_somebodys_to_mend(community: Community) -> None:
    url = community.airtable._endpoint_url
    stranger = Airtable("patWrong.token", endpoint_url=url)
    with pytest.raises(AirtableSystemError, match="AIRTABLE_TOKEN"):
        await stranger.read(AIRTABLE_BASE_ID, "Services", ["Name"])
    await stranger.close()


async def test_a_wrong_base_or_table_is_somebodys_to_mend(community: Community) -> None:
    for base, table in (("appOther", "Services"), (AIRTABLE_BASE_ID, "Offerings")):
        with pytest.raises(AirtableSystemError):
            await community.airtable.read(base, table, ["Name"])
