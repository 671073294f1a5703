"""Who may be asked, best first, and why others may not. Pure: roster and moment come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from domain.models import Candidate, Mentor, Skill
from domain.policy import Scope

AVAILABLE = "Available"
SNOOZED = "Snoozed"
OPTED_OUT = "Opted out"


# ---- names of skills ------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def skill_key(name: str) -> str:
    """The form in which skill names are compared: "Node.js" and "node js" are one."""
    return "".join(
        character for character in name.casefold() if character.isalnum() or character in "+#"
    )


class SkillIndex:
    """Finds the skill behind any of its names: "Javascript" = "JavaScript" = "JS"."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self._canonical: dict[str, str] = {}
        for skill in skills:
            own = skill_key(skill.name)
            for name in (skill.name, *skill.aliases):
                self._canonical.setdefault(skill_key(name), own)

    def canonical(self, name: str) -> str:
        key = skill_key(name)
        return self._canonical.get(key, key)

    def canonical_all(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(self.canonical(name) for name in names)


# ---- two who are never paired ---------------------------------------------------------------

Pair = frozenset[str]
"""Two people who are never matched with each other, by ``person_key``."""


def person_key(slack_id: str) -> str:
    """The form in which Slack ids that people typed are compared."""
    return slack_id.strip().upper()


def pair_of(one: str, other: str) -> Pair:
    """Two people as a pair, however their Slack ids were typed."""
    return frozenset({person_key(one), person_key(other)})


def never_paired_with(slack_id: str, pairs: Iterable[Pair]) -> frozenset[str]:
    """Everybody who stands on the list together with this person, by ``person_key``."""
    person = person_key(slack_id)
    return frozenset(other for pair in pairs if person in pair for other in pair - {person})


# ---- one mentor -----------------------------------------------------------------------------


class Reason(StrEnum):
    """Why a mentor can't be asked for a request; of several, the first in this order counts.

    Those at the end may pass; those at the beginning do not.
    """

    NO_SLACK_ID = "no Slack id"
    ASKS_THEMSELVES = "is the one who asks"
    NEVER_PAIRED = "never paired with this person"
    GAVE_IT_BACK = "gave it back before"
    NOT_ACTIVE = "not active"
    OPTED_OUT = "opted out"
    MARKED = "marked"
    """Their status says something else, e.g. "Dormant" or "At capacity"."""
    ON_A_BREAK = "on a break"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The scope that reaches a mentor, or else the reason why they can't be asked."""

    scope: Scope | None = None
    reason: Reason | None = None
    words: str = ""
    """For coordinators' eyes: the reason with its date or numbers, or how well the mentor fits."""


class _Names(dict[str, str]):
    """Canonical names of skills as they come: thousands of mentors share few spellings."""

    def __init__(self, index: SkillIndex) -> None:
        self._index = index

    def __missing__(self, skill: str) -> str:
        found = self[skill] = self._index.canonical(skill)
        return found


class Wish:
    """What decides about every mentor for one request, at ``now``.

    ``excluded`` are the Slack ids of those who had the request and gave it back; ``never_pairs``
    is the community's whole list.
    """

    def __init__(
        self,
        *,
        service: str,
        skills: Iterable[str],
        index: SkillIndex,
        mentee: str,
        excluded: Collection[str] = (),
        never_pairs: Iterable[Pair] = (),
        now: datetime,
    ) -> None:
        self.service = service
        self.mentee = mentee
        self.excluded = frozenset(excluded)
        self.now = now
        self._never_with = never_paired_with(mentee, never_pairs)
        self._wanted = index.canonical_all(skills)
        self._names = _Names(index)

    def forbids(self, slack_id: str) -> bool:
        """Whether this person stands on the never-pair list together with the mentee."""
        return bool(self._never_with) and person_key(slack_id) in self._never_with

    def reached_by(self, mentor: Mentor) -> Scope:
        """The narrowest scope that reaches a mentor, whether they can be asked now or not.

        With no skills given, a mentor who offers the service is a full match (DESIGN §3).
        """
        offers = self.service in mentor.services
        if not self._wanted:
            return Scope.FULL if offers else Scope.ALL
        matched = self._wanted.intersection(map(self._names.__getitem__, mentor.skills))
        if not matched:
            return Scope.ALL
        return Scope.FULL if offers and len(matched) == len(self._wanted) else Scope.PARTIAL


def appraise(mentor: Mentor, wish: Wish) -> Appraisal:
    """Whether one mentor can be asked, and by which scope, or why not."""
    reason = _personal_reason(mentor, wish) or cannot_take_more(mentor, wish.now)
    if reason is None:
        return _FITS[wish.reached_by(mentor)]
    return Appraisal(reason=reason, words=_words(reason, mentor, wish.now))


def cannot_take_more(mentor: Mentor, now: datetime) -> Reason | None:
    """Why a mentor can't take any request at ``now``; None for one who can.

    A snooze ends with its date, also while the row still says ``Snoozed``.
    """
    snoozed = mentor.snoozed_until
    if not mentor.active:
        return Reason.NOT_ACTIVE
    if mentor.status == OPTED_OUT:
        return Reason.OPTED_OUT
    if mentor.status not in (AVAILABLE, SNOOZED, ""):
        return Reason.MARKED
    if mentor.status == SNOOZED if snoozed is None else snoozed > now:
        return Reason.ON_A_BREAK
    return Reason.FULL if max(mentor.load, 0) >= mentor.max_mentees else None


def can_take_more(mentor: Mentor, now: datetime) -> bool:
    """Active, not snoozed, opted in, and below capacity at ``now``."""
    return cannot_take_more(mentor, now) is None


_FITS = {
    Scope.FULL: Appraisal(scope=Scope.FULL, words="fits in full"),
    Scope.PARTIAL: Appraisal(scope=Scope.PARTIAL, words="fits in part"),
    Scope.ALL: Appraisal(scope=Scope.ALL, words="other skills, but has room"),
}


def _personal_reason(mentor: Mentor, wish: Wish) -> Reason | None:
    """Why this mentor can't be asked by this mentee, whatever room they have."""
    if not mentor.slack_id:
        return Reason.NO_SLACK_ID
    if mentor.slack_id == wish.mentee:
        return Reason.ASKS_THEMSELVES
    if wish.forbids(mentor.slack_id):
        return Reason.NEVER_PAIRED
    return Reason.GAVE_IT_BACK if mentor.slack_id in wish.excluded else None


def _words(reason: Reason, mentor: Mentor, now: datetime) -> str:
    if reason is Reason.MARKED:
        return f"marked “{mentor.status}”"
    if reason is Reason.ON_A_BREAK and mentor.snoozed_until is not None:
        until = mentor.snoozed_until
        year = "" if until.year == now.year else f" {until.year}"
        return f"on a break until {until.day} {until:%b}{year}"
    if reason is Reason.FULL:
        mentees = "mentee" if mentor.max_mentees == 1 else "mentees"
        return f"full: {mentor.load} of {mentor.max_mentees} {mentees}"
    return reason.value


# ---- all of them ----------------------------------------------------------------------------


def appraise_all(mentors: Iterable[Mentor], wish: Wish) -> list[tuple[Mentor, Appraisal]]:
    """Everybody, best placed first; then those who can't be asked, the nearest to it first.

    Full matches come before partial ones and those before all with room; within a rank the least
    loaded, then by id so that the order is stable.
    """
    ranked = [(mentor, appraise(mentor, wish)) for mentor in mentors]
    ranked.sort(key=lambda entry: entry[0].slack_id)
    ranked.sort(key=_place)  # a stable sort: equals stay in the order of their ids
    return ranked


def candidates(
    mentors: Iterable[Mentor],
    *,
    service: str,
    skills: Sequence[str],
    index: SkillIndex,
    mentee: str,
    excluded: Collection[str],
    never_pairs: Iterable[Pair] = (),
    now: datetime,
) -> list[Candidate]:
    """Everyone who may be asked, in the order of ``appraise_all``."""
    wish = Wish(
        service=service,
        skills=skills,
        index=index,
        mentee=mentee,
        excluded=excluded,
        never_pairs=never_pairs,
        now=now,
    )
    return askable(appraise_all(mentors, wish))


def askable(appraised: Iterable[tuple[Mentor, Appraisal]]) -> list[Candidate]:
    """Of these, those who may be asked, in their order."""
    return [
        Candidate(
            slack_id=mentor.slack_id,
            name=mentor.name,
            time_zone=mentor.time_zone,
            record_id=mentor.record_id,
            scope=appraisal.scope,
        )
        for mentor, appraisal in appraised
        if appraisal.scope is not None
    ]


_WIDTH = {scope: float(scope.width) for scope in Scope}
_DISTANCE = {reason: float(len(Scope) + n) for n, reason in enumerate(reversed(Reason))}


def _place(entry: tuple[Mentor, Appraisal]) -> float:
    """Rank before the point, load behind it: whoever can be asked is less than fully loaded."""
    mentor, appraisal = entry
    if appraisal.scope is not None:
        return _WIDTH[appraisal.scope] + max(mentor.load, 0) / mentor.max_mentees
    return _DISTANCE[appraisal.reason] if appraisal.reason else float("inf")


def within(found: Iterable[Candidate], scope: Scope) -> list[Candidate]:
    """The candidates that ``scope`` reaches, in their order."""
    return [candidate for candidate in found if candidate.scope.width <= scope.width]
