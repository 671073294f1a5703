"""Work that runs beside a workflow's main line."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Runs coroutines beside ``run``; an error in one of them is not lost but raised in ``run``."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._error: BaseException | None = None

    def run(self, *work: Coroutine[Any, Any, Any]) -> None:
        for coroutine in work:
            task = asyncio.create_task(coroutine)
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    @property
    def idle(self) -> bool:
        return not self._tasks

    @property
    def failed(self) -> bool:
        return self._error is not None

    def raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._error = self._error or task.exception()
