"""Typed failures of activities: Temporal retries each in its own way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from clients.slack import SlackBusyError, SlackError, SlackPayloadError, SlackSystemError

alerts = logging.getLogger("muster.alerts")
"""What an operator must see: one line each, without personal data."""

HOURLY = timedelta(hours=1)


class HourlyAlerts:
    """One line an hour for one trouble, however many requests run into it.

    ``clock`` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, float] = {}

    def error(self, trouble: str, line: str) -> None:
        """Log ``line``, unless this trouble had one within the hour."""
        now, hour = self._clock(), HOURLY.total_seconds()
        self._said = {known: at for known, at in self._said.items() if now - at < hour}
        if trouble not in self._said:
            self._said[trouble] = now
            alerts.error("%s", line)


def from_slack(error: SlackError, hourly: HourlyAlerts) -> ApplicationError:
    """A Slack error as Temporal should see it: when to come back, and how loudly."""
    kind = type(error).__name__
    if isinstance(error, SlackBusyError):
        return ApplicationError(
            str(error), type=kind, next_retry_delay=timedelta(seconds=error.seconds)
        )
    if isinstance(error, SlackSystemError):
        hourly.error(
            error.code,
            f"Slack refuses: {error}. Check the token, its scopes and the channel ids; "
            "it is tried again every hour and nothing is lost.",
        )
        return ApplicationError(str(error), type=kind, next_retry_delay=HOURLY)
    final = isinstance(error, SlackPayloadError)  # the same message would be refused again
    return ApplicationError(str(error), type=kind, non_retryable=final)
