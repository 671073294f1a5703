"""What concerns all requests together: telling them of the switch, looking at the queue."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from activities.heartbeat import heartbeats
from clients.mentors import Mentors
from clients.queue import Queue
from clients.switchboard import Switchboard
from domain.ids import ROLL_UP_TYPE, WORKFLOW_TYPE
from domain.roll_up import SHOWN_AT_MOST, TO_THE_NEXT, NewMentor, RollUp, Survey, stands_in
from domain.sending import TellRequests, ToldRequests

PAGE = 200
"""Requests that are told before an interrupted round has somewhere to go on from."""
AT_ONCE = 20
RPC_TIMEOUT = timedelta(seconds=10)

_PASSING = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.UNKNOWN,
    }
)
"""The same call may well be taken later."""


class ProgramActivities:
    """Served beside the workflows: all they need is Temporal itself."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._switchboard = Switchboard(client)
        self._queue = Queue(client)
        self._mentors = Mentors(client)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.tell_requests, self.is_sending_paused, self.survey]

    @activity.defn
    async def tell_requests(self, order: TellRequests) -> ToldRequests:
        """Signal everything that sends; an interrupted round goes on with the page it was at."""
        told = _progress()
        async with heartbeats(told):
            while True:
                listed = self._client.list_workflows(
                    _senders(order),
                    page_size=PAGE,
                    next_page_token=base64.b64decode(told.page) or None,
                    rpc_timeout=RPC_TIMEOUT,
                )
                await listed.fetch_next_page()
                told.requests += await self._tell(listed.current_page or [], order)
                if not listed.next_page_token:
                    return told
                told.page = base64.b64encode(listed.next_page_token).decode()

    @activity.defn
    async def is_sending_paused(self) -> bool:
        """How the switch stands right now."""
        return (await self._switchboard.state()).paused

    @activity.defn
    async def survey(self, order: Survey) -> RollUp:
        """The requests that coordinators are to be reminded of, as far as anybody can say now."""
        async with heartbeats():
            listing = await self._queue.entries(
                SHOWN_AT_MOST,
                now=order.now,
                only=lambda entry: stands_in(entry, order.now),
            )
            met = await self._mentors.standings()
        since = (order.begun_at or order.now) - TO_THE_NEXT
        new = [
            NewMentor(slack_id=one.slack_id, in_review=one.in_review)
            for one in met.values()
            if one.signed_up_at is not None and one.signed_up_at > since
        ]
        return RollUp(now=order.now, entries=listing.entries, more=listing.more, new_mentors=new)

    async def _tell(self, page: Sequence[WorkflowExecution], order: TellRequests) -> int:
        """How many were told. What is on its way when the round is called off still arrives
        before this returns: a newer round must not be overtaken by it."""
        at_once, called_off = asyncio.Semaphore(AT_ONCE), asyncio.Event()

        async def tell(workflow_id: str) -> bool:
            async with at_once:
                return not called_off.is_set() and await self._signal(workflow_id, order)

        telling = asyncio.gather(*(tell(one.id) for one in page), return_exceptions=True)
        try:
            answers = await asyncio.shield(telling)
        except asyncio.CancelledError:
            called_off.set()
            await telling
            raise
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return sum(answer is True for answer in answers)

    async def _signal(self, workflow_id: str, order: TellRequests) -> bool:
        """Raises: RPCError, one that will pass."""
        decision = order.decision
        try:
            await self._client.get_workflow_handle(workflow_id).signal(
                decision.signal, decision, rpc_timeout=RPC_TIMEOUT
            )
        except RPCError as error:
            if error.status in _PASSING:
                raise
            if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended meanwhile
                activity.logger.warning("%s could not be told: %s", workflow_id, error.status.name)
            return False
        return True


def _progress() -> ToldRequests:
    details = activity.info().heartbeat_details
    return ToldRequests.model_validate(details[0]) if details else ToldRequests()


def _senders(order: TellRequests) -> str:
    """A visibility query for all that sends."""
    senders = f"WorkflowType IN ('{WORKFLOW_TYPE}', '{ROLL_UP_TYPE}')"
    query = f"{senders} AND ExecutionStatus = 'Running'"
    if order.started_since:
        query += f" AND StartTime >= '{order.started_since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}'"
    return query
