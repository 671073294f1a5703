"""Work that runs beside a workflow's main line."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Runs coroutines beside ``run``; an error in one of them is not lost but raised there."""

    def __init__(self) -> None:
        self._errands: set[asyncio.Task[Any]] = set()
        self._followers: set[asyncio.Task[Any]] = set()
        self._error: BaseException | None = None

    def run(self, *errands: Coroutine[Any, Any, Any]) -> None:
        """Start work that comes to an end."""
        for errand in errands:
            self._start(errand, self._errands)

    def follow(self, *followers: Coroutine[Any, Any, Any]) -> None:
        """Start work that goes on as long as the workflow."""
        for follower in followers:
            self._start(follower, self._followers)

    @property
    def idle(self) -> bool:
        """No errand is under way."""
        return not self._errands

    @property
    def failed(self) -> bool:
        return self._error is not None

    def raise_error(self) -> None:
        """Raises: what went wrong in a piece of background work, if anything did."""
        if self._error is not None:
            raise self._error

    def _start(self, work: Coroutine[Any, Any, Any], among: set[asyncio.Task[Any]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(lambda ended: self._ended(ended, among))

    def _ended(self, task: asyncio.Task[Any], among: set[asyncio.Task[Any]]) -> None:
        among.discard(task)
        if task.cancelled():  # nobody does that: something took a cancelled activity for its own
            self._error = self._error or RuntimeError("work in the background was cancelled")
        elif error := task.exception():
            self._error = self._error or error
