"""Requests as the web pages and the Slack app reach them: start, decide, look.

A call that Temporal can't take raises within two seconds, long before Slack's three are over;
nothing is answered as done that is not on Temporal's disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import ids, search_attributes, task_queues
from domain.base import Payload
from domain.messages import DETAILS_QUERY, VIEW_QUERY, Decision
from domain.models import RequestStart, Status
from domain.view import RequestDetails, RequestView

RPC_TIMEOUT = timedelta(seconds=2)
QUERY_TIMEOUT = timedelta(seconds=2)
_CALL_TIMEOUT_SECONDS = 2.5
"""Bounds a whole call: RPC timeouts do not cover the connecting that a lazy client does first."""

_Answer = TypeVar("_Answer", bound=Payload)


class RequestError(Exception):
    """A request could not be reached."""


class RequestGoneError(RequestError, LookupError):
    """There is no such request, or it is finished and takes no more decisions."""


class TemporalAwayError(RequestError, ConnectionError):
    """Temporal (or, for a look, the worker) did not answer in time: try again in a moment."""


class Requests:
    """All that the front doors may do with requests."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, start: RequestStart) -> bool:
        """Start the request's workflow; False when this very request was started before.

        Raises:
            TemporalAwayError: nothing was started; it is safe to send the same again.
        """
        try:
            async with _in_our_words():
                await self._client.start_workflow(
                    ids.WORKFLOW_TYPE,
                    start,
                    id=ids.workflow_id(start.request_id),
                    task_queue=task_queues.WORKFLOWS,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    rpc_timeout=RPC_TIMEOUT,
                    static_summary=start.service.name[:200],
                    search_attributes=TypedSearchAttributes(
                        [
                            SearchAttributePair(search_attributes.STATUS, Status.OPEN.value),
                            SearchAttributePair(search_attributes.SERVICE, start.service.name),
                            SearchAttributePair(search_attributes.MENTEE, start.mentee.slack_id),
                            SearchAttributePair(
                                search_attributes.SKILLS, [skill.name for skill in start.skills]
                            ),
                            SearchAttributePair(search_attributes.BREACHED, False),
                        ]
                    ),
                )
        except WorkflowAlreadyStartedError:
            return False
        except RequestGoneError as error:  # NOT_FOUND at a start: there is no such namespace
            raise TemporalAwayError("Temporal has no such namespace") from error
        return True

    async def decide(self, request_id: str, decision: Decision) -> None:
        """Put a decision into the request's inbox.

        Raises:
            RequestGoneError: the request is finished, or never was.
            TemporalAwayError: the decision was not taken; the person may click again.
        """
        async with _in_our_words():
            await self._handle(request_id).signal(
                decision.signal, decision, rpc_timeout=RPC_TIMEOUT
            )

    async def view(self, request_id: str) -> RequestView:
        """The request as cards and pages may show it; finished ones too, for 90 days.

        Raises:
            RequestGoneError: never was, or closed longer ago than the retention.
            TemporalAwayError: no answer in time.
        """
        return await self._query(request_id, VIEW_QUERY, RequestView)

    async def details(self, request_id: str) -> RequestDetails:
        """What mentors may read; the caller checks who asks. Raises: see ``view``."""
        return await self._query(request_id, DETAILS_QUERY, RequestDetails)

    async def _query(self, request_id: str, name: str, answer: type[_Answer]) -> _Answer:
        async with _in_our_words():
            result: _Answer = await self._handle(request_id).query(
                name, result_type=answer, rpc_timeout=QUERY_TIMEOUT
            )
        return result

    def _handle(self, request_id: str) -> WorkflowHandle[object, object]:
        return self._client.get_workflow_handle(ids.workflow_id(request_id))


@asynccontextmanager
async def _in_our_words() -> AsyncIterator[None]:
    """Bound a call in time and turn Temporal's errors into ours."""
    try:
        async with asyncio.timeout(_CALL_TIMEOUT_SECONDS):
            yield
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise RequestGoneError("the request is finished or unknown") from error
        raise TemporalAwayError("Temporal did not answer") from error
    except WorkflowQueryFailedError as error:
        raise TemporalAwayError("the request could not be read") from error
    except (TimeoutError, RuntimeError) as error:  # RuntimeError: a lazy client can't connect
        raise TemporalAwayError("Temporal can't be reached") from error
