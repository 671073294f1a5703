"""Quiet hours: when somebody may be pinged, on their own clock. Pure.

They hold back what nobody asked for (asks, reminders); they never stop a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.base import Payload


class QuietHours(Payload):
    """From ``start`` to ``end`` on the clock of whoever is to be pinged; equal means never."""

    start: time = time(21)
    end: time = time(8)
    time_zone: str = "UTC"
    """IANA name, for people whose zone nobody knows (or whose zone is none)."""

    def hold(self, at: datetime, time_zone: str) -> bool:
        """Whether a ping at this moment must wait."""
        return self.delivery(at, time_zone) > at

    def delivery(self, at: datetime, time_zone: str) -> datetime:
        """The first moment from ``at`` on when this person may be pinged (UTC)."""
        moment = at.astimezone(UTC)
        for begins, ends in self._nights(moment, time_zone):
            if moment < begins:
                break
            moment = max(moment, ends)
        return moment

    def after_waking(self, start: datetime, waking: timedelta, time_zone: str) -> datetime:
        """The moment when so much time outside quiet hours has passed since ``start`` (UTC)."""
        moment, left = start.astimezone(UTC), waking
        for begins, ends in self._nights(moment, time_zone):
            if moment + left <= begins:
                break
            left -= max(begins - moment, timedelta(0))
            moment = max(moment, ends)
        return moment + left

    @property
    def awake(self) -> timedelta:
        """How much of an ordinary day is not quiet."""
        night = datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)
        return timedelta(days=1) - night % timedelta(days=1)

    def _nights(self, since: datetime, time_zone: str) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end (UTC) of the night that ``since`` may lie in, and of all that follow."""
        if self.start == self.end:
            return
        zone = _zone(time_zone) or _zone(self.time_zone) or UTC
        yesterday = since.astimezone(zone).date() - timedelta(days=1)
        for days in count():
            evening = yesterday + timedelta(days=days)
            morning = evening + timedelta(days=self.end < self.start)
            yield (
                min(_moments(evening, self.start, zone)),
                max(_moments(morning, self.end, zone)),
            )


def _moments(day: date, clock: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the clock on the wall says so (UTC): two moments where daylight saving repeats the
    reading, one on either side where it skips it, otherwise twice the same.

    Of two a night takes the outer one: it is rather an hour too long than woken in.
    """
    wall = datetime.combine(day, clock, zone)
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    """Rules of the past stay as they are when zone data is updated, so replays agree."""
    try:
        return ZoneInfo(name.strip()) if name.strip() else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
