"""The request in the coordinators' channel, once it needs their eyes, and what is said under it."""

from __future__ import annotations

from datetime import timedelta

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.steps import SCOPES, step_words
from cards.summary import answer_due, introduced, request, topic, waiting_since
from cards.text import inline, lasting, listed, mention, moment, name_only
from domain.models import Status
from domain.view import RequestView

_LATE_AT_MOST = timedelta(minutes=1)
"""A step is taken some seconds after its time, and four hours less that are still four hours."""


def coordinators(view: RequestView) -> Card:
    """Who waits for what since when, whose it is, what was tried, what comes next."""
    match view.status:
        case Status.OPEN:
            return _waiting(view, _heading(view), _how_to_help(view))
        case Status.IN_REVIEW:
            return _waiting(view, "In review", "It is not open to mentors yet.")
        case Status.CLAIMED if not introduced(view):
            return _answered(view, f"{_claimed(view)} (they can still undo it).")
        case Status.CLAIMED:
            return _answered(view, _with_mentor(view), *_steering(view))
        case Status.SCHEDULED:
            at = f" for {moment(view.session_at)}" if view.session_at else ""
            text = f"{_mentor(view)} has it, and a session is set{at}."
            return _answered(view, text, *_steering(view))
        case Status.AWAITING_FEEDBACK:
            return _answered(view, f"{_mentor(view)} had it; both are asked how it went.")
        case Status.COMPLETED:
            return _answered(view, f"Completed by {_mentor(view)}.")
        case Status.CANCELLED:
            return _answered(view, "Cancelled by the mentee.")
        case Status.CLOSED_UNFULFILLED:
            return _answered(view, "Closed without a mentor.")
        case _:
            return _answered(view, f"{view.status.value}.")


def owner_warned(view: RequestView) -> Card:
    """In the card's thread, before the promise is broken: nobody is pinged."""
    due = answer_due(view)
    if view.now < due:
        left = lasting(due - view.now + _LATE_AT_MOST)
        when = f"An answer is promised by {moment(due)}, in {left}."
    else:
        when = f"The promised time ({moment(due)}) has passed."
    best = _best_placed(view)
    help_wanted = f" {best} A word from you may be all it takes." if best else ""
    return word(f"{when} {_whose(view, ping=False)}{help_wanted}")


def owner_called(view: RequestView) -> Card:
    """In the card's thread, when the promise is broken: the owner, by name."""
    who = f"{mention(view.owner)}, the" if view.owner else "The"
    waited = lasting(view.now - waiting_since(view))
    help_wanted = f" {best}" if (best := _best_placed(view)) else ""
    return word(
        f"{who} promised time has passed: no mentor after {waited}. Everything you can do is on "
        f"the card above.{help_wanted}"
    )


def _waiting(view: RequestView, heading: str, help_wanted: str) -> Card:
    waited = lasting(view.now - waiting_since(view))
    return card(
        f"No mentor after {waited}, and a request needs you: {topic(view)}.",
        section(f"*{heading}.*\n{help_wanted}"),
        section(f"For {mention(view.mentee)}, {_since(view)}.\n{_whose(view, ping=True)}"),
        request(view),
        section("\n".join(_so_far(view))),
        _for_operators(view),
        *([actions(*_deciding(view), block_id="decide")] if view.status is Status.OPEN else []),
        _reading(view, buttons.details(view)),
    )


def _answered(view: RequestView, text: str, *deciding: Block) -> Card:
    late = " The promised time was missed." if view.breached else ""
    owned = (view.owner_took_it or _stands_still(view)) and not view.status.is_final
    owner = f" {_whose(view, ping=False)}" if owned else ""
    decide = [actions(*deciding, block_id="decide")] if deciding else []
    more = [] if view.status.is_final else [buttons.details(view)]
    return card(
        f"{text} {topic(view)}",
        section(f"*{text}*{late}\nFor {mention(view.mentee)}.{owner}"),
        request(view),
        _for_operators(view),
        *decide,
        _reading(view, *more),
    )


def _deciding(view: RequestView) -> list[Block]:
    """What can be decided while nobody has it."""
    return [
        buttons.hand_back(view) if view.owner_took_it else buttons.take(view),
        buttons.assign(view),
        buttons.widen(view),
        *([buttons.nudge(view, "those who have not answered")] if _silent(view) else []),
        buttons.close_request(view),
    ]


def _steering(view: RequestView) -> list[Block]:
    """What can be decided while a mentor has it and the two know of each other."""
    nudge = [buttons.nudge(view, "the mentor")] if view.status is Status.CLAIMED else []
    return [buttons.assign(view, "Reassign…"), *nudge]


def _reading(view: RequestView, *more: Block) -> Block:
    return actions(buttons.who_was_asked(view), buttons.timeline(view), *more, block_id="read")


def _heading(view: RequestView) -> str:
    """Without a duration: the card stands for days, and is drawn anew only when something is."""
    if view.no_candidates:
        heading = "No mentor can be asked"
    else:
        heading = "Parked, still without a mentor" if view.parked else "Still without a mentor"
    if _late(view):
        heading += f", and the promised time ({moment(answer_due(view))}) has passed"
    return heading


def _how_to_help(view: RequestView) -> str:
    if view.parked:
        return "Nothing more happens by itself, and it stays open until one of you decides."
    if view.no_candidates:
        return (
            "No active mentor with room fits this request. It helps to speak to a mentor you know: "
            "once they have room and are available, you can assign it, or they can claim it in the "
            "mentors' channel."
        )
    return (
        "It helps to speak to a mentor you know: they can claim it in the mentors' channel, or you "
        "assign it to them."
    )


def _since(view: RequestView) -> str:
    if len(view.waits) > 1 or (view.waits and view.was_matched):
        return (
            f"waiting again since {moment(waiting_since(view))}, after a mentor had it (asked "
            f"{moment(view.submitted_at)})"
        )
    again = ", and had a mentor before" if view.was_matched else ""
    return f"waiting since {moment(view.submitted_at)}{again}"


def _whose(view: RequestView, *, ping: bool) -> str:
    if view.owner is None:
        return "Nobody looks after it yet."
    who = mention(view.owner) if ping else name_only(view.owner)
    return f"{who} looks after it." if view.owner_took_it else f"It is {who}'s turn."


def _so_far(view: RequestView) -> list[str]:
    """What was tried, and what may help."""
    gone = f" · gave it back or were changed: {len(view.excluded)}" if view.excluded else ""
    lines = [
        f"Asked: {len(view.asked)} · declined: {len(view.declined)} · no answer: {_silent(view)}"
        f"{gone}",
        f"Asking {SCOPES.get(view.scope, 'mentors')}"
        + (f" · last step: {step_words(view.escalation_step)}" if view.escalation_step else ""),
    ]
    if view.in_preferred_window and view.preferred:
        lines.append(f"{name_only(view.preferred)} was asked by name, and is asked first.")
    if view.hold:
        lines.append(
            f"{name_only(view.hold.mentor)} wants to take it on {moment(view.hold.until)}; others "
            "still can."
        )
    if best := _best_placed(view):
        lines.append(best)
    if not _late(view):
        lines.append(f"An answer is promised by {moment(answer_due(view))}.")
    if view.sending_paused:
        lines.append("*All sending is paused*: asks and reminders wait; claims and clocks go on.")
    return lines


def _best_placed(view: RequestView) -> str:
    if not view.best_placed:
        return ""
    return f"Best placed to help: {listed(name_only(mentor) for mentor in view.best_placed[:5])}."


def _silent(view: RequestView) -> int:
    """How many of those asked have not answered."""
    return len(set(view.asked) - set(view.declined) - set(view.excluded))


def _late(view: RequestView) -> bool:
    """Whether the present wait is over the promised time."""
    if view.waits:
        return view.waits[-1].breached or view.now >= view.waits[-1].respond_by
    return view.breached or view.now >= view.respond_by


def _claimed(view: RequestView) -> str:
    if view.claim and view.claim.assigned_by:
        return f"Assigned to {_mentor(view)} by {name_only(view.claim.assigned_by)}"
    return f"Claimed by {_mentor(view)}"


def _with_mentor(view: RequestView) -> str:
    if not _stands_still(view):
        return f"{_claimed(view)}."
    return (
        f"{_claimed(view)}, but the two get no further, and Muster asks no more. A word to both "
        "may be all it takes."
    )


def _stands_still(view: RequestView) -> bool:
    return view.stands_still and view.status is Status.CLAIMED


def _mentor(view: RequestView) -> str:
    return name_only(view.claim.mentor) if view.claim else "a mentor"


def _for_operators(view: RequestView) -> Block:
    words = f"Request {view.request_id} · {view.status.value}"
    if view.waiting_for and not view.status.is_final:
        words += f" · next: {inline(view.waiting_for)}"
        if view.waiting_until:
            words += f", {moment(view.waiting_until)}"
    return context(words)
