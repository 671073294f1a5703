"""One mentor in a coordinator's words, and as cells of a spreadsheet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from domain.matching import (
    AT_CAPACITY,
    AVAILABLE,
    DORMANT,
    OPTED_OUT,
    SNOOZED,
    Reason,
    cannot_claim,
)
from domain.models import Mentor
from starter.clock import local

NOT_ACTIVE = "Not active"
STATES = (AVAILABLE, AT_CAPACITY, SNOOZED, OPTED_OUT, DORMANT, NOT_ACTIVE)
"""What a mentor's state can be, besides a status that somebody made up."""


@dataclass(frozen=True)
class Entry:
    """A mentor on the roster at one moment."""

    mentor: Mentor
    state: str
    why: str = ""
    """Why they were asked for the chosen request, or not; "" without one."""


def state_of(mentor: Mentor, now: datetime) -> str:
    """How a mentor stands, in the words of the column Status: the strongest reason first.

    Unlike the row's own cell it knows that a break ends with its date, and what a full mentor is.
    """
    if mentor.status == OPTED_OUT:
        return OPTED_OUT
    reason = cannot_claim(mentor, now)
    if reason is Reason.MARKED:
        return mentor.status
    if reason is None or reason is Reason.FULL:
        if mentor.status == DORMANT:
            return DORMANT
        return AT_CAPACITY if reason else AVAILABLE
    return NOT_ACTIVE if reason is Reason.NOT_ACTIVE else SNOOZED


# ---- on the page ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What the page shows of one mentor."""

    name: str
    name_note: str
    state: str
    state_note: str | Markup
    mark: str
    """How the state looks: "open", "full" or "away"."""
    load: str
    asks: str
    skills: str
    services: str
    seen: str | Markup
    seen_note: str
    clock: str
    clock_note: str
    why: str


def row_of(entry: Entry, now: datetime, *, is_awake: bool, asks_known: bool) -> Row:
    mentor = entry.mentor
    there = local(now, mentor.time_zone)
    place = mentor.time_zone.rpartition("/")[2].replace("_", " ")
    return Row(
        name=mentor.name or mentor.slack_id,
        name_note="" if mentor.slack_id else "no Slack ID in Airtable: can’t be asked",
        state=entry.state,
        state_note=_state_note(entry, now),
        mark={AVAILABLE: "open", AT_CAPACITY: "full"}.get(entry.state, "away"),
        load=f"{mentor.load} of {mentor.max_mentees}",
        asks=f"{mentor.asked_this_week} of {mentor.weekly_asks}" if asks_known else "not known",
        skills=", ".join(mentor.skills),
        services=", ".join(mentor.services),
        seen=_date(mentor.last_seen, now) if mentor.last_seen else "never",
        seen_note=ago(now - mentor.last_seen) if mentor.last_seen else "",
        clock=f"{there:%a %H:%M}" if there else "not known",
        clock_note=f"{place}{'' if is_awake else ', quiet hours'}" if there else mentor.time_zone,
        why=entry.why,
    )


def ago(span: timedelta) -> str:
    """How long since, in whole days: "today", "yesterday", "12 days ago"."""
    days = max(span // timedelta(days=1), 0)
    return ("today", "yesterday")[days] if days < 2 else f"{days} days ago"


def _state_note(entry: Entry, now: datetime) -> str | Markup:
    mentor = entry.mentor
    if entry.state == SNOOZED and mentor.snoozed_until:
        return Markup("until {}").format(_date(mentor.snoozed_until, now))
    if entry.state == SNOOZED:
        return "until they come back"
    inactive = "" if mentor.active else "Active is not ticked"
    if entry.state == OPTED_OUT and mentor.opted_out_at:
        since = Markup("since {}").format(_date(mentor.opted_out_at, now))
        return Markup("{}; {}").format(since, inactive) if inactive else since
    return inactive


def _date(at: datetime, now: datetime) -> Markup:
    """The day (UTC); the year only where it is not this one."""
    day = at.astimezone(UTC)
    year = "" if day.year == now.astimezone(UTC).year else f" {day.year}"
    return Markup('<time datetime="{}">{}</time>').format(
        f"{day:%Y-%m-%d}", f"{day.day} {day:%b}{year}"
    )


# ---- in a spreadsheet -----------------------------------------------------------------------

COLUMNS = (
    "Name",
    "Slack ID",
    "Status",
    "Snoozed until (UTC)",
    "Opted out since (UTC)",
    "Active",
    "Mentees",
    "Max mentees",
    "Asked this week",
    "Asks a week at most",
    "Skills",
    "Services",
    "Last seen (UTC)",
    "Time zone",
    "Local time",
)
WHY = "Why asked or not: "
"""Before a request's id: the last column, where a request is chosen."""


def cells_of(entry: Entry, now: datetime, *, asks_known: bool) -> list[str | int]:
    """One line under ``COLUMNS``; what is not known is empty."""
    mentor = entry.mentor
    there = local(now, mentor.time_zone)
    return [
        mentor.name,
        mentor.slack_id,
        entry.state,
        _day(mentor.snoozed_until if entry.state == SNOOZED else None),
        _day(mentor.opted_out_at if mentor.status == OPTED_OUT else None),
        "yes" if mentor.active else "no",
        mentor.load,
        mentor.max_mentees,
        mentor.asked_this_week if asks_known else "",
        mentor.weekly_asks,
        ", ".join(mentor.skills),
        ", ".join(mentor.services),
        _day(mentor.last_seen),
        mentor.time_zone,
        f"{there:%Y-%m-%d %H:%M}" if there else "",
    ]


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}" if at else ""
