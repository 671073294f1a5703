"""The modals: what may be read, and the forms. Each function returns a view for Slack."""

from cards.modals.coordinators import (
    MentorLine,
    answer_person,
    assign,
    close_request,
    mentor_options,
    request_card,
    timeline,
    who_was_asked,
)
from cards.modals.mentor import (
    REASONS,
    hold,
    say_why,
    suggested_hold,
    write_by,
)
from cards.modals.pair import (
    NO,
    YES,
    details,
    feedback,
    hello,
    talk,
    times,
    tomorrow_evening,
    word,
)
from cards.modals.profiles import one_moment, profile
from cards.modals.resting import Rest, rest

__all__ = [
    "NO",
    "REASONS",
    "YES",
    "MentorLine",
    "Rest",
    "answer_person",
    "assign",
    "close_request",
    "details",
    "feedback",
    "hello",
    "hold",
    "mentor_options",
    "one_moment",
    "profile",
    "request_card",
    "rest",
    "say_why",
    "suggested_hold",
    "talk",
    "timeline",
    "times",
    "tomorrow_evening",
    "who_was_asked",
    "word",
    "write_by",
]
