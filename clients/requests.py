"""Requests as the web pages and the Slack app reach them: start, decide, look.

A call that Temporal can't take raises within two seconds, long before Slack's three are over;
nothing is answered as done that is not on Temporal's disk. Mentors' and mentees' decisions are
signals; coordinators' orders are updates, which have an answer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import ids, search_attributes, task_queues
from domain.base import Decision, Payload
from domain.messages import CASE_QUERY, DETAILS_QUERY, VIEW_QUERY
from domain.models import RequestStart, Status
from domain.orders import Answered, Order
from domain.view import CaseFile, RequestDetails, RequestView

RPC_TIMEOUT = timedelta(seconds=2)
QUERY_TIMEOUT = timedelta(seconds=2)
_CALL_TIMEOUT_SECONDS = 2.5
"""Bounds a whole call: RPC timeouts do not cover the connecting that a lazy client does first."""
_ANSWER_WITHIN_SECONDS = 2.0
"""For an order and its answer together; one decided later is answered by the workflow itself."""
_LEAST_PATIENCE_SECONDS = 0.2
"""For the answer alone, when being accepted has taken long."""
_CLOSED_OVER_IT = "AcceptedUpdateCompletedWorkflow"
"""The server's type of failure for an order that was still open when its request ended."""
_CHOSEN = (None, "", "OrderRefused")
"""Types of failure whose words were written for people; Python's own errors have their names."""
_FOUND_AT_MOST = 20
"""Requests that are looked at to find somebody's newest."""
_SLACK_ID = re.compile(r"[A-Z0-9]{1,32}")

_Answer = TypeVar("_Answer", bound=Payload)


class RequestError(Exception):
    """A request could not be reached."""


class RequestGoneError(RequestError, LookupError):
    """There is no such request, or it is finished and takes no more decisions."""


class TemporalAwayError(RequestError, ConnectionError):
    """Temporal (or, for a look, the worker) did not answer in time: try again in a moment."""


class OrderUnconfirmedError(TemporalAwayError):
    """Nobody has accepted an order in time; a worker that comes back may still carry it out."""


class OrderRefusedError(RequestError, ValueError):
    """The request does not take this order as it stands; ``words`` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


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
                            SearchAttributePair(search_attributes.RESPOND_BY, start.respond_by),
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

    async def order(self, request_id: str, order: Order, *, click: str = "") -> Answered | None:
        """Give a coordinator's order and wait a little for what becomes of it.

        Args:
            click: what tells one click from another: sent twice, it is one order.

        Returns:
            None when it was accepted but could not be decided within two seconds: then the
            workflow tells the coordinator itself.

        Raises:
            OrderRefusedError: not as the request stands; nothing was changed.
            RequestGoneError: the request is finished, or never was.
            OrderUnconfirmedError: no worker or server accepted it in time; it may be sent again.
        """
        started = time.monotonic()
        try:
            async with _in_our_words():
                handle = await self._handle(request_id).start_update(
                    order.signal,
                    order,
                    id=f"{order.signal}/{click}" if click else None,
                    wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                    result_type=Answered,
                    rpc_timeout=RPC_TIMEOUT,
                )
        except TemporalAwayError as error:
            raise OrderUnconfirmedError(*error.args) from error
        left = _ANSWER_WITHIN_SECONDS - (time.monotonic() - started)
        return await _answer(handle, max(left, _LEAST_PATIENCE_SECONDS))

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

    async def case(self, request_id: str) -> CaseFile:
        """What coordinators may read; the caller checks who asks. Raises: see ``view``."""
        return await self._query(request_id, CASE_QUERY, CaseFile)

    async def find(self, *, channel: str) -> str | None:
        """The id of the newest running request whose pair talks in this group DM.

        Raises:
            TemporalAwayError: no answer in time.
        """
        found = await self._running(f"{search_attributes.GROUP.name} = {_literal(channel)}")
        return next(iter(found), None)

    async def find_of(self, slack_id: str) -> str | None:
        """The id of somebody's newest running request: as mentee, else as the mentor who has it.

        Raises:
            TemporalAwayError: no answer in time.
        """
        mentee, mentor = search_attributes.MENTEE, search_attributes.MENTOR
        who = _literal(slack_id)
        found = await self._running(f"({mentee.name} = {who} OR {mentor.name} = {who})")
        own = (request_id for request_id, known in found.items() if known.get(mentee) == slack_id)
        return next(own, None) or next(iter(found), None)

    async def _running(self, which: str) -> dict[str, TypedSearchAttributes]:
        """Running requests by id, newest first, from visibility (which is a moment behind)."""
        query = f"WorkflowType = '{ids.WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' AND {which}"
        async with _in_our_words():
            listed = self._client.list_workflows(
                query, page_size=_FOUND_AT_MOST, limit=_FOUND_AT_MOST, rpc_timeout=RPC_TIMEOUT
            )
            found = [workflow async for workflow in listed]
        found.sort(key=lambda workflow: workflow.start_time, reverse=True)
        prefix = ids.workflow_id("")
        return {entry.id.removeprefix(prefix): entry.typed_search_attributes for entry in found}

    async def _query(self, request_id: str, name: str, answer: type[_Answer]) -> _Answer:
        async with _in_our_words():
            result: _Answer = await self._handle(request_id).query(
                name, result_type=answer, rpc_timeout=QUERY_TIMEOUT
            )
        return result

    def _handle(self, request_id: str) -> WorkflowHandle[object, object]:
        return self._client.get_workflow_handle(ids.workflow_id(request_id))


async def _answer(handle: WorkflowUpdateHandle[Answered], patience: float) -> Answered | None:
    """What became of an accepted order, or None after ``patience`` seconds."""
    try:
        async with asyncio.timeout(patience):
            return await handle.result()
    except (TimeoutError, RPCTimeoutOrCancelledError, RPCError):
        return None  # accepted all the same
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == _CLOSED_OVER_IT:
            raise RequestGoneError("the request ended before the order was decided") from error
        raise OrderRefusedError(_words_of(cause)) from error


def _words_of(cause: BaseException | None) -> str:
    """Words that a validator chose; never the text of a mistake of ours."""
    if isinstance(cause, ApplicationError) and cause.type in _CHOSEN and cause.message:
        return cause.message
    return "This can't be done as the request stands now, so nothing was changed."


def _literal(slack_id: str) -> str:
    """An id as a literal in a visibility query; it can't end the literal and go on."""
    if not _SLACK_ID.fullmatch(slack_id):
        raise ValueError("not a Slack id")
    return f"'{slack_id}'"


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
    except RPCTimeoutOrCancelledError as error:
        raise TemporalAwayError("Temporal did not answer in time") from error
    except WorkflowQueryFailedError as error:
        raise TemporalAwayError("the request could not be read") from error
    except (TimeoutError, RuntimeError) as error:  # RuntimeError: a lazy client can't connect
        raise TemporalAwayError("Temporal can't be reached") from error
