"""Private answers to somebody's click. Each says what is the case, and what to do next."""

from __future__ import annotations

from cards.blocks import Card, word
from cards.text import escape, name, time_of_day
from cards.wording import DEFAULT, Wording
from domain.models import Status
from domain.view import Notice, RequestView

_REWORDABLE = {
    Notice.TAKEN: "notice.taken",
    Notice.NO_ROOM: "notice.no-room",
}
"""Under these keys coordinators may put other words (``cards.sentences``)."""

_WORDS = {
    Notice.NOT_A_MENTOR: (
        "Only mentors can claim requests. If you would like to be one, please write to a "
        "coordinator."
    ),
    Notice.OWN_REQUEST: "This is your own request: somebody else will gladly take it.",
    Notice.RELEASED_BEFORE: (
        "You gave this request back before, so another mentor will take it. Thank you all the same."
    ),
    Notice.ANOTHER_MENTOR_TAKES_IT: (
        "Thank you! Another mentor will take this one, so there is nothing for you to do."
    ),
    Notice.CANNOT_CHECK: (
        "We could not look up your place in the roster just now, so nothing was changed. Please "
        "press Claim again in a few minutes."
    ),
    Notice.TOO_LATE_TO_UNDO: (
        "It is too late to undo: the mentee has been told. If you can't do it, press Release on "
        "your card; that is fine, and nobody will blame you."
    ),
    Notice.NOT_YOURS: "This button is for somebody else, so nothing was changed.",
    Notice.CLOSED: "This request is finished, so nothing was changed.",
    Notice.TIME_UNUSABLE: (
        "That time can't be used any more: it is over, or more than half a year away. Please "
        "propose another."
    ),
    Notice.PROPOSAL_REPLACED: (
        "These times were replaced by newer ones, so nothing was changed. Please look below for "
        "the newer ones."
    ),
    Notice.OWN_PROPOSAL: (
        "These are the times you proposed: it is for the other side to accept one."
    ),
    Notice.HELD_ALREADY: (
        "Another mentor has this one in mind for a later day, so we can't note a second. If you "
        "can take it sooner, please press Claim."
    ),
    Notice.HOLD_UNUSABLE: (
        "That day can't be used: please choose one that is still ahead, and before the time by "
        "which an answer is promised."
    ),
    Notice.HOLD_KEPT: (
        "Thank you: we keep it in mind for you and come back to you then. Until you claim it, "
        "others still can."
    ),
    Notice.PROMISE_UNUSABLE: (
        "That time can't be used: it is over, or too far away. Please choose another."
    ),
    Notice.EVERYBODY_ASKED: (
        "Thank you for telling us. Everybody who could help knows of your request; the "
        "coordinators know that you wait, and you hear from us here."
    ),
    Notice.BREAK_FAILED: (
        "We could not write that down just now, so nothing was changed. Please try again in a few "
        "minutes, or ask a coordinator."
    ),
    Notice.ORDER_REFUSED: "That is not possible as the request stands, so nothing was changed.",
    Notice.NOT_PASSED_ON: (
        "There were so many messages about this request that your last ones were not passed on. "
        "Please write to a coordinator directly."
    ),
    Notice.NOT_NOW: "That is not possible at this point, so nothing was changed.",
}
_WIDENED = {
    Notice.EVERYBODY_ASKED: "Everybody who can be asked just now has been asked.",
}
"""To a coordinator who has pressed Widen."""
_UNKNOWN = "Nothing was changed. If that surprises you, please write to a coordinator."


def notice(
    what: Notice, view: RequestView, to: str, words: str = "", wording: Wording = DEFAULT
) -> Card:
    """The answer for person ``to``, who pressed something.

    Args:
        words: for a coordinator's order what became of it, in plain words.
    """
    if what is Notice.ORDER_REFUSED and words:
        return word(escape(words))
    if what in _WIDENED and to != view.mentee.slack_id:
        return word(_WIDENED[what])
    if what is Notice.TAKEN and view.claim and view.claim.mentor.slack_id == to:
        return word(_already_yours(view))
    if what is Notice.RELEASED_BEFORE and to in view.left_by:
        return word(f"{name(view.mentee)} goes on with another mentor. Thank you all the same.")
    if what is Notice.CLOSED and view.status is Status.CANCELLED:
        return word("This request was cancelled, so nothing was changed.")
    if key := _REWORDABLE.get(what):
        return word(wording.say(key))
    return word(_WORDS.get(what, _UNKNOWN))


def _already_yours(view: RequestView) -> str:
    if view.claim and not view.claim.introduced:
        return f"It is yours already. You can undo it until {time_of_day(view.claim.undo_until)}."
    return "It is yours already."
