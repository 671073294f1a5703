"""The mentors' own clocks: there are many, most are idle, and nobody looks at them. They move only
when one of their deadlines falls due."""

from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from sandbox.start.workflow_time import time_if_there

WORKFLOW_TYPE = "MentorAvailability"
DEADLINE = SearchAttributeKey.for_datetime("MusterNextDeadline")
"""The search attribute that says when a workflow will wake up."""


async def falling_due(
    client: Client, town: datetime, by: timedelta, workflow_type: str = WORKFLOW_TYPE
) -> list[tuple[WorkflowHandle[Any, Any], timedelta]]:
    """Mentors' workflows that wake up within `by` from now, and how far each is to be moved.

    A clock that stood still while the requests' moved catches up with them; one that is ahead,
    because the requests that it went along with are over, goes on from where it is.

    Args:
        client: for the namespace; in one that doesn't know the search attribute nobody is due.
        town: what the clock of the open request that is furthest ahead says, else the real time.
        by: how far everything moves.
        workflow_type: another one in tests.

    Raises:
        RPCError: Temporal does not answer.
    """
    query = f"WorkflowType = '{workflow_type}' AND ExecutionStatus = 'Running'"
    due = []
    try:
        async for listed in client.list_workflows(f"{query} AND {DEADLINE.name} IS NOT NULL"):
            deadline = listed.typed_search_attributes.get(DEADLINE)
            handle = client.get_workflow_handle(listed.id)
            own = await time_if_there(handle)
            if deadline is None or own is None:
                continue
            target = max(own, town) + by
            if deadline <= target:
                due.append((handle, target - own))
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT:
            raise
    return due
