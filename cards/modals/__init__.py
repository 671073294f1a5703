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
    BREAKS,
    REASONS,
    hold,
    say_why,
    suggested_hold,
    take_break,
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

__all__ = [
    "BREAKS",
    "NO",
    "REASONS",
    "YES",
    "MentorLine",
    "answer_person",
    "assign",
    "close_request",
    "details",
    "feedback",
    "hello",
    "hold",
    "mentor_options",
    "request_card",
    "say_why",
    "suggested_hold",
    "take_break",
    "talk",
    "timeline",
    "times",
    "tomorrow_evening",
    "who_was_asked",
    "word",
    "write_by",
]
