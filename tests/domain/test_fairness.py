"""Matching over weeks: equals are asked equally often and get equally many mentees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching import Wish, asked_at, best_placed
from domain.models import Mentor
from domain.skills import SkillIndex

START = datetime(2026, 5, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
MONTH = timedelta(days=31)
UNLIMITED = 1_000
INDEX = SkillIndex([])
SERVICE = "Pair Programming"


@dataclass(frozen=True)
class Shape:
    """A community of equals, and how busy it is."""

    mentors: int
    max_mentees: int = 2
    weekly_asks: int = 3
    wave: int = 15
    between_requests: timedelta = DAY


@dataclass
class Town:
    """Equal mentors, their asks and their mentees, as time goes by."""

    shape: Shape
    asks: list[tuple[str, datetime]] = field(default_factory=list)
    mentees: list[tuple[str, datetime]] = field(default_factory=list)
    """By mentor, and when each leaves."""
    ever_claimed: set[str] = field(default_factory=set)
    loads_at_claims: list[tuple[int, int]] = field(default_factory=list)
    """How many mentees whoever claimed had before, and how many the least loaded mentor."""

    @property
    def ids(self) -> list[str]:
        return [f"U{n:03}" for n in range(self.shape.mentors)]

    def loads(self) -> dict[str, int]:
        return dict.fromkeys(self.ids, 0) | Counter(mentor for mentor, _ in self.mentees)

    def asked(self, since: datetime) -> dict[str, int]:
        lately = Counter(mentor for mentor, at in self.asks if at > since)
        return dict.fromkeys(self.ids, 0) | lately

    def roster(self, now: datetime) -> list[Mentor]:
        loads, lately, last = self.loads(), self.asked(now - WEEK), dict(self.asks)
        return [
            Mentor(
                slack_id=one,
                services=[SERVICE],
                max_mentees=self.shape.max_mentees,
                weekly_asks=self.shape.weekly_asks,
                load=loads[one],
                asked_this_week=lately[one],
                last_asked=last.get(one),
            )
            for one in self.ids
        ]

    def request(self, now: datetime) -> list[str]:
        """Somebody asks for a mentor: those whom one wave asks, best placed first."""
        self.mentees = [(mentor, leaves) for mentor, leaves in self.mentees if leaves > now]
        wish = Wish(service=SERVICE, skills=[], index=INDEX, mentee="MENTEE", now=now)
        wave = best_placed(self.roster(now), wish, most=self.shape.wave)
        self.asks += [(one.slack_id, asked_at(now, place)) for place, one in enumerate(wave)]
        return [one.slack_id for one in wave]

    def claim(self, mentor: str, until: datetime) -> None:
        loads = self.loads()
        self.loads_at_claims.append((loads[mentor], min(loads.values())))
        self.mentees.append((mentor, until))
        self.ever_claimed.add(mentor)

    def asks_of_those_without_a_mentee(self) -> dict[str, int]:
        asked = self.asked(START - DAY)
        return {mentor: asked[mentor] for mentor in self.ids if mentor not in self.ever_claimed}


Chooser = Callable[[Sequence[str]], str | None]
"""Who of those asked claims; None for nobody."""


def live(
    shape: Shape,
    who_claims: Chooser,
    stay: Callable[[], timedelta],
    look: Callable[[Town, datetime], None],
) -> Town:
    """A month of requests; ``look`` is called after each."""
    town, now = Town(shape), START
    while now < START + MONTH:
        asked = town.request(now)
        if asked and (mentor := who_claims(asked)):
            town.claim(mentor, now + stay())
        look(town, now)
        now += shape.between_requests
    return town


def spread(of: dict[str, int]) -> int:
    return max(of.values(), default=0) - min(of.values(), default=0)


def best_placed_claims(asked: Sequence[str]) -> str:
    return asked[0]


shapes = st.builds(
    Shape,
    mentors=st.integers(2, 30),
    max_mentees=st.integers(1, 4),
    weekly_asks=st.sampled_from([1, 3, 5, UNLIMITED]),
    wave=st.integers(1, 20),
    between_requests=st.sampled_from([DAY / 3, DAY / 2, DAY, 2 * DAY]),
)
randoms = st.randoms(use_true_random=False)


def test_a_month_loads_equal_mentors_equally_and_asks_nobody_too_often() -> None:
    random = Random(31)  # noqa: S311  # a month that can be lived again

    def look(town: Town, now: datetime) -> None:
        assert spread(town.loads()) <= 1
        assert max(town.asked(now - WEEK).values()) <= town.shape.weekly_asks

    town = live(Shape(40), best_placed_claims, lambda: random.choice([WEEK, 2 * WEEK]), look)
    assert len(town.loads_at_claims) == 31, "every request found somebody below their weekly cap"
    assert spread(town.asks_of_those_without_a_mentee()) <= 1


@settings(max_examples=40)
@given(shape=shapes, days=st.integers(3, 20))
def test_when_mentees_stay_equally_long_the_loads_of_equals_never_differ_by_more_than_one(
    shape: Shape, days: int
) -> None:
    uncapped = replace(shape, weekly_asks=UNLIMITED)

    def look(town: Town, now: datetime) -> None:
        assert spread(town.loads()) <= 1

    live(uncapped, best_placed_claims, lambda: days * DAY, look)


@settings(max_examples=40)
@given(shape=shapes, random=randoms)
def test_however_long_mentees_stay_the_next_goes_to_one_of_the_least_loaded(
    shape: Shape, random: Random
) -> None:
    uncapped = replace(shape, weekly_asks=UNLIMITED)

    def look(town: Town, now: datetime) -> None:
        assert all(load == least for load, least in town.loads_at_claims)

    live(uncapped, best_placed_claims, lambda: random.uniform(1, 20) * DAY, look)


@settings(max_examples=60)
@given(shape=shapes, random=randoms, quick=st.floats(0, 1))
def test_whoever_claims_those_who_stay_free_are_asked_equally_often(
    shape: Shape, random: Random, quick: float
) -> None:
    def anybody(asked: Sequence[str]) -> str | None:
        return random.choice(asked) if random.random() < quick else None

    def look(town: Town, now: datetime) -> None:
        assert spread(town.asks_of_those_without_a_mentee()) <= 1
        assert max(town.asked(now - WEEK).values()) <= shape.weekly_asks
        assert max(town.loads().values()) <= shape.max_mentees

    live(shape, anybody, lambda: random.uniform(1, 20) * DAY, look)
