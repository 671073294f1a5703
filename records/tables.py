"""Tables and fields by name, and what their cells mean. No other module knows a field's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.base import TolerantEnum
from domain.matching import Pair, pair_of
from domain.mentor_messages import MentorProfile
from domain.models import WEEKLY_ASKS, Affiliation, Mentor, Service, Skill
from domain.quiet import QuietHours
from domain.records import NoteRow, RequestRow
from domain.standing import MentorRow, MentorStatus

Record = Mapping[str, Any]
"""A row as Airtable gives it: ``{"id": …, "fields": {…}}``; empty cells are absent."""


@dataclass(frozen=True)
class KeyedTable:
    """A table that Muster writes: its rows are found by ``key_field`` and created if need be.

    Without ``key_field`` they are found by their record ids, and none is created.
    """

    name: str
    key_field: str | None
    choices: frozenset[str]
    """Fields that take one of a list of options."""


REQUESTS = KeyedTable(
    "Mentor Request",
    key_field="Request ID",
    choices=frozenset({"Status", "Outcome", "Level Before", "Level After"}),
)
NOTE_KEY = "Note ID"
NOTES = KeyedTable(
    "Session Notes", key_field=NOTE_KEY, choices=frozenset({"Role", "Level", "Rating"})
)

SERVICES = "Services"
SERVICE_FIELDS = ("Name", "Description", "Needs Session")
SKILLS = "Skillsets"
SKILL_FIELDS = ("Name", "Aliases")
CHOSEN_SKILL_FIELDS = ("Slack ID", "Skillsets")
"""Of a mentor's row."""
AFFILIATIONS = "Affiliations"
AFFILIATION_FIELDS = ("Name", "Priority")
MENTORS = "Mentors"
MENTOR_KEY = "Slack ID"
NEW_MENTOR_FIELDS = frozenset(
    {"Shown Name", "Asks A Week", "Quiet Hours", "Last Seen", "Opted Out At"}
)
"""Columns that a base of an earlier release may lack: mentors are read without them."""
MENTOR_FIELDS = (
    MENTOR_KEY,
    "Full Name",
    "Slack Name",
    "Time Zone",
    "Skillsets",
    "Services",
    "Bio",
    "Active",
    "Max Mentees",
    "Mentees Now",
    "Status",
    "Snoozed Until",
    *sorted(NEW_MENTOR_FIELDS),
)
MENTOR_ROWS = KeyedTable(MENTORS, key_field=None, choices=frozenset({"Status"}))
"""The rows of mentors that are known, by record id."""
NEW_MENTORS = KeyedTable(MENTORS, key_field=MENTOR_KEY, choices=frozenset({"Status"}))
"""Somebody who signs up: found by their Slack id, else added."""
MEMBERS_SEEN = KeyedTable("Members", key_field="Slack ID", choices=frozenset())
"""When a mentee was last seen; nothing else in this table is Muster's yet."""
MESSAGES = "Message Text"
MESSAGE_FIELDS = ("Key", "Text")
NEVER_PAIR = "Never Pair"
NEVER_PAIR_FIELDS = ("A", "B")

TAKEN_BACK = frozenset({"Mentor Assigned", "Claimed At", "Session Date", "Outcome", "Owner"})
"""Cells that a release, a new start or a hand-back empties again. Any other cell is left alone
while there is nothing to put in it, so that what a coordinator added by hand stays."""


# ---- writing --------------------------------------------------------------------------------


def request_fields(row: RequestRow, workflow_link: str = "") -> dict[str, Any]:
    """The cells of one request; links are lists of record ids, moments ISO 8601 in UTC.

    ``workflow_link`` leads coordinators to the request in Temporal's Web UI, where there is one.
    """
    cells = {
        "Request ID": row.request_id,
        "Slack User": row.slack_user,
        "Slack ID": row.slack_id,
        "Email": row.email,
        "Service": _link(row.service_record),
        "Skillsets": _links(row.skill_records),
        "Goal": row.goal,
        "Additional Details": row.details,
        "Affiliation": _link(row.affiliation_record),
        "Mentor Requested": _link(row.mentor_requested_record),
        "Mentor Assigned": _link(row.mentor_assigned_record),
        "Status": _choice(row.status),
        "Created At": _moment(row.created_at),
        "First Asked At": _moment(row.first_asked_at),
        "Claimed At": _moment(row.claimed_at),
        "First Response At": _moment(row.first_response_at),
        "Time To Response (h)": _hours_to_response(row),
        "Escalation Step": row.escalation_step,
        "SLA Breached": row.breached,
        "Rematch Wait (h)": _hours(row.rematch_wait, digits=1),
        "Rematch Breached": None if row.rematch_wait is None else row.rematch_breached,
        "Session Date": _moment(row.session_at),
        "Outcome": _choice(row.outcome),
        "Level Before": _choice(row.level_before),
        "Level After": _choice(row.level_after),
        "Mentors Asked": row.mentors_asked,
        "Declines": row.declines,
        "Owner": row.owner or None,
        "Workflow Link": workflow_link,
        "Last Updated": _moment(row.updated_at),
    }
    return {
        name: cell
        for name, cell in cells.items()
        if (cell is not None and cell != "") or name in TAKEN_BACK
    }


def note_fields(note: NoteRow) -> dict[str, Any]:
    """The cells of one side's feedback, for the coordinators' base."""
    cells = {
        NOTE_KEY: note.note_id,
        "Request ID": note.request_id,
        "Author": note.author,
        "Role": note.role.value.capitalize(),
        "Did It Happen": note.happened,
        "Rating": note.rating,
        "Level": _choice(note.level),
        "Note": note.note,
        "Created At": _moment(note.created_at),
    }
    return {name: cell for name, cell in cells.items() if cell is not None and cell != ""}


def mentor_fields(row: MentorRow) -> dict[str, Any]:
    """What Muster owns of a mentor's row, and at sign-up or after a change their profile."""
    cells: dict[str, Any] = {
        "Status": _choice(row.status),
        "Mentees Now": row.mentees_now,
        "Snoozed Until": _last_day(row.snoozed_until),
        "Opted Out At": _moment(row.opted_out_at),
        "Last Seen": _moment(row.last_seen),
    }
    if row.last_seen is None:  # what stands there may be older than this workflow
        del cells["Last Seen"]
    if row.status is MentorStatus.UNKNOWN:  # somebody's own word stands there
        del cells["Status"]
    if row.profile is not None:
        cells |= _profile_fields(row.profile)
    if row.profile is not None and row.active is not None:
        in_slack = {
            "Full Name": row.profile.full_name,
            "Slack Name": row.profile.slack_name,
            "Email": row.profile.email,
            "Signed Up At": _moment(row.signed_up_at),
        }
        # what Slack doesn't tell stays as a coordinator may have typed it
        cells |= {name: cell for name, cell in in_slack.items() if cell}
        cells |= {MENTOR_KEY: row.slack_id, "Active": row.active}
    return cells


def _profile_fields(profile: MentorProfile) -> dict[str, Any]:
    quiet = profile.quiet_hours
    return {
        "Shown Name": profile.shown_name,
        "Bio": profile.bio,
        "Skillsets": [skill.record_id for skill in profile.skills if skill.record_id],
        "Services": [service.record_id for service in profile.services if service.record_id],
        "Max Mentees": profile.max_mentees,
        "Asks A Week": profile.weekly_asks,
        "Time Zone": profile.time_zone,
        "Quiet Hours": f"{quiet.start:%H:%M}–{quiet.end:%H:%M}" if quiet else None,
    } | ({"Code of Conduct Accepted": True} if profile.code_of_conduct else {})


def seen_fields(slack_id: str, at: datetime) -> dict[str, Any]:
    """When a mentee was last seen in Slack."""
    return {"Slack ID": slack_id, "Last Seen": _moment(at)}


def _last_day(until: datetime | None) -> str | None:
    """The row holds a date: the first midnight (UTC) that is not earlier, so that nobody who goes
    by the row asks too soon."""
    if until is None:
        return None
    moment = until.astimezone(UTC)
    day = datetime.combine(moment.date(), time(), UTC)
    return (day if day == moment else day + timedelta(days=1)).date().isoformat()


def _link(record_id: str) -> list[str] | None:
    return [record_id] if record_id else None


def _links(record_ids: list[str]) -> list[str] | None:
    return [record_id for record_id in record_ids if record_id] or None


def _choice(option: TolerantEnum | None) -> str | None:
    return None if option is None or option.name == "UNKNOWN" else option.value


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def _hours_to_response(row: RequestRow) -> float | None:
    answered = row.first_response_at
    return _hours(None if answered is None else answered - row.created_at, digits=2)


def _hours(wait: timedelta | None, *, digits: int) -> float | None:
    return None if wait is None else round(wait.total_seconds() / 3600, digits)


# ---- reading --------------------------------------------------------------------------------


def read_service(record: Record) -> Service:
    cells = record["fields"]
    return Service(
        name=_text(cells, "Name"),
        description=_text(cells, "Description"),
        needs_session=bool(cells.get("Needs Session")),
        record_id=record["id"],
    )


def read_skill(record: Record) -> Skill:
    """A skill; its aliases stand in one cell, between commas."""
    cells = record["fields"]
    aliases = [alias.strip() for alias in _text(cells, "Aliases").split(",")]
    return Skill(
        name=_text(cells, "Name"),
        aliases=[alias for alias in aliases if alias],
        record_id=record["id"],
    )


def alias_cells(record: Record, names: Sequence[str]) -> dict[str, Any]:
    """A skill's aliases with these names behind what stands there, which is kept as it is."""
    text = str(record["fields"].get("Aliases") or "")
    if not names:
        return {"Aliases": text}
    comma = ", " if text.strip() and not text.rstrip().endswith(",") else ""
    return {"Aliases": text + comma + ", ".join(names)}


def chosen_skills(record: Record) -> list[str]:
    """The record ids of the skills that a mentor's row links to."""
    return [str(link) for link in record["fields"].get("Skillsets", ())]


def chosen_skill_cells(links: Sequence[str]) -> dict[str, Any]:
    """A mentor's skills, by their record ids."""
    return {"Skillsets": list(links)}


def read_affiliation(record: Record) -> Affiliation:
    cells = record["fields"]
    return Affiliation(
        name=_text(cells, "Name"),
        priority=_number(cells, "Priority", 0),
        record_id=record["id"],
    )


def read_mentor(
    record: Record, *, skills: Mapping[str, str], services: Mapping[str, str]
) -> Mentor:
    """A mentor. ``skills`` and ``services`` give the name behind a linked record id; a link to
    something that was deleted meanwhile is left out."""
    cells = record["fields"]
    return Mentor(
        slack_id=_text(cells, MENTOR_KEY),
        name=_text(cells, "Shown Name") or _text(cells, "Full Name") or _text(cells, "Slack Name"),
        time_zone=_text(cells, "Time Zone"),
        record_id=record["id"],
        skills=[skills[link] for link in cells.get("Skillsets", ()) if link in skills],
        services=[services[link] for link in cells.get("Services", ()) if link in services],
        bio=_text(cells, "Bio"),
        active=bool(cells.get("Active")),
        max_mentees=_number(cells, "Max Mentees", 1),
        load=_number(cells, "Mentees Now", 0),
        status=_text(cells, "Status"),
        snoozed_until=_read_moment(cells.get("Snoozed Until")),
        opted_out_at=_read_moment(cells.get("Opted Out At")),
        weekly_asks=_number(cells, "Asks A Week", WEEKLY_ASKS),
        quiet_hours=read_quiet_hours(_text(cells, "Quiet Hours")),
        last_seen=_read_moment(cells.get("Last Seen")),
    )


def read_quiet_hours(text: str) -> QuietHours | None:
    """ "21:00–08:00" (or with a hyphen); None for the community's, and for what can't be read."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)", text)
    if found is None:
        return None
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    try:
        return QuietHours(start=time(start_hour, start_minute), end=time(end_hour, end_minute))
    except ValueError:
        return None


def read_message_text(record: Record) -> tuple[str, str]:
    """The key of a message and its words; "" for what is missing."""
    cells = record["fields"]
    return _text(cells, "Key"), _text(cells, "Text")


def read_never_pair(record: Record) -> Pair | None:
    """Two people; None while the row names fewer."""
    people = pair_of(*(_text(record["fields"], name) for name in NEVER_PAIR_FIELDS))
    return people if len(people) == 2 and "" not in people else None


def _text(cells: Mapping[str, Any], name: str) -> str:
    value = cells.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(cells: Mapping[str, Any], name: str, default: int) -> int:
    value = cells.get(name)
    return int(value) if isinstance(value, int | float) else default


def _read_moment(value: object) -> datetime | None:
    """A date ("2026-05-01": the start of that day, UTC) or a moment; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == len("2026-05-01"):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
