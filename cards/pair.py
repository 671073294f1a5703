"""What mentee and mentor read together in their group message.

``to`` says whose pair a card belongs to: the mentor's Slack id or the conversation's, "" for the
present pair. After a release the cards of the earlier pair lose their buttons by it.
"""

from __future__ import annotations

from cards import buttons, control
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.summary import mentor_name, pair, request
from cards.text import clocks, mention, name, quote, spoken
from cards.wording import Say
from domain.models import Status
from domain.view import ProposalView, RequestView

ARRANGING = frozenset({Status.CLAIMED, Status.SCHEDULED})
MET_OR_MEETING = frozenset({Status.SCHEDULED, Status.AWAITING_FEEDBACK, Status.COMPLETED})


def introduction(view: RequestView, to: str, say: Say) -> Card:
    """Opens the group message: who is who, the request, the mentor's hello, what to do next."""
    if not _present(view, to):
        return word("This conversation is closed. Thank you both.")
    mentor = mention(view.claim.mentor) if view.claim else "a mentor"
    in_words = say("pair.introduction", mentee=name(view.mentee), mentor=mentor_name(view))
    return card(
        spoken(in_words),
        section(say("pair.introduction", mentee=mention(view.mentee), mentor=mentor)),
        request(view),
        section(f"{mentor_name(view)} says:\n{quote(control.hello(view, say))}", block_id="hello"),
        *_next_step(view),
    )


def proposal(view: RequestView, to: str, number: int) -> Card:
    """Times for the session; ``number`` says which proposal, 0 the latest."""
    offer = view.proposal
    if not _present(view, to) or offer is None:
        return word("These times are no longer open.")
    if number and number != offer.number:
        return word("These times were replaced by newer ones.")
    if offer.accepted and view.status in MET_OR_MEETING:
        return word(f"Agreed. {clocks(offer.accepted, pair(view))}.")
    if view.status not in ARRANGING:
        return word("These times are no longer open.")
    return _open_proposal(view, offer)


def session_set(view: RequestView, to: str, number: int, say: Say) -> Card:
    """The time that was agreed; ``number`` says from which proposal, 0 the latest."""
    at, offer = view.session_at, view.proposal
    if at is None or not _present(view, to) or view.status not in MET_OR_MEETING:
        return word("This session is no longer set.")
    if offer and offer.accepted and number not in (0, offer.number):
        return word("This time was changed; the new one is below.")
    line = say("pair.session-set", date=clocks(at, pair(view)))
    if view.status is not Status.SCHEDULED:
        return word(line)
    return card(
        spoken(line),
        section(line),
        context(
            "To change it, use the button on the card at the top. "
            "Later we ask you both how it went."
        ),
    )


def withdrawn(view: RequestView, say: Say) -> Card:
    mentor = mentor_name(view)
    if view.status is Status.CANCELLED:
        return word(say("pair.withdrawn", mentee=name(view.mentee), mentor=mentor))
    return word(
        "This request was closed by the people who run the mentorship programme. "
        f"{mentor}, thank you for being ready to help. Nothing more to do here."
    )


def _next_step(view: RequestView) -> list[Block]:
    match view.status:
        case Status.CLAIMED if view.needs_session:
            return [
                section("*Next: agree on a time.* Either of you can propose up to three."),
                actions(buttons.propose_times(view)),
            ]
        case Status.CLAIMED:
            return [
                section(
                    "*No session is needed: just write here.* Later I ask you both how it went."
                )
            ]
        case Status.SCHEDULED if view.session_at:
            at = view.session_at
            return [
                section(f"*Your session is set.*\n{clocks(at, pair(view))}"),
                actions(buttons.propose_times(view, "Change time")),
            ]
        case Status.AWAITING_FEEDBACK:
            return [context("I have asked each of you how it went, in a message of your own.")]
        case Status.COMPLETED:
            return [context("Completed. Thank you both; this conversation stays yours.")]
        case Status.CANCELLED:
            return [context("This request was cancelled.")]
        case _:
            return [context("This request is closed.")]


def _open_proposal(view: RequestView, offer: ProposalView) -> Card:
    mentees = offer.by == view.mentee.slack_id
    proposer, other = pair(view) if mentees else reversed(pair(view))
    heading = f"{name(proposer)} proposes"
    times = [
        section(
            clocks(time, pair(view)),
            block_id=f"time_{place}",
            accessory=buttons.accept_time(view, offer.number, time),
        )
        for place, time in enumerate(offer.times, start=1)
    ]
    plural = "these times" if len(times) > 1 else "this time"
    return card(
        f"{heading} {plural} for your session.",
        section(
            f"*{heading} {plural} for your session.*\n"
            f"{mention(other)}, please accept one or suggest others."
            if len(times) > 1
            else f"*{heading} {plural} for your session.*\n"
            f"{mention(other)}, please accept it or suggest others."
        ),
        *times,
        actions(buttons.propose_times(view, "Suggest other times")),
    )


def _present(view: RequestView, to: str) -> bool:
    """Whether ``to`` is the pair that has the request now."""
    if view.claim is None or not view.group_channel:
        return False
    return to in ("", view.claim.mentor.slack_id, view.group_channel)
