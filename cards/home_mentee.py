"""A mentee's part of App Home: their own request, and what they can do about it."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, actions, section
from cards.summary import introduced, mentor_name, topic, where
from cards.text import moment
from domain.models import Role, Status
from domain.view import RequestView


def own_request(view: RequestView) -> list[Block]:
    choice = [buttons.talk(view.request_id)]
    if view.status is Status.AWAITING_FEEDBACK:
        if Role.MENTEE not in view.feedback_from:
            choice.insert(0, buttons.give_feedback(view))
    else:
        if introduced(view) and view.status in (Status.CLAIMED, Status.SCHEDULED):
            choice.append(buttons.another_mentor(view))
        choice.append(buttons.cancel(view))
    return [
        section(f"*Your request: {topic(view)}*\n{_where_it_stands(view)}"),
        actions(*choice, block_id="own_request"),
    ]


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
