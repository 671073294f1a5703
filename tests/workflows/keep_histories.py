"""``python -m tests.workflows.keep_histories 0.1``: keep the histories of a release."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from clients.requests import Requests
from domain.messages import (
    AcceptTime,
    Cancel,
    Claim,
    Decline,
    GiveFeedback,
    ProposeTimes,
    Release,
    UndoClaim,
)
from domain.models import Status
from domain.view import CardKind
from tests.temporal import start_server
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    SAM,
    RunningRequest,
    four_mentors,
    request,
    running_worker,
)


async def happy_path(running: RunningRequest) -> None:
    community = running.community
    await running.decide(Decline(by=KENJI), Claim(by=SAM), Claim(by=DANA))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
    session = (await running.view()).now + timedelta(days=1)
    await running.decide(ProposeTimes(by=SAM, times=[session]))
    await running.decide(AcceptTime(by=MENTEE.slack_id, proposal=1, time=session))
    await running.reaches(Status.SCHEDULED)
    await running.pass_time(days=9)
    await running.decide(GiveFeedback(by=SAM, happened=True))
    await running.decide(GiveFeedback(by=MENTEE.slack_id, happened=True, rating=5))
    await running.outcome()


async def nobody_answers(running: RunningRequest) -> None:
    await running.pass_time(hours=49)


async def undone_released_and_cancelled(running: RunningRequest) -> None:
    community = running.community
    await running.decide(Claim(by=SAM), UndoClaim(by=SAM), Claim(by=DANA))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
    await running.decide(Release(by=DANA))
    await running.reaches(Status.OPEN)
    await running.decide(Cancel(by=MENTEE.slack_id))
    await running.outcome()


STORIES: tuple[Callable[[RunningRequest], Awaitable[None]], ...] = (
    happy_path,
    nobody_answers,
    undone_released_and_cancelled,
)


async def keep(folder: Path, client: Client) -> None:
    for story in STORIES:
        community, start = Community(four_mentors()), request()
        async with running_worker(client, community):
            await Requests(client).start(start)
            running = RunningRequest(client, start, community)
            await community.until(lambda: len(community.asked()) == 4)  # noqa: B023 - used at once
            await story(running)
            history = await running.history()
            await running.end()
        path = folder / f"{story.__name__}.json"
        path.write_text(history.to_json(), encoding="utf-8")
        sys.stdout.write(f"{path.name}: {len(history.events)} events\n")


async def main(release: str) -> None:
    folder = Path(__file__).parent / "histories" / release
    folder.mkdir(parents=True)
    async with await start_server() as environment:
        await keep(folder, environment.client)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
