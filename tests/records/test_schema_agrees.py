"""The stand-in's base, the domain's words and the mapping must not drift apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.base import TolerantEnum
from domain.matching import AT_CAPACITY, AVAILABLE, DORMANT, OPTED_OUT, SNOOZED
from domain.mentor_messages import MentorProfile
from domain.models import Level, Outcome, Role, Status
from domain.quiet import QuietHours
from domain.records import NoteRow, RequestRow
from domain.standing import MentorRow, MentorStatus
from records import tables
from sandbox.airtable import bases
from sandbox.airtable.schema import Field, Table

NOW = datetime(2026, 5, 1, tzinfo=UTC)
FULL_ROW = RequestRow(
    request_id="MR-AAAAAAAAAA",
    revision=1,
    slack_id="U1",
    slack_user="x",
    email="x@example.org",
    service_record="recX",
    skill_records=["recX"],
    goal="x",
    details="x",
    affiliation_record="recX",
    mentor_requested_record="recX",
    mentor_assigned_record="recX",
    status=Status.OPEN,
    created_at=NOW,
    first_asked_at=NOW,
    claimed_at=NOW,
    first_response_at=NOW,
    escalation_step="x",
    session_at=NOW,
    outcome=Outcome.MET,
    level_before=Level.EXPLORING,
    level_after=Level.EXPLORING,
    owner="x",
    rematch_wait=timedelta(hours=1),
    updated_at=NOW,
)
FULL_NOTE = NoteRow(
    note_id="MR-AAAAAAAAAA/mentor",
    request_id="MR-AAAAAAAAAA",
    author="U1",
    role=Role.MENTOR,
    happened=True,
    rating=5,
    level=Level.EXPLORING,
    note="x",
    created_at=NOW,
)
FULL_MENTOR = MentorRow(
    slack_id="U1",
    revision=1,
    status=MentorStatus.SNOOZED,
    mentees_now=1,
    snoozed_until=NOW,
    opted_out_at=NOW,
    last_seen=NOW,
    profile=MentorProfile(
        shown_name="x",
        full_name="x",
        slack_name="x",
        email="x@example.org",
        bio="x",
        time_zone="UTC",
        quiet_hours=QuietHours(),
        code_of_conduct=True,
    ),
    signed_up_at=NOW,
    active=True,
)
JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "multipleRecordLinks": list,
    "checkbox": bool,
    "number": (int, float),
    "rating": int,
}


def field(table: Table, name: str) -> Field:
    found = table.find(name)
    assert found is not None, f'the stand-in\'s table "{table.name}" has no field "{name}"'
    return found


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        (bases.MENTOR_REQUEST, "Status", Status),
        (bases.MENTOR_REQUEST, "Outcome", Outcome),
        (bases.MENTOR_REQUEST, "Level Before", Level),
        (bases.MENTOR_REQUEST, "Level After", Level),
        (bases.SESSION_NOTES, "Level", Level),
        (bases.MENTORS, "Status", MentorStatus),
    ],
)
def test_options_are_the_words_of_the_domain(
    table: Table, name: str, words: type[TolerantEnum]
) -> None:
    assert list(field(table, name).choices) == [
        word.value for word in words if word.name != "UNKNOWN"
    ]


def test_roles_are_written_as_options_of_the_notes() -> None:
    written = {
        str(tables.note_fields(FULL_NOTE.model_copy(update={"role": role}))["Role"])
        for role in (Role.MENTEE, Role.MENTOR)
    }
    assert written == set(field(bases.SESSION_NOTES, "Role").choices)


def test_the_mentor_status_that_matching_reads_is_an_option() -> None:
    words = {AVAILABLE, AT_CAPACITY, SNOOZED, OPTED_OUT, DORMANT}
    assert words == set(field(bases.MENTORS, "Status").choices)


@pytest.mark.parametrize(
    ("table", "keyed", "cells"),
    [
        (bases.MENTOR_REQUEST, tables.REQUESTS, tables.request_fields(FULL_ROW)),
        (bases.SESSION_NOTES, tables.NOTES, tables.note_fields(FULL_NOTE)),
        (bases.MENTORS, tables.MENTOR_ROWS, tables.mentor_fields(FULL_MENTOR)),
        (bases.MENTORS, tables.NEW_MENTORS, tables.mentor_fields(FULL_MENTOR)),
        (bases.MEMBERS, tables.MEMBERS_SEEN, tables.seen_fields("U1", NOW)),
    ],
)
def test_every_cell_that_is_written_fits_its_field(
    table: Table, keyed: tables.KeyedTable, cells: dict[str, object]
) -> None:
    assert keyed.name == table.name
    assert keyed.key_field is None or keyed.key_field in cells
    for name, cell in cells.items():
        expected = JSON_TYPES.get(field(table, name).type, str)
        assert isinstance(cell, expected), name
    selects = {f.name for f in table.fields if f.type == "singleSelect"}
    assert selects & set(cells) <= keyed.choices


def test_everything_that_may_be_read_of_a_mentor_is_written_somewhere() -> None:
    written = set(tables.mentor_fields(FULL_MENTOR))
    assert set(tables.MENTOR_FIELDS) <= written


@pytest.mark.parametrize(
    ("table", "name", "fields"),
    [
        (bases.SERVICES, tables.SERVICES, tables.SERVICE_FIELDS),
        (bases.SKILLSETS, tables.SKILLS, tables.SKILL_FIELDS),
        (bases.AFFILIATIONS, tables.AFFILIATIONS, tables.AFFILIATION_FIELDS),
        (bases.MENTORS, tables.MENTORS, tables.MENTOR_FIELDS),
        (bases.MESSAGE_TEXT, tables.MESSAGES, tables.MESSAGE_FIELDS),
        (bases.NEVER_PAIR, tables.NEVER_PAIR, tables.NEVER_PAIR_FIELDS),
    ],
)
def test_every_field_that_is_read_exists(table: Table, name: str, fields: tuple[str, ...]) -> None:
    assert table.name == name
    for wanted in fields:
        field(table, wanted)
