"""What a mentor who was asked reads by DM: the ask in every state, and what is said under it."""

from __future__ import annotations

from cards import buttons, control, rest
from cards.blocks import Card, actions, card, context, section, word
from cards.summary import holds, latest_hold, promise, request, topic
from cards.text import moment, name, spoken
from cards.wording import Say
from domain.models import Status
from domain.view import RequestView


def ask(view: RequestView, to: str, say: Say) -> Card:
    """The request put to mentor ``to``; once they have claimed it, their control card."""
    if holds(view, to):
        return control.card_for_holder(view, say)
    if to in view.excluded:
        return _gone(view, to, say)
    if view.status is not Status.OPEN:
        return _settled(view, to, say)
    if rest.resting(view, to):
        return _resting(view, to, say)
    if view.hold and view.hold.mentor.slack_id == to:
        return _holding(view, to, say)
    if view.in_preferred_window and not _preferred(view, to):
        return _by_name_first(view, to)
    return _declined(view, to, say) if to in view.declined else _open(view, to, say)


def reminder(view: RequestView, to: str, say: Say) -> Card:
    """One friendly nudge in the thread of the ask, where the buttons are."""
    by_name = "You were asked for by name. " if _preferred(view, to) else ""
    return word(by_name + say("mentor.reminder"))


def hold_due(say: Say) -> Card:
    """In the thread of the ask, when the moment they named has come."""
    return word(say("mentor.hold-due"))


def _open(view: RequestView, to: str, say: Say) -> Card:
    line = _question(view, to, say)
    choice = [buttons.claim(view), buttons.decline(view)]
    if _preferred(view, to) and view.in_preferred_window:
        choice = [buttons.claim(view, "Confirm"), buttons.decline(view, "Decline")]
    if view.hold is None and view.now < latest_hold(view):
        choice.append(buttons.hold(view))
    if to not in view.asked:  # it was theirs by a coordinator's hand, and they have undone it
        choice = [buttons.claim(view)]
    return card(
        f"{spoken(line)} {topic(view)}",
        section(line),
        request(view),
        context(promise(view)),
        actions(*choice, buttons.details(view)),
        *rest.row(view, to),
    )


def _question(view: RequestView, to: str, say: Say) -> str:
    mentee = name(view.mentee)
    if not _preferred(view, to):
        return say("mentor.asked", mentee=mentee)
    if view.in_preferred_window:
        return say("mentor.asked-by-name", mentee=mentee)
    return f"*{mentee} asked for you*, and is still waiting. Others are asked now, too."


def _by_name_first(view: RequestView, to: str) -> Card:
    text = (
        "Another mentor was asked by name first. If they can't, this request is open to you again."
    )
    return card(text, request(view), section(text), *rest.row(view, to))


def _holding(view: RequestView, to: str, say: Say) -> Card:
    assert view.hold is not None  # noqa: S101 - the caller has looked
    if view.hold.until <= view.now:
        line = f"*This is the time you named.* {name(view.mentee)} is still looking for a mentor."
    else:
        line = say("mentor.holding", date=moment(view.hold.until))
    return card(
        spoken(line),
        section(line),
        request(view),
        context(promise(view)),
        actions(
            buttons.claim(view), buttons.decline(view, "I can't after all"), buttons.details(view)
        ),
        *rest.row(view, to),
    )


def _declined(view: RequestView, to: str, say: Say) -> Card:
    line = say("mentor.declined")
    choice = [buttons.claim(view, "Changed your mind? Claim")]
    if to not in view.reasons:
        choice.append(buttons.say_why(view))
    thanks = [context("Thank you for saying why.")] if to in view.reasons else []
    return card(
        spoken(line),
        section(line),
        request(view),
        *thanks,
        actions(*choice),
        *rest.row(view, to),
    )


def _resting(view: RequestView, to: str, say: Say) -> Card:
    """They can't be asked now; a claim has to wait until they are back."""
    line = "*You are taking a break.*" if view.on_break.get(to) else "*Requests are paused.*"
    if to in view.opted_out:
        line = "*You get no requests any more.*"
    elif to in view.declined:
        line = say("mentor.declined")
    return card(
        spoken(line),
        section(line),
        request(view),
        context("Changed your mind? Press “I'm back” first; then you can claim it."),
        *rest.row(view, to),
    )


def _settled(view: RequestView, to: str, say: Say) -> Card:
    match view.status:
        case Status.CLAIMED | Status.SCHEDULED | Status.AWAITING_FEEDBACK | Status.COMPLETED:
            line = say("mentor.taken")
        case Status.CANCELLED:
            line = "This request was cancelled by the person who asked. Thank you for being there."
        case _:
            line = "This request is closed. Nothing for you to do; thank you for being there."
    about = [context(topic(view))] if view.claim else []
    return card(spoken(line), section(line), *about, *rest.foot(view, to))


def _gone(view: RequestView, to: str, say: Say) -> Card:
    """It was theirs, and is not any more."""
    if to in view.left_by:
        line = say("mentor.left", mentee=name(view.mentee))
    else:
        line = say("mentor.given-back")
    return card(spoken(line), section(line), *rest.foot(view, to))


def _preferred(view: RequestView, to: str) -> bool:
    return view.preferred is not None and view.preferred.slack_id == to
