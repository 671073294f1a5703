"""Airtable's rate limits: 5 requests a second on a base, 50 a second for a token.

https://airtable.com/developers/web/api/rate-limits: whoever asks faster gets 429 and has to wait
30 seconds before requests on that base succeed again. How Airtable measures a second isn't
documented; here it is a sliding window.
"""

from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.airtable.errors import RateLimitedError

PER_BASE = 5
PER_TOKEN = 50
PENALTY = 30.0
"""Seconds in which a base answers 429 after it was asked too fast."""
WINDOW = 0.9
"""Seconds; a tenth less than one, for requests that a busy machine lets arrive in a bunch."""


class RateLimits:
    """Counts requests by base and token.

    Args:
        clock: gives the time in seconds; only differences matter.
        enabled: whether anything is limited.
    """

    def __init__(self, clock: Callable[[], float], *, enabled: bool) -> None:
        self._clock = clock
        self.enabled = enabled
        self.forget()

    def forget(self) -> None:
        """Start again as if nothing had been asked."""
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._blocked_until: dict[str, float] = {}

    def spend(self, base_id: str, token: str) -> None:
        """Count one request.

        Raises:
            RateLimitedError: it was one too many, or the penalty for that still lasts.
        """
        if not self.enabled:
            return
        for key, allowed in ((base_id, PER_BASE), (f"token {token}", PER_TOKEN)):
            self._spend(key, allowed)

    def _spend(self, key: str, allowed: int) -> None:
        now = self._clock()
        if now < self._blocked_until.get(key, now):
            raise RateLimitedError
        recent = self._recent[key]
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        if len(recent) >= allowed:
            self._blocked_until[key] = now + PENALTY
            recent.clear()
            raise RateLimitedError
        recent.append(now)
