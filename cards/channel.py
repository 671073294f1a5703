"""What the mentors' channel sees: the request without names or details, and words under it."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Card, actions, card, context, section, word
from cards.summary import promise, request, topic, waiting_since
from cards.text import lasting, moment
from cards.wording import Say
from domain.models import Status
from domain.view import RequestView

_HELD = "A mentor has this one in mind for later; if you can take it sooner, please do."


def channel(view: RequestView) -> Card:
    match view.status:
        case Status.OPEN:
            return _by_name_first(view) if view.in_preferred_window else _open(view)
        case Status.CLAIMED:
            return _quiet(view, "Taken. Thank you all for looking.")
        case Status.SCHEDULED:
            return _quiet(view, "Taken, and a session is set. Thank you all for looking.")
        case Status.AWAITING_FEEDBACK:
            return _quiet(view, "Taken; we are asking how it went.")
        case Status.COMPLETED:
            return _quiet(view, "Completed. Thank you all for looking.")
        case Status.CANCELLED:
            return word("A request that stood here is no longer needed. Thank you all for looking.")
        case Status.IN_REVIEW:
            return _quiet(view, "Not open yet: a coordinator is looking at it first.")
        case _:
            return word("A request that stood here is closed. Thank you all for looking.")


def bump(view: RequestView, say: Say) -> Card:
    """A reply under the card: still waiting."""
    return word(say("channel.bump", waited=lasting(view.now - waiting_since(view))))


def reopened(_: RequestView) -> Card:
    """A reply under the card: open again."""
    return word("This request is open again. The buttons are back on the card above.")


def _open(view: RequestView) -> Card:
    return card(
        f"A request for a mentor: {topic(view)}",
        section("*Who can help?*"),
        request(view),
        context(_waiting(view)),
        *([context(_HELD)] if view.hold else []),
        actions(buttons.claim(view), buttons.details(view)),
    )


def _by_name_first(view: RequestView) -> Card:
    return card(
        f"A request for a mentor, who was asked by name first: {topic(view)}",
        section(
            "*For your information: a mentor was asked by name first.*\n"
            "It opens to everyone if they can't."
        ),
        request(view),
        context(_waiting(view)),
        actions(buttons.details(view)),
    )


def _quiet(view: RequestView, text: str) -> Card:
    return card(f"{text} {topic(view)}", section(f"*{text}*"), request(view))


def _waiting(view: RequestView) -> str:
    return f"Asked {moment(view.submitted_at)}. {promise(view)}"
