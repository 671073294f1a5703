"""What a mentor who was asked reads by DM: the ask in every state, and the reminder."""

from __future__ import annotations

from cards import buttons, control
from cards.blocks import Card, actions, card, context, section, word
from cards.summary import holds, promise, request, topic
from cards.text import name
from domain.models import Status
from domain.view import RequestView


def ask(view: RequestView, to: str) -> Card:
    """The request put to mentor ``to``; once they have claimed it, their control card."""
    if view.status is Status.OPEN:
        if to in view.excluded:
            return _given_back()
        if view.in_preferred_window and not _preferred(view, to):
            return _by_name_first(view)
        return _declined(view) if to in view.declined else _open(view, to)
    if holds(view, to):
        return control.card_for_holder(view)
    if to in view.excluded:
        return _given_back()
    match view.status:
        case Status.CLAIMED | Status.SCHEDULED | Status.AWAITING_FEEDBACK | Status.COMPLETED:
            return _taken(view)
        case Status.CANCELLED:
            return word(
                "This request was cancelled by the person who asked. Thank you for being there."
            )
        case _:
            return word("This request is closed. Nothing for you to do; thank you for being there.")


def reminder(view: RequestView, to: str) -> Card:
    """One friendly nudge in the thread of the ask, where the buttons are."""
    asked_for = "You were asked for by name. " if _preferred(view, to) else ""
    return word(
        f"Still waiting for an answer. {asked_for}Could you take this one? "
        "If not, saying so above is just as helpful."
    )


def _open(view: RequestView, to: str) -> Card:
    preferred = _preferred(view, to)
    if preferred and view.in_preferred_window:
        choice = [buttons.claim(view, "Confirm"), buttons.decline(view, "Decline")]
        intro = (
            f"*{name(view.mentee)} asked for you.* You are the first to be asked; if you can't, "
            "say so in one tap and others are asked at once."
        )
    else:
        choice = [buttons.claim(view), buttons.decline(view)]
        intro = (
            f"*{name(view.mentee)} asked for you*, and is still waiting. Others are asked now too."
            if preferred
            else f"*{name(view.mentee)} is looking for a mentor.* Could it be you?"
        )
    spoken = (
        f"{name(view.mentee)} asked for you as a mentor: {topic(view)}"
        if preferred
        else f"{name(view.mentee)} is looking for a mentor: {topic(view)}"
    )
    return card(
        spoken,
        section(intro),
        request(view),
        context(promise(view)),
        actions(*choice, buttons.details(view)),
    )


def _by_name_first(view: RequestView) -> Card:
    text = (
        "Another mentor was asked by name first. If they can't, this request is open to you again."
    )
    return card(text, request(view), section(text))


def _declined(view: RequestView) -> Card:
    return card(
        "Thanks for saying so. You will not be asked about this request again.",
        section("*Thanks for saying so.* You will not be asked about this request again."),
        request(view),
        context("Changed your mind? It is still open."),
        actions(buttons.claim(view), buttons.details(view)),
    )


def _taken(view: RequestView) -> Card:
    text = "Taken, thank you. Nothing more for you to do."
    return card(text, section(text), context(topic(view)))


def _given_back() -> Card:
    return word(
        "You gave this request back, and we are looking after it. Thank you for saying so in time."
    )


def _preferred(view: RequestView, to: str) -> bool:
    return view.preferred is not None and view.preferred.slack_id == to


def check_in(view: RequestView, to: str, number: int) -> Card:
    """Extend or release?"""
    if view.check_in != number or not holds(view, to) or view.status is not Status.CLAIMED:
        return word("Thank you. This question is settled.")
    return card(
        f"How is it going with {name(view.mentee)}?",
        section(f"*How is it going with {name(view.mentee)}?*"),
        request(view),
        actions(*buttons.write_by(view), buttons.release(view)),
    )


def hold_due(view: RequestView) -> Card:
    return word("You wanted to take this one today. The buttons are on the card above.")


def nudge(view: RequestView) -> Card:
    return word(f"You wanted to write to {name(view.mentee)} by now; a line is enough.")
