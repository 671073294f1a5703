"""The names by which Slack tells us what was pressed: one list for cards and listeners."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Buttons and other elements that are used outside a form."""

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
    # a mentor who was asked
    SAY_WHY = "say_why"
    """Opens a form: why they declined."""
    TAKE_BREAK = "take_break"
    """Opens a form: no asks until when."""
    END_BREAK = "end_break"
    HOLD = "hold"
    """Opens a form: on which day they will do it."""
    # the mentor who has it
    WRITE_TODAY = "write_today"
    WRITE_WEEKEND = "write_weekend"
    WRITE_PICK = "write_pick"
    """Opens a form: by when they will write; the other two say it in one tap."""
    # the mentee
    KEEP_WAITING = "keep_waiting"
    ASK_MORE = "ask_more"
    ANOTHER_MENTOR = "another_mentor"
    # both of the pair
    NOT_DONE_YET = "not_done_yet"
    TALK_TO_COORDINATOR = "talk_to_coordinator"
    """Opens a form; in App Home also for people without a request."""
    # coordinators
    TAKE = "take"
    HAND_BACK = "hand_back"
    ASSIGN = "assign"
    """Opens a form with a mentor to search for."""
    WIDEN = "widen"
    NUDGE = "nudge"
    CLOSE_REQUEST = "close_request"
    """Opens a form: the reason, and a word to the mentee."""
    WHO_WAS_ASKED = "who_was_asked"
    """Opens the list: beside every mentor, why they were asked or not."""
    TIMELINE = "timeline"
    """Opens what happened, and who did it."""
    ANSWER_PERSON = "answer_person"
    """Opens a form: the answer to somebody's words that were passed on."""
    OPEN_REQUEST = "open_request"
    """In App Home: shows a request's card with its buttons in a modal."""
    PAUSE_SENDING = "pause_sending"
    RESUME_SENDING = "resume_sending"
    FIND_MENTOR = "find_mentor"
    """The searchable list of mentors asks for its options."""


class Callback(StrEnum):
    """Modals."""

    HELLO = "hello"
    TIMES = "times"
    FEEDBACK = "feedback"
    DETAILS = "details"
    WORD = "word"
    SAY_WHY = "say_why"
    TAKE_BREAK = "take_break"
    HOLD = "hold"
    WRITE_BY = "write_by"
    TALK = "talk"
    ASSIGN = "assign"
    CLOSE_REQUEST = "close_request"
    ANSWER_PERSON = "answer_person"
    WHO_WAS_ASKED = "who_was_asked"
    TIMELINE = "timeline"
    REQUEST = "request"
    """A request's card in a modal."""


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
    REASON = "reason"
    """Also the choice of a reason; free words are NOTE."""
    UNTIL = "until"
    """A moment (datetimepicker), or for a break a number of days."""
    TEXT = "text"
    MENTOR = "mentor"
    """external_select with action id ``Action.FIND_MENTOR`` instead of ``INPUT``."""
    WORD = "word"


INPUT = "input"
TIME_FIELDS = (Field.TIME_1, Field.TIME_2, Field.TIME_3)

COMMAND = "/mentor-request"
