"""Why a coordinator's order can't be taken, in words for whoever gave it. Pure."""

from __future__ import annotations

from domain import ids
from domain.models import MAX_NOTE, MAX_TEXT, Person, Status
from domain.orders import AnswerPerson, Assign, CloseRequest, HandBack, Order, Take, Widen
from domain.state import RequestState

MAX_NAME = 80
"""Characters of a coordinator's name: as many as Slack lets anybody have. With the id it goes into
a search attribute; the server ends a workflow that writes one of more than 2048 bytes."""


def malformed(order: Order) -> str:
    """What is amiss with an order as it was typed, "" when nothing is.

    Only validators ask: an order that an earlier release has accepted is carried out on replay.
    """
    amiss = _no_id("by", order.by, "Every order says who gives it") or _no_name(order.name)
    match order:
        case Assign():
            return amiss or _no_id("mentor", order.mentor, "Say which mentor gets it")
        case CloseRequest():
            amiss = amiss or _no_words("reason", order.reason, "Say why it is closed", MAX_NOTE)
            return amiss or _too_long("word", order.word, MAX_TEXT)
        case AnswerPerson():
            amiss = amiss or _no_id("to", order.to, "Say who is answered")
            return amiss or _no_words("text", order.text, "Say what they will read", MAX_TEXT)
    return amiss


def _no_id(field: str, given: str, wanted: str) -> str:
    if ids.is_slack_id(given):
        return ""
    return f'{wanted}: put a Slack id into "{field}", such as U0123ABCD.'


def _no_name(given: str) -> str:
    if len(given) <= MAX_NAME and given.splitlines() in ([], [given]):
        return ""
    return f'Put a name of one line and at most {MAX_NAME} characters into "name", or leave it out.'


def _no_words(field: str, given: str, wanted: str, longest: int) -> str:
    if not given.strip():
        return f'{wanted}: put a sentence or two into "{field}".'
    return _too_long(field, given, longest)


def _too_long(field: str, given: str, longest: int) -> str:
    if len(given) <= longest:
        return ""
    return f'Please shorten "{field}" to {longest} characters; it has {len(given)} now.'


def objection(order: Order, state: RequestState) -> str:
    """Why an order can't be taken at all, "" when it can: what validators say at once."""
    if not order.by.strip():
        return 'Every order says who gives it: put a Slack id into "by".'
    if isinstance(order, Assign) and not order.mentor.strip():
        return 'Say which mentor gets it: put a Slack id into "mentor".'
    if state.status.is_final and not isinstance(order, AnswerPerson):
        return f"This request is finished ({state.status.value.lower()})."
    if state.status is Status.AWAITING_FEEDBACK and not isinstance(
        order, (Take, HandBack, AnswerPerson)
    ):
        return "They have met: we are asking how it went."
    return _with_a_mentor(order, state.claim.mentor) if state.claim is not None else ""


def _with_a_mentor(order: Order, mentor: Person) -> str:
    if isinstance(order, Widen):
        return "It has a mentor: nobody else is asked now."
    if isinstance(order, CloseRequest):
        return (
            f"{mentor.name or mentor.slack_id} has this request. Assign it to somebody else, or "
            "ask them to give it back; the mentee can cancel it."
        )
    return ""
