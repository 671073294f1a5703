"""Rows as the workflow hands them over; the records room knows the fields they become."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain.base import Payload
from domain.models import Level, Outcome, Role, Status


class RequestRow(Payload):
    """The latest snapshot of one request. Links are Airtable record ids, "" for none."""

    request_id: str
    revision: int
    """Rises with every transition; of two writes the higher one wins."""
    slack_id: str
    slack_user: str = ""
    email: str = ""
    service: str = ""
    service_record: str = ""
    skill_records: list[str] = Field(default_factory=list)
    skills: list[str] = Field(default_factory=list)
    goal: str = ""
    details: str = ""
    affiliation_record: str = ""
    mentor_requested_record: str = ""
    mentor_assigned_record: str = ""
    status: Status
    created_at: datetime
    first_asked_at: datetime | None = None
    claimed_at: datetime | None = None
    first_response_at: datetime | None = None
    escalation_step: str = ""
    breached: bool = False
    session_at: datetime | None = None
    outcome: Outcome | None = None
    level_before: Level | None = None
    level_after: Level | None = None
    mentors_asked: int = 0
    declines: int = 0
    owner: str = ""
    """Name (else Slack id) of the coordinator who looks after it."""
    rematch_wait: timedelta | None = None
    """The latest wait after a release, answered or still going on; None without a release."""
    rematch_breached: bool = False
    updated_at: datetime


class NoteRow(Payload):
    """One side's feedback, for the coordinators' base only."""

    note_id: str
    request_id: str
    author: str
    role: Role
    happened: bool
    rating: int | None = None
    level: Level | None = None
    note: str = ""
    created_at: datetime


class Records(Payload):
    """What one write brings up to date."""

    request: RequestRow
    notes: list[NoteRow] = Field(default_factory=list)
