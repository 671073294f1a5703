"""Why each mentor was asked for a request, or not: what "Who was asked?" says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cards.modals import MentorLine
from cards.text import zone
from domain.matching import Appraisal
from domain.models import Mentor
from domain.policy import Scope
from domain.view import AskView, CaseFile

_WIDER = {
    Scope.PARTIAL: "wider scope: asked when partial matches are",
    Scope.ALL: "wider scope: asked when all mentors with room are",
}


def mentor_lines(
    case: CaseFile, appraised: Sequence[tuple[Mentor, Appraisal]], time_zone: str
) -> list[MentorLine]:
    """Those who were asked, then those who are about to be, then all others; each best placed
    first.

    Args:
        appraised: every mentor on the roster, best placed first.
        time_zone: of whoever reads it (IANA name); UTC when unknown.
    """
    told = _Told(case, time_zone)
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


class _Told:
    """One request's case, looked at mentor by mentor."""

    def __init__(self, case: CaseFile, time_zone: str) -> None:
        self._case = case
        self._zone = zone(time_zone)
        self._asks = {ask.mentor.slack_id: ask for ask in case.asks}

    def rank(self, slack_id: str) -> int:
        if slack_id in self._asks or slack_id == self._case.mentor:
            return 0
        return 1 if slack_id in self._case.planned or slack_id in self._case.queued else 2

    def words(self, slack_id: str, appraisal: Appraisal) -> str:
        case = self._case
        if slack_id == case.mentor:
            return "has this request"
        if ask := self._asks.get(slack_id):
            return self.asked(ask)
        if appraisal.scope is None:
            return f"not asked: {appraisal.words}"
        if case.mentor:
            return f"not asked before somebody had it; {appraisal.words}"
        return f"{self._what_next(slack_id, appraisal.scope)}; {appraisal.words}"

    def _what_next(self, slack_id: str, reached_by: Scope) -> str:
        case = self._case
        if due := case.planned.get(slack_id):
            return f"asleep until {self._at(due)}, will be asked then"
        if slack_id in case.queued:
            when = f" at {self._at(case.next_wave_at)}" if case.next_wave_at else ""
            return f"comes with the next wave{when}"
        if case.in_preferred_window:
            return "waits while the mentor whom they named is asked"
        if reached_by.width > case.scope.width and reached_by in _WIDER:
            return _WIDER[reached_by]
        return "can be asked with the next step"

    def asked(self, ask: AskView) -> str:
        if ask.answer == "unreachable":
            return "could not be reached in Slack"
        words = f"asked {self._at(ask.at)}"
        if ask.mentor.slack_id == self._case.preferred:
            words += " (they were named)"
        if ask.reminded:
            words += ", reminded"
        if ask.mentor.slack_id in self._case.excluded:
            return f"{words}, had it and does not have it any more"
        if ask.answer == "declined":
            return f"{words}, declined" + (f" – {ask.reason}" if ask.reason else "")
        return f"{words}, no answer yet"

    def _at(self, moment: datetime) -> str:
        """On the reader's clock; the day only where it is not today's."""
        local = moment.astimezone(self._zone or UTC)
        today = self._case.now.astimezone(self._zone or UTC).date()
        day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b}, "
        return f"{day}{local:%H:%M}" + ("" if self._zone else " UTC")


def _load(mentor: Mentor) -> str:
    return f"{mentor.load} of {mentor.max_mentees} mentee{'' if mentor.max_mentees == 1 else 's'}"
