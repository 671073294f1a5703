"""Who may be asked, best first, and why others may not. Pure: roster and moment come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest

from domain.models import Candidate, Mentor
from domain.policy import Scope
from domain.skills import SkillIndex

AVAILABLE = "Available"
AT_CAPACITY = "At capacity"
SNOOZED = "Snoozed"
OPTED_OUT = "Opted out"
DORMANT = "Dormant"

MOST_CANDIDATES = 500
"""As many as one answer has: thirty-three waves of 15, and a tenth of the 2 MB that a payload of
Temporal may hold."""


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
    """Their status is one that somebody made up, e.g. "Moved on"."""
    ON_A_BREAK = "on a break"
    FULL = "full"
    DORMANT = "not seen for a long time"
    ASKED_ENOUGH = "asked often enough this week"


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The scope that reaches a mentor, or else the reason why they can't be asked."""

    scope: Scope | None = None
    reason: Reason | None = None
    words: str = ""
    """For coordinators' eyes: the reason with its date or numbers, or how well the mentor fits."""


class Wish:
    """What decides about every mentor for one request, at ``now``.

    ``excluded`` are the Slack ids of those who had the request and gave it back; ``never_pairs``
    is the community's whole list. With ``cap_lifted`` it does not matter how often somebody was
    asked this week (DESIGN §3: from the 24 h step on).
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
        cap_lifted: bool = False,
    ) -> None:
        self.service = service
        self.mentee = mentee
        self.excluded = frozenset(excluded)
        self.now = now
        self.cap_lifted = cap_lifted
        self._never_with = never_paired_with(mentee, never_pairs)
        self._barred = {"", mentee, *self.excluded}
        self._wanted = index.canonical_all(skills)
        self._skills_of = index.canonical_list

    def forbids(self, slack_id: str) -> bool:
        """Whether this person stands on the never-pair list together with the mentee."""
        return bool(self._never_with) and person_key(slack_id) in self._never_with

    def bars(self, slack_id: str) -> bool:
        """Whether this person is not for this mentee or this request, whatever room they have."""
        return slack_id in self._barred or self.forbids(slack_id)

    def reached_by(self, mentor: Mentor) -> Scope:
        """The narrowest scope that reaches a mentor, whether they can be asked now or not.

        With no skills given, a mentor who offers the service is a full match (DESIGN §3).
        """
        wanted = self._wanted
        if not wanted:
            return Scope.FULL if self.service in mentor.services else Scope.ALL
        has = self._skills_of(tuple(mentor.skills))
        if wanted.isdisjoint(has):
            return Scope.ALL
        return Scope.FULL if wanted <= has and self.service in mentor.services else Scope.PARTIAL


def appraise(mentor: Mentor, wish: Wish) -> Appraisal:
    """Whether one mentor can be asked, and by which scope, or why not."""
    reason = _personal_reason(mentor, wish) or cannot_take_more(
        mentor, wish.now, cap_lifted=wish.cap_lifted
    )
    if reason is None:
        return _FITS[wish.reached_by(mentor)]
    return Appraisal(reason=reason, words=_words(reason, mentor, wish.now))


def cannot_claim(mentor: Mentor, now: datetime) -> Reason | None:
    """Why a mentor can't have one more request at ``now``, also if they want it; None if they can.

    A snooze ends with its date, also while the row still says ``Snoozed``.
    """
    status, snoozed, capacity = mentor.status, mentor.snoozed_until, mentor.max_mentees
    if not mentor.active:
        return Reason.NOT_ACTIVE
    if status != AVAILABLE and status not in _KNOWN:
        return Reason.OPTED_OUT if status == OPTED_OUT else Reason.MARKED
    if status == SNOOZED if snoozed is None else snoozed > now:
        return Reason.ON_A_BREAK
    full = mentor.load >= capacity or capacity <= 0 or status == AT_CAPACITY
    return Reason.FULL if full else None


def cannot_take_more(mentor: Mentor, now: datetime, *, cap_lifted: bool = False) -> Reason | None:
    """Why a mentor is not to be asked for any request at ``now``; None for one who is.

    Besides those who could not claim it: who was not seen for long, and who was asked this week as
    often as they want. Whoever claims is clearly there and willing, so neither matters then.
    """
    if reason := cannot_claim(mentor, now):
        return reason
    if mentor.status == DORMANT:
        return Reason.DORMANT
    lifted = cap_lifted and mentor.weekly_asks > 0  # who wants no asks at all gets none
    enough = mentor.asked_this_week >= mentor.weekly_asks and not lifted
    return Reason.ASKED_ENOUGH if enough else None


def can_take_more(mentor: Mentor, now: datetime) -> bool:
    """Active, not snoozed, opted in, seen lately, below capacity and weekly cap at ``now``."""
    return cannot_take_more(mentor, now) is None


_KNOWN = frozenset({"", AVAILABLE, AT_CAPACITY, SNOOZED, DORMANT})
"""What a row may say of somebody who is willing to have mentees, now or later."""
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
        marked = "" if mentor.load >= mentor.max_mentees else f", but marked “{AT_CAPACITY}”"
        return f"full: {mentor.load} of {mentor.max_mentees} {mentees}{marked}"
    if reason is Reason.ASKED_ENOUGH:
        return _asked_enough(mentor)
    return reason.value


def _asked_enough(mentor: Mentor) -> str:
    if mentor.weekly_asks <= 0:
        return "does not want to be asked"
    asked = mentor.asked_this_week
    times = "once" if asked == 1 else f"{asked} times"
    how = "as often as" if asked == mentor.weekly_asks else "more often than"
    return f"asked {times} this week, {how} they want"


# ---- all of them ----------------------------------------------------------------------------

_Turn = tuple[datetime, str]
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_RANKS = (Scope.FULL, Scope.PARTIAL, Scope.ALL)
_RANK = {scope: n for n, scope in enumerate(_RANKS)}
_DISTANCE = {reason: len(_RANKS) + n for n, reason in enumerate(reversed(Reason))}


def best_placed(
    mentors: Iterable[Mentor], wish: Wish, *, most: int | None = MOST_CANDIDATES
) -> list[Candidate]:
    """Who may be asked, in the order of ``appraise_all``; the best ``most`` of them, None for all.

    Takes about a microsecond a mentor (``python -m bench.matching``): of those who share rank and
    load nobody is sorted who comes too late for the answer.
    """
    now, lifted = wish.now, wish.cap_lifted
    equals: defaultdict[tuple[int, float], list[Mentor]] = defaultdict(list)
    for mentor in mentors:
        if not cannot_take_more(mentor, now, cap_lifted=lifted) and not wish.bars(mentor.slack_id):
            equals[_RANK[wish.reached_by(mentor)], _load(mentor)].append(mentor)
    found: list[Candidate] = []
    for place in sorted(equals):
        crowd = equals[place]
        wanted = len(crowd) if most is None else most - len(found)
        scope = _RANKS[place[0]]
        found += [_candidate(mentor, scope) for mentor in nsmallest(wanted, crowd, key=_turn)]
    return found


def appraise_all(mentors: Iterable[Mentor], wish: Wish) -> list[tuple[Mentor, Appraisal]]:
    """Everybody, best placed first; then those who can't be asked, the nearest to it first.

    Full matches come before partial ones and those before all with room; within a rank the least
    loaded, then the longest unasked, who was never asked before all of them.
    """
    ranked = [(mentor, appraise(mentor, wish)) for mentor in mentors]
    ranked.sort(key=_place)
    return ranked


def _place(entry: tuple[Mentor, Appraisal]) -> tuple[int, float, _Turn]:
    mentor, appraisal = entry
    if appraisal.scope is not None:
        return _RANK[appraisal.scope], _load(mentor), _turn(mentor)
    reason = appraisal.reason or Reason.NO_SLACK_ID
    return _DISTANCE[reason], 0.0, (_LONG_AGO, mentor.slack_id)


def _load(mentor: Mentor) -> float:
    """How full somebody is who has room."""
    return mentor.load / mentor.max_mentees if mentor.load > 0 else 0.0


def _turn(mentor: Mentor) -> _Turn:
    """Whose turn it is among the equally loaded: the smallest first."""
    return mentor.last_asked or _LONG_AGO, mentor.slack_id


def asked_at(now: datetime, place: int) -> datetime:
    """When the ask at this place of a wave (0 for the first) counts as made: a microsecond apart.

    So the next wave goes on where this one stopped, and nobody is asked twice more than another.
    With one moment for all, those first by id would be asked more often, wave after wave.
    """
    return now + timedelta(microseconds=place)


def _candidate(mentor: Mentor, scope: Scope) -> Candidate:
    return Candidate(
        slack_id=mentor.slack_id,
        name=mentor.name,
        time_zone=mentor.time_zone,
        record_id=mentor.record_id,
        quiet_hours=mentor.quiet_hours,
        scope=scope,
        max_mentees=mentor.max_mentees,
        weekly_asks=mentor.weekly_asks,
    )


def within(found: Iterable[Candidate], scope: Scope) -> list[Candidate]:
    """The candidates that ``scope`` reaches, in their order."""
    return [candidate for candidate in found if candidate.scope.width <= scope.width]
