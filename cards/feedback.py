"""How did it go? One question a side, by DM."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Card, actions, card, context, section, word
from cards.summary import mentor_name, request, role_of
from cards.text import name
from domain.models import Role, Status
from domain.view import RequestView


def feedback(view: RequestView, to: str) -> Card:
    role = role_of(view, to)
    if role is not None and role in view.feedback_from:
        return word(f"Thank you for telling us how it went with {_other(view, role)}.")
    if role is None or view.status is not Status.AWAITING_FEEDBACK:
        return word("This question is closed now; no answer is needed. Thank you.")
    who = _other(view, role)
    asked = _question(view, role)
    return card(
        f"{asked} It takes a minute.",
        section(f"*{asked}*\nIt takes a minute, and helps the next pair."),
        request(view),
        context(f"Only coordinators read your rating and note, not {who}."),
        actions(buttons.give_feedback(view)),
    )


def reminder(view: RequestView, to: str) -> Card:
    """Said once, below the question, where the button is."""
    role = role_of(view, to) or Role.MENTEE
    return word(
        f"{_question(view, role)} “Give feedback” in our message above is still open, and a word "
        "is enough. We will not ask again."
    )


def _question(view: RequestView, role: Role) -> str:
    who = _other(view, role)
    return (
        f"How did your session with {who} go?"
        if view.needs_session
        else f"How did it go with {who}?"
    )


def _other(view: RequestView, role: Role) -> str:
    return mentor_name(view) if role is Role.MENTEE else name(view.mentee)
