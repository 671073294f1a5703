"""The watch for requests that nobody works on: when it speaks, and what it says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from clients.alerts import Alerter, NotDeliveredError
from clients.overdue import LookError, Overdue
from settings import WebSettings
from starter.app import create_app
from starter.watch import OverdueWatch, watch_beside
from tests.starter.house import (
    LINKS,
    POLICY,
    FakeCatalog,
    FakeCoordinators,
    FakeDirectory,
    FakeQueue,
    FakeRequests,
    House,
    a_roster,
)

START = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class FakeChannel:
    name: str
    texts: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def post(self, text: str) -> None:
        if self.error:
            raise self.error
        self.texts.append(text)


@dataclass
class FakeVisibility:
    """Deadlines by request id; ``error`` is Temporal that does not list them."""

    deadlines: dict[str, datetime] = field(default_factory=dict)
    error: Exception | None = None
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0

    async def before(self, moment: datetime) -> list[Overdue]:
        self.looks += 1
        self.looked.set()
        if self.error:
            raise self.error
        late = [Overdue(one, at) for one, at in self.deadlines.items() if at < moment]
        return sorted(late, key=lambda one: one.since)


@dataclass
class Post:
    """A watch with its clock, and what people would read."""

    caplog: pytest.LogCaptureFixture
    temporal: FakeVisibility = field(default_factory=FakeVisibility)
    slack: FakeChannel = field(default_factory=lambda: FakeChannel("Slack"))
    webhook: FakeChannel = field(default_factory=lambda: FakeChannel("the webhook"))
    now: datetime = START

    def __post_init__(self) -> None:
        self.watch = OverdueWatch(
            self.temporal,
            Alerter([self.slack, self.webhook]),
            after=5 * MINUTE,
            every=MINUTE,
            web_ui="http://127.0.0.1:8621/namespaces/muster/workflows",
            now=lambda: self.now,
        )

    def due(self, request_id: str, ago: timedelta = timedelta(0)) -> None:
        """This request's next deadline is, or was, so long ago."""
        self.temporal.deadlines[request_id] = self.now - ago

    async def watch_for(self, time: timedelta) -> list[str]:
        """Look each minute; the texts that this brought to Slack."""
        before, until = len(self.slack.texts), self.now + time
        while self.now < until:
            self.now += MINUTE
            await self.watch.look()
        assert self.webhook.error or self.slack.texts == self.webhook.texts
        return self.slack.texts[before:]

    @property
    def log(self) -> list[logging.LogRecord]:
        return [one for one in self.caplog.records if one.name == "muster.alerts"]


@pytest.fixture
def post(caplog: pytest.LogCaptureFixture) -> Post:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="muster.alerts")  # whatever another test has left there
    return Post(caplog)


# ---- overdue requests -------------------------------------------------------------------------


async def test_while_every_deadline_is_ahead_nothing_is_said_anywhere(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=-12 * HOUR)
    assert await post.watch_for(6 * HOUR) == []
    assert post.caplog.records == []
    assert post.temporal.looks == 360


async def test_a_request_more_than_five_minutes_overdue_is_told_to_everybody_once(
    post: Post,
) -> None:
    post.due("MR-AAAAAAAAAA")
    assert await post.watch_for(6 * MINUTE) == []
    [alert] = await post.watch_for(MINUTE)
    assert alert.startswith("1 request is overdue, for 7 min: MR-AAAAAAAAAA.")
    [logged] = post.log
    assert logged.levelno == logging.ERROR
    assert logged.getMessage() == " ".join(alert.split())


async def test_an_alert_says_what_to_do_next_and_can_be_copied_from_slack(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    [alert] = await post.watch_for(2 * MINUTE)
    words, query = alert.rsplit("\n", 1)
    assert "is the worker running? If not, start it." in words
    assert "http://127.0.0.1:8621/namespaces/muster/workflows" in words
    assert query.startswith("WorkflowType = 'MentorshipRequest' AND ExecutionStatus = 'Running'")
    assert "AND '2026-03-10T13:57:00Z'" in query
    assert not {"<", ">", "&"} & set(alert)


async def test_many_overdue_requests_are_one_message(post: Post) -> None:
    for number in range(12):
        post.due(f"MR-{number:010}", ago=3 * HOUR - number * MINUTE)
    [alert] = await post.watch_for(10 * MINUTE)
    head = alert.split("\n")[0]
    assert head.startswith("12 requests are overdue, the longest for 3 h 2 min: MR-0000000000, ")
    assert "MR-0000000004 and 7 more." in head
    assert "MR-0000000005" not in alert


async def test_after_everything_has_slept_the_worker_gets_a_minute_to_catch_up(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=9 * HOUR)
    await post.watch.look()
    post.due("MR-AAAAAAAAAA", ago=-HOUR)  # the worker has taken the step
    assert await post.watch_for(HOUR) == []
    assert post.log == []


async def test_a_request_is_not_told_again_within_the_hour_and_ever_more_seldom_after_it(
    post: Post,
) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    assert len(await post.watch_for(2 * MINUTE)) == 1
    assert await post.watch_for(59 * MINUTE) == []
    [again] = await post.watch_for(MINUTE)
    assert again.startswith("Still overdue: 1 request, for 2 h 2 min: MR-AAAAAAAAAA.")
    assert await post.watch_for(2 * HOUR - MINUTE) == []
    assert len(await post.watch_for(MINUTE)) == 1
    assert len(await post.watch_for(24 * HOUR)) == 6


async def test_a_further_request_is_told_with_those_of_the_next_ten_minutes(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    assert len(await post.watch_for(2 * MINUTE)) == 1
    post.due("MR-BBBBBBBBBB", ago=10 * MINUTE)
    post.due("MR-CCCCCCCCCC", ago=3 * MINUTE)
    assert await post.watch_for(9 * MINUTE) == []
    [alert] = await post.watch_for(MINUTE)
    assert alert.startswith(
        "3 requests are overdue, the longest for 1 h 12 min. "
        "New among them: MR-BBBBBBBBBB, MR-CCCCCCCCCC."
    )
    assert "MR-AAAAAAAAAA" not in alert


async def test_a_dead_worker_with_a_new_overdue_request_every_minute_does_not_flood_people(
    post: Post,
) -> None:
    alerts = 0
    for number in range(8 * 60):
        post.due(f"MR-{number:010}", ago=6 * MINUTE)
        alerts += len(await post.watch_for(MINUTE))
    assert alerts == 10, "at 2, 12, 32 and 72 minutes, then every hour"


async def test_a_request_that_moves_again_gets_one_line_in_the_log(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    post.due("MR-BBBBBBBBBB", ago=HOUR)
    await post.watch_for(2 * MINUTE)
    post.due("MR-AAAAAAAAAA", ago=-HOUR)
    del post.temporal.deadlines["MR-BBBBBBBBBB"]  # it ended
    assert await post.watch_for(10 * MINUTE) == []
    [_, fine] = post.log
    assert fine.levelno == logging.INFO
    assert fine.getMessage() == "No longer overdue: MR-AAAAAAAAAA, MR-BBBBBBBBBB move again."


async def test_a_channel_that_was_away_is_not_told_late_of_a_request_that_moves_again(
    post: Post,
) -> None:
    post.webhook.error = NotDeliveredError("HTTP 503", "", passing=True)
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    assert len(await post.watch_for(2 * MINUTE)) == 1
    post.due("MR-AAAAAAAAAA", ago=-HOUR)
    await post.watch_for(MINUTE)
    post.webhook.error = None
    await post.watch.look()
    assert post.webhook.texts == []


async def test_after_a_quiet_time_the_next_outage_is_told_as_often_as_the_first(
    post: Post,
) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    assert len(await post.watch_for(4 * HOUR)) == 3
    post.due("MR-AAAAAAAAAA", ago=-HOUR)
    await post.watch_for(HOUR)
    post.due("MR-BBBBBBBBBB", ago=HOUR)
    assert len(await post.watch_for(4 * HOUR)) == 3


async def test_a_request_that_nobody_was_told_of_moves_on_without_a_word(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    await post.watch.look()
    post.temporal.deadlines.clear()
    await post.watch_for(5 * MINUTE)
    assert post.log == []


async def test_a_request_that_moves_and_stops_again_is_told_once_an_hour(post: Post) -> None:
    for _ in range(4):  # quarters of an hour
        post.due("MR-AAAAAAAAAA", ago=6 * MINUTE)
        await post.watch_for(5 * MINUTE)
        post.due("MR-AAAAAAAAAA", ago=-10 * HOUR)
        await post.watch_for(10 * MINUTE)
    assert len(post.slack.texts) == 1
    post.due("MR-AAAAAAAAAA", ago=6 * MINUTE)
    assert len(await post.watch_for(3 * MINUTE)) == 1


# ---- Temporal away ----------------------------------------------------------------------------


async def test_temporal_away_for_five_minutes_is_one_alert_and_a_word_when_it_is_back(
    post: Post,
) -> None:
    post.temporal.error = LookError("can't be reached")
    assert await post.watch_for(5 * MINUTE) == []
    [alert] = await post.watch_for(MINUTE)
    assert alert.startswith("Temporal can't be reached, for 5 min now")
    assert "is the Temporal server running?" in alert
    assert await post.watch_for(3 * HOUR) == []

    post.temporal.error = None
    [back] = await post.watch_for(10 * MINUTE)
    assert back.startswith("Temporal answers again, after 3 h 6 min.")
    assert [one.levelno for one in post.log] == [logging.ERROR, logging.INFO]


async def test_a_short_absence_of_temporal_is_not_worth_a_word(post: Post) -> None:
    for _ in range(3):
        post.temporal.error = LookError("does not answer")
        await post.watch_for(4 * MINUTE)
        post.temporal.error = None
        await post.watch_for(MINUTE)
    assert post.slack.texts == []
    assert post.log == []


async def test_a_temporal_that_refuses_is_told_with_what_sets_it_right(post: Post) -> None:
    post.temporal.error = LookError("refuses to list requests (NOT_FOUND)", refused=True)
    [alert] = await post.watch_for(10 * MINUTE)
    assert "refuses to list requests (NOT_FOUND), for 5 min now" in alert
    assert "python -m clients.namespace" in alert


async def test_requests_are_not_called_fine_while_nobody_can_look(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    await post.watch_for(2 * MINUTE)
    post.temporal.error = LookError("can't be reached")
    await post.watch_for(20 * MINUTE)
    assert not [one for one in post.log if "No longer overdue" in one.getMessage()]


async def test_when_temporal_is_back_the_worker_gets_a_minute_to_catch_up(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=5 * MINUTE)
    await post.watch_for(MINUTE)
    post.temporal.error = LookError("can't be reached")
    await post.watch_for(20 * MINUTE)
    post.temporal.error = None
    [back] = await post.watch_for(MINUTE)
    assert back.startswith("Temporal answers again")
    post.due("MR-AAAAAAAAAA", ago=-HOUR)
    assert await post.watch_for(10 * MINUTE) == []


# ---- beside the web application ---------------------------------------------------------------


@asynccontextmanager
async def served(watch: OverdueWatch) -> AsyncIterator[TestClient[Any, Any]]:
    catalog = FakeCatalog()
    app = create_app(
        FakeRequests(),
        FakeDirectory(),
        catalog,
        LINKS,
        POLICY,
        WebSettings(_env_file=None),
        mentors=a_roster(catalog),
        queue=FakeQueue(),
        coordinators=FakeCoordinators(),
    )
    watch_beside(app, watch)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_it_looks_as_long_as_the_application_runs_and_ends_with_it(post: Post) -> None:
    async with served(post.watch):
        await asyncio.wait_for(post.temporal.looked.wait(), 60)
        [task] = [one for one in asyncio.all_tasks() if one.get_name() == "overdue watch"]
    assert task.cancelled()


async def test_a_look_that_breaks_is_logged_and_is_not_the_last(post: Post) -> None:
    third = asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert seconds == 60
        if post.temporal.looks == 3:
            third.set()
            await asyncio.Event().wait()

    post.temporal.error = KeyError("nobody thought of this")
    post.watch = OverdueWatch(
        post.temporal, Alerter([]), after=5 * MINUTE, every=MINUTE, sleep=sleep
    )
    task = asyncio.create_task(post.watch.run())
    await asyncio.wait_for(third.wait(), 60)
    task.cancel()
    logged = [one.getMessage() for one in post.caplog.records]
    assert logged == ["A look for overdue requests failed; the next one comes as usual"] * 3


async def test_health_tells_of_the_last_look_that_succeeded(post: Post) -> None:
    post.due("MR-AAAAAAAAAA", ago=HOUR)
    await post.watch.look()
    post.temporal.error = LookError("can't be reached")
    async with served(post.watch) as client, client.get("/health") as answer:
        assert answer.status == 200
        told = await answer.json()
        assert told == {"ok": True, "overdue": 1, "looked_at": "2026-03-10T14:00:00+00:00"}


async def test_health_says_nothing_of_requests_where_nobody_has_looked(house: House) -> None:
    async with house.client.get("/health") as answer:
        assert await answer.json() == {"ok": True}
