"""One door to every card."""

from __future__ import annotations

from cards import channel, control, coordinators, feedback, mentee, mentor, pair, passed_on
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
        number: which proposal, session, question or word a card is about, where there are
            several; 0 is the latest proposal, and the first "how did it go".
        wording: the sentences, coordinators' own among them.
    """
    say = wording.say
    match kind:
        # to the mentee
        case CardKind.RECEIVED:
            return mentee.received(view, links, say)
        case CardKind.UPDATE:
            return mentee.update(view, links, say)
        case CardKind.OPENED_WIDER:
            return mentee.opened_wider(view, links, say)
        case CardKind.RELEASED:
            return mentee.released(view, links, say)
        case CardKind.CLOSED_WORD:
            return mentee.closed_word(view, say)
        # to mentors
        case CardKind.CHANNEL:
            return channel.channel(view)
        case CardKind.BUMP:
            return channel.bump(view, say)
        case CardKind.REOPENED:
            return channel.reopened(view)
        case CardKind.ASK:
            return mentor.ask(view, to, say)
        case CardKind.REMINDER:
            return mentor.reminder(view, to, say)
        case CardKind.HOLD_DUE:
            return mentor.hold_due(say)
        case CardKind.CHECK_IN:
            return control.check_in(view, to, number, say)
        case CardKind.NUDGE:
            return control.nudge(view, say)
        # to the pair
        case CardKind.INTRODUCTION:
            return pair.introduction(view, to, say)
        case CardKind.PROPOSAL:
            return pair.proposal(view, to, number)
        case CardKind.SESSION_SET:
            return pair.session_set(view, to, number, say)
        case CardKind.WITHDRAWN:
            return pair.withdrawn(view, say)
        case CardKind.FEEDBACK:
            return feedback.feedback(view, to, number, say)
        case CardKind.FEEDBACK_REMINDER:
            return feedback.reminder(view, to, say)
        # to coordinators, and their answers
        case CardKind.COORDINATORS:
            return coordinators.coordinators(view)
        case CardKind.OWNER_WARNED:
            return coordinators.owner_warned(view)
        case CardKind.OWNER_CALLED:
            return coordinators.owner_called(view)
        case CardKind.PASSED_ON:
            return passed_on.passed_on(view, to, number)
        case CardKind.ANSWER:
            return passed_on.answer(view, to, number)
        case CardKind.UNKNOWN:
            return word("This message was written by a newer version of Muster.")
