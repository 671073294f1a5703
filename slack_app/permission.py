"""Whether somebody may open a modal now. The workflow has the last word on what they send.

Each check raises ``RefusalError`` with words for the person. Who coordinates is a question for
``slack_app.coordinators``.
"""

from __future__ import annotations

from cards import notice
from cards.summary import holds, pair, role_of
from domain.models import Person, Role, Status
from domain.view import Notice, RequestDetails, RequestView
from slack_app.refusals import RefusalError

NOT_FOR_READERS = (
    "The details are for mentors who were asked. If you would like to help, please use the card in "
    "the mentors' channel."
)


def may_read(details: RequestDetails, user: str, channel: str, mentors_channel: str) -> bool:
    """Mentors who were asked or have the request, and whoever is in the mentors' channel."""
    return user in details.may_read or channel == mentors_channel


def to_edit_hello(view: RequestView, user: str) -> None:
    _check_open(view, user)
    if not holds(view, user):
        raise _refusal(Notice.NOT_YOURS, view, user)
    if view.claim and view.claim.introduced:
        raise RefusalError(
            "Your hello has been sent, so it can't be edited any more. Just write in your group "
            "message."
        )


def to_hold(view: RequestView, user: str) -> None:
    _check_open(view, user)
    if view.claim:
        raise _refusal(Notice.TAKEN, view, user)
    if user not in view.asked:
        raise _refusal(Notice.NOT_YOURS, view, user)


def to_say_why(view: RequestView, user: str) -> None:
    _check_open(view, user)
    if user not in view.declined:
        raise _refusal(Notice.NOT_YOURS, view, user)


def to_promise(view: RequestView, user: str) -> Person:
    """Returns the mentor who has it."""
    _check_open(view, user)
    if view.claim is None or not holds(view, user):
        raise _refusal(Notice.NOT_YOURS, view, user)
    return view.claim.mentor


def to_propose(view: RequestView, user: str) -> Person:
    """Returns who proposes: one of the pair."""
    _check_open(view, user)
    for person in pair(view):
        if person.slack_id == user and role_of(view, user):
            break
    else:
        raise _refusal(Notice.NOT_YOURS, view, user)
    arranging = view.status in (Status.CLAIMED, Status.SCHEDULED)
    if not (arranging and view.needs_session and view.group_channel):
        raise _refusal(Notice.NOT_NOW, view, user)
    return person


def to_give_feedback(view: RequestView, user: str) -> Role:
    """Returns which side of the pair they are on."""
    role = role_of(view, user)
    if role is None:
        raise _refusal(Notice.NOT_YOURS, view, user)
    if role in view.feedback_from:
        raise RefusalError("Thank you: we have your answer already.")
    _check_open(view, user)
    if view.status is not Status.AWAITING_FEEDBACK:
        raise _refusal(Notice.NOT_NOW, view, user)
    return role


def _check_open(view: RequestView, user: str) -> None:
    if view.status.is_final:
        raise _refusal(Notice.CLOSED, view, user)


def _refusal(what: Notice, view: RequestView, user: str) -> RefusalError:
    return RefusalError(notice(what, view, user).text)
