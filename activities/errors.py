"""Typed failures of activities: Temporal retries each in its own way."""

from __future__ import annotations

import logging
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from clients.hourly import HourlyAlerts
from clients.slack import SlackBusyError, SlackError, SlackPayloadError, SlackSystemError

__all__ = ["HOURLY", "HourlyAlerts", "alerts", "from_slack"]

alerts = logging.getLogger("muster.alerts")
"""What an operator must see: one line each, without personal data."""

HOURLY = timedelta(hours=1)


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
