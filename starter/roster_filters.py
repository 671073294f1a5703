"""What a coordinator looks for on the roster: read from an address, put on all mentors. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from domain import ids
from domain.matching import AVAILABLE, can_take_more, cannot_claim
from domain.models import Mentor
from domain.quiet import QuietHours
from domain.skills import SkillIndex
from domain.text import one_line
from starter.clock import local
from starter.roster_words import Entry

PER_PAGE = 100
MAX_TYPED = 200
"""Characters of a filter that are looked at."""

FREE, ASKABLE = "free", "askable"
ROOM = {FREE: "Active, willing, with room", ASKABLE: "Can be asked this very moment"}
NEVER, LONGER = "never", "longer"
SEEN = {
    "7": "Within 7 days",
    "30": "Within 30 days",
    "90": "Within 90 days",
    LONGER: "Longer than 90 days ago",
    NEVER: "Never",
}
AWAKE, NO_ZONE = "awake", "none"
PLACED = "placed"
SORTS = {
    "name": "Name",
    "room": "Most room first",
    "asked": "Longest unasked first",
    "seen": "Seen last first",
    "unseen": "Longest unseen first",
    PLACED: "Asked first, then best placed (with a request)",
}


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; "" for any. What can't be understood counts as any."""

    name: str = ""
    skill: str = ""
    service: str = ""
    status: str = ""
    room: str = ""
    seen: str = ""
    zone: str = ""
    """``AWAKE``, ``NO_ZONE``, an area with a slash at its end ("Europe/"), or an IANA name."""
    request: str = ""
    """The id of a request: why was each mentor (not) asked for it?"""
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        typed = {
            field.name: one_line(query.get(field.name, "")[:MAX_TYPED])
            for field in fields(cls)
            if field.name != "page"
        }
        for name, known in (("room", ROOM), ("seen", SEEN), ("sort", SORTS)):
            if typed[name] not in known:
                typed[name] = ""
        if not ids.is_request_id(typed["request"]):
            typed["request"] = ""
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1
        return cls(**typed, page=max(1, number))

    def address(self, *, page: int = 1) -> str:
        """The query part of the address that shows the same, on this page; "" for everything."""
        named = asdict(replace(self, page=page))
        pairs = [(name, value) for name, value in named.items() if value and value != 1]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def narrow(self) -> bool:
        """Whether anything but order and page is chosen."""
        return replace(self, sort="", page=1, request="") != Filters()

    @property
    def order(self) -> str:
        """What it is sorted by: with a request, by default, who is best placed."""
        if self.sort == PLACED and not self.request:
            return "name"
        return self.sort or (PLACED if self.request else "name")


class Sieve:
    """The filters, made ready for many mentors at ``now``."""

    def __init__(
        self, filters: Filters, index: SkillIndex, now: datetime, quiet_hours: QuietHours | None
    ) -> None:
        self._filters = filters
        self._index = index
        self._now = now
        self._quiet = quiet_hours or QuietHours()
        typed = [one for one in filters.skill.split(",") if one.strip()]
        self._skills = index.canonical_all(typed)
        self._words = _folded(filters.name).split()

    def choose(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those that pass, in their order."""
        tests = self._tests()
        found = [entry for entry in entries if all(test(entry) for test in tests)]
        key = _ORDERS[self._filters.order]
        return sorted(found, key=key) if key else found

    def is_awake(self, mentor: Mentor) -> bool:
        """Outside their quiet hours, or the community's; nobody whose time zone is not known."""
        if local(self._now, mentor.time_zone) is None:
            return False
        return not (mentor.quiet_hours or self._quiet).hold(self._now, mentor.time_zone)

    def _tests(self) -> list[Callable[[Entry], bool]]:
        """One for each filter that is set, the cheap ones first."""
        filters, now = self._filters, self._now
        tests: list[tuple[object, Callable[[Entry], bool]]] = [
            (filters.status, lambda entry: entry.state == filters.status),
            (filters.service, lambda entry: filters.service in entry.mentor.services),
            (filters.room == FREE, lambda entry: cannot_claim(entry.mentor, now) is None),
            (filters.room == ASKABLE, lambda entry: can_take_more(entry.mentor, now)),
            (filters.room, lambda entry: bool(entry.mentor.slack_id)),
            (self._words, lambda entry: _has_words(entry.mentor, self._words)),
            (self._skills, lambda entry: self._has_skills(entry.mentor)),
            (filters.seen, lambda entry: self._was_seen(entry.mentor)),
            (filters.zone, lambda entry: self._lives_there(entry.mentor)),
        ]
        return [test for wanted, test in tests if wanted]

    def _has_skills(self, mentor: Mentor) -> bool:
        return self._skills <= self._index.canonical_list(tuple(mentor.skills))

    def _was_seen(self, mentor: Mentor) -> bool:
        wanted, seen = self._filters.seen, mentor.last_seen
        if wanted == NEVER or seen is None:
            return wanted == NEVER and seen is None
        if wanted == LONGER:
            return seen <= self._now - timedelta(days=90)
        return seen > self._now - timedelta(days=int(wanted))

    def _lives_there(self, mentor: Mentor) -> bool:
        wanted, zone = self._filters.zone, mentor.time_zone
        if wanted == AWAKE:
            return self.is_awake(mentor)
        if wanted == NO_ZONE:
            return not zone
        return zone.startswith(wanted) if wanted.endswith("/") else zone == wanted


def _has_words(mentor: Mentor, words: Sequence[str]) -> bool:
    name = _folded(mentor.name)
    return all(word in name for word in words)


def _folded(text: str) -> str:
    """As people compare names: "Zoë" is found by "zoe"."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold()


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_Key = tuple[float, str]


def _by_name(entry: Entry) -> str:
    return _folded(entry.mentor.name)


def _by_room(entry: Entry) -> _Key:
    """Free places of those who have some to give; everybody else comes last."""
    mentor = entry.mentor
    room = mentor.max_mentees - mentor.load if entry.state == AVAILABLE else -1
    return -max(room, -1), _by_name(entry)


def _by_asked(entry: Entry) -> _Key:
    return _seconds(entry.mentor.last_asked), _by_name(entry)


def _by_seen(entry: Entry) -> _Key:
    return -_seconds(entry.mentor.last_seen), _by_name(entry)


def _by_unseen(entry: Entry) -> _Key:
    return _seconds(entry.mentor.last_seen), _by_name(entry)


def _seconds(at: datetime | None) -> float:
    return ((at or _LONG_AGO) - _LONG_AGO).total_seconds()


_ORDERS: dict[str, Callable[[Entry], str | _Key] | None] = {
    "name": _by_name,
    "room": _by_room,
    "asked": _by_asked,
    "seen": _by_seen,
    "unseen": _by_unseen,
    PLACED: None,  # they come in this order
}
