"""How did it go? One question a side, by DM; where no session is needed, first "Done?"."""

from __future__ import annotations

from cards import buttons, rest
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.summary import mentor_name, request, role_of
from cards.text import name, spoken
from cards.wording import Say
from domain.models import Role, Status
from domain.view import RequestView

MOST_DONE_ASKS = 3
"""How often "not done yet" is taken: each time it is asked again a week later."""


def feedback(view: RequestView, to: str, number: int, say: Say) -> Card:
    """``number`` counts the asks after "not done yet", from 0; earlier asks are settled."""
    role = role_of(view, to)
    if settled := _settled(view, role, number):
        foot = [] if to == view.mentee.slack_id else rest.foot(view, to)
        return card(spoken(settled), section(settled), *foot)
    assert role is not None  # noqa: S101 - else it is settled
    who = _other(view, role)
    line = _question(view, who, say)
    answers = _answers(view)
    if role is Role.MENTOR:
        answers.append(rest.button(view, to))
    return card(
        spoken(line),
        section(line),
        request(view),
        context(f"Only coordinators read your rating and note, not {who}."),
        actions(*answers),
        *(rest.note(view, to) if role is Role.MENTOR else []),
    )


def _settled(view: RequestView, role: Role | None, number: int) -> str:
    """What is said instead of the question, "" while it is open."""
    if role is not None and role in view.feedback_from:
        return _thanks(view, role)
    if role is not None and number < view.done_asks and not view.status.is_final:
        return "Not done yet: that is fine. We ask you both again in a week."
    if role is None or view.status is not Status.AWAITING_FEEDBACK:
        return "This question is closed now; no answer is needed. Thank you."
    return ""


def reminder(view: RequestView, to: str, say: Say) -> Card:
    """Said once, below the question, where the button is."""
    role = role_of(view, to)
    if role is not None and role in view.feedback_from:  # they answered while this was on its way
        return word(_thanks(view, role))
    return word(say("feedback.reminder"))


def _question(view: RequestView, who: str, say: Say) -> str:
    if view.needs_session:
        return say("feedback.session", other=who)
    if _may_go_on(view):
        return say("feedback.done", other=who)
    return f"*How did it go with {who}?*\nIt takes a minute, and helps the next pair."


def _may_go_on(view: RequestView) -> bool:
    """Whether "not done yet" is taken: not once one of them has said how it went."""
    return not view.feedback_from and view.done_asks - view.done_asks_before < MOST_DONE_ASKS


def _answers(view: RequestView) -> list[Block]:
    if view.needs_session or not _may_go_on(view):
        return [buttons.give_feedback(view)]
    return [buttons.give_feedback(view, "Done: say how it went"), buttons.not_done_yet(view)]


def _thanks(view: RequestView, role: Role) -> str:
    return f"Thank you for telling us how it went with {_other(view, role)}."


def _other(view: RequestView, role: Role) -> str:
    return mentor_name(view) if role is Role.MENTEE else name(view.mentee)
