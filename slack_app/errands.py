"""What may be done after Slack was answered: private words, a page drawn anew. Never a decision."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from slack_app.slack_errors import error_name

_log = logging.getLogger(__name__)


class Errands:
    """Runs them beside the listeners; what fails is logged and let be."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._finish)

    async def settle(self) -> None:
        """Wait until all are done."""
        while self._running:
            await asyncio.wait(self._running)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.warning("Something that could be left undone failed: %s", error_name(error))
