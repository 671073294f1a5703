"""Which requests are overdue, asked of a real Temporal that no worker serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

import clients.overdue
from clients.overdue import LookError, OverdueRequests
from domain import ids, search_attributes
from domain.search_attributes import NEXT_DEADLINE, WAITING_FOR
from tests.ports import free_port
from tests.temporal import SERVER, end, start_server

NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE = timedelta(minutes=1)


class Town:
    """Requests as a worker left them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._handles: dict[str, WorkflowHandle[Any, Any]] = {}

    async def request(self, *attributes: SearchAttributePair[Any]) -> str:
        request_id = ids.request_id_for(uuid4().hex, "UAVERY")
        self._handles[request_id] = await self._client.start_workflow(
            ids.WORKFLOW_TYPE,
            id=ids.workflow_id(request_id),
            task_queue="nobody-is-here",
            search_attributes=TypedSearchAttributes(list(attributes)),
        )
        return request_id

    async def waiting_until(self, moment: datetime | None) -> str:
        """A request that a worker has begun."""
        deadline = [SearchAttributePair(NEXT_DEADLINE, moment)] if moment else []
        return await self.request(SearchAttributePair(WAITING_FOR, "the next step"), *deadline)

    async def end(self, request_id: str) -> None:
        await end(self._handles.pop(request_id))

    async def overdue(self, moment: datetime, expected: list[str]) -> dict[str, datetime]:
        """Ours, as soon as visibility knows of those expected."""
        async with asyncio.timeout(60):
            while True:
                found = await OverdueRequests(self._client).before(moment)
                ours = {o.request_id: o.since for o in found if o.request_id in self._handles}
                if list(ours) == expected:
                    return ours
                await asyncio.sleep(0.05)

    async def end_all(self) -> None:
        for request_id in list(self._handles):
            await self.end(request_id)


@pytest.fixture
async def town(temporal: WorkflowEnvironment) -> AsyncIterator[Town]:
    town = Town(temporal.client)
    yield town
    await town.end_all()


async def test_open_requests_with_a_deadline_before_are_overdue_the_longest_first(
    town: Town,
) -> None:
    late = await town.waiting_until(NOW - 6 * MINUTE)
    later = await town.waiting_until(NOW - 60 * MINUTE)
    await town.waiting_until(NOW - 4 * MINUTE)
    await town.waiting_until(NOW + 60 * MINUTE)
    await town.waiting_until(None)  # it waits for people, for as long as they like
    ended = await town.waiting_until(NOW - 90 * MINUTE)
    await town.overdue(NOW - 5 * MINUTE, [ended, later, late])
    await town.end(ended)
    found = await town.overdue(NOW - 5 * MINUTE, [later, late])
    assert found == {later: NOW - 60 * MINUTE, late: NOW - 6 * MINUTE}


async def test_a_request_that_no_worker_has_begun_is_overdue_by_its_start(town: Town) -> None:
    """With the worker dead, new requests have no deadline at all."""
    never_begun = await town.request()
    other = await town.waiting_until(NOW - 2 * MINUTE)
    await town.overdue(NOW - MINUTE, [other])
    found = await town.overdue(datetime.now(UTC) + MINUTE, [other, never_begun])
    assert abs(found[never_begun] - datetime.now(UTC)) < MINUTE


async def test_a_temporal_that_is_away_is_named_as_that() -> None:
    away = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True)
    with pytest.raises(LookError, match=r"can't be reached|does not answer") as error:
        await OverdueRequests(away).before(NOW)
    assert not error.value.refused


async def test_a_temporal_that_comes_back_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with await start_server() as first:
        address = first.client.service_client.config.target_host
        requests = OverdueRequests(await Client.connect(address, lazy=True))
        assert await requests.before(NOW) == []
    monkeypatch.setattr(clients.overdue, "LOOK_TIMEOUT", 0.5)
    with pytest.raises(LookError, match=r"can't be reached|does not answer"):
        await requests.before(NOW)
    async with _start_server_at(int(address.rpartition(":")[2])), asyncio.timeout(60):
        while True:
            with suppress(LookError):
                assert await requests.before(NOW) == []
                return


async def test_a_temporal_without_our_namespace_has_refused(temporal: WorkflowEnvironment) -> None:
    other = await Client.connect(
        temporal.client.service_client.config.target_host, namespace="not-ours"
    )
    with pytest.raises(LookError, match=r"refuses to list requests \(NOT_FOUND\)") as error:
        await OverdueRequests(other).before(NOW)
    assert error.value.refused


@asynccontextmanager
async def _start_server_at(port: int) -> AsyncIterator[None]:
    async with await WorkflowEnvironment.start_local(
        port=port,
        search_attributes=list(search_attributes.ALL),
        dev_server_existing_path=str(SERVER),
        dev_server_log_level="error",
    ):
        yield
