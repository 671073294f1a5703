"""Private answers to somebody's click. Each says what is the case, and what to do next."""

from __future__ import annotations

from cards.blocks import Card, word
from cards.text import time_of_day
from cards.wording import DEFAULT, Wording
from domain.models import Status
from domain.view import Notice, RequestView

_WORDS = {
    Notice.TAKEN: (
        "Thank you! Another mentor was a moment faster, so there is nothing for you to do."
    ),
    Notice.NOT_A_MENTOR: (
        "Only mentors can claim requests. If you would like to be one, please write to a "
        "coordinator."
    ),
    Notice.OWN_REQUEST: "This is your own request: somebody else will gladly take it.",
    Notice.NO_ROOM: (
        "You have as many mentees as you said you can take, or are taking a break. If you have "
        "room again, ask a coordinator to change it, then press Claim once more."
    ),
    Notice.RELEASED_BEFORE: (
        "You gave this request back before, so another mentor will take it. Thank you all the same."
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
    Notice.ANOTHER_MENTOR_TAKES_IT: "Thank you! Another mentor takes this one.",
    Notice.HELD_ALREADY: "Another mentor has it in mind already; you can still claim it now.",
    Notice.HOLD_UNUSABLE: "That day can't be used: please choose one before the promised time.",
    Notice.HOLD_KEPT: "Thank you. We keep it in mind for you; others can still claim it.",
    Notice.PROMISE_UNUSABLE: "That time can't be used. Please choose another.",
    Notice.KEPT_WAITING: "Thank you. We keep looking.",
    Notice.ASKING_MORE: "We are asking more mentors now.",
    Notice.EVERYBODY_ASKED: "We have turned to everybody whom we can ask, and keep looking.",
    Notice.ON_A_BREAK: "Done: we ask you nothing until your break is over.",
    Notice.BACK: "Welcome back.",
    Notice.BREAK_FAILED: "We could not write down your break. Please try again in a few minutes.",
    Notice.PASSED_ON: "Your words have been passed on to the coordinators.",
    Notice.NOT_NOW: "That is not possible at this point, so nothing was changed.",
}
_UNKNOWN = "Nothing was changed. If that surprises you, please write to a coordinator."


def notice(
    what: Notice, view: RequestView, to: str, words: str = "", wording: Wording = DEFAULT
) -> Card:
    """The answer for person ``to``, who pressed something."""
    if what in (Notice.ORDER_DONE, Notice.ORDER_REFUSED) and words:
        return word(words)
    if what is Notice.TAKEN and view.claim and view.claim.mentor.slack_id == to:
        return word(_already_yours(view))
    if what is Notice.CLOSED and view.status is Status.CANCELLED:
        return word("This request was cancelled, so nothing was changed.")
    return word(_WORDS.get(what, _UNKNOWN))


def _already_yours(view: RequestView) -> str:
    if view.claim and not view.claim.introduced:
        return f"It is yours already. You can undo it until {time_of_day(view.claim.undo_until)}."
    return "It is yours already."
