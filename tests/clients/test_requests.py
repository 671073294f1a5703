"""How the front doors reach requests: orders have an answer, and people's requests are found."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from clients import requests as client_module
from clients.requests import (
    OrderRefusedError,
    OrderUnconfirmedError,
    RequestGoneError,
    Requests,
)
from domain import ids, search_attributes, task_queues
from domain.models import Person, RequestStart, Service
from domain.orders import Answered, Assign, CloseRequest, HandBack, Nudge, Take, Verdict, Widen
from domain.policy import EscalationPolicy
from tests.clients.stub_request import StubRequest

DANA = "U0DANA"


def a_request(**more: Any) -> RequestStart:
    facts: dict[str, Any] = {
        "request_id": ids.request_id_for(uuid4().hex, "U0RILEY"),
        "submitted_at": datetime.now(UTC),
        "mentee": Person(slack_id="U0RILEY"),
        "service": Service(name="Pair Programming"),
        "goal": "Flask",
        "policy": EscalationPolicy(),
    }
    return RequestStart(**facts | more)


def unique_id() -> str:
    return f"U0{uuid4().hex[:10].upper()}"


@pytest.fixture(scope="module")
async def served(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    worker = Worker(temporal.client, task_queue=task_queues.WORKFLOWS, workflows=[StubRequest])
    async with worker:
        yield temporal.client


@pytest.fixture
async def running(served: Client) -> AsyncIterator[tuple[Requests, str]]:
    requests, start = Requests(served), a_request()
    await requests.start(start)
    yield requests, start.request_id
    handle = served.get_workflow_handle(ids.workflow_id(start.request_id))
    if (await handle.describe()).close_time is None:
        await handle.terminate()


@contextmanager
def answers_wanted_within(seconds: float) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client_module, "_ANSWER_WITHIN_SECONDS", seconds)
        yield


# ---- orders -------------------------------------------------------------------------------------


async def test_an_order_is_answered_in_words(running: tuple[Requests, str]) -> None:
    requests, request_id = running
    answer = await requests.order(request_id, Take(by=DANA, name="Dana"))
    assert answer == Answered(verdict=Verdict.DONE, words="Dana looks after it")


async def test_the_same_click_sent_twice_is_one_order(
    running: tuple[Requests, str], served: Client
) -> None:
    requests, request_id = running
    for click in ("a1", "a1", "b2"):
        answer = await requests.order(request_id, Take(by=DANA, name="Dana"), click=click)
        assert answer is not None
    handle = served.get_workflow_handle(ids.workflow_id(request_id))
    assert await handle.query(StubRequest.times_taken) == 2


async def test_an_order_refused_at_the_decision_says_why(running: tuple[Requests, str]) -> None:
    requests, request_id = running
    answer = await requests.order(request_id, Assign(by=DANA, mentor="U0SAM"))
    assert answer == Answered(verdict=Verdict.REFUSED, words="They have no room.")


async def test_an_order_refused_at_the_door_says_why(running: tuple[Requests, str]) -> None:
    requests, request_id = running
    with pytest.raises(OrderRefusedError) as refused:
        await requests.order(request_id, Widen(by=DANA))
    assert refused.value.words == "Everybody has been asked."


async def test_a_mistake_in_the_workflow_is_not_shown_to_people(
    running: tuple[Requests, str],
) -> None:
    requests, request_id = running
    with pytest.raises(OrderRefusedError) as refused:
        await requests.order(request_id, Nudge(by=DANA))
    assert "private" not in refused.value.words
    assert "nothing was changed" in refused.value.words


async def test_an_order_that_takes_long_is_accepted_without_an_answer(
    running: tuple[Requests, str], served: Client
) -> None:
    requests, request_id = running
    order = HandBack(by=DANA)
    with answers_wanted_within(0.1):
        assert await requests.order(request_id, order, click="c3") is None
    await served.get_workflow_handle(ids.workflow_id(request_id)).signal("decide_now")
    answer = await requests.order(request_id, order, click="c3")
    assert answer and answer.words == "handed back"


async def test_an_order_still_open_when_the_request_ends_finds_it_gone(
    running: tuple[Requests, str],
) -> None:
    requests, request_id = running
    with pytest.raises(RequestGoneError):
        await requests.order(request_id, CloseRequest(by=DANA, reason="moved away"))


async def test_an_order_to_a_request_that_never_was_finds_it_gone(served: Client) -> None:
    with pytest.raises(RequestGoneError):
        await Requests(served).order("MR-AAAAAAAAAA", Take(by=DANA))


async def test_an_order_that_no_worker_accepts_says_so_within_slacks_three_seconds(
    temporal: WorkflowEnvironment,
) -> None:
    client = temporal.client
    handle = await client.start_workflow(
        StubRequest.run,
        start := a_request(),
        id=ids.workflow_id(start.request_id),
        task_queue=f"nobody-{uuid4().hex}",
    )
    before = time.monotonic()
    with pytest.raises(OrderUnconfirmedError):
        await Requests(client).order(start.request_id, Take(by=DANA), click="d4")
    assert time.monotonic() - before < 2.9
    await handle.terminate()


# ---- finding ------------------------------------------------------------------------------------


async def test_what_coordinators_may_read_is_read(running: tuple[Requests, str]) -> None:
    requests, request_id = running
    case = await requests.case(request_id)
    assert (case.request_id, case.mentee) == (request_id, "U0RILEY")


async def test_a_started_request_can_be_found_by_its_promised_time(
    running: tuple[Requests, str], served: Client
) -> None:
    _, request_id = running
    described = await served.get_workflow_handle(ids.workflow_id(request_id)).describe()
    found = described.typed_search_attributes.get(search_attributes.RESPOND_BY)
    assert found
    assert abs(found - datetime.now(UTC) - timedelta(hours=48)) < timedelta(minutes=1)


class Searchable:
    """Requests that stand in visibility under given attributes; no worker is needed for that."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._started: list[str] = []

    async def start(self, **known: str) -> str:
        keys = {key.name: key for key in search_attributes.ALL}
        request_id = a_request().request_id
        await self._client.start_workflow(
            ids.WORKFLOW_TYPE,
            id=ids.workflow_id(request_id),
            task_queue=f"nobody-{uuid4().hex}",
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(keys[f"Muster{name.title()}"], value)
                    for name, value in known.items()
                ]
            ),
        )
        self._started.append(request_id)
        return request_id

    async def end(self, request_id: str) -> None:
        await self._client.get_workflow_handle(ids.workflow_id(request_id)).terminate()
        self._started.remove(request_id)

    async def end_all(self) -> None:
        for request_id in list(self._started):
            await self.end(request_id)


@pytest.fixture
async def searchable(temporal: WorkflowEnvironment) -> AsyncIterator[Searchable]:
    found = Searchable(temporal.client)
    yield found
    await found.end_all()


async def finds(requests: Requests, expected: str | None, **where: str) -> None:
    """Visibility is a moment behind: look until it shows what it must, or two seconds are over."""
    until = time.monotonic() + 2
    while True:
        if "channel" in where:
            found = await requests.find(channel=where["channel"])
        else:
            found = await requests.find_of(where["person"])
        if found == expected or time.monotonic() > until:
            assert found == expected
            return


async def test_a_group_message_finds_the_running_request_of_its_pair(
    temporal: WorkflowEnvironment, searchable: Searchable
) -> None:
    requests, group = Requests(temporal.client), unique_id()
    await finds(requests, None, channel=group)
    over = await searchable.start(group=group)
    now = await searchable.start(group=group)
    await finds(requests, now, channel=group)
    await searchable.end(now)
    await finds(requests, over, channel=group)
    await searchable.end(over)
    await finds(requests, None, channel=group)


async def test_somebodys_own_request_is_found_before_one_that_they_mentor(
    temporal: WorkflowEnvironment, searchable: Searchable
) -> None:
    requests, person = Requests(temporal.client), unique_id()
    own = await searchable.start(mentee=person)
    mentored = await searchable.start(mentor=person)
    await finds(requests, own, person=person)
    await searchable.end(own)
    await finds(requests, mentored, person=person)


@pytest.mark.parametrize("odd", ["", "U0' OR WorkflowType = 'x", "U0\\"])
async def test_what_is_no_slack_id_never_gets_into_a_query(
    temporal: WorkflowEnvironment, odd: str
) -> None:
    with pytest.raises(ValueError, match="not a Slack id"):
        await Requests(temporal.client).find(channel=odd)
