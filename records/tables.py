"""Tables and fields by name, and what their cells mean. No other module knows a field's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from domain.base import TolerantEnum
from domain.models import Affiliation, Mentor, Service, Skill
from domain.records import NoteRow, RequestRow

Record = Mapping[str, Any]
"""A row as Airtable gives it: ``{"id": …, "fields": {…}}``; empty cells are absent."""


@dataclass(frozen=True)
class KeyedTable:
    """A table that Muster writes: its rows are found by ``key_field``."""

    name: str
    key_field: str
    choices: frozenset[str]
    """Fields that take one of a list of options."""


REQUESTS = KeyedTable(
    "Mentor Request",
    key_field="Request ID",
    choices=frozenset({"Status", "Outcome", "Level Before", "Level After"}),
)
NOTES = KeyedTable(
    "Session Notes", key_field="Note ID", choices=frozenset({"Role", "Level", "Rating"})
)

SERVICES = "Services"
SERVICE_FIELDS = ("Name", "Description", "Needs Session")
SKILLS = "Skillsets"
SKILL_FIELDS = ("Name", "Aliases")
AFFILIATIONS = "Affiliations"
AFFILIATION_FIELDS = ("Name", "Priority")
MENTORS = "Mentors"
MENTOR_FIELDS = (
    "Slack ID",
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

TAKEN_BACK = frozenset({"Mentor Assigned", "Claimed At", "Session Date", "Outcome"})
"""Cells that a release or a new start empties again. Any other cell is left alone while there is
nothing to put in it, so that what a coordinator added by hand stays."""


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
        "Session Date": _moment(row.session_at),
        "Outcome": _choice(row.outcome),
        "Level Before": _choice(row.level_before),
        "Level After": _choice(row.level_after),
        "Mentors Asked": row.mentors_asked,
        "Declines": row.declines,
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
        "Note ID": note.note_id,
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
    if row.first_response_at is None:
        return None
    return round((row.first_response_at - row.created_at).total_seconds() / 3600, 2)


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
        slack_id=_text(cells, "Slack ID"),
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
