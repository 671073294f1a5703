"""How long one wave's matching takes over 10,000 mentors: ``python -m bench.matching``.

Measured is everything that a wave needs from the mentors as they stand now to the candidates in
their order. Who they are and what they know is read every quarter of an hour; how they stand (load,
status, breaks, asks, last asked) is new in every run, so that nothing of it can be remembered.
Exit status 1 when the median is over the bound.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from statistics import median

from pydantic import TypeAdapter

from domain.matching import Wish, best_placed
from domain.models import Mentor, Skill
from domain.skills import SkillIndex

BOUND_MS = 20.0
"""For the median, in milliseconds of wall-clock time (the design's budget for matching)."""
MENTORS = 10_000
RUNS = 60
ROSTERS = 6
"""Different standings of the same people, taken in turn."""
SEED = 20_26

_PAYLOAD = TypeAdapter(datetime)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SERVICES = (
    "General Guidance – Slack Chat",
    "General Guidance – Voice Chat",
    "Pair Programming",
    "Code Review",
    "Resume Review",
    "Mock Interview",
)
SKILLS = [
    Skill(name="JavaScript", aliases=["JS", "ECMAScript"]),
    Skill(name="Python", aliases=["Py", "Python 3"]),
    Skill(name="TypeScript", aliases=["TS"]),
    Skill(name="React", aliases=["React.js"]),
    *(Skill(name=f"Skill {n}", aliases=[f"S{n}", f"Skill no. {n}"]) for n in range(196)),
]


@dataclass(frozen=True)
class Case:
    """One kind of request."""

    name: str
    skills: tuple[str, ...]
    cap_lifted: bool = False


CASES = (
    Case("two skills", ("JS", "python")),
    Case("one rare skill", ("Skill 150",)),
    Case("not sure yet", ()),
    Case("not sure yet, cap lifted", (), cap_lifted=True),
)


def people(random: Random) -> list[Mentor]:
    """The roster as Airtable has it. Well-known skills are commoner, as they are in life."""
    names = [name for skill in SKILLS for name in (skill.name, *skill.aliases)]
    weights = [1 / (1 + n) ** 0.5 for n in range(len(names))]
    return [
        Mentor(
            slack_id=f"U{random.randrange(36**8):09X}",
            name=f"Mentor {n}",
            time_zone="America/Chicago",
            record_id=f"rec{n:014}",
            skills=random.choices(names, weights, k=random.randint(1, 9)),
            services=random.sample(SERVICES, k=random.randint(1, 4)),
            max_mentees=random.choice((1, 1, 2, 2, 3, 5)),
            weekly_asks=random.choice((1, 3, 3, 3, 5)),
            active=random.random() < 0.93,
        )
        for n in range(MENTORS)
    ]


def as_they_stand(mentors: list[Mentor], random: Random) -> list[Mentor]:
    """The same people at another moment: two thirds of them can be asked."""
    return [mentor.model_copy(update=_standing(mentor, random)) for mentor in mentors]


def _standing(mentor: Mentor, random: Random) -> dict[str, object]:
    status = random.choices(("Available", "Snoozed", "Opted out", "Dormant"), (90, 4, 3, 3))[0]
    asked = random.random() < 0.95
    return {
        "status": status,
        "snoozed_until": _moment(random.uniform(-9, 9)) if status == "Snoozed" else None,
        "load": random.choices(range(mentor.max_mentees + 1), [8] * mentor.max_mentees + [1])[0],
        "asked_this_week": random.choice((0, 0, 0, 1, 1, 2, 3)) if asked else 0,
        "last_asked": _moment(-random.uniform(0, 28)) if asked else None,
        "last_seen": _moment(-random.uniform(0, 60)),
    }


def _moment(days: float) -> datetime:
    """So many days from now, as it comes out of a payload."""
    return _PAYLOAD.validate_json(f'"{(NOW + timedelta(days=days)).isoformat()}"')


def measured(case: Case, rosters: list[list[Mentor]], index: SkillIndex) -> Iterator[float]:
    """Milliseconds of each run."""
    excluded = [mentor.slack_id for mentor in rosters[0][:20]]
    never = [frozenset({"UMENTEE", mentor.slack_id}) for mentor in rosters[0][20:40]]
    for roster in islice(cycle(rosters), RUNS):
        started = time.perf_counter()
        wish = Wish(
            service="Pair Programming",
            skills=case.skills,
            index=index,
            mentee="UMENTEE",
            excluded=excluded,
            never_pairs=never,
            now=NOW,
            cap_lifted=case.cap_lifted,
        )
        found = best_placed(roster, wish)
        elapsed = time.perf_counter() - started
        if not found:
            raise RuntimeError(f"nobody was found for “{case.name}”: this measures nothing")
        yield elapsed * 1000


def main() -> int:
    random = Random(SEED)  # noqa: S311  # people to measure with, no secrets
    mentors = people(random)
    rosters = [as_they_stand(mentors, random) for _ in range(ROSTERS)]
    index = SkillIndex(SKILLS)
    started = time.perf_counter()
    for mentor in mentors:
        index.canonical_list(tuple(mentor.skills))
    once = (time.perf_counter() - started) * 1000
    sys.stdout.write(
        f"Matching over {MENTORS:,} mentors, {RUNS} runs each, in ms (bound: median ≤ "
        f"{BOUND_MS:g}).\nOnce per reading of the roster, not counted: {once:.1f} ms.\n\n"
        f"{'request':28}{'minimum':>9}{'median':>9}{'maximum':>9}\n"
    )
    slow = False
    for case in CASES:
        times = list(measured(case, rosters, index))
        over = median(times) > BOUND_MS
        slow = slow or over
        sys.stdout.write(
            f"{case.name:28}{min(times):9.1f}{median(times):9.1f}{max(times):9.1f}"
            f"{'  over the bound' if over else ''}\n"
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
