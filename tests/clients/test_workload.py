"""Mentees are counted by the real server's visibility."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

from clients.workload import LIFE, Workload
from domain.ids import WORKFLOW_TYPE
from domain.models import Status
from domain.search_attributes import MENTOR, STATUS
from tests.records.airtable_fake import Clock

Handle = WorkflowHandle[object, object]


class Running:
    """Requests that nobody works on: they run, with the search attributes they started with."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.handles: list[Handle] = []

    async def start(
        self, status: Status, mentor: str | None, workflow_type: str = WORKFLOW_TYPE
    ) -> Handle:
        pairs: list[SearchAttributePair[str]] = [SearchAttributePair(STATUS, status.value)]
        if mentor is not None:
            pairs.append(SearchAttributePair(MENTOR, mentor))
        handle: Handle = await self.client.start_workflow(
            workflow_type,
            id=f"workload-test/{uuid4()}",
            task_queue="nobody-listens",
            search_attributes=TypedSearchAttributes(pairs),
        )
        self.handles.append(handle)
        return handle


@pytest.fixture
async def running(temporal: WorkflowEnvironment) -> AsyncIterator[Running]:
    running = Running(temporal.client)
    yield running
    for handle in running.handles:
        if (await handle.describe()).close_time is None:
            await handle.terminate()


async def eventually(
    workload: Workload, clock: Clock, mentor: str, expected: int
) -> dict[str, int]:
    """Visibility is a moment behind: look until it has caught up."""
    async with asyncio.timeout(20):
        while True:
            counts = await workload.open_mentees()
            if counts.get(mentor, 0) == expected:
                return counts
            clock.now += LIFE
            await asyncio.sleep(0.05)


async def test_requests_that_take_a_slot_are_counted_by_mentor(running: Running) -> None:
    sam, dana = f"USAM{uuid4().hex[:6]}", f"UDANA{uuid4().hex[:6]}"
    await running.start(Status.AWAITING_FEEDBACK, sam)
    await running.start(Status.OPEN, None)
    await running.start(Status.OPEN, "")
    await running.start(Status.CLAIMED, sam, workflow_type="SomethingElse")
    await running.start(Status.CLAIMED, sam)
    await running.start(Status.SCHEDULED, sam)
    await running.start(Status.CLAIMED, "")
    await running.start(Status.CLAIMED, dana)
    clock = Clock()
    workload = Workload(running.client, clock=clock)
    await eventually(workload, clock, dana, 1)
    counts = await eventually(workload, clock, sam, 2)
    assert "" not in counts


async def test_a_slot_is_free_once_the_request_is_closed(running: Running) -> None:
    mentor = f"U{uuid4().hex[:8]}"
    handle = await running.start(Status.CLAIMED, mentor)
    clock = Clock()
    workload = Workload(running.client, clock=clock)
    await eventually(workload, clock, mentor, 1)
    await handle.terminate()
    await eventually(workload, clock, mentor, 0)


async def test_a_count_is_shared_for_a_moment(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    listings = 0
    list_workflows = running.client.list_workflows

    def counted(*args: object, **kwargs: object) -> object:
        nonlocal listings
        listings += 1
        return list_workflows(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(running.client, "list_workflows", counted)
    clock = Clock()
    workload = Workload(running.client, clock=clock)
    await asyncio.gather(*(workload.open_mentees() for _ in range(20)))
    await workload.open_mentees()
    assert listings == 1
    clock.now += LIFE
    await workload.open_mentees()
    assert listings == 2
