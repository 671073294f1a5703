"""The request in the coordinators' channel, once it needs their eyes."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.summary import answer_due, introduced, mentor_name, promise, request, topic
from cards.text import inline, lasting, mention, moment, name, quote
from domain.models import Status
from domain.view import RequestView, WordView


def coordinators(view: RequestView) -> Card:
    match view.status:
        case Status.OPEN | Status.IN_REVIEW:
            return _waiting(view)
        case Status.CLAIMED:
            told = "" if introduced(view) else " (they can still undo it)"
            return _answered(view, f"Claimed by {mentor_name(view)}{told}.")
        case Status.SCHEDULED:
            at = f" for {moment(view.session_at)}" if view.session_at else ""
            return _answered(view, f"{mentor_name(view)} has it, and a session is set{at}.")
        case Status.AWAITING_FEEDBACK:
            return _answered(view, f"{mentor_name(view)} had it; both are asked how it went.")
        case Status.COMPLETED:
            return _answered(view, f"Completed by {mentor_name(view)}.")
        case Status.CANCELLED:
            return _answered(view, "Cancelled by the mentee.")
        case Status.CLOSED_UNFULFILLED:
            return _answered(view, "Closed without a mentor.")
        case _:
            return _answered(view, f"{view.status.value}.")


def _waiting(view: RequestView) -> Card:
    waited = lasting(view.now - view.submitted_at)
    if view.no_candidates:
        heading = "Nobody can be asked"
        help_wanted = (
            "No active mentor with room fits this request. It helps to speak to a mentor you know: "
            "they can press Claim in the mentors' channel, once they have room and are available."
        )
    else:
        heading = f"No mentor after {waited}"
        help_wanted = (
            "It helps to speak to a mentor you know: they can press Claim in the mentors' channel."
        )
    if view.breached:
        heading += f", and the promise ({moment(view.respond_by)}) is broken"
    return card(
        f"A request needs you: {topic(view)}. Waiting for {waited}.",
        section(f"*{heading}.*\n{help_wanted}"),
        section(f"For {mention(view.mentee)}, waiting since {moment(view.submitted_at)}."),
        request(view),
        context(_so_far(view)),
        _for_operators(view),
    )


def _answered(view: RequestView, text: str) -> Card:
    late = " The promised time was missed." if view.breached else ""
    return card(
        f"{text} {topic(view)}",
        section(f"*{text}*{late}\nFor {mention(view.mentee)}."),
        request(view),
        _for_operators(view),
    )


def _so_far(view: RequestView) -> str:
    return (
        f"Asked so far: {len(view.asked)}, declined: {len(view.declined)}, "
        f"gave it back: {len(view.excluded)}. {promise(view)}"
    )


def _for_operators(view: RequestView) -> Block:
    words = f"Request {view.request_id} · {view.status.value}"
    if view.waiting_for and not view.status.is_final:
        words += f" · waiting for: {inline(view.waiting_for)}"
        if view.waiting_until:
            words += f", until {moment(view.waiting_until)}"
    return context(words)


def quoted(words: WordView) -> list[Block]:
    """Somebody's words, as they wrote them."""
    return [section(f"{mention(words.by)} writes:"), section(quote(words.text))]


def passed_on(view: RequestView, number: int) -> Card:
    """Somebody's words, with Answer until somebody has answered."""
    words = _words(view, number)
    if words is None:
        return word("A word for you was here.")
    text = f"{name(words.by)} writes to you."
    if words.answered_by:
        return card(text, *quoted(words), context(f"Answered by {name(words.answered_by)}."))
    if view.status.is_final:
        return card(text, *quoted(words), context("The request is closed."))
    return card(
        text, *quoted(words), actions(buttons.answer_person(view, number, words.by.slack_id))
    )


def answer(view: RequestView, number: int) -> Card:
    words = _words(view, number)
    if words is None:
        return word("A coordinator has answered you.")
    text = f"{name(words.by)}, a coordinator, writes:"
    return card(text, section(text), section(quote(words.text)))


def owner_called(view: RequestView) -> Card:
    who = f"{mention(view.owner)}: " if view.owner else ""
    return word(f"{who}The promised time has passed.")


def owner_warned(view: RequestView) -> Card:
    return word(f"The promised time comes at {moment(answer_due(view))}.")


def _words(view: RequestView, number: int) -> WordView | None:
    return next((word for word in view.words if word.number == number), None)
