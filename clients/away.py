"""Temporal does not answer: one error for all the ways in which that shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import RPCTimeoutOrCancelledError
from temporalio.service import RPCError

from clients.requests import TemporalAwayError


@asynccontextmanager
async def or_away(within: float) -> AsyncIterator[None]:
    """Bound calls in time (seconds); a lazy client's connecting is part of it.

    Raises:
        TemporalAwayError: it does not answer, can't be reached, or refuses.
    """
    try:
        async with asyncio.timeout(within):
            yield
    except RPCError as error:
        raise TemporalAwayError(f"Temporal did not answer ({error.status.name})") from error
    except RPCTimeoutOrCancelledError as error:
        raise TemporalAwayError("Temporal did not answer in time") from error
    except (TimeoutError, RuntimeError) as error:  # RuntimeError: a lazy client can't connect
        raise TemporalAwayError("Temporal can't be reached") from error
