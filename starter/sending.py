"""Whether all sending is paused, as a request that starts now has to know."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from clients.requests import TemporalAwayError
from domain.sending import SendingState

REMEMBERED = 5.0
"""Seconds. A request that starts with an old answer is told by the switchboard's second round."""
PATIENCE = 1.0
"""Seconds for the answer: somebody has pressed Send."""

_log = logging.getLogger(__name__)


class Switch(Protocol):
    """See ``clients.switchboard``."""

    async def state(self) -> SendingState: ...


class RememberedSending:
    """Asks the switch; ``clock`` counts seconds."""

    def __init__(self, switch: Switch, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._switch = switch
        self._clock = clock
        self._paused = False
        self._good_until = float("-inf")

    async def is_paused(self) -> bool:
        """False where nobody can tell: asking for a mentor does not depend on it."""
        if self._clock() >= self._good_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._paused = (await self._switch.state()).paused
            except (TemporalAwayError, TimeoutError) as error:
                _log.warning("The sending switch can't be read: %s", error)
                self._paused = False
            self._good_until = self._clock() + REMEMBERED
        return self._paused


class AlwaysOn:
    """No switch at all."""

    async def is_paused(self) -> bool:
        return False


ALWAYS_ON = AlwaysOn()
