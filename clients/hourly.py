"""A lasting trouble is told once an hour, however often it is met."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

HOUR = 3600.0

_alerts = logging.getLogger("muster.alerts")


class HourlyAlerts:
    """One line an hour for one trouble, however many requests run into it.

    ``clock`` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, float] = {}

    def error(self, trouble: str, line: str) -> None:
        """Log ``line``, unless this trouble had one within the hour."""
        now = self._clock()
        self._said = {known: at for known, at in self._said.items() if now - at < HOUR}
        if trouble not in self._said:
            self._said[trouble] = now
            _alerts.error("%s", line)
