"""By when the mentor who has a request may promise to write. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_PROMISE = timedelta(days=14)
"""A promise that is further away tells the mentee nothing."""
LONGEST_SILENCE = timedelta(days=10)
"""From the claim to a mentor's first word, however often they put it off: a mentee who heard
nothing for weeks is what must not happen."""


def latest_promise(claimed_at: datetime, now: datetime, *, has_written: bool) -> datetime:
    """The latest moment (UTC) that the mentor may name."""
    latest = now + LONGEST_PROMISE
    return latest if has_written else min(latest, claimed_at + LONGEST_SILENCE)
