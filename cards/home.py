"""App Home and the other places where Muster says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cards import buttons
from cards.blocks import Block, View, actions, context, divider, section
from cards.steps import step_words
from cards.summary import introduced, mentor_name, topic, where
from cards.text import escape, inline, lasting, listed, mention_id, moment, name
from domain.models import Status
from domain.queue import QueueEntry, by_risk
from domain.view import RequestView

ENTRIES_SHOWN = 60
"""Requests in the queue: with what is around them they fit the 100 blocks of a Home tab (Slack)."""


@dataclass(frozen=True)
class Desk:
    """What coordinators see in addition."""

    queue: Sequence[QueueEntry] | None
    """Open requests in any order; None when they could not be read."""
    now: datetime
    paused: bool | None = False
    """Whether all sending is paused; None when that could not be read."""
    paused_by: str = ""
    """Slack id."""
    paused_since: datetime | None = None
    more: int = 0
    """Open requests beyond those in ``queue``."""


def home(
    community: str,
    form_url: str | None,
    crisis_line: str,
    *,
    mine: RequestView | None = None,
    desk: Desk | None = None,
) -> View:
    """The Home tab.

    Args:
        mine: the reader's own open request, as its mentee.
        desk: for coordinators only.
    """
    blocks = _coordinators(desk) if desk else []
    blocks.append(section(f"*Muster finds you a mentor at {escape(community)}.*"))
    if mine and not mine.status.is_final:
        blocks.append(section(f"*Your request: {topic(mine)}*\n{_where_it_stands(mine)}"))
    blocks += [
        section(
            "Say what you are working on. We ask mentors who know it, and you should hear from one "
            "within a day or two. Then the two of you talk here in Slack."
        ),
        section(where_to_ask(form_url)),
        section(
            "*For mentors:* requests come to you by direct message, each with Claim and “Not this "
            "one”. Both answers help."
        ),
        actions(buttons.talk(mine.request_id if mine and not mine.status.is_final else "")),
    ]
    if crisis_line:
        blocks.append(context(escape(crisis_line)))
    return {"type": "home", "blocks": blocks}


def where_to_ask(form_url: str | None) -> str:
    """How to ask for a mentor, with the form's address if there is a public one."""
    if form_url:
        return f"<{form_url}|Ask for a mentor>: one short form, about three minutes."
    return "To ask for a mentor, fill in your community's mentor request form on the web."


def _where_it_stands(view: RequestView) -> str:
    """One line; a claim that can still be undone is not told."""
    match view.status:
        case Status.IN_REVIEW:
            return "A coordinator looks at it first. You hear from us in Messages."
        case Status.CLAIMED if introduced(view) and view.claim:
            return f"{mentor_name(view)} is your mentor. {where(view, view.claim.mentor)}"
        case Status.SCHEDULED if view.claim:
            at = f": {moment(view.session_at)}" if view.session_at else "."
            return (
                f"Your session with {mentor_name(view)} is set{at}\n"
                f"{where(view, view.claim.mentor)}"
            )
        case Status.AWAITING_FEEDBACK:
            return f"How did it go with {mentor_name(view)}? The question is in Messages."
        case _:
            return "We are looking for a mentor for you. You hear from us in Messages."


def _coordinators(desk: Desk) -> list[Block]:
    return [*_sending(desk), *_queue(desk), divider()]


def _sending(desk: Desk) -> list[Block]:
    if desk.paused is None:
        return [section("*Sending:* could not be looked up just now. Please open this page again.")]
    if not desk.paused:
        return [
            section(
                "*Sending is on.* Cards and reminders go out.", accessory=buttons.pause_sending()
            )
        ]
    by = f" by {mention_id(desk.paused_by)}" if desk.paused_by else ""
    since = f" since {moment(desk.paused_since)}" if desk.paused_since else ""
    return [
        section(
            f"*All sending is paused*{by}{since}. Claims and clocks go on; cards and reminders "
            "wait.",
            accessory=buttons.resume_sending(),
        )
    ]


def _queue(desk: Desk) -> list[Block]:
    if desk.queue is None:
        return [
            section("*The queue* could not be looked up just now. Please open this page again.")
        ]
    if not desk.queue:
        return [section("*The queue is empty.* Nobody waits for a mentor.")]
    entries = by_risk(desk.queue, desk.now)
    shown = [_entry(entry, desk.now) for entry in entries[:ENTRIES_SHOWN]]
    total = len(entries) + desk.more
    blocks = [section(f"*Open requests: {total}*, those at most risk first"), *shown]
    if more := total - len(shown):
        blocks.append(context(f"and {more} more."))
    return blocks


def _entry(entry: QueueEntry, now: datetime) -> Block:
    skills = f" · {listed(inline(skill, 60) for skill in entry.skills[:6])}" if entry.skills else ""
    goal = f"\n{inline(entry.goal, 150)}" if entry.goal else ""
    return section(
        f"*{inline(entry.service, 100)}{skills}*{goal}\n{_risk(entry, entry.present(now))}",
        block_id=entry.request_id,
        accessory=buttons.open_request(entry.request_id),
    )


def _risk(entry: QueueEntry, now: datetime) -> str:
    facts = [_standing(entry, now)]
    if entry.owner:
        facts.append(f"owner: {name(entry.owner)}")
    if entry.step and entry.is_waiting:
        facts.append(f"last step: {step_words(entry.step)}")
    return " · ".join(facts)


def _standing(entry: QueueEntry, now: datetime) -> str:
    if entry.parked:
        return f"parked, waiting for {lasting(now - entry.submitted_at)}"
    if entry.respond_by is None:
        has_it = f"with {mention_id(entry.mentor)}" if entry.mentor else entry.status.value
        next_step = f", next: {inline(entry.waiting_for, 150)}" if entry.waiting_for else ""
        return has_it + next_step
    if entry.is_late(now):
        late = now - entry.respond_by
        return f"past the promised time by {lasting(late)}" if late.total_seconds() > 0 else "late"
    return f"{lasting(entry.respond_by - now)} left to the promised time"
