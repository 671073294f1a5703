"""How long one wave's matching takes over 10,000 mentors: ``python -m bench.matching``.

Measured is the way from the mentors as they stand now to the candidates in their order. Who they
are and what they know is read every quarter of an hour; how they stand (load, status, breaks, asks,
last asked) is looked at anew in every run and changes from run to run, so that nothing of it can be
remembered.
Exit status 1 when the median is over the bound.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from statistics import median

from domain.matching import Wish, best_placed
from domain.models import Mentor, Skill
from domain.skills import SkillIndex
from domain.standing import Standing

BOUND_MS = 20.0
"""For the median, in milliseconds of wall-clock time (the design's budget for matching)."""
MENTORS = 10_000
RUNS = 60
ROSTERS = 6
"""Different standings of the same people, taken in turn."""
SEED = 20_26

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


def standings(mentors: list[Mentor], random: Random) -> list[Standing]:
    """How everybody stands at one moment, as it comes out of payloads; two thirds can be asked."""
    return [
        Standing.model_validate_json(_standing(mentor, random).model_dump_json())
        for mentor in mentors
    ]


def _standing(mentor: Mentor, random: Random) -> Standing:
    state = random.choices(("there", "resting", "out", "dormant"), (90, 4, 3, 3))[0]
    asked = [_ago(random, 7) for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3)))]
    return Standing(
        slack_id=mentor.slack_id,
        load=random.choices(range(mentor.max_mentees + 1), [8] * mentor.max_mentees + [1])[0],
        resting=state == "resting",
        rest_until=NOW + timedelta(days=9) if state == "resting" else None,
        opted_out=state == "out",
        asked=sorted(asked),
        last_asked=max(asked) if asked else random.choice((_ago(random, 60), _ago(random, 28))),
        last_seen=_ago(random, 60),
        dormant_at=NOW + timedelta(days=-1 if state == "dormant" else 30),
    )


def _ago(random: Random, days: float) -> datetime:
    return NOW - timedelta(days=random.uniform(0, days))


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


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> int:
    random = Random(SEED)  # noqa: S311  # people to measure with, no secrets
    mentors, index = people(random), SkillIndex(SKILLS)
    once = _milliseconds(lambda: [index.canonical_list(tuple(one.skills)) for one in mentors])
    rosters: list[list[Mentor]] = []
    laid_over = []
    for stand in [standings(mentors, random) for _ in range(ROSTERS)]:
        pairs = list(zip(stand, mentors, strict=True))
        laid_over.append(
            _milliseconds(lambda: rosters.append([one.applied_to(it, NOW) for one, it in pairs]))  # noqa: B023
        )
    sys.stdout.write(
        f"Matching over {MENTORS:,} mentors, {RUNS} runs each, in ms (bound: median ≤ "
        f"{BOUND_MS:g}).\nNot counted: once per reading of the roster {once:.0f}; laying what the "
        f"mentors' own workflows say over it {median(laid_over):.0f} (a part of reading them).\n\n"
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
