"""A mentor's rest on the cards of a request: what is so now, and the buttons that change it."""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, actions, context, section
from cards.text import moment
from domain.view import RequestView


def resting(view: RequestView, to: str) -> bool:
    """Whether mentor ``to`` can't be asked now: a break, a pause, or they want no asks at all."""
    if to in view.opted_out:
        return True
    until = view.on_break.get(to)
    return to in view.on_break and (until is None or until > view.now)


def words(view: RequestView, to: str) -> str:
    """Which rest it is; call it for somebody who is ``resting``."""
    if to in view.opted_out:
        return (
            "You get no requests any more, as you wished. Whenever you like, one click and you are "
            "back."
        )
    if until := view.on_break[to]:
        return f"You are taking a break until {moment(until)}, and nobody asks you before then."
    return "We have paused requests to you for now. Whenever you like, one click and you are back."


def row(view: RequestView, to: str) -> list[Block]:
    """The last row of an ask that is open: rest in one tap, or in a form; or the way back."""
    if not resting(view, to):
        return [actions(buttons.not_this_week(view), buttons.rest(view), block_id="rest")]
    choice = [buttons.end_break(view)]
    if to not in view.opted_out:
        choice.append(buttons.rest(view))
    return [section(words(view, to)), actions(*choice, block_id="rest")]


def button(view: RequestView, to: str) -> Block:
    """The one button for it among others, on cards about what they have taken on."""
    return buttons.end_break(view) if resting(view, to) else buttons.rest(view)


def note(view: RequestView, to: str) -> list[Block]:
    """The line that goes with ``button``; nothing to say for who does not rest."""
    return [context(words(view, to))] if resting(view, to) else []


def foot(view: RequestView, to: str) -> list[Block]:
    """Both, below a card that has nothing else to be done: one quiet button."""
    return [*note(view, to), actions(button(view, to), block_id="rest")]
