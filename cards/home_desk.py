"""Coordinators' part of App Home: the sending switch, the mentors in numbers, the queue by risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cards import buttons
from cards.blocks import Block, context, section
from cards.steps import step_words
from cards.text import escape, inline, lasting, listed, mention_id, moment, name
from domain.queue import QueueEntry, by_risk
from domain.text import shortened

ENTRIES_SHOWN = 40
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
    mentors: Mapping[str, int] | None = None
    """How many of the roster's active mentors there are by status; None when they can't be read."""
    roster_url: str = ""
    """The reader's own link to the roster's page; "" for none."""


def coordinators(desk: Desk) -> list[Block]:
    return [*_sending(desk), _mentors(desk), *_queue(desk)]


_IN_WORDS = {
    "Available": "available",
    "At capacity": "full",
    "Snoozed": "on a break",
    "Opted out": "opted out",
    "Dormant": "not seen for long",
}


def _mentors(desk: Desk) -> Block:
    if desk.mentors is None:
        said = "could not be looked up just now."
    elif not desk.mentors:
        said = "nobody is on the roster yet."
    else:
        known = [
            f"{desk.mentors[key]} {words}"
            for key, words in _IN_WORDS.items()
            if desk.mentors.get(key)
        ]
        others = [
            f"{count} {inline(key, 40)}"
            for key, count in desk.mentors.items()
            if key not in _IN_WORDS
        ]
        said = f"{listed([*known, *others])}."
    link = f" <{escape(desk.roster_url)}|Open the roster>" if desk.roster_url else ""
    return section(f"*Mentors:* {said}{link}")


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
        accessory=buttons.open_request(
            entry.request_id,
            spoken=shortened(", ".join([f"Open: {entry.service}", *entry.skills]), 75),
        ),
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
