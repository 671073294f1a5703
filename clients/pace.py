"""The pace of calls that one remote place allows, kept in this process."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable


class PaceClosedError(Exception):
    """Nobody may call for ``seconds`` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no calls for another {seconds:.0f} s")
        self.seconds = seconds


class Pace:
    """At most ``calls`` starts within any ``per`` seconds, first come, first served.

    ``close_for`` shuts the door for a while, as after a 429; those who would have to wait longer
    than ``patience`` seconds for it to open are told so instead.
    """

    def __init__(
        self,
        *,
        calls: int,
        per: float,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._starts: deque[float] = deque(maxlen=calls)
        self._per = per
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._closed_until = 0.0
        self._queue = asyncio.Lock()

    def close_for(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    async def turn(self) -> None:
        """Wait until a call may start.

        Raises:
            PaceClosedError: the door stays shut for longer than the patience lasts.
        """
        async with self._queue:
            while (wait := self._wait()) > 0:
                await self._sleep(wait)
            self._starts.append(self._clock())

    def _wait(self) -> float:
        now = self._clock()
        closed = self._closed_until - now
        if closed > self._patience:
            raise PaceClosedError(closed)
        full = len(self._starts) == self._starts.maxlen
        return max(closed, self._starts[0] + self._per - now if full else 0.0)
