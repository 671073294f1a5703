"""What was asked for, in the few lines that any mentor may see: never the details."""

from __future__ import annotations

from datetime import datetime

from cards.blocks import Block, section
from cards.text import escape, inline, listed, moment, name, quote
from domain.models import HOLD_MARGIN, Person, Role
from domain.view import RequestView


def topic(view: RequestView) -> str:
    """Service and skills in one line, e.g. "Pair Programming · Python and SQL"."""
    service = inline(view.service, 100)
    if not view.skills:
        return service
    return f"{service} · {listed(inline(skill.name, 60) for skill in view.skills[:15])}"


def request(view: RequestView) -> Block:
    """Service, skills and the one-line goal."""
    goal = " ".join(view.goal.split())
    return section(f"*{topic(view)}*\n{quote(goal, 1500)}" if goal else f"*{topic(view)}*")


def answer_due(view: RequestView) -> datetime:
    """When the present wait is over the promised time: the first one, or that after a release."""
    return view.waits[-1].respond_by if view.waits else view.respond_by


def latest_hold(view: RequestView) -> datetime:
    """Until when a mentor may keep a request in mind: early enough to ask others after all."""
    return answer_due(view) - HOLD_MARGIN


def waiting_since(view: RequestView) -> datetime:
    """When the present wait for a mentor began: at the submission, or at a release."""
    return view.waits[-1].since if view.waits else view.submitted_at


def promise(view: RequestView) -> str:
    """By when the mentee was promised an answer, for mentors; kept once, it is over."""
    if view.was_matched:
        return "It had a mentor, and is open again."
    if view.breached or view.now >= view.respond_by:
        return f"Overdue: an answer was promised by {moment(view.respond_by)}."
    return f"They were promised an answer by {moment(view.respond_by)}."  # true afterwards, too


def holds(view: RequestView, slack_id: str) -> bool:
    """Whether the request is this mentor's now (or was when it ended)."""
    return view.claim is not None and view.claim.mentor.slack_id == slack_id


def introduced(view: RequestView) -> bool:
    """Whether mentee and mentor have been told of each other."""
    return view.claim is not None and view.claim.introduced


def mentor_name(view: RequestView) -> str:
    return name(view.claim.mentor) if view.claim else "the mentor"


def pair(view: RequestView) -> list[Person]:
    return [view.mentee, view.claim.mentor] if view.claim else [view.mentee]


def where(view: RequestView, other: Person) -> str:
    """Where the reader and ``other`` talk."""
    place = f": <#{escape(view.group_channel)}>" if view.group_channel else ""
    return f"You and {name(other)} are in a group message{place}."


def role_of(view: RequestView, slack_id: str) -> Role | None:
    """Which side of the pair somebody is on, None for everybody else."""
    if slack_id == view.mentee.slack_id:
        return Role.MENTEE
    return Role.MENTOR if holds(view, slack_id) else None
