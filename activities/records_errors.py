"""Errors of the records as Temporal should see them: when to come back, and how loudly."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from activities.errors import HOURLY, HourlyAlerts, alerts
from clients.airtable import (
    PENALTY,
    AirtableError,
    AirtablePayloadError,
    AirtableRateLimitError,
    AirtableSystemError,
)


class RecordsErrors:
    """Tells operators of a lasting trouble once an hour. ``clock`` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._hourly = HourlyAlerts(clock)

    def failure(self, error: AirtableError, what: str) -> ApplicationError:
        """The error as Temporal should see it: when to come back, and how loudly."""
        kind = type(error).__name__
        if isinstance(error, AirtableRateLimitError):
            pause = timedelta(seconds=max(PENALTY, error.retry_after))
            return ApplicationError(str(error), type=kind, next_retry_delay=pause)
        if isinstance(error, AirtableSystemError):
            trouble = str(error)
            self._hourly.error(
                trouble, f"{trouble}. It is tried again every hour and nothing is lost."
            )
            return ApplicationError(str(error), type=kind, next_retry_delay=HOURLY)
        if isinstance(error, AirtablePayloadError):
            alerts.error(
                "%s: could not be written, and nothing tells what to leave out: %s", what, error
            )
            return ApplicationError(str(error), type=kind, non_retryable=True)
        return ApplicationError(str(error), type=kind)
