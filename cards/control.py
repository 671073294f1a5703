"""The card of the mentor who has the request: what happens next, and what they can do."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Card, actions, card, context, section, word
from cards.summary import pair, request, where
from cards.text import clean, clocks, moment, name, quote, time_of_day
from domain.models import MAX_HELLO, Role, Status
from domain.view import ClaimView, RequestView


def default_hello(view: RequestView) -> str:
    """The hello for mentors who write none. Plain words, not yet escaped."""
    who = view.claim.mentor.name.strip() if view.claim else ""
    goal = " ".join(clean(view.goal).split()).rstrip(".!? ")
    opening = f"Hi, I'm {who}, and I'd be glad to help" if who else "Hi, I'd be glad to help"
    about = f" with this: {goal}." if goal else "."
    question = (
        " Shall we find a time to talk?"
        if view.needs_session
        else " Tell me a little more about where you are, and we take it from there."
    )
    return (opening + about + question)[:MAX_HELLO]


def hello(view: RequestView) -> str:
    """The mentor's own hello, or the default. Not yet escaped."""
    own = clean(view.claim.hello) if view.claim else ""
    return own or default_hello(view)


def card_for_holder(view: RequestView) -> Card:
    """The control card; ``view.claim`` is the reader's own."""
    assert view.claim is not None  # noqa: S101 - the caller has asked ``holds``
    match view.status:
        case Status.CLAIMED:
            return _introduced(view) if view.claim.introduced else _undoable(view, view.claim)
        case Status.SCHEDULED:
            return _scheduled(view)
        case Status.AWAITING_FEEDBACK:
            return _awaiting_feedback(view)
        case Status.COMPLETED:
            text = f"Done. Thank you for being there for {name(view.mentee)}."
            return card(text, section(f"*{text}*"), request(view))
        case Status.CANCELLED:
            return word(
                f"{name(view.mentee)} has cancelled this request; nothing for you to do. "
                "Thank you for stepping up: it counts."
            )
        case _:
            return word("This request is closed. Thank you for stepping up.")


def _undoable(view: RequestView, claim: ClaimView) -> Card:
    who, until = name(view.mentee), time_of_day(claim.undo_until)
    return card(
        f"It's yours, thank you. {who} has not been told yet, and you can undo it.",
        section(
            f"*It's yours, thank you.*\nAt {until} a group message opens with you and {who}, "
            f"and your hello below is in it. Until then {who} has not been told."
        ),
        request(view),
        section(f"Your hello:\n{quote(hello(view))}", block_id="hello"),
        actions(buttons.edit_hello(view), buttons.undo_claim(view), buttons.details(view)),
        context(f"Undo works until {until}."),
    )


def _introduced(view: RequestView) -> Card:
    who = name(view.mentee)
    controls = [buttons.details(view), buttons.release(view)]
    if not view.needs_session:
        step = "No session is needed: just write there. Later we ask you both how it went."
    elif view.proposal and not view.proposal.accepted:
        by_mentee = view.proposal.by == view.mentee.slack_id
        step = (
            f"{who} has proposed times: please accept one there, or suggest others."
            if by_mentee
            else f"Your times are with {who}, who can accept one or suggest others."
        )
        controls.insert(0, buttons.propose_times(view, "Suggest other times"))
    else:
        step = "Next: agree on a time. Propose up to three; one tap accepts."
        controls.insert(0, buttons.propose_times(view))
    return card(
        f"You are {who}'s mentor. Your group message is open.",
        section(f"*You are {who}'s mentor.*\n{where(view, view.mentee)} {step}"),
        request(view),
        actions(*controls),
    )


def _scheduled(view: RequestView) -> Card:
    who = name(view.mentee)
    at = view.session_at
    when = f"{moment(at)}\n{clocks(at, pair(view))}" if at else "The time is in your group message."
    return card(
        f"Your session with {who} is set.",
        section(f"*Your session with {who} is set.*\n{when}"),
        request(view),
        context(f"{where(view, view.mentee)} Later we ask you both how it went."),
        actions(
            buttons.propose_times(view, "Change time"),
            buttons.details(view),
            buttons.release(view),
        ),
    )


def _awaiting_feedback(view: RequestView) -> Card:
    who = name(view.mentee)
    text = (
        f"Thank you for your feedback, and for being there for {who}."
        if Role.MENTOR in view.feedback_from
        else f"How did it go with {who}? The question is in a message of its own here."
    )
    return card(text, section(f"*{text}*"), request(view))
