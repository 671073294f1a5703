"""When to speak of what is overdue: at once, and then seldom enough that people go on reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
"""No request is news twice within it."""
NEWS_WAITS = timedelta(minutes=10), HOUR
"""From one alert to the next that names further requests: at first, and at most."""
REPEATS_AFTER = HOUR, timedelta(hours=4)
"""From one alert to the next that only says "still": at first, and at most."""


class Rhythm:
    """Remembers what was told; each alert of one outage doubles the wait for the next.

    Requests are named by id, times are the caller's.
    """

    def __init__(self) -> None:
        self.told_and_overdue: set[str] = set()
        self._told: dict[str, datetime] = {}
        self._last: datetime | None = None
        self._alerts = 0
        """Since nothing was overdue."""

    def moved(self, overdue: Collection[str]) -> list[str]:
        """Those that people were told of and that are not overdue any more; each once."""
        moved = self.told_and_overdue - set(overdue)
        self.told_and_overdue -= moved
        if not self.told_and_overdue:
            self._alerts = 0
        return sorted(moved)

    def take(self, overdue: Sequence[str], now: datetime) -> list[str] | None:
        """Those that are news, if it is time for an alert (noted as told); None if it is not."""
        current = set(overdue)
        self._told = {
            one: at for one, at in self._told.items() if one in current or now - at < HOUR
        }
        news = [one for one in overdue if one not in self._told]
        if not overdue or not self._is_time(now, news=bool(news)):
            return None
        self._told |= dict.fromkeys(news, now)
        self.told_and_overdue |= current
        self._last = now
        self._alerts += 1
        return news

    def _is_time(self, now: datetime, *, news: bool) -> bool:
        if self._last is None:
            return True
        first, most = NEWS_WAITS if news else REPEATS_AFTER
        doublings = min(max(self._alerts - 1, 0), 10)
        return now - self._last >= min(first * (1 << doublings), most)
