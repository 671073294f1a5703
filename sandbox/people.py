"""The invented community: 82 mentors and 40 members; four mentors and a member coordinate.

The same people at every call, on every machine: both stand-ins seed themselves from here, so that
a Slack id or an e-mail address in one is found in the other. Everything that isn't written down
is derived from a hash of the person's name.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sandbox import roster
from sandbox.catalogue import (
    AFFILIATIONS,
    CODE_REVIEW,
    LEVELS,
    MOCK_INTERVIEW,
    PAIR_PROGRAMMING,
    RESUME_REVIEW,
    SERVICES,
    SLACK_CHAT,
    VOICE_CHAT,
)
from sandbox.skills import SKILLS
from sandbox.trades import TRADES, Trade

__all__ = [
    "AFFILIATIONS",
    "LEVELS",
    "NEVER_PAIR",
    "PEOPLE",
    "SERVICES",
    "SKILLS",
    "MemberProfile",
    "MentorProfile",
    "Person",
    "by_name",
]

T = TypeVar("T")


@dataclass(frozen=True)
class MentorProfile:
    skills: tuple[str, ...]
    services: tuple[str, ...]
    max_mentees: int
    active: bool
    """What a coordinator ticked in the records; a mentor can be ticked and snoozed."""
    status: str
    """Available, Snoozed, Opted out or Dormant."""
    bio: str
    time_zone: str
    """What the records say (IANA name): empty for some, who leave it to Slack, and for one who
    was posted abroad it isn't what Slack says."""
    signed_up_at: datetime
    snoozed_until: date | None = None
    shown_name: str = ""
    """What mentees see; empty: the full name."""
    asks_a_week: int | None = None
    """How often they may be asked; None: as often as the community thinks right."""
    quiet_hours: str = ""
    """When nobody should ping them, by their own clock; empty: the community's hours."""


@dataclass(frozen=True)
class MemberProfile:
    affiliation: str
    verified: bool
    level: str


@dataclass(frozen=True)
class Person:
    slack_id: str
    handle: str
    real_name: str
    email: str
    tz: str
    """IANA time zone name, as Slack has it."""
    title: str
    is_mentor: bool = False
    is_coordinator: bool = False
    is_deactivated: bool = False
    mentor: MentorProfile | None = None
    member: MemberProfile | None = None


_CAST = ("Sam Okafor", "Dana Whitfield", "Kenji Mori", "Priya Raman")
_COORDINATORS = ("Dana Whitfield", "Grace Adeyemi", "Walter Brzezicki", "Luz Arreola")

# Far ahead, so that whoever tries the sandbox meets someone who is away.
_SNOOZED = {
    "Gunnar Aske": date(2030, 1, 7),
    "Paola Benedetti": date(2030, 3, 4),
    "Everett Stonebridge": date(2030, 6, 3),
    "Yara Mansour": date(2030, 9, 2),
}
_OPTED_OUT = ("Bogdan Petrescu", "Clifton Abernathy", "Valentina Orsini")
_DORMANT = ("Ahmed Bensalem", "Sven Dahlqvist", "Theo Papadakis")
_INACTIVE = ("Ruthanne Yoder", "Bernard Kowalczuk")
"""Unticked by a coordinator, whatever the rest of the row says."""

_NO_TIME_ZONE = (
    "Hector Villanueva",
    "Callum Strathearn",
    "Keiko Hanabusa",
    "Terrence Holloway",
    "Mateo Ibarra",
    "Camille Fontenot",
)
"""Mentors who left their time zone empty in the records."""
_POSTED_ABROAD = {"Patrick Faleolo": roster.JAPAN}
"""Mentors whose records say another time zone than Slack does."""

_SHOWN_NAMES = {
    "Ji-woo Hwang": "Ji-woo",
    "Colleen O'Rafferty": "Colleen",
    "Kwame Asante-Boateng": "Kwame A.",
    "Shreya Venkatesan": "Shreya",
    "Noor Al-Rashid": "Noor",
}
"""Mentors who don't want their whole name on a public form."""
_ASKS_A_WEEK = {
    # the cast of the demo, which may be played more than three times a week
    "Sam Okafor": 20,
    "Dana Whitfield": 20,
    "Kenji Mori": 20,
    "Priya Raman": 20,
    "Tobias Lindgren": 1,
    "Beatriz Montenegro": 1,
    "Marisol Quintero": 5,
    "Naomi Feldstein": 2,
}
"""Mentors who said how often they may be asked."""
_QUIET_HOURS = {
    "Vikram Sethuraman": "18:00–09:00",
    "Delroy Campion": "22:30–06:30",
    "Hana Sedláková": "20:00–12:00",
    "Curtis Eaglefeather": "00:00–08:00",
}
"""Mentors with quiet hours of their own: after work, a night owl, a parent, a late sleeper."""

_MEMBER_COORDINATORS = ("Simone Guidry",)
"""Coordinators who are no mentors."""

_DEACTIVATED = ("Reggie Tillman",)
"""Whose Slack account is closed; the records don't know."""

_FIRST_SIGN_UP = datetime(2022, 3, 1, 12, tzinfo=UTC)
_SIGN_UP_SPAN = 3 * 365 * 24 * 60
"""Minutes within which all mentors had signed up."""

_NEVER_PAIR = (("Esperanza Tovar", "Sunniva Hauglund"), ("Trevor Sandoval", "Renata Sobczak"))


def _number(name: str, purpose: str) -> int:
    """A large number that is always the same for this name and purpose."""
    return int.from_bytes(hashlib.sha256(f"{purpose}|{name}".encode()).digest()[:8], "big")


def _pick(name: str, purpose: str, options: Sequence[T]) -> T:
    return options[_number(name, purpose) % len(options)]


def _pick_several(name: str, purpose: str, options: Sequence[str], count: int) -> tuple[str, ...]:
    ranked = sorted(options, key=lambda option: _number(name, f"{purpose}|{option}"))
    chosen = set(ranked[:count])
    return tuple(option for option in options if option in chosen)


def _slack_id(name: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    number, letters = _number(name, "slack id"), ""
    for _ in range(8):
        number, digit = divmod(number, len(alphabet))
        letters += alphabet[digit]
    return f"U0{letters}"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return plain.encode("ascii", "ignore").decode().lower().replace("'", "")


def _special(trade: Trade, turn: int) -> tuple[str, ...]:
    """Two skills; so that each is somebody's, they are given out in turn."""
    return tuple(trade.special[(2 * turn + more) % len(trade.special)] for more in (0, 1))


def _mentor_profile(name: str, tz: str, trade: Trade, turn: int) -> tuple[str, MentorProfile]:
    """The mentor's job title and profile; `turn` counts the people of their trade."""
    skills = trade.core + _pick_several(name, "skills", trade.also, 1 + _number(name, "more") % 4)
    services = _pick_several(
        name,
        "services",
        (VOICE_CHAT, PAIR_PROGRAMMING, CODE_REVIEW, RESUME_REVIEW, MOCK_INTERVIEW),
        1 + _number(name, "offers") % 4,
    )
    services = (SLACK_CHAT, *services) if _number(name, "chat") % 4 else services
    capacity = 1 + _number(name, "capacity") % 4
    if name in _CAST:
        skills = tuple(dict.fromkeys(("Python", "JavaScript", *skills)))
        services = tuple(dict.fromkeys((SLACK_CHAT, PAIR_PROGRAMMING, *services)))
        capacity = max(2, capacity)
    else:
        skills += _special(trade, turn)
    title = _pick(name, "title", trade.titles)
    years = 3 + _number(name, "years") % 18
    habit = _pick(
        name,
        "habit",
        (
            "Happy to start from the very first question.",
            "I like to look at real code together.",
            "Changed careers myself, and remember how it felt.",
            "Best reached in the evening; I always write back.",
            "Patient with beginners, frank with résumés.",
            "Ask me anything; if I don't know, we find out together.",
        ),
    )
    if name in _SNOOZED:
        status = "Snoozed"
    elif name in _OPTED_OUT:
        status = "Opted out"
    elif name in _DORMANT:
        status = "Dormant"
    else:
        status = "Available"
    return title, MentorProfile(
        skills=skills,
        services=services,
        max_mentees=capacity,
        active=name not in _OPTED_OUT and name not in _INACTIVE,
        status=status,
        bio=f"{title}, {years} years in the trade. {habit}",
        time_zone="" if name in _NO_TIME_ZONE else _POSTED_ABROAD.get(name, tz),
        signed_up_at=_FIRST_SIGN_UP + timedelta(minutes=_number(name, "sign-up") % _SIGN_UP_SPAN),
        snoozed_until=_SNOOZED.get(name),
        shown_name=_SHOWN_NAMES.get(name, ""),
        asks_a_week=_ASKS_A_WEEK.get(name),
        quiet_hours=_QUIET_HOURS.get(name, ""),
    )


def _member_profile(name: str) -> tuple[str, MemberProfile]:
    """The member's title and profile."""
    affiliation = _pick(name, "affiliation", [a.name for a in AFFILIATIONS[:-1]])
    verified = _number(name, "verified") % 5 > 0
    if name == "Riley Santos":
        affiliation, verified = "Veteran", True
    elif _number(name, "other") % 10 == 0:
        affiliation, verified = "Other", False
    goal = _pick(
        name,
        "goal",
        (
            "learning web development",
            "learning Python",
            "moving into security",
            "building a first portfolio",
            "getting ready for interviews",
        ),
    )
    level = _pick(name, "level", LEVELS[:4])
    words = goal if affiliation == "Other" else f"{affiliation}, {goal}"
    return words[0].upper() + words[1:], MemberProfile(affiliation, verified, level)


def _people() -> tuple[Person, ...]:
    listed = (*roster.MENTORS, *roster.MEMBERS)
    first_names = Counter(_ascii(name).split()[0] for name, _ in listed)
    people = []
    for index, (name, tz) in enumerate(listed):
        dotted = ".".join(_ascii(name).split())
        first = dotted.split(".")[0]
        mentor = member = None
        if is_mentor := index < len(roster.MENTORS):
            turn, trade = divmod(index, len(TRADES))
            title, mentor = _mentor_profile(name, tz, TRADES[trade], turn)
        else:
            title, member = _member_profile(name)
        people.append(
            Person(
                slack_id=_slack_id(name),
                handle=first if first_names[first] == 1 else dotted,
                real_name=name,
                email=f"{dotted}@{_pick(name, 'domain', ('example.org', 'example.com'))}",
                tz=tz,
                title=title,
                is_mentor=is_mentor,
                is_coordinator=name in (*_COORDINATORS, *_MEMBER_COORDINATORS),
                is_deactivated=name in _DEACTIVATED,
                mentor=mentor,
                member=member,
            )
        )
    return tuple(people)


PEOPLE: tuple[Person, ...] = _people()


def by_name(real_name: str) -> Person:
    """The person with this name.

    Raises:
        KeyError: nobody is called that.
    """
    for person in PEOPLE:
        if person.real_name == real_name:
            return person
    raise KeyError(real_name)


NEVER_PAIR: tuple[tuple[Person, Person], ...] = tuple(
    (by_name(one), by_name(other)) for one, other in _NEVER_PAIR
)
"""A member and a mentor each, whom coordinators keep apart."""
