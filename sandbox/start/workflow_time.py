"""What time it is for a workflow: each has a clock of its own, which may have been moved."""

from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode


async def time_at(handle: WorkflowHandle[Any, Any]) -> datetime:
    """What the workflow's own clock says now (UTC).

    Raises:
        RPCError: there is no such workflow, or Temporal does not answer.
    """
    described = await handle.describe()
    info = described.raw_description.workflow_extended_info
    if not info.HasField("time_skipping_info"):
        return datetime.now(UTC)
    return info.time_skipping_info.current_time.ToDatetime(tzinfo=UTC)


async def time_if_there(handle: WorkflowHandle[Any, Any]) -> datetime | None:
    """The same; None for a workflow that is gone, as lists lag behind.

    Raises:
        RPCError: Temporal does not answer.
    """
    try:
        return await time_at(handle)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
