"""The names by which Slack tells us what was pressed: one list for cards and listeners."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Buttons."""

    CLAIM = "claim"
    DECLINE = "decline"
    UNDO_CLAIM = "undo_claim"
    EDIT_HELLO = "edit_hello"
    RELEASE = "release"
    CANCEL = "cancel"
    DETAILS = "details"
    PROPOSE_TIMES = "propose_times"
    ACCEPT_TIME = "accept_time"
    GIVE_FEEDBACK = "give_feedback"


class Callback(StrEnum):
    """Modals."""

    HELLO = "hello"
    TIMES = "times"
    FEEDBACK = "feedback"
    DETAILS = "details"
    WORD = "word"


class Field(StrEnum):
    """Input blocks in modals; the element in each is called ``INPUT``."""

    HELLO = "hello"
    TIME_1 = "time_1"
    TIME_2 = "time_2"
    TIME_3 = "time_3"
    HAPPENED = "happened"
    RATING = "rating"
    NOTE = "note"
    LEVEL = "level"


INPUT = "input"
TIME_FIELDS = (Field.TIME_1, Field.TIME_2, Field.TIME_3)

COMMAND = "/mentor-request"
