"""The start page: who sees what side by side, and skip ahead as a form and as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from sandbox.config import SandboxConfig
from sandbox.people import by_name
from sandbox.start import create_app, mentors
from sandbox.start.clock import Clock, ClockError, in_words
from sandbox.start.workflow_time import time_at

QUEUE = "start-page-tests"
Page: TypeAlias = TestClient[web.Request, web.Application]


@workflow.defn(name="StartPageSleeper")
class Sleeper:
    """Stands for an open request: two waits, and it can say which is over."""

    def __init__(self) -> None:
        self.over: list[str] = []

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(hours=8))
        self.over.append("reminded")
        await workflow.sleep(timedelta(hours=16))
        self.over.append("escalated")
        await workflow.sleep(timedelta(days=30))

    @workflow.query
    def happened(self) -> list[str]:
        return self.over


@workflow.defn(name="StartPageMentor")
class AwayMentor:
    """Stands for a mentor's own workflow: away for so many days again and again, or idle."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []

    @workflow.run
    async def run(self, days_away: int) -> None:
        while days_away:
            until = workflow.now() + timedelta(days=days_away)
            workflow.upsert_search_attributes([mentors.DEADLINE.value_set(until)])
            await workflow.sleep(timedelta(days=days_away))
            self.asked.append(workflow.now())
        await workflow.wait_condition(lambda: False)

    @workflow.query
    def happened(self) -> list[datetime]:
        return self.asked


@pytest.fixture
async def client(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    async with Worker(
        temporal.client,
        task_queue=QUEUE,
        workflows=[Sleeper, AwayMentor],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield temporal.client


MentorHandle: TypeAlias = WorkflowHandle[AwayMentor, None]
Away: TypeAlias = Callable[[int], Awaitable[MentorHandle]]


@pytest.fixture
async def away(client: Client) -> AsyncIterator[Away]:
    """Starts a mentor who is away for so many days; 0 is idle."""
    started = []
    due = (
        "WorkflowType = 'StartPageMentor' AND ExecutionStatus = 'Running' "
        f"AND {mentors.DEADLINE.name} IS NOT NULL"
    )

    async def listed(count: int) -> None:
        async with asyncio.timeout(60):
            while (await client.count_workflows(due)).count != count:  # the list lags behind
                await asyncio.sleep(0.05)

    async def start(days: int) -> MentorHandle:
        handle = await client.start_workflow(
            AwayMentor.run, days, id=f"away/{days}", task_queue=QUEUE
        )
        started.append((handle, days))
        await listed(sum(days > 0 for _, days in started))
        return handle

    yield start
    for handle, _ in started:
        await handle.terminate()
    await listed(0)


@pytest.fixture
async def sleepers(client: Client) -> AsyncIterator[list[WorkflowHandle[Sleeper, None]]]:
    started = [
        await client.start_workflow(Sleeper.run, id=f"sleeper/MR-{number}", task_queue=QUEUE)
        for number in range(3)
    ]
    clock = clock_of(client)
    async with asyncio.timeout(60):
        while len(await clock.read()) < len(started):  # the list lags behind the starts
            await asyncio.sleep(0.05)
    yield started
    for handle in started:
        await handle.terminate()
    async with asyncio.timeout(60):
        while await clock.read():
            await asyncio.sleep(0.05)


def clock_of(client: Client) -> Clock:
    address = client.service_client.config.target_host
    return Clock(address, client.namespace, "StartPageSleeper", "StartPageMentor")


@pytest.fixture
async def page(client: Client) -> AsyncIterator[Page]:
    app = create_app(SandboxConfig(), clock_of(client))
    async with TestClient(TestServer(app)) as visitor:
        yield visitor


async def test_it_says_that_the_people_are_invented_and_shows_all_sides(page: Page) -> None:
    html = await (await page.get("/")).text()
    assert "These people are invented." in html
    assert "Nothing leaves this machine." in html
    config = SandboxConfig()
    for address in (config.form_url, config.slack_url, config.airtable_url, config.temporal_ui_url):
        assert address in html
    assert by_name("Riley Santos").email in html
    for name in ("Sam Okafor", "Kenji Mori"):
        assert f"user={by_name(name).slack_id}&amp;channel=app&amp;embed=1" in html


async def test_who_started_it_may_add_a_word(client: Client) -> None:
    app = create_app(SandboxConfig(note="Nobody <sleeps> here."), clock_of(client))
    async with TestClient(TestServer(app)) as visitor:
        assert "Nobody &lt;sleeps&gt; here." in await (await visitor.get("/")).text()


async def test_skipping_moves_every_open_request_and_what_was_due_happens(
    page: Page, sleepers: list[WorkflowHandle[Sleeper, None]]
) -> None:
    answer = await page.post("/clock/skip", json={"hours": 8, "minutes": 1})
    told = await answer.json()
    assert told["ok"]
    assert (told["moved"], told["total"], told["over"]) == (3, 3, True)
    assert told["summary"] == "8 hours 1 minute passed for 3 open requests."
    for sleeper in sleepers:
        assert await sleeper.query(Sleeper.happened) == ["reminded"]

    clock = await (await page.get("/clock")).json()
    assert clock["summary"] == "3 open requests, 8 hours ahead of the real time."
    assert {one["workflow_id"] for one in clock["requests"]} == {one.id for one in sleepers}
    assert all(8 * 3600 < one["ahead_seconds"] < 9 * 3600 for one in clock["requests"])

    await page.post("/clock/skip", json={"days": 1})
    assert await sleepers[0].query(Sleeper.happened) == ["reminded", "escalated"]


async def test_skipping_works_as_a_plain_form_too(
    page: Page, sleepers: list[WorkflowHandle[Sleeper, None]]
) -> None:
    html = await (await page.post("/clock/skip", data={"skip": "8h"})).text()
    assert "8 hours passed for 3 open requests." in html
    html = await (await page.post("/clock/skip", data={"amount": "1", "unit": "d"})).text()
    assert "1 day passed for 3 open requests." in html
    assert await sleepers[2].query(Sleeper.happened) == ["reminded", "escalated"]


async def test_a_finished_request_is_no_problem_for_the_others(
    page: Page, client: Client, sleepers: list[WorkflowHandle[Sleeper, None]]
) -> None:
    await page.post("/clock/skip", json={"days": 40})  # all of them end on the way
    told = await (await page.post("/clock/skip", json={"days": 1})).json()
    assert told["ok"]
    fresh = await client.start_workflow(Sleeper.run, id="sleeper/fresh", task_queue=QUEUE)
    sleepers[:] = [fresh]
    async with asyncio.timeout(60):
        while [one.workflow_id for one in await clock_of(client).read()] != ["sleeper/fresh"]:
            await asyncio.sleep(0.05)
    clock = await (await page.get("/clock")).json()
    assert clock["summary"] == "1 open request, at the real time."


async def happened(mentor: MentorHandle) -> int:
    return len(await mentor.query(AwayMentor.happened))


async def test_mentors_for_whom_something_falls_due_move_with_the_requests(
    page: Page, sleepers: list[WorkflowHandle[Sleeper, None]], away: Away
) -> None:
    idle, soon, later = await away(0), await away(2), await away(90)
    told = await (await page.post("/clock/skip", json={"days": 1})).json()
    assert (told["moved"], told["mentors"]) == (3, 0)
    assert await happened(soon) == 0

    told = await (await page.post("/clock/skip", json={"days": 1, "hours": 1})).json()
    assert (told["ok"], told["moved"], told["total"], told["mentors"]) == (True, 3, 3, 1)
    assert told["summary"] == "1 day 1 hour passed for 3 open requests."
    assert await happened(soon) == 1
    in_town = await time_at(sleepers[0])
    assert abs(await time_at(soon) - in_town) < timedelta(minutes=1), "it caught up with them"
    for still in (idle, later):
        assert in_town - await time_at(still) > timedelta(days=2)

    clock = await (await page.get("/clock")).json()
    assert {one["workflow_id"] for one in clock["requests"]} == {one.id for one in sleepers}


async def test_with_no_open_request_a_mentor_who_is_away_moves_on_and_on(
    page: Page, away: Away
) -> None:
    mentor = await away(90)
    for times in (1, 2):
        told = await (await page.post("/clock/skip", json={"days": 91})).json()
        assert told["summary"] == "91 days passed for 1 mentor. No request is open."
        assert await happened(mentor) == times


async def test_a_namespace_that_knows_no_deadlines_has_no_mentors_to_move(
    page: Page,
    sleepers: list[WorkflowHandle[Sleeper, None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown = SearchAttributeKey.for_datetime("NobodyKnowsThis")
    monkeypatch.setattr(mentors, "DEADLINE", unknown)
    told = await (await page.post("/clock/skip", json={"hours": 9})).json()
    assert (told["ok"], told["moved"], told["mentors"]) == (True, 3, 0)
    assert await sleepers[0].query(Sleeper.happened) == ["reminded"]


async def test_with_no_open_request_it_says_so(page: Page) -> None:
    told = await (await page.post("/clock/skip", json={"hours": 8})).json()
    assert told["summary"] == "No request is open, so there was no clock to move."


@pytest.mark.parametrize(
    "wish", [{}, [], {"years": 1}, {"hours": "many"}, {"hours": None}, {"hours": 1e300}]
)
async def test_a_span_that_makes_no_sense_is_answered_in_words(page: Page, wish: object) -> None:
    answer = await page.post("/clock/skip", json=wish)
    assert answer.status == 400
    assert (await answer.json())["message"] == "Say how far, for example 8 hours."


async def test_a_form_that_makes_no_sense_keeps_the_page(page: Page) -> None:
    answer = await page.post("/clock/skip", data={"amount": "soon", "unit": "h"})
    assert answer.status == 400
    assert "Say how far, for example 8 hours." in await answer.text()


@pytest.mark.parametrize("hours", [0, -1, 24 * 367])
async def test_it_goes_neither_back_nor_farther_than_a_year(page: Page, hours: int) -> None:
    answer = await page.post("/clock/skip", json={"hours": hours})
    assert not (await answer.json())["ok"]
    assert "at most 366 days" in (await answer.json())["message"]


async def test_without_temporal_the_page_still_opens_and_says_what_is_wrong() -> None:
    app = create_app(SandboxConfig(), Clock("127.0.0.1:1", "muster"))
    async with TestClient(TestServer(app)) as visitor:
        answer = await visitor.get("/")
        assert answer.status == 503
        assert "Temporal does not answer at 127.0.0.1:1" in await answer.text()
        assert (await visitor.get("/health")).status == 200


async def test_a_clock_without_a_server_raises_its_own_error() -> None:
    with pytest.raises(ClockError, match="Is it running"):
        await Clock("127.0.0.1:1", "muster").read()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=49, minutes=30), "2 days 1 hour"),
        (timedelta(seconds=10), "0 minutes"),
    ],
)
def test_spans_are_told_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words
