"""People's words and moments, made safe and readable in Slack's mrkdwn.

Only ``&``, ``<`` and ``>`` are special to Slack (docs: "Formatting text for app surfaces"): once
they are escaped nobody can smuggle in a ``<!channel>``, a link or a mention.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.models import Person

MAX_SECTION = 3000
"""Characters in a section's text (Slack)."""

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def clean(text: str) -> str:
    """Without control characters and without marks that turn the rest of a line around."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def escape(text: str, limit: int = MAX_SECTION) -> str:
    """``text`` as mrkdwn shows it literally, cut with "…" so that it has at most ``limit``."""
    pieces = [_ESCAPES.get(character, character) for character in text]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept, room = [], limit - 1
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…"


def inline(text: str, limit: int = 300) -> str:
    """Somebody's words inside a line of ours: one line, and right-to-left text kept to itself."""
    words = escape(" ".join(clean(text).split()), limit)
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in words):
        return f"{_FIRST_STRONG_ISOLATE}{words}{_POP_ISOLATE}"
    return words


def quote(text: str, limit: int = MAX_SECTION - 100) -> str:
    """Somebody's words as a quotation, line by line."""
    lines = clean(text).split("\n")
    return "\n".join(
        f"> {line}" for line in escape("\n".join(lines), limit - 2 * len(lines)).split("\n")
    )


def name(person: Person) -> str:
    """A person in words; a mention when no name is known."""
    return inline(person.name, 80) if person.name.strip() else mention(person)


def name_only(person: Person) -> str:
    """A person in words that ping nobody, even when no name is known."""
    return inline(person.name, 80) if person.name.strip() else f"`{escape(person.slack_id)}`"


def mention(person: Person) -> str:
    return mention_id(person.slack_id)


def mention_id(slack_id: str) -> str:
    return f"<@{escape(slack_id)}>"


def listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def spoken(text: str) -> str:
    """What notifications and screen readers say: one line, without the marks of bold type."""
    return " ".join(text.replace("*", "").split())


# ---- moments ------------------------------------------------------------------------------------


def moment(at: datetime) -> str:
    """Day and time on each reader's own clock; in UTC where Slack can't show it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{in_utc(at)}>"


def time_of_day(at: datetime) -> str:
    """The time alone on each reader's own clock, for moments that are minutes away."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{_clock(at.astimezone(UTC))} UTC>"


def in_utc(at: datetime) -> str:
    return f"{_plain(at.astimezone(UTC))} UTC"


def on_clock(at: datetime, time_zone: str) -> str:
    """A moment in plain words on the clock of one reader, where Slack shows no dates: in forms."""
    there = zone(time_zone)
    return f"{_plain(at.astimezone(there))} on your clock" if there else in_utc(at)


def clocks(at: datetime, people: Iterable[Person], reader: str = "") -> str:
    """One moment on several people's clocks; the person with the Slack id ``reader`` is "you".

    E.g. "Thu 26 Nov: 7:00 PM for you (Chicago time), 8:00 PM for Sam (New York time)"; each clock
    has its own day where the days differ. When somebody's time zone is not known, Slack shows the
    moment to each reader on their own clock instead: never both, for its form of the time differs.
    """
    shown: dict[str, list[Person]] = {}
    for person in people:
        if zone(person.time_zone) is None:
            return moment(at)
        shown.setdefault(person.time_zone, []).append(person)
    local = {key: at.astimezone(ZoneInfo(key)) for key in shown}
    whose = {
        key: f"for {listed(_named(owners, reader))} ({_place(key)} time)"
        for key, owners in shown.items()
    }
    days = {_day(there) for there in local.values()}
    if len(days) == 1:
        return f"{days.pop()}: " + ", ".join(f"{_clock(local[key])} {whose[key]}" for key in shown)
    return "; ".join(f"{_plain(local[key])} {whose[key]}" for key in shown)


def zone(key: str) -> ZoneInfo | None:
    """The time zone of this IANA name; None for none and for one that is not known."""
    try:
        return ZoneInfo(key) if key else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def lasting(span: timedelta) -> str:
    """How long, in words: "less than an hour", "5 hours", "2 days"."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return f"{hours // 24} days"


def _named(people: Sequence[Person], reader: str) -> list[str]:
    """Names with "you" first."""
    others = [person for person in people if person.slack_id != reader]
    you = ["you"] if len(others) < len(people) else []
    return [*you, *map(name, others)]


def _plain(local: datetime) -> str:
    return f"{_day(local)}, {_clock(local)}"


def _day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b}"


def _clock(local: datetime) -> str:
    """As Slack's ``{time}`` shows it to people who have not asked for 24 hours."""
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"


def _place(key: str) -> str:
    return key.rsplit("/", 1)[-1].replace("_", " ")
