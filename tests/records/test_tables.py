"""Domain to cells and back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from domain.mentor_messages import MentorProfile
from domain.models import Level, Mentor, Outcome, Role, Status
from domain.quiet import QuietHours
from domain.records import NoteRow, RequestRow
from domain.standing import MentorRow
from records import tables

CREATED = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def row(**changes: object) -> RequestRow:
    return RequestRow.model_validate(
        {
            "request_id": "MR-AAAAAAAAAA",
            "revision": 1,
            "slack_id": "U0RILEY0001",
            "status": Status.OPEN,
            "created_at": CREATED,
            "updated_at": CREATED,
            **changes,
        }
    )


def test_a_full_request_fills_every_field_by_its_name() -> None:
    cells = tables.request_fields(
        row(
            slack_user="Riley Santos",
            email="riley@example.org",
            service_record="recService",
            skill_records=["recPython", "", "recGo"],
            goal="Get unstuck",
            details="With async code",
            affiliation_record="recVeteran",
            mentor_requested_record="recDana",
            mentor_assigned_record="recSam",
            status=Status.COMPLETED,
            first_asked_at=CREATED + timedelta(minutes=1),
            claimed_at=CREATED + timedelta(hours=3),
            first_response_at=CREATED + timedelta(hours=3, minutes=2),
            escalation_step="remind",
            breached=True,
            session_at=CREATED + timedelta(days=2),
            outcome=Outcome.MET,
            level_before=Level.BEGINNER,
            level_after=Level.JOB_READY,
            mentors_asked=4,
            declines=1,
            owner="Robin Ellis",
            rematch_wait=timedelta(hours=5, minutes=20),
            rematch_breached=True,
            updated_at=CREATED + timedelta(days=9),
        )
    )
    assert cells == {
        "Request ID": "MR-AAAAAAAAAA",
        "Slack User": "Riley Santos",
        "Slack ID": "U0RILEY0001",
        "Email": "riley@example.org",
        "Service": ["recService"],
        "Skillsets": ["recPython", "recGo"],
        "Goal": "Get unstuck",
        "Additional Details": "With async code",
        "Affiliation": ["recVeteran"],
        "Mentor Requested": ["recDana"],
        "Mentor Assigned": ["recSam"],
        "Status": "Completed",
        "Created At": "2026-05-01T12:00:00.000Z",
        "First Asked At": "2026-05-01T12:01:00.000Z",
        "Claimed At": "2026-05-01T15:00:00.000Z",
        "First Response At": "2026-05-01T15:02:00.000Z",
        "Time To Response (h)": 3.03,
        "Escalation Step": "remind",
        "SLA Breached": True,
        "Session Date": "2026-05-03T12:00:00.000Z",
        "Outcome": "Met",
        "Level Before": "Beginner",
        "Level After": "Job-ready",
        "Mentors Asked": 4,
        "Declines": 1,
        "Owner": "Robin Ellis",
        "Rematch Wait (h)": 5.3,
        "Rematch Breached": True,
        "Last Updated": "2026-05-10T12:00:00.000Z",
    }


def test_a_new_request_leaves_alone_what_it_does_not_know() -> None:
    cells = tables.request_fields(row())
    empty = {name for name, cell in cells.items() if cell is None}
    assert empty == {"Mentor Assigned", "Claimed At", "Session Date", "Outcome", "Owner"}
    assert "Email" not in cells
    assert "Affiliation" not in cells
    assert cells["SLA Breached"] is False
    assert not {"Rematch Wait (h)", "Rematch Breached"} & set(cells)
    assert cells["Declines"] == 0


def test_a_release_empties_the_mentor_and_the_session() -> None:
    claimed = tables.request_fields(
        row(mentor_assigned_record="recSam", claimed_at=CREATED, session_at=CREATED)
    )
    released = tables.request_fields(row(first_response_at=CREATED))
    stored = {**claimed, **released}
    assert stored["Mentor Assigned"] is None
    assert stored["Claimed At"] is None
    assert stored["Session Date"] is None
    assert stored["First Response At"] == "2026-05-01T12:00:00.000Z"


def test_a_second_wait_is_written_while_it_goes_on() -> None:
    cells = tables.request_fields(row(rematch_wait=timedelta(0)))
    assert cells["Rematch Wait (h)"] == 0
    assert cells["Rematch Breached"] is False


def test_a_hand_back_empties_the_owner() -> None:
    taken = tables.request_fields(row(owner="Robin Ellis"))
    assert {**taken, **tables.request_fields(row())}["Owner"] is None


def test_moments_are_written_in_utc_whatever_zone_they_came_in() -> None:
    tokyo = datetime(2026, 5, 2, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    assert tables.request_fields(row(session_at=tokyo))["Session Date"] == (
        "2026-05-02T00:30:00.000Z"
    )


def test_values_of_another_release_are_not_offered_to_airtable_as_options() -> None:
    cells = tables.request_fields(
        row(status=Status.UNKNOWN, outcome=Outcome.UNKNOWN, level_before=Level.UNKNOWN)
    )
    assert "Status" not in cells
    assert "Level Before" not in cells
    assert cells["Outcome"] is None


def test_a_note_says_who_and_how_it_went() -> None:
    note = NoteRow(
        note_id="MR-AAAAAAAAAA/mentee",
        request_id="MR-AAAAAAAAAA",
        author="U0RILEY0001",
        role=Role.MENTEE,
        happened=False,
        created_at=CREATED,
    )
    assert tables.note_fields(note) == {
        "Note ID": "MR-AAAAAAAAAA/mentee",
        "Request ID": "MR-AAAAAAAAAA",
        "Author": "U0RILEY0001",
        "Role": "Mentee",
        "Did It Happen": False,
        "Created At": "2026-05-01T12:00:00.000Z",
    }
    told = note.model_copy(update={"rating": 5, "level": Level.EMPLOYED, "note": "Great"})
    assert tables.note_fields(told) == {
        **tables.note_fields(note),
        "Rating": 5,
        "Level": "Employed in tech",
        "Note": "Great",
    }


def test_a_mentor_is_read_with_names_behind_the_links() -> None:
    mentor = tables.read_mentor(
        {
            "id": "recSam",
            "fields": {
                "Slack ID": "U0SAM000001",
                "Slack Name": "sam",
                "Full Name": "Sam Okafor",
                "Time Zone": "America/Chicago",
                "Skillsets": ["recPython", "recDeleted"],
                "Services": ["recPair"],
                "Bio": " Builds things. ",
                "Active": True,
                "Max Mentees": 3,
                "Mentees Now": 1,
                "Status": "Snoozed",
                "Snoozed Until": "2026-06-01",
                "Asks A Week": 1,
                "Quiet Hours": "22:30–07:00",
                "Last Seen": "2026-04-30T08:00:00.000Z",
                "Opted Out At": "2025-01-01T00:00:00.000Z",
            },
        },
        skills={"recPython": "Python"},
        services={"recPair": "Pair Programming"},
    )
    assert mentor.model_dump() == {
        "slack_id": "U0SAM000001",
        "name": "Sam Okafor",
        "time_zone": "America/Chicago",
        "record_id": "recSam",
        "skills": ["Python"],
        "services": ["Pair Programming"],
        "bio": "Builds things.",
        "active": True,
        "max_mentees": 3,
        "load": 1,
        "status": "Snoozed",
        "snoozed_until": datetime(2026, 6, 1, tzinfo=UTC),
        "opted_out_at": datetime(2025, 1, 1, tzinfo=UTC),
        "weekly_asks": 1,
        "quiet_hours": QuietHours(start=time(22, 30), end=time(7)).model_dump(),
        "last_seen": datetime(2026, 4, 30, 8, tzinfo=UTC),
        "asked_this_week": 0,
        "last_asked": None,
    }


def test_a_mentor_is_called_what_they_chose_to_be_called() -> None:
    def name(**cells: str) -> str:
        return tables.read_mentor({"id": "recX", "fields": cells}, skills={}, services={}).name

    chosen, full, slack = {"Shown Name": "Sammy"}, {"Full Name": "Sam"}, {"Slack Name": "sam.o"}
    assert name(**chosen, **full, **slack) == "Sammy"
    assert name(**{"Shown Name": " "}, **full, **slack) == "Sam"
    assert name(**slack) == "sam.o"


def test_a_mentor_of_whom_little_is_known_is_inactive_with_room_for_one() -> None:
    mentor = tables.read_mentor(
        {"id": "recX", "fields": {"Slack ID": "U0X", "Slack Name": "x"}}, skills={}, services={}
    )
    assert (mentor.name, mentor.active, mentor.max_mentees, mentor.load) == ("x", False, 1, 0)
    assert (mentor.skills, mentor.snoozed_until, mentor.time_zone) == ([], None, "")
    assert (mentor.weekly_asks, mentor.quiet_hours, mentor.last_seen) == (3, None, None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)),
        ("2026-06-01T10:00:00.000Z", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("2026-06-01T10:00:00", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("next week", None),
        ({"error": "#ERROR!"}, None),
        (None, None),
    ],
)
def test_a_snooze_is_read_from_a_date_or_a_moment(cell: object, expected: datetime | None) -> None:
    mentor = tables.read_mentor(
        {"id": "recX", "fields": {"Slack ID": "U0X", "Snoozed Until": cell}}, skills={}, services={}
    )
    assert mentor.snoozed_until == expected


# ---- mentors' rows --------------------------------------------------------------------------


def mentor_row(**changes: object) -> MentorRow:
    facts = {"slack_id": "U0SAM", "revision": 1, "status": "Available", "mentees_now": 1}
    return MentorRow.model_validate(facts | changes)


def read_back(cells: dict[str, object]) -> Mentor:
    return tables.read_mentor({"id": "recX", "fields": cells}, skills={}, services={})


@pytest.mark.parametrize(
    ("until", "written"),
    [
        (datetime(2026, 12, 3, tzinfo=UTC), "2026-12-03"),
        (datetime(2026, 12, 3, 0, 0, 0, 1, tzinfo=UTC), "2026-12-04"),
        (datetime(2026, 12, 3, 15, tzinfo=UTC), "2026-12-04"),
        (datetime(2026, 12, 3, 20, tzinfo=timezone(timedelta(hours=-6))), "2026-12-05"),
        (datetime(2026, 12, 3, 5, tzinfo=timezone(timedelta(hours=5))), "2026-12-03"),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "2027-01-01"),
    ],
)
def test_the_date_of_a_break_is_the_next_midnight_and_never_too_early(
    until: datetime, written: str
) -> None:
    cells = tables.mentor_fields(mentor_row(status="Snoozed", snoozed_until=until))
    assert (cells["Status"], cells["Snoozed Until"]) == ("Snoozed", written)
    snoozed_until = read_back(cells).snoozed_until
    assert snoozed_until is not None
    assert timedelta(0) <= snoozed_until - until < timedelta(days=1)


def test_a_status_of_somebodys_own_making_is_not_written_over() -> None:
    assert "Status" not in tables.mentor_fields(mentor_row(status="Unknown"))


def test_a_mentor_who_is_back_has_neither_break_nor_opt_out_in_their_row() -> None:
    assert tables.mentor_fields(mentor_row()) == {
        "Status": "Available",
        "Mentees Now": 1,
        "Snoozed Until": None,
        "Opted Out At": None,
    }


def test_a_last_sight_is_written_when_it_is_known_and_left_alone_when_not() -> None:
    assert "Last Seen" not in tables.mentor_fields(mentor_row())
    seen = tables.mentor_fields(mentor_row(last_seen=CREATED))
    assert seen["Last Seen"] == "2026-05-01T12:00:00.000Z"


def profile(**changes: object) -> MentorProfile:
    return MentorProfile.model_validate({"shown_name": "Sammy", **changes})


def test_a_profile_says_what_the_mentor_chose_and_empties_what_they_took_back() -> None:
    cells = tables.mentor_fields(mentor_row(profile=profile(skills=[{"name": "of no row"}])))
    assert (cells["Skillsets"], cells["Services"]) == ([], [])
    assert (cells["Bio"], cells["Quiet Hours"]) == ("", None)
    assert (cells["Shown Name"], cells["Max Mentees"], cells["Asks A Week"]) == ("Sammy", 1, 3)
    assert not {"Slack ID", "Full Name", "Slack Name", "Email", "Active", "Signed Up At"} & {*cells}


def test_at_sign_up_the_row_says_who_it_is() -> None:
    row = mentor_row(
        profile=profile(full_name="Sam Okafor", slack_name="sam", email="sam@example.org"),
        signed_up_at=CREATED,
        active=False,
    )
    cells = tables.mentor_fields(row)
    assert cells["Slack ID"] == "U0SAM"
    assert (cells["Full Name"], cells["Slack Name"]) == ("Sam Okafor", "sam")
    assert (cells["Email"], cells["Active"]) == ("sam@example.org", False)
    assert cells["Signed Up At"] == "2026-05-01T12:00:00.000Z"


def test_at_sign_up_what_slack_does_not_tell_empties_nothing() -> None:
    cells = tables.mentor_fields(mentor_row(profile=profile(), signed_up_at=CREATED, active=True))
    assert not {"Full Name", "Slack Name", "Email"} & {*cells}


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("21:00–08:00", time(21), time(8)),
        ("21:00-08:00", time(21), time(8)),
        (" 9:30 – 17:45 ", time(9, 30), time(17, 45)),
        ("00:00–00:00", time(0), time(0)),
    ],
)
def test_quiet_hours_are_read_however_they_are_typed(cell: str, start: time, end: time) -> None:
    quiet = read_back({"Quiet Hours": cell}).quiet_hours
    assert quiet is not None
    assert (quiet.start, quiet.end) == (start, end)


@pytest.mark.parametrize(
    "cell", ["", "at night", "21–8", "24:00–08:00", "21:60–08:00", "21:00–08:00 or so", 21, None]
)
def test_quiet_hours_that_cannot_be_read_are_the_communitys(cell: object) -> None:
    assert read_back({"Quiet Hours": cell}).quiet_hours is None


def test_quiet_hours_are_read_as_they_were_written() -> None:
    quiet = QuietHours(start=time(22, 5), end=time(6, 30))
    cells = tables.mentor_fields(mentor_row(profile=profile(quiet_hours=quiet)))
    assert cells["Quiet Hours"] == "22:05–06:30"
    assert read_back(cells).quiet_hours == quiet


def test_a_mentees_last_sight_is_all_that_is_written_of_them() -> None:
    assert tables.seen_fields("U0RILEY", CREATED) == {
        "Slack ID": "U0RILEY",
        "Last Seen": "2026-05-01T12:00:00.000Z",
    }


# ---- other readings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "pair"),
    [
        ({"A": "U0SAM", "B": "U0RILEY"}, {"U0SAM", "U0RILEY"}),
        ({"A": " u0sam\n", "B": "U0Riley "}, {"U0SAM", "U0RILEY"}),
        ({"A": "U0SAM"}, None),
        ({"B": "U0SAM", "A": "  "}, None),
        ({"A": "U0SAM", "B": "u0sam"}, None),
        ({"A": "U0SAM", "B": ["recX"]}, None),
        ({}, None),
    ],
)
def test_a_never_pair_needs_two_people_however_they_are_typed(
    cells: dict[str, object], pair: set[str] | None
) -> None:
    assert tables.read_never_pair({"id": "recX", "fields": cells}) == pair


def test_services_skills_and_affiliations_are_read() -> None:
    service = tables.read_service({"id": "recS", "fields": {"Name": "Code Review"}})
    assert (service.name, service.needs_session, service.record_id) == (
        "Code Review",
        False,
        "recS",
    )
    skill = tables.read_skill(
        {"id": "recK", "fields": {"Name": "Go", "Aliases": "Golang, , go-lang "}}
    )
    assert skill.aliases == ["Golang", "go-lang"]
    affiliation = tables.read_affiliation(
        {"id": "recA", "fields": {"Name": "Other", "Priority": 2}}
    )
    assert (affiliation.name, affiliation.priority) == ("Other", 2)
