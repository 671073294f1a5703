"""Ids are built here and nowhere else. None of them holds personal data."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import date

from domain.models import Role
from domain.view import CardKind

WORKFLOW_TYPE = "MentorshipRequest"
SWITCHBOARD_TYPE = "Switchboard"
SWITCHBOARD = "muster/switchboard"
"""The workflow id of the sending switch; a namespace has one."""
AVAILABILITY_TYPE = "MentorAvailability"
SIGHTINGS_TYPE = "Sightings"
SIGHTINGS = "muster/sightings"
"""The workflow id of those who gather who was seen in Slack; a namespace has one."""
ROLL_UP_TYPE = "DailyRollUp"
ROLL_UP = "muster/daily-roll-up"
"""The schedule of the daily roll-up; its workflows' ids add the scheduled time."""

_REQUEST_ID = re.compile(r"MR-[A-Z2-7]{10}")
_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def new_submission() -> str:
    """A fresh token for one filled form: sent twice, it is still one request."""
    return secrets.token_urlsafe(18)


def is_submission(text: str) -> bool:
    return _SUBMISSION.fullmatch(text) is not None


def is_slack_id(text: str) -> bool:
    """Whether this may be a person in Slack: "U" or "W", then capitals and digits."""
    return _SLACK_ID.fullmatch(text) is not None


def request_id_for(submission: str, slack_id: str) -> str:
    """The request id of one submission by one person, e.g. ``MR-4F6T2QXK5A``."""
    digest = hashlib.sha256(f"{submission}:{slack_id}".encode()).digest()
    return "MR-" + base64.b32encode(digest).decode()[:10]


def is_request_id(text: str) -> bool:
    return _REQUEST_ID.fullmatch(text) is not None


def workflow_id(request_id: str) -> str:
    return f"mentorship-request/{request_id}"


def availability_id(slack_id: str) -> str:
    """The workflow id of one mentor's entity; Slack ids are the permitted pseudonym."""
    return f"mentor-availability/{slack_id}"


def mentor_word_key(slack_id: str, kind: str, number: int) -> str:
    """The key of a message to a mentor outside any request, in its metadata."""
    return f"mentor/{kind}/{slack_id}/{number}"


def card_key(request_id: str, kind: CardKind, to: str = "", number: int = 0) -> str:
    """The key of one message, in its metadata; a retried post looks for it first."""
    parts = [request_id, kind.value.replace(" ", "-")]
    if to:
        parts.append(to)
    if number:
        parts.append(str(number))
    return "/".join(parts)


def roll_up_key(day: date) -> str:
    """The key of one day's roll-up, in its metadata."""
    return f"roll-up/{day.isoformat()}"


def note_id(request_id: str, role: Role) -> str:
    return f"{request_id}/{role.value}"
