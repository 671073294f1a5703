"""Ctrl-C, a closed terminal and SIGTERM: the first one stops properly, a second one insists."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, cast

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """``insist`` is called on every signal after the first."""

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self._task = task
        self.received = False
        self.insist: Callable[[], None] = lambda: None

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self.received:
            self.insist()
        else:
            self.received = True
            self._task.cancel()


def run(story: Callable[[StopSignals], Coroutine[Any, Any, int]], *, when_stopped: int) -> int:
    """Run ``story`` and return its exit code, or ``when_stopped`` if a signal ended it."""

    async def main() -> int:
        signals = StopSignals(cast("asyncio.Task[int]", asyncio.current_task()))
        signals.install(asyncio.get_running_loop())
        try:
            return await story(signals)
        except asyncio.CancelledError:
            if not signals.received:
                raise
            return when_stopped

    return asyncio.run(main())
