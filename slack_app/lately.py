"""What this process did a short while ago, so that it need not do it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Lately:
    """Remembers keys for some seconds; the oldest are forgotten early when there are too many."""

    def __init__(self, seconds: float, clock: Callable[[], float], *, most: int = 10_000) -> None:
        self._seconds = seconds
        self._clock = clock
        self._most = most
        self._until: dict[Hashable, float] = {}

    def __contains__(self, key: Hashable) -> bool:
        return self._until.get(key, float("-inf")) > self._clock()

    def add(self, key: Hashable) -> None:
        self._until.pop(key, None)
        self._until[key] = self._clock() + self._seconds
        now = self._clock()
        while (oldest := next(iter(self._until))) != key:
            if self._until[oldest] > now and len(self._until) <= self._most:
                break
            del self._until[oldest]

    def discard(self, key: Hashable) -> None:
        self._until.pop(key, None)
