"""Why each mentor was asked for one request, or not, in coordinators' words. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from domain.matching import Appraisal
from domain.policy import Scope
from domain.view import AskView, CaseFile

_WIDER = {
    Scope.PARTIAL: "wider scope: asked when partial matches are",
    Scope.ALL: "wider scope: asked when all mentors with room are",
}


class CaseWords:
    """One request's case, looked at mentor by mentor.

    ``zone`` is the reader's; without one, moments are said in UTC, and that they are.
    """

    def __init__(self, case: CaseFile, zone: tzinfo | None = None) -> None:
        self._case = case
        self._zone = zone
        self._asks = {ask.mentor.slack_id: ask for ask in case.asks}

    def rank(self, slack_id: str) -> int:
        """0 for who was asked or has it, 1 for who is about to be asked, 2 for all others."""
        if slack_id in self._asks or slack_id == self._case.mentor:
            return 0
        return 1 if slack_id in self._case.planned or slack_id in self._case.queued else 2

    def words(self, slack_id: str, appraisal: Appraisal) -> str:
        """What came of asking them, else when they will be asked, else why they are not."""
        case = self._case
        if slack_id == case.mentor:
            return "has this request"
        if ask := self._asks.get(slack_id):
            return self.asked(ask)
        if appraisal.scope is None:
            return f"not asked: {appraisal.words}"
        if slack_id in case.withheld and self.rank(slack_id) > 1:
            return f"not asked when it was their turn: {case.withheld[slack_id]}"
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
        """When one who was asked was, and what came of it."""
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
        return f"{words}, {ask.away or 'no answer yet'}"

    def _at(self, moment: datetime) -> str:
        """On the reader's clock; the day only where it is not today's."""
        local = moment.astimezone(self._zone or UTC)
        today = self._case.now.astimezone(self._zone or UTC).date()
        day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b}, "
        return f"{day}{local:%H:%M}" + ("" if self._zone else " UTC")
