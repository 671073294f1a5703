"""Slack's rate limits: a bucket per method, for posting one per channel as well.

Tiers: https://docs.slack.dev/apis/web-api/rate-limits. Slack gives minimum rates and allows short
bursts without saying how long; here a method may use up a minute's calls at once.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    per_minute: float
    burst: int


TIER_1 = Rate(1, 1)
TIER_2 = Rate(20, 20)
TIER_3 = Rate(50, 50)
TIER_4 = Rate(100, 100)
POSTING = Rate(400, 100)
"""Messages of one app in a workspace: several hundred a minute."""
POSTING_PER_CHANNEL = Rate(60, 10)
"""About one message a second, short bursts allowed."""
SPECIAL = Rate(600, 600)
"""Methods whose limit Slack calls special: hundreds a minute."""

RATES: Mapping[str, Rate] = {
    "auth.test": SPECIAL,
    "api.test": TIER_4,
    "team.info": TIER_3,
    "bots.info": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "conversations.open": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.join": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.create": TIER_2,
    "chat.postMessage": POSTING,
    "chat.postEphemeral": TIER_4,
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.getPermalink": SPECIAL,
    "views.open": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
    "views.publish": TIER_4,
}


class RateLimits:
    """Token buckets that fill up with time.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, *, enabled: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.enabled = enabled
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def clear(self) -> None:
        self._buckets.clear()

    def wait_for(self, method: str, channel: str = "") -> int:
        """Take one call; 0 if it may go ahead, else the whole seconds to wait (Retry-After)."""
        if not self.enabled:
            return 0
        wanted = [((method, ""), RATES.get(method, TIER_3))]
        if method == "chat.postMessage" and channel:
            wanted.append(((method, channel), POSTING_PER_CHANNEL))
        now = self._clock()
        levels = [self._level(key, rate, now) for key, rate in wanted]
        waits = [
            (1 - level) * 60 / rate.per_minute
            for level, (_, rate) in zip(levels, wanted, strict=True)
        ]
        longest = max(waits)
        if longest > 0:
            return math.ceil(longest)
        for level, (key, _) in zip(levels, wanted, strict=True):
            self._buckets[key] = (level - 1, now)
        return 0

    def _level(self, key: tuple[str, str], rate: Rate, now: float) -> float:
        level, since = self._buckets.get(key, (float(rate.burst), now))
        return min(rate.burst, level + (now - since) * rate.per_minute / 60)
