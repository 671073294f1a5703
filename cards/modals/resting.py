"""A mentor's rest: not this week, not until a date, not at all; and what is so afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from cards import buttons
from cards.blocks import Block, View, actions, field, plain, section
from cards.ids import Callback, Field
from cards.modals.frame import modal
from cards.text import moment
from cards.values import RestContext


class Rest(StrEnum):
    """The choices of the form, by their option's value."""

    WEEK = "week"
    DATE = "date"
    STOP = "stop"


_CHOICES = {
    Rest.WEEK: ("Not this week", "No requests for seven days."),
    Rest.DATE: ("Not until a date", "No requests before the day you choose below."),
    Rest.STOP: ("Not at all", "No requests until you come back yourself."),
}


def rest(form: RestContext) -> View:
    """The choice (``Field.HOW``), and for a date the day (``Field.DATE``)."""
    options = [_option(kind) for kind in Rest]
    choice: Block = {
        "type": "radio_buttons",
        "options": options,
        "initial_option": options[0],
    }
    day: Block = {"type": "datepicker", "placeholder": plain("Choose a day")}
    return modal(
        Callback.REST,
        "Pause or stop",
        [
            section(
                "You get no new requests; those you mentor stay yours. You can come back at any "
                "time: “I'm back” is on every card then, and in App Home."
            ),
            field(Field.HOW, "For how long?", choice),
            field(
                Field.DATE,
                "If until a date: which day?",
                day,
                hint="You may be asked again from the beginning of that day, on your clock.",
                optional=True,
            ),
        ],
        submit="Save",
        form=form,
    )


def _option(kind: Rest) -> Block:
    label, meaning = _CHOICES[kind]
    return {"text": plain(label), "value": kind.value, "description": plain(meaning)}


def stopped_already() -> View:
    """To somebody who has opted out: nothing to pause, and the way back."""
    return modal(
        Callback.WORD,
        "Muster",
        [
            section("You get no requests any more, as you wished, so there is nothing to pause."),
            actions(buttons.come_back(), block_id="rest"),
        ],
    )


def pausing_until(until: datetime) -> str:
    return (
        f"You get no requests until {moment(until)}. Those you mentor stay yours, and “I'm back” "
        "in App Home ends it sooner."
    )


STOPPED = (
    "You get no more requests. Those you mentor stay yours, and “I'm back” in App Home works at "
    "any time. Thank you for what you have done."
)
BACK = "Welcome back. You may be asked again from now on."
STOPPED_STAYS = (
    "You get no requests any more, as you wished, and that stays so. “I'm back” in App Home takes "
    "it back."
)
"""A pause was wished by somebody who has opted out: the stronger wish counts."""
