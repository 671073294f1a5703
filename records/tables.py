"""Tables and fields by name, and what their cells mean. No other module knows a field's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.base import TolerantEnum
from domain.matching import AVAILABLE, SNOOZED, Pair, pair_of
from domain.models import Affiliation, Mentor, Service, Skill
from domain.records import NoteRow, RequestRow

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
AFFILIATIONS = "Affiliations"
AFFILIATION_FIELDS = ("Name", "Priority")
MENTORS = "Mentors"
MENTOR_KEY = "Slack ID"
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
)
MENTOR_STATUS = KeyedTable(MENTORS, key_field=None, choices=frozenset({"Status"}))
"""The mentors' rows as Muster writes them: their profile is theirs."""
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


def break_fields(until: datetime | None) -> dict[str, Any]:
    """The cells of a mentor's break; without ``until`` they are back."""
    if until is None:
        return {"Status": AVAILABLE, "Snoozed Until": None}
    return {"Status": SNOOZED, "Snoozed Until": break_ends(until).date().isoformat()}


def break_ends(until: datetime) -> datetime:
    """When a break until this moment is over by the row, which holds a date: the first midnight
    (UTC) that is not earlier, so that nobody is asked too soon."""
    moment = until.astimezone(UTC)
    day = datetime.combine(moment.date(), time(), UTC)
    return day if day == moment else day + timedelta(days=1)


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
        name=_text(cells, "Full Name") or _text(cells, "Slack Name"),
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
    )


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
