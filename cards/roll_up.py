"""The daily roll-up: one message to the coordinators' channel, and no mention in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cards.blocks import Block, Card, card, context, section
from cards.steps import step_words
from cards.text import MAX_SECTION, inline, lasting, listed, mention_id, name_only
from domain.queue import QueueEntry, by_risk
from domain.roll_up import NewMentor

DUE_SOON = timedelta(hours=24)
"""Due today: before the next roll-up."""
SHOWN = 40
"""Lines of one part: nobody reads further, and App Home has the whole queue."""


def roll_up(
    entries: Sequence[QueueEntry],
    now: datetime,
    more: int = 0,
    new_mentors: Sequence[NewMentor] = (),
) -> Card | None:
    """What is late, due today or parked, pairs that stand still, and who has signed up to mentor.

    None when nobody waits for a mentor, nothing is parked, no pair stands still and nobody is new.
    ``more`` says how many requests were left out of ``entries``.
    """
    told = by_risk(entries, now)
    waiting = [one for one in told if one.is_waiting or one.parked or one.stands_still]
    if not waiting:
        return _only_new(new_mentors) if new_mentors else None
    late = [entry for entry in waiting if entry.is_late(now)]
    today = [entry for entry in waiting if _is_due_today(entry, now)]
    parked = [entry for entry in waiting if entry.parked]
    still = [entry for entry in waiting if entry.stands_still]
    calm = len(waiting) - len(late) - len(today) - len(parked) - len(still)
    return card(
        _spoken(len(late), len(today), len(parked), len(still)),
        section("*Requests that need you today*" if calm < len(waiting) else "*Nothing is late*"),
        *_part("Past the promised time", late, now),
        *_part("Due today", today, now),
        *_part("Parked", parked, now),
        *_part("With a mentor, but nothing moves", still, now),
        *_new(new_mentors),
        context(_end(calm, more)),
    )


def _only_new(new_mentors: Sequence[NewMentor]) -> Card:
    count = len(new_mentors)
    line = "One new mentor" if count == 1 else f"{count} new mentors"
    return card(
        f"{line} since yesterday, and no request needs you today.",
        section("*No request needs you today*"),
        *_new(new_mentors),
    )


def _new(new_mentors: Sequence[NewMentor]) -> list[Block]:
    """Who has signed up; a coordinator who knows otherwise unticks Active in their row.

    The mentions ping nobody: mentors who are new are not in the coordinators' channel.
    """
    lines = []
    at_once = [mention_id(one.slack_id) for one in new_mentors[:SHOWN] if not one.in_review]
    waiting = [mention_id(one.slack_id) for one in new_mentors[:SHOWN] if one.in_review]
    if at_once:
        lines.append(f"{listed(at_once)} can be asked from now on.")
    if waiting:
        lines.append(
            f"{listed(waiting)} {'waits' if len(waiting) == 1 else 'wait'} for you: tick Active in "
            "the Mentors table for those whom you know."
        )
    return [section("\n".join(["*New mentors*", *lines]))] if lines else []


def _spoken(late: int, today: int, parked: int, still: int) -> str:
    """For notifications and screen readers: only what there is."""
    counted = {
        "past the promised time": late,
        "due today": today,
        "parked": parked,
        "with a mentor but standing still": still,
    }
    told = [f"{number} {what}" for what, number in counted.items() if number]
    return f"Today's requests: {listed(told) if told else 'nothing is late'}."


def _is_due_today(entry: QueueEntry, now: datetime) -> bool:
    if entry.respond_by is None or entry.parked or entry.is_late(now):
        return False
    return entry.respond_by <= entry.present(now) + DUE_SOON


def _part(heading: str, entries: Sequence[QueueEntry], now: datetime) -> list[Block]:
    if not entries:
        return []
    lines = [f"*{heading}*", *(_line(entry, now) for entry in entries[:SHOWN])]
    if more := len(entries) - SHOWN:
        lines += [f"• and {more} more"] if more > 0 else []
    texts = [lines[0]]
    for line in lines[1:]:
        if len(texts[-1]) + len(line) < MAX_SECTION:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]


def _line(entry: QueueEntry, now: datetime) -> str:
    """E.g. "• *Pair Programming* (Python and SQL): waiting for 50 hours · Dana Ruiz · parked"."""
    skills = f" ({listed(inline(one, 60) for one in entry.skills[:6])})" if entry.skills else ""
    since = lasting(entry.present(now) - entry.submitted_at)
    facts = [f"asked {since} ago" if entry.stands_still else f"waiting for {since}"]
    facts.append(name_only(entry.owner) if entry.owner else "no owner yet")
    if entry.step:
        facts.append(step_words(entry.step))
    return f"• *{inline(entry.service, 100)}*{skills}: {' · '.join(facts)}"


def _end(calm: int, more: int) -> str:
    sentences = []
    if calm:
        waits = "One more waits" if calm == 1 else f"{calm} more wait"
        sentences.append(f"{waits} for a mentor in time.")
    if more:
        sentences.append(f"{more} did not fit into this message.")
    return " ".join([*sentences, "The whole queue is in Muster's Home tab."])
