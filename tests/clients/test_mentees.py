"""Who of many people has asked for a mentor, by the real server's visibility."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from clients.mentees import AT_A_TIME, Mentees
from domain.models import Status
from tests.clients.idle_requests import IdleRequests, idle_requests, unique_id


@pytest.fixture
async def requests(temporal: WorkflowEnvironment) -> AsyncIterator[IdleRequests]:
    async with idle_requests(temporal.client) as requests:
        yield requests


@pytest.fixture
def client(temporal: WorkflowEnvironment) -> Client:
    return temporal.client


async def until_found(client: Client, people: Iterable[str], expected: set[str]) -> None:
    people = list(people)
    async with asyncio.timeout(60):
        while await Mentees(client).among(people) != expected:
            await asyncio.sleep(0.05)


async def test_those_with_a_request_are_found_running_or_over(
    requests: IdleRequests, client: Client
) -> None:
    riley, morgan, sam, passer_by = (unique_id() for _ in range(4))
    await requests.start(mentee=riley)
    await requests.terminate(await requests.start(Status.COMPLETED, mentee=morgan))
    await requests.start(Status.CLAIMED, mentee=riley, mentor=sam)
    await requests.start(mentee=passer_by, workflow_type="SomethingElse")
    await until_found(client, [riley, morgan, sam, passer_by], {riley, morgan})


async def test_a_crowd_is_looked_up_in_handfuls(
    requests: IdleRequests, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [unique_id() for _ in range(2 * AT_A_TIME + 1)]
    first, last = crowd[0], crowd[-1]
    for mentee in (first, last):
        await requests.start(mentee=mentee)
    await until_found(client, crowd, {first, last})
    queries: list[str] = []
    list_workflows = client.list_workflows

    def noted(query: str, **more: object) -> object:
        queries.append(query)
        return list_workflows(query, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "list_workflows", noted)
    await Mentees(client).among(crowd)
    assert len(queries) == 3


async def test_what_is_no_slack_id_is_not_asked_about(
    requests: IdleRequests, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    riley = unique_id()
    await requests.start(mentee=riley)
    await until_found(client, [riley], {riley})
    asked = f"{riley}') OR ('1' = '1"
    monkeypatch.setattr(client, "list_workflows", None)  # a call would fail
    assert await Mentees(client).among([asked, "", "nobody"]) == set()
