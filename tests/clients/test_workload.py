"""Which requests a mentor has: found by the real server's visibility, confirmed one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from clients.workload import Workload
from domain import ids
from domain.models import Status
from tests.clients.idle_requests import IdleRequests, idle_requests, unique_id


@pytest.fixture
async def requests(temporal: WorkflowEnvironment) -> AsyncIterator[IdleRequests]:
    async with idle_requests(temporal.client) as requests:
        yield requests


@pytest.fixture
def workload(temporal: WorkflowEnvironment) -> Workload:
    return Workload(temporal.client)


class Belated(Workload):
    """Visibility is far behind: it lists what it is told to."""

    def __init__(self, client: Client, *listed: str) -> None:
        super().__init__(client)
        self.listed = list(listed)

    async def _listed(self, slack_id: str) -> list[str]:
        return self.listed


async def until_listed(workload: Workload, mentor: str, *expected: str) -> None:
    """Visibility is a moment behind: look until it has caught up."""
    async with asyncio.timeout(60):
        while set(await workload.requests_of(mentor)) != set(expected):
            await asyncio.sleep(0.05)


async def test_claimed_and_scheduled_requests_of_this_mentor_take_a_slot(
    requests: IdleRequests, workload: Workload
) -> None:
    sam, dana = unique_id(), unique_id()
    for status in (Status.OPEN, Status.AWAITING_FEEDBACK, Status.IN_REVIEW):
        await requests.start(status, mentor=sam)
    await requests.start(Status.CLAIMED, mentor=sam, workflow_type="SomethingElse")
    await requests.start(Status.CLAIMED, mentee=sam)
    claimed = await requests.start(Status.CLAIMED, mentor=sam)
    scheduled = await requests.start(Status.SCHEDULED, mentor=sam)
    danas = await requests.start(Status.CLAIMED, mentor=dana)
    await until_listed(workload, dana, danas)
    await until_listed(workload, sam, claimed, scheduled)


async def test_a_slot_is_free_once_its_request_was_terminated(
    requests: IdleRequests, workload: Workload
) -> None:
    sam = unique_id()
    gone = await requests.start(Status.CLAIMED, mentor=sam)
    kept = await requests.start(Status.CLAIMED, mentor=sam)
    await until_listed(workload, sam, gone, kept)
    await requests.terminate(gone)
    assert await workload.requests_of(sam, [gone, kept]) == [kept], "visibility may still list it"


async def test_a_request_that_is_known_counts_before_visibility_lists_it(
    requests: IdleRequests, temporal: WorkflowEnvironment
) -> None:
    sam = unique_id()
    known = await requests.start(Status.CLAIMED, mentor=sam)
    listed = await requests.start(Status.SCHEDULED, mentor=sam)
    workload = Belated(temporal.client, listed)
    assert await workload.requests_of(sam) == [listed]
    assert await workload.requests_of(sam, [known]) == [known, listed]
    assert await workload.requests_of(sam, [known, listed]) == [known, listed], "each once"


async def test_of_what_is_known_or_listed_only_what_is_still_theirs_counts(
    requests: IdleRequests, temporal: WorkflowEnvironment
) -> None:
    sam = unique_id()
    released = await requests.start(Status.OPEN, mentor="")
    with_dana = await requests.start(Status.CLAIMED, mentor=unique_id())
    over = await requests.start(Status.CLAIMED, mentor=sam)
    await requests.terminate(over)
    never_was = ids.request_id_for("never", sam)
    everything = [released, with_dana, over, never_was]
    workload = Belated(temporal.client, *everything)
    assert await workload.requests_of(sam, everything) == []


async def test_what_is_no_slack_id_can_not_widen_the_search(
    requests: IdleRequests, workload: Workload
) -> None:
    sam = unique_id()
    await until_listed(workload, sam, await requests.start(Status.CLAIMED, mentor=sam))
    assert await workload.requests_of(f"{sam}' OR MusterMentor = '{sam}") == []
    assert await workload.requests_of("") == []


@pytest.mark.parametrize("call", ["list_workflows", "describe"])
async def test_no_slot_is_called_free_because_temporal_does_not_answer(
    requests: IdleRequests, temporal: WorkflowEnvironment, call: str
) -> None:
    sam = unique_id()
    request_id = await requests.start(Status.CLAIMED, mentor=sam)
    away = RPCError("no connection", RPCStatusCode.UNAVAILABLE, b"")

    def fails(*args: object, **more: object) -> None:
        raise away

    with pytest.MonkeyPatch.context() as patch:
        if call == "describe":
            handle = temporal.client.get_workflow_handle(ids.workflow_id(request_id))
            patch.setattr(type(handle), call, fails)
        else:
            patch.setattr(temporal.client, call, fails)
        with pytest.raises(RPCError):
            await Workload(temporal.client).requests_of(sam, [request_id])
