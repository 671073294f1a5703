"""One door to every card."""

from __future__ import annotations

from cards import channel, coordinators, feedback, mentee, mentor, pair
from cards.blocks import Card, word
from cards.wording import DEFAULT, Wording
from domain.links import Links
from domain.view import CardKind, RequestView


def render(
    kind: CardKind,
    view: RequestView,
    *,
    to: str,
    links: Links,
    number: int = 0,
    wording: Wording = DEFAULT,
) -> Card:
    """Draw one card as the request stands, in whatever state that is.

    Args:
        to: who reads it: a Slack id for a DM, "" for a channel. For cards in a group message the
            mentor's Slack id or the conversation's id says which pair it belongs to ("" is the
            present one).
        links: how the mentee reaches the status page, if there is a public address.
        number: which proposal a proposal card is about; 0 is the latest.
    """
    match kind:
        case CardKind.RECEIVED:
            return mentee.received(view, links)
        case CardKind.UPDATE:
            return mentee.update(view, links)
        case CardKind.RELEASED:
            return mentee.released(view, links)
        case CardKind.CHANNEL:
            return channel.channel(view)
        case CardKind.BUMP:
            return channel.bump(view)
        case CardKind.REOPENED:
            return channel.reopened(view)
        case CardKind.ASK:
            return mentor.ask(view, to)
        case CardKind.REMINDER:
            return mentor.reminder(view, to)
        case CardKind.COORDINATORS:
            return coordinators.coordinators(view)
        case CardKind.INTRODUCTION:
            return pair.introduction(view, to)
        case CardKind.PROPOSAL:
            return pair.proposal(view, to, number)
        case CardKind.SESSION_SET:
            return pair.session_set(view, to)
        case CardKind.WITHDRAWN:
            return pair.withdrawn(view, to)
        case CardKind.FEEDBACK:
            return feedback.feedback(view, to)
        case CardKind.FEEDBACK_REMINDER:
            return feedback.reminder(view, to)
        case CardKind.OPENED_WIDER:
            return mentee.opened_wider(view)
        case CardKind.CHECK_IN:
            return mentor.check_in(view, to, number)
        case CardKind.HOLD_DUE:
            return mentor.hold_due(view)
        case CardKind.NUDGE:
            return mentor.nudge(view)
        case CardKind.PASSED_ON:
            return coordinators.passed_on(view, number)
        case CardKind.OWNER_WARNED:
            return coordinators.owner_warned(view)
        case CardKind.OWNER_CALLED:
            return coordinators.owner_called(view)
        case CardKind.ANSWER:
            return coordinators.answer(view, number)
        case CardKind.CLOSED_WORD:
            return mentee.closed_word(view)
        case CardKind.UNKNOWN:
            return word("This message was written by a newer version of Muster.")
