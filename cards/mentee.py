"""What the mentee reads by DM. Never how many were asked, nor who declined."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.summary import introduced, mentor_name, pair, request, where
from cards.text import clocks, moment, name, quote
from domain.links import Links
from domain.models import Role, Status
from domain.view import RequestView


def received(view: RequestView, links: Links) -> Card:
    """What was asked for and what happens next, all through the request's life.

    A claim is not shown before the mentor can no longer undo it: nobody is announced and then
    withdrawn.
    """
    match view.status:
        case Status.IN_REVIEW:
            return _waiting(
                view, links, "A coordinator looks at it first, and you hear from us here."
            )
        case Status.OPEN:
            return _waiting(view, links, _what_happens(view))
        case Status.CLAIMED if introduced(view):
            return _matched(view, links)
        case Status.CLAIMED:
            return _waiting(view, links, _what_happens(view))
        case Status.SCHEDULED:
            return _scheduled(view, links)
        case Status.AWAITING_FEEDBACK:
            return _awaiting_feedback(view, links)
        case Status.COMPLETED:
            text = "This request is completed."
            return _quiet(view, links, text, "We wish you well. You can ask again at any time.")
        case Status.CANCELLED:
            return word(
                "Your request is cancelled, and nobody is asked any more. "
                "You can ask again at any time."
            )
        case Status.NOT_ELIGIBLE:
            return word(
                "We could not take this request. If that surprises you, please write to a "
                "coordinator: they will gladly explain."
            )
        case Status.CLOSED_UNFULFILLED:
            return word(
                "We are sorry: we found no mentor for this request. That says nothing about you. "
                "You can ask again at any time."
            )
        case _:
            return _quiet(view, links, "We have your request.", "You will hear from us here.")


def update(view: RequestView, links: Links) -> Card:
    """Honestly: nobody yet."""
    promise = (
        "That is longer than we promised, and we are sorry."
        if view.now > view.respond_by
        else f"We promised you an answer by {moment(view.respond_by)}, and that still holds."
    )
    return card(
        "No mentor yet. We are still looking for you.",
        section(
            "*No mentor yet, and we are still looking for you.*\n"
            f"{promise} The coordinators know of it. There is nothing you need to do; if you no "
            "longer need a mentor, “Cancel my request” is in our first message."
        ),
        *_status(view, links),
    )


def released(view: RequestView, links: Links) -> Card:
    """The mentor can't after all."""
    return card(
        "Your mentor can't take this on after all. We are looking for another one.",
        section(
            "*Your mentor can't take this on after all.*\n"
            "That happens, and it is not about you. We are already looking for another one, and "
            "you will hear from us here. There is nothing you need to do."
        ),
        *_status(view, links),
    )


def opened_wider(_: RequestView) -> Card:
    """The window of the mentor whom they named is over."""
    return word("So that you needn't wait longer, we are asking other mentors now, too.")


def closed_word(view: RequestView) -> Card:
    """A coordinator has closed the request."""
    text = "A coordinator has closed your request. You can ask again at any time."
    blocks = [section(text)]
    if view.closing_word:
        blocks.append(section(quote(view.closing_word)))
    return card(text, *blocks)


def _waiting(view: RequestView, links: Links, what_happens: str) -> Card:
    return card(
        "You asked for a mentor, and we have your request.",
        section("*You asked for a mentor, and we have your request.*"),
        request(view),
        section(what_happens),
        *_status(view, links),
        context("Not you, or no longer needed? Cancel here; nobody minds."),
        actions(buttons.cancel(view)),
    )


def _what_happens(view: RequestView) -> str:
    if view.was_matched:
        return (
            "Your mentor can't take it on after all, so we are looking for another one. You will "
            "hear from us here."
        )
    if view.now > view.respond_by:
        return (
            "It is taking longer than we promised, and we are sorry. We are still looking, and "
            "the coordinators know of it."
        )
    first = "We are asking mentors now."
    if view.in_preferred_window and view.preferred:
        who = name(view.preferred)
        first = f"We have asked {who} first, as you wished; if they can't, we ask others."
    return (
        f"{first} You should hear from a mentor by {moment(view.respond_by)}: as soon as one says "
        "yes, a group message opens here with the two of you."
    )


def _matched(view: RequestView, links: Links) -> Card:
    who = mentor_name(view)
    step = (
        "Next: agree on a time for your session there."
        if view.needs_session
        else "Just write there whenever it suits you."
    )
    return card(
        f"You have a mentor: {who}.",
        section(f"*You have a mentor: {who}.*\n{_place(view)} {step}"),
        request(view),
        *_status(view, links),
        actions(buttons.cancel(view)),
    )


def _scheduled(view: RequestView, links: Links) -> Card:
    who, at = mentor_name(view), view.session_at
    when = f"{moment(at)}\n{clocks(at, pair(view))}" if at else ""
    return card(
        f"Your session with {who} is set.",
        section(f"*Your session with {who} is set.*\n{when}".rstrip()),
        request(view),
        section(f"{_place(view)} You can propose another time there."),
        *_status(view, links),
        actions(buttons.cancel(view)),
    )


def _awaiting_feedback(view: RequestView, links: Links) -> Card:
    if Role.MENTEE in view.feedback_from:
        return _quiet(view, links, "Thank you for telling us how it went.", "We wish you well.")
    text = f"How did it go with {mentor_name(view)}?"
    return _quiet(view, links, text, "We have asked you in a message of its own.")


def _quiet(view: RequestView, links: Links, text: str, more: str) -> Card:
    return card(
        f"{text} {more}", section(f"*{text}*\n{more}"), request(view), *_status(view, links)
    )


def _place(view: RequestView) -> str:
    return where(view, view.claim.mentor) if view.claim else ""


def _status(view: RequestView, links: Links) -> list[Block]:
    url = links.status_url(view.request_id, view.mentee.slack_id)
    return [context(f"<{url}|See where your request stands>")] if url else []
