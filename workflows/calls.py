"""Awaiting an activity that may be called off."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError, RetryState

_T = TypeVar("_T")


class CalledOffError(Exception):
    """The activity was cancelled. ``started`` is False when it can't have done anything."""

    def __init__(self, *, started: bool) -> None:
        super().__init__("called off")
        self.started = started


async def result(handle: workflow.ActivityHandle[_T]) -> _T:
    """Wait for an activity.

    A handle that is cancelled before the event loop has come to it ends as a cancelled asyncio
    task, a later one as an ActivityError; both are the same to whoever called it off.

    Raises:
        CalledOffError: it was cancelled and had no result to give.
        ActivityError: it failed for good.
    """
    try:
        return await handle
    except asyncio.CancelledError:
        if not handle.cancelled():
            raise  # it is the caller who is being cancelled
        raise CalledOffError(started=False) from None
    except ActivityError as error:
        # a worker that died, or a failure, after the cancellation: it is not tried again
        last_try = error.retry_state is RetryState.CANCEL_REQUESTED
        if last_try or isinstance(error.cause, CancelledError):
            raise CalledOffError(started=True) from error
        raise
