"""Requests that nobody works on: they run, with the search attributes they started with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from domain import ids
from domain import search_attributes as keys
from domain.models import Status


def unique_id() -> str:
    """Somebody whom no other test on this server knows."""
    return f"U0{uuid4().hex[:10].upper()}"


class IdleRequests:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._handles: dict[str, WorkflowHandle[object, object]] = {}

    async def start(
        self,
        status: Status = Status.OPEN,
        *,
        mentee: str = "U0RILEY",
        mentor: str | None = None,
        workflow_type: str = ids.WORKFLOW_TYPE,
    ) -> str:
        """The id of a request that stands like this."""
        request_id = ids.request_id_for(uuid4().hex, mentee)
        known = [
            SearchAttributePair(keys.STATUS, status.value),
            SearchAttributePair(keys.MENTEE, mentee),
        ]
        if mentor is not None:
            known.append(SearchAttributePair(keys.MENTOR, mentor))
        self._handles[request_id] = await self._client.start_workflow(
            workflow_type,
            id=ids.workflow_id(request_id),
            task_queue="nobody-listens",
            search_attributes=TypedSearchAttributes(known),
        )
        return request_id

    async def terminate(self, request_id: str) -> None:
        await self._handles.pop(request_id).terminate("somebody did it in the Web UI")

    async def end(self) -> None:
        for request_id in list(self._handles):
            await self.terminate(request_id)


@asynccontextmanager
async def idle_requests(client: Client) -> AsyncIterator[IdleRequests]:
    requests = IdleRequests(client)
    try:
        yield requests
    finally:
        await requests.end()
