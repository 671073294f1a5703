"""Who may be asked, best first. Pure: the roster and the moment come in, candidates go out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from domain.models import Candidate, Mentor, Skill
from domain.policy import Scope

AVAILABLE = "Available"
SNOOZED = "Snoozed"

_WIDTH = {scope: scope.width for scope in Scope}


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


def can_take_more(mentor: Mentor, now: datetime) -> bool:
    """Active, not snoozed, opted in, and below capacity at ``now``.

    A snooze ends with its date, also while the row still says ``Snoozed``.
    """
    if mentor.snoozed_until is None:
        opted_in = mentor.status in (AVAILABLE, "")
    else:
        opted_in = mentor.status in (AVAILABLE, SNOOZED, "") and mentor.snoozed_until <= now
    return mentor.active and opted_in and mentor.load < mentor.max_mentees


def candidates(
    mentors: Iterable[Mentor],
    *,
    service: str,
    skills: Sequence[str],
    index: SkillIndex,
    mentee: str,
    excluded: Collection[str],
    now: datetime,
) -> list[Candidate]:
    """Everyone who may be asked, full matches first, then partial ones, then all with room.

    With no skills given a full match is a mentor who offers the service (DESIGN §3, Matching).
    Within a rank the least loaded come first, then by id so that the order is stable.
    """
    wanted = index.canonical_all(skills)
    ranked: list[tuple[int, float, str, Candidate]] = []
    for mentor in mentors:
        if mentor.slack_id in excluded or mentor.slack_id == mentee:
            continue
        if not mentor.slack_id or not can_take_more(mentor, now):
            continue
        scope = _scope(mentor, service=service, wanted=wanted, index=index)
        candidate = Candidate(
            slack_id=mentor.slack_id,
            name=mentor.name,
            time_zone=mentor.time_zone,
            record_id=mentor.record_id,
            scope=scope,
        )
        load = mentor.load / mentor.max_mentees
        ranked.append((_WIDTH[scope], load, mentor.slack_id, candidate))
    return [entry[3] for entry in sorted(ranked, key=lambda entry: entry[:3])]


def _scope(mentor: Mentor, *, service: str, wanted: frozenset[str], index: SkillIndex) -> Scope:
    offers = service in mentor.services
    if not wanted:
        return Scope.FULL if offers else Scope.ALL
    matched = wanted & index.canonical_all(mentor.skills)
    if matched == wanted and offers:
        return Scope.FULL
    return Scope.PARTIAL if matched else Scope.ALL


def within(found: Iterable[Candidate], scope: Scope) -> list[Candidate]:
    """The candidates that ``scope`` reaches, in their order."""
    return [candidate for candidate in found if candidate.scope.width <= scope.width]
