"""What a mentor reads outside any request: come back?, still there?, paused for now."""

from __future__ import annotations

from datetime import datetime

from cards import buttons
from cards.blocks import Block, Card, actions, card, section
from cards.text import moment, spoken
from cards.wording import Say
from domain.mentor_memory import WordKind

_ANSWERS = {
    "back": "mentor.welcome-back",
    "not now": "mentor.not-now",
    "never": "mentor.never-again",
    "here": "mentor.here",
}


def word_to_mentor(kind: WordKind, answer: str, until: datetime | None, say: Say) -> Card:
    """The question with its buttons; once it is answered (``answer``), what is so now.

    ``until``: the end of a break that they have answered with (UTC).
    """
    if answer:
        line = _settled(answer, until, say)
        return card(spoken(line), section(line))
    key, choice = {
        WordKind.WIN_BACK: ("mentor.win-back", _win_back()),
        WordKind.STILL_THERE: ("mentor.still-there", [buttons.still_here(), buttons.rest()]),
    }.get(kind, ("mentor.paused", [buttons.come_back("I'm back"), buttons.rest()]))
    line = say(key)
    return card(spoken(line), section(line), actions(*choice))


def _win_back() -> list[Block]:
    return [buttons.come_back("Come back"), buttons.not_now(), buttons.never_ask_again()]


def _settled(answer: str, until: datetime | None, say: Say) -> str:
    if answer in _ANSWERS:
        return say(_ANSWERS[answer])
    if answer == "break" and until is not None:
        return f"You are taking a break until {moment(until)}, and nobody asks you before then."
    if answer == "paused":
        return "We have paused requests to you for now; the message below says more."
    return "This question is settled. App Home shows how you stand."
