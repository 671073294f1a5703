"""Ctrl-C, a closed terminal and SIGTERM: the first one stops properly, a second one insists."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, cast

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK_EVERY = 1.0
"""Seconds between looks whether the terminal is still there."""


class StopSignals:
    """``insist`` is called on every signal after the first."""

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self._task = task
        self.received = False
        self.insist: Callable[[], None] = lambda: None

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                loop.add_signal_handler(number, self.stop)

    async def watch_terminal(self) -> None:
        """Stop when the terminal goes away without a word.

        A terminal that was opened for make alone tells make, which waits for us and passes
        nothing on.
        """
        if not os.isatty(0) or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            return
        while os.isatty(0):  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(_LOOK_EVERY)
        self.stop()

    def stop(self) -> None:
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
        watching = asyncio.create_task(signals.watch_terminal())
        try:
            return await story(signals)
        except asyncio.CancelledError:
            if not signals.received:
                raise
            return when_stopped
        finally:
            watching.cancel()

    return asyncio.run(main())


def leave(code: int) -> NoReturn:
    """End the process without taking the interpreter down.

    Threads of Temporal's client may still call into it then, and now and again that crashes
    (temporalio/sdk-python issue 300).
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
