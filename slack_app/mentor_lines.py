"""The list in "Who was asked?": every mentor, with why they were asked or not. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cards.modals import MentorLine
from cards.text import zone
from domain.case_words import CaseWords
from domain.matching import Appraisal
from domain.models import Mentor
from domain.view import CaseFile


def mentor_lines(
    case: CaseFile, appraised: Sequence[tuple[Mentor, Appraisal]], time_zone: str
) -> list[MentorLine]:
    """Those who were asked, then those who are about to be, then all others; each best placed
    first.

    Args:
        appraised: every mentor on the roster, best placed first.
        time_zone: of whoever reads it (IANA name); UTC when unknown.
    """
    told = CaseWords(case, zone(time_zone))
    ranked = [
        (
            told.rank(mentor.slack_id),
            MentorLine(
                mentor.name or mentor.slack_id,
                told.words(mentor.slack_id, appraisal),
                load=_load(mentor),
            ),
        )
        for mentor, appraisal in appraised
    ]
    ranked.sort(key=lambda entry: entry[0])
    known = {mentor.slack_id for mentor, _ in appraised}
    gone = [ask for ask in case.asks if ask.mentor.slack_id not in known]
    return [
        *(MentorLine(ask.mentor.name or ask.mentor.slack_id, told.asked(ask)) for ask in gone),
        *(line for _, line in ranked),
    ]


def _load(mentor: Mentor) -> str:
    return f"{mentor.load} of {mentor.max_mentees} mentee{'' if mentor.max_mentees == 1 else 's'}"
