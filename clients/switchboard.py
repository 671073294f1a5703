"""The sending switch, as the Slack app and the form reach it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from clients.away import or_away
from domain import ids, task_queues
from domain.messages import PauseSending
from domain.sending import SENDING_MEMO, SendingState, SwitchboardState

RPC_TIMEOUT = timedelta(seconds=2)
WITHIN = 2.5
"""Seconds for one call in all: somebody has clicked and waits."""
SUMMARY = "All sending: paused, or on"


class Switchboard:
    """Reads and sets the switch of this namespace."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def state(self) -> SendingState:
        """How the switch stands, also while no worker runs; on, where nobody ever touched it.

        A switchboard that an operator has terminated counts as never touched.

        Raises:
            TemporalAwayError: no answer in time.
        """
        handle = self._client.get_workflow_handle(ids.SWITCHBOARD)
        async with or_away(WITHIN):
            try:
                found = await handle.describe(rpc_timeout=RPC_TIMEOUT)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return SendingState()
            if found.status is not WorkflowExecutionStatus.RUNNING:
                return SendingState()
            state: SendingState = await found.memo_value(
                SENDING_MEMO, SendingState(), type_hint=SendingState
            )
            return state

    async def set(self, paused: bool, by: str) -> SendingState:
        """Pause all sending, or let it go on; requests hear of it in the seconds that follow.

        Args:
            by: Slack id of the coordinator; the caller checks that they are one.

        Returns: how the switch stands now.

        Raises:
            TemporalAwayError: no server or worker took it in time; it is safe to say it again.
        """
        begin: WithStartWorkflowOperation[Any, None] = WithStartWorkflowOperation(
            ids.SWITCHBOARD_TYPE,
            SwitchboardState(),
            id=ids.SWITCHBOARD,
            task_queue=task_queues.WORKFLOWS,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=SUMMARY,
        )
        begun = asyncio.ensure_future(begin.workflow_handle())  # nobody asks it for its error else
        try:
            async with or_away(WITHIN):
                state: SendingState = await self._client.execute_update_with_start_workflow(
                    PauseSending.signal,
                    PauseSending(by=by, paused=paused),
                    start_workflow_operation=begin,
                    result_type=SendingState,
                    rpc_timeout=RPC_TIMEOUT,
                )
        finally:
            begun.cancel()
        return state

    async def ensure(self) -> None:
        """Have it there, so that operators find it in the Web UI.

        Raises:
            temporalio.service.RPCError: Temporal does not take it now.
        """
        await self._client.start_workflow(
            ids.SWITCHBOARD_TYPE,
            SwitchboardState(),
            id=ids.SWITCHBOARD,
            task_queue=task_queues.WORKFLOWS,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=SUMMARY,
            rpc_timeout=RPC_TIMEOUT,
        )
