"""The card of the mentor who has the request: what happens next, and what they can do."""

from __future__ import annotations

from cards import buttons, rest
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.summary import holds, pair, request, where
from cards.text import clean, clocks, moment, name, quote, spoken, time_of_day
from cards.wording import DEFAULT, Say
from domain.models import MAX_HELLO, Role, Status
from domain.view import ClaimView, RequestView


def hello(view: RequestView, say: Say = DEFAULT.say) -> str:
    """The mentor's own hello, or the default. Plain words, not yet escaped."""
    own = clean(view.claim.hello) if view.claim else ""
    return own or default_hello(view, say)


def default_hello(view: RequestView, say: Say = DEFAULT.say) -> str:
    """The hello of mentors who write none. Plain words, not yet escaped."""
    mentor = clean(view.claim.mentor.name) if view.claim else ""
    goal = " ".join(clean(view.goal).split()).rstrip(".!? ")
    key = "hello.session" if view.needs_session else "hello.no-session"
    return say(key, mentor=mentor or "your mentor", goal=goal or "your request")[:MAX_HELLO]


def card_for_holder(view: RequestView, say: Say) -> Card:
    """The control card; ``view.claim`` is the reader's own."""
    assert view.claim is not None  # noqa: S101 - the caller has asked ``holds``
    who = name(view.mentee)
    match view.status:
        case Status.CLAIMED if view.claim.introduced:
            return _introduced(view, say)
        case Status.CLAIMED:
            return _undoable(view, view.claim, say)
        case Status.SCHEDULED:
            return _scheduled(view)
        case Status.AWAITING_FEEDBACK:
            return _awaiting_feedback(view)
        case Status.COMPLETED:
            line = say("mentor.completed", mentee=who)
            return card(spoken(line), section(line), request(view), *rest.foot(view, _holder(view)))
        case Status.CANCELLED:
            return _over(view, _holder(view), say("mentor.cancelled", mentee=who))
        case _:
            return _over(view, _holder(view), "This request is closed. Thank you for stepping up.")


def _over(view: RequestView, to: str, line: str) -> Card:
    """Words, and below them only what a mentor can do at any moment."""
    return card(spoken(line), section(line), *rest.foot(view, to))


def _holder(view: RequestView) -> str:
    return view.claim.mentor.slack_id if view.claim else ""


def check_in(view: RequestView, to: str, number: int, say: Say) -> Card:
    """No word so far, or no session: extend or release? Past questions are not asked again."""
    who = name(view.mentee)
    if to in view.left_by:
        return _over(view, to, say("mentor.left", mentee=who))
    if not holds(view, to):
        return _over(view, to, "This question is settled. Thank you for being ready to help.")
    if view.check_in != number or view.status is not Status.CLAIMED:
        promised = _promised(view)
        settled = "This question is settled; nothing for you to do here."
        return _over(view, to, f"Thank you. {promised}" if promised else settled)
    stalled = view.mentor_has_written
    line = say("mentor.check-in-stalled" if stalled else "mentor.check-in", mentee=who)
    return card(
        spoken(line),
        section(line),
        request(view),
        actions(*buttons.write_by(view), block_id="write"),
        actions(
            *([buttons.propose_times(view)] if stalled else []),
            buttons.talk(view.request_id),
            rest.button(view, to),
            buttons.release(view),
        ),
        *rest.note(view, to),
        *_or_else(view),
    )


def nudge(view: RequestView, say: Say) -> Card:
    """In the thread of their card: they wanted to write by now, or a coordinator asks."""
    promised = view.write_by is not None and view.write_by <= view.now
    key = "mentor.nudge" if promised else "mentor.nudge-by-coordinator"
    return word(say(key, mentee=name(view.mentee)))


def _undoable(view: RequestView, claim: ClaimView, say: Say) -> Card:
    who, until = name(view.mentee), time_of_day(claim.undo_until)
    if claim.assigned_by:
        line = say("mentor.assigned", coordinator=name(claim.assigned_by), mentee=who, time=until)
    else:
        line = say("mentor.claimed", mentee=who, time=until)
    return card(
        spoken(line),
        section(line),
        request(view),
        section(f"Your hello:\n{quote(hello(view, say))}", block_id="hello"),
        actions(
            buttons.edit_hello(view),
            buttons.undo_claim(view),
            buttons.details(view),
            buttons.talk(view.request_id),
            rest.button(view, _holder(view)),
        ),
        context(f"Undo works until {until}."),
        *rest.note(view, _holder(view)),
        *_when_more(view),
    )


def _introduced(view: RequestView, say: Say) -> Card:
    who, line = name(view.mentee), say("mentor.introduced", mentee=name(view.mentee))
    controls = [
        buttons.details(view),
        buttons.talk(view.request_id),
        rest.button(view, _holder(view)),
        buttons.release(view),
    ]
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
        f"{spoken(line)} Your group message is open.",
        section(f"{line}\n{where(view, view.mentee)} {step}"),
        request(view),
        *([] if view.mentor_has_written else _when_more(view)),
        actions(*controls),
        *rest.note(view, _holder(view)),
    )


def _when_more(view: RequestView) -> list[Block]:
    """By when they will write (more): asked until they have written."""
    promised = _promised(view)
    words = (
        f"{promised} Another day is fine, too:"
        if promised
        else f"When will you write to {name(view.mentee)}? We remind you if it slips your mind."
    )
    return [context(words), actions(*buttons.write_by(view), block_id="write")]


def _promised(view: RequestView) -> str:
    if view.write_by is None or view.write_by <= view.now:
        return ""
    return f"You write to {name(view.mentee)} by {moment(view.write_by)}."


def _scheduled(view: RequestView) -> Card:
    line, at = f"*Your session with {name(view.mentee)} is set.*", view.session_at
    when = clocks(at, pair(view), _holder(view)) if at else "The time is in your group message."
    return card(
        spoken(line),
        section(f"{line}\n{when}"),
        request(view),
        context(f"{where(view, view.mentee)} Later we ask you both how it went."),
        actions(
            buttons.propose_times(view, "Change time"),
            buttons.details(view),
            buttons.talk(view.request_id),
            rest.button(view, _holder(view)),
            buttons.release(view),
        ),
        *rest.note(view, _holder(view)),
    )


def _awaiting_feedback(view: RequestView) -> Card:
    who = name(view.mentee)
    text = (
        f"Thank you for your feedback, and for being there for {who}."
        if Role.MENTOR in view.feedback_from
        else f"How did it go with {who}? The question is in a message of its own here."
    )
    return card(text, section(f"*{text}*"), request(view), *rest.foot(view, _holder(view)))


def _or_else(view: RequestView) -> list[Block]:
    if view.release_at is None:
        return []
    return [
        context(
            f"If we hear nothing by {moment(view.release_at)}, we look for another mentor, and "
            "nobody will blame you."
        )
    ]
