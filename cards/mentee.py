"""What the mentee reads by DM. Never how many were asked, nor who declined."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, Card, actions, card, context, section, word
from cards.ids import COMMAND
from cards.summary import introduced, mentor_name, pair, request, where
from cards.text import clocks, moment, name, quote, spoken
from cards.wording import Say
from domain.links import Links
from domain.models import Person, Role, Status
from domain.view import RequestView

KEEPS_WAITING, ASKS_MORE = "keep waiting", "ask more"
"""What ``RequestView.choice`` says."""

_CLOSED_LATER = "A coordinator has closed your request. You can ask again at any time."


def received(view: RequestView, links: Links, say: Say) -> Card:
    """What was asked for and what happens next, all through the request's life.

    A claim is not shown before the mentor can no longer undo it: nobody is announced and then
    withdrawn.
    """
    match view.status:
        case Status.IN_REVIEW:
            in_review = "A coordinator looks at it first, and you hear from us here."
            return _waiting(view, links, say, in_review)
        case Status.CLAIMED if introduced(view):
            return _matched(view, links, say)
        case Status.OPEN | Status.CLAIMED:
            return _waiting(view, links, say, _what_happens(view, say))
        case Status.SCHEDULED:
            return _scheduled(view, links)
        case Status.AWAITING_FEEDBACK:
            return _awaiting_feedback(view, links)
        case Status.COMPLETED:
            line = say("mentee.completed")
            return card(spoken(line), section(line), request(view), *_status(view, links))
        case Status.CANCELLED:
            return word(say("mentee.cancelled"))
        case Status.CLOSED_UNFULFILLED if introduced(view):
            return word(_CLOSED_LATER)
        case Status.CLOSED_UNFULFILLED:
            return word(say("mentee.closed"))
        case Status.NOT_ELIGIBLE:
            return word(
                "We could not take this request. If that surprises you, please write to a "
                "coordinator: they will gladly explain."
            )
        case _:
            line = "*We have your request.*\nYou hear from us here."
            return card(spoken(line), section(line), request(view), *_status(view, links))


def update(view: RequestView, links: Links, say: Say) -> Card:
    """Honestly: nobody yet. Once they have chosen, or have a mentor, there is nothing to press."""
    if introduced(view) and not view.status.is_final:
        return word(f"You have a mentor now: {mentor_name(view)}. Thank you for your patience.")
    if view.status not in (Status.OPEN, Status.CLAIMED):
        return word("You need not decide anything here any more: our first message says the rest.")
    if view.choice == KEEPS_WAITING:
        return word(say("mentee.keeps-waiting"))
    if view.choice == ASKS_MORE:
        return word(say("mentee.asks-more"))
    line = (
        say("mentee.update-late")
        if _late(view) or view.was_matched
        else say("mentee.update", date=moment(view.respond_by))
    )
    return card(
        spoken(line),
        section(line),
        context("What would you like? If you choose nothing, we keep looking."),
        actions(buttons.keep_waiting(view), buttons.ask_more(view), buttons.cancel(view)),
        *_status(view, links),
    )


def opened_wider(view: RequestView, links: Links, say: Say) -> Card:
    """The mentor whom they named has not said yes so far; others are asked now, too."""
    line = _what_happens(view, say)
    return card(spoken(line), section(line), *_status(view, links))


def released(view: RequestView, links: Links, say: Say) -> Card:
    """The mentor can't after all, or another one is looked for at the mentee's wish."""
    changed = bool(view.excluded) and view.excluded[-1] in view.left_by
    line = say("mentee.changed") if changed else say("mentee.released")
    return card(spoken(line), section(line), *_status(view, links))


def closed_word(view: RequestView, say: Say) -> Card:
    """A coordinator has closed the request, perhaps with a word of their own."""
    if introduced(view):
        text = f"*{_CLOSED_LATER}*"
    else:
        text = f"*A coordinator has closed your request.*\n{say('mentee.closed')}"
    own = [section(f"They write:\n{quote(view.closing_word)}")] if view.closing_word else []
    return card(
        spoken(text),
        section(text),
        *own,
        request(view),
        context(f"{COMMAND} shows how to ask again."),
    )


def _waiting(view: RequestView, links: Links, say: Say, what_happens: str) -> Card:
    line = say("mentee.received")
    return card(
        spoken(line),
        section(line),
        request(view),
        section(what_happens),
        *_status(view, links),
        context("Not you, or no longer needed? Cancel here; nobody minds."),
        actions(buttons.talk(view.request_id), buttons.cancel(view)),
    )


def _what_happens(view: RequestView, say: Say) -> str:
    if view.was_matched:
        return "We are looking for another mentor for you. You hear from us here."
    if _late(view):
        return say("mentee.overdue")
    date = moment(view.respond_by)
    if view.preferred is None:
        return say("mentee.asking", date=date)
    alone = view.in_preferred_window or _waits_for_preferred(view, view.preferred)
    key = "mentee.asked-by-name" if alone else "mentee.others-too"
    return say(key, mentor=name(view.preferred), date=date)


def _waits_for_preferred(view: RequestView, preferred: Person) -> bool:
    """The mentor they named wants to do it on a day, and nobody else was asked so far."""
    held = view.hold is not None and view.hold.mentor.slack_id == preferred.slack_id
    return held and view.asked == [preferred.slack_id]


def _matched(view: RequestView, links: Links, say: Say) -> Card:
    line = say("mentee.matched", mentor=mentor_name(view))
    step = (
        "Next: agree on a time for your session there."
        if view.needs_session
        else "Just write there whenever it suits you."
    )
    return card(
        spoken(line),
        section(f"{line}\n{_place(view)} {step}"),
        request(view),
        *_status(view, links),
        _while_matched(view),
    )


def _scheduled(view: RequestView, links: Links) -> Card:
    line, at = f"*Your session with {mentor_name(view)} is set.*", view.session_at
    when = f"\n{clocks(at, pair(view), reader=view.mentee.slack_id)}" if at else ""
    return card(
        spoken(line),
        section(line + when),
        request(view),
        section(f"{_place(view)} You can propose another time there."),
        *_status(view, links),
        _while_matched(view),
    )


def _while_matched(view: RequestView) -> Block:
    return actions(
        buttons.talk(view.request_id), buttons.another_mentor(view), buttons.cancel(view)
    )


def _awaiting_feedback(view: RequestView, links: Links) -> Card:
    if Role.MENTEE in view.feedback_from:
        line = "*Thank you for telling us how it went.*\nWe wish you well."
    else:
        line = (
            f"*How did it go with {mentor_name(view)}?*\nWe have asked you in a message of its own."
        )
    return card(
        spoken(line),
        section(line),
        request(view),
        *_status(view, links),
        actions(buttons.talk(view.request_id)),
    )


def _late(view: RequestView) -> bool:
    return view.breached or view.now >= view.respond_by


def _place(view: RequestView) -> str:
    return where(view, view.claim.mentor) if view.claim else ""


def _status(view: RequestView, links: Links) -> list[Block]:
    url = links.status_url(view.request_id, view.mentee.slack_id)
    return [context(f"<{url}|See where your request stands>")] if url else []
