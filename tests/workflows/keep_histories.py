"""``python -m tests.workflows.keep_histories 0.1``: keep the histories of a release."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHistory

from clients.requests import Requests
from domain.mentor_memory import WordKind
from domain.mentor_messages import AccountClosed, ComeBack, OptOut, Snooze
from domain.messages import (
    AcceptTime,
    AnotherMentor,
    AskCoordinator,
    AskMore,
    Cancel,
    Claim,
    Decline,
    GiveFeedback,
    Hold,
    NotDoneYet,
    PauseSending,
    PromiseToWrite,
    ProposeTimes,
    Release,
    SayWhy,
    TakeBreak,
    UndoClaim,
    Word,
)
from domain.models import Person, Service, Status
from domain.orders import AnswerPerson, Assign, CloseRequest, HandBack, Nudge, Take, Widen
from domain.quiet import QuietHours
from domain.standing import MentorStatus
from domain.view import CardKind
from tests.temporal import start_server
from tests.workflows.community import Community
from tests.workflows.company import Company, MentorAtWork, open_company, requested
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    RunningRequest,
    default_policy,
    four_mentors,
    request,
    running_worker,
    where_it_is,
)

COORDINATOR = "U0COORD"


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


async def held_declined_by_all_and_parked(running: RunningRequest) -> None:
    community = running.community
    sunday = (await running.view()).now + timedelta(hours=30)
    await running.decide(Hold(by=SAM, until=sunday), Decline(by=DANA), SayWhy(by=DANA, reason="No"))
    await running.decide(TakeBreak(by=DANA, until=sunday))
    await running.pass_time(hours=25)
    await community.until(lambda: bool(community.of(CardKind.UPDATE)))
    await running.decide(AskMore(by=MENTEE.slack_id))
    await running.decide(*(Decline(by=one) for one in (SAM, KENJI, PRIYA)))
    await running.pass_time(days=8)


async def silent_mentors_are_released(running: RunningRequest) -> None:
    community = running.community
    await running.decide(Claim(by=SAM))
    await running.reaches(Status.CLAIMED)
    today = (await running.view()).now + timedelta(hours=3)
    await running.decide(PromiseToWrite(by=SAM, by_when=today))
    await running.pass_time(days=4, hours=1)
    await running.reaches(Status.OPEN)
    await running.decide(Claim(by=DANA))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 2)
    await running.decide(Word(by=DANA))
    await running.pass_time(days=9)
    await running.decide(AnotherMentor(by=MENTEE.slack_id))
    await running.reaches(Status.OPEN)
    await running.decide(Cancel(by=MENTEE.slack_id))
    await running.outcome()


async def coordinators_give_and_close(running: RunningRequest) -> None:
    community = running.community
    await running.order(Take(by=COORDINATOR, name="Casey Lin"))
    await running.decide(AskCoordinator(by=MENTEE.slack_id, text="Are you there?"))
    await community.until(lambda: bool(community.of(CardKind.PASSED_ON)))
    order = AnswerPerson(by=COORDINATOR, to=MENTEE.slack_id, text="Yes!", answers=1)
    await running.order(order)
    await running.order(Widen(by=COORDINATOR))
    await running.order(Assign(by=COORDINATOR, mentor=SAM))
    await running.pass_time(minutes=3)
    await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
    await running.order(Nudge(by=COORDINATOR))
    await running.order(Assign(by=COORDINATOR, mentor=DANA))
    await running.pass_time(minutes=3)
    await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 2)
    await running.order(HandBack(by=COORDINATOR))
    await running.decide(Release(by=DANA))
    await running.reaches(Status.OPEN)
    await running.order(CloseRequest(by=COORDINATOR, reason="They have met elsewhere"))
    await running.outcome()


async def named_mentor_is_silent_while_sending_is_paused(running: RunningRequest) -> None:
    community = running.community
    await running.decide(PauseSending(by=COORDINATOR, paused=True))
    await running.pass_time(hours=10)
    await running.decide(PauseSending(by=COORDINATOR, paused=False))
    await running.pass_time(hours=11)
    await community.until(lambda: len(community.asked()) == 4)
    await running.decide(Claim(by=SAM))
    await running.reaches(Status.CLAIMED)
    await running.decide(Cancel(by=MENTEE.slack_id))
    await running.outcome()


async def not_done_yet(running: RunningRequest) -> None:
    community = running.community
    await running.decide(Claim(by=SAM))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
    await running.decide(Word(by=SAM))
    for asked in (2, 4):
        await running.pass_time(days=8)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == asked)  # noqa: B023
        await running.decide(NotDoneYet(by=MENTEE.slack_id))
        await running.reaches(Status.CLAIMED)
    await running.pass_time(days=20)
    await running.outcome()


async def at_night(running: RunningRequest) -> None:
    await running.pass_time(hours=30)


# ---- of mentors and their requests ------------------------------------------------------------


async def a_mentor_opts_out_and_comes_back(company: Company, running: RunningRequest) -> None:
    sam = MentorAtWork(company, SAM)
    await sam.says(OptOut(at=await sam.now()))
    await sam.until_row(lambda row: row.status is MentorStatus.OPTED_OUT)
    await sam.pass_time(days=183)
    await company.until(lambda: bool(company.words_to(SAM, WordKind.WIN_BACK)))
    await sam.says(ComeBack(at=await sam.now()))
    await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)


async def a_mentor_takes_breaks_and_is_silent(company: Company, running: RunningRequest) -> None:
    sam = MentorAtWork(company, SAM)
    now = await sam.now()
    await sam.says(Snooze(at=now, until=now + timedelta(days=3)))
    await sam.pass_time(days=4)
    await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
    await running.pass_time(hours=11)
    async with asyncio.timeout(60):
        while not (await sam.state()).unanswered:
            await asyncio.sleep(0.05)
    await running.decide(Decline(by=SAM))
    await sam.pass_time(days=100)


async def a_mentor_is_deactivated(company: Company, running: RunningRequest) -> None:
    sam = MentorAtWork(company, SAM)
    await running.decide(Claim(by=SAM))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    await company.until(lambda: bool(company.of(CardKind.INTRODUCTION)))
    await sam.pass_time(hours=13)
    await sam.says(AccountClosed(at=await sam.now()))
    await running.reaches(Status.OPEN)
    await sam.until_row(lambda row: row.mentees_now == 0)


async def keep_mentors(folder: Path, client: Client) -> None:
    """Of each story the mentor's history, and the request's."""
    stories = (
        a_mentor_opts_out_and_comes_back,
        a_mentor_takes_breaks_and_is_silent,
        a_mentor_is_deactivated,
    )
    for play in stories:
        async with (
            open_company(client, four_mentors()) as company,
            requested(company, request()) as [running],
        ):
            await company.until(lambda: len(company.asked()) == 4)
            await play(company, running)
            handles = {
                play.__name__: MentorAtWork(company, SAM).handle,
                f"{play.__name__}_request": running.handle,
            }
            for name, handle in handles.items():
                _write(folder, name, await handle.fetch_history())


def _write(folder: Path, name: str, history: WorkflowHistory) -> None:
    path = folder / f"{name}.json"
    path.write_text(history.to_json(), encoding="utf-8")
    sys.stdout.write(f"{path.name}: {len(history.events)} events\n")


# ---- of requests --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What happens to a request, and how it begins."""

    play: Callable[[RunningRequest], Awaitable[None]]
    request: dict[str, Any] = field(default_factory=dict)
    asked: int = 4
    """How many mentors have to be asked before it happens."""


def stories() -> list[Story]:
    named = Person(slack_id=SAM, name="Sam", record_id="recSam", time_zone=where_it_is(9))
    chat = Service(name="General Guidance – Slack Chat", needs_session=False)
    quiet = default_policy(quiet_hours=QuietHours(time_zone=where_it_is(2)))
    return [
        Story(happy_path),
        Story(nobody_answers),
        Story(undone_released_and_cancelled),
        Story(held_declined_by_all_and_parked),
        Story(silent_mentors_are_released),
        Story(coordinators_give_and_close),
        Story(named_mentor_is_silent_while_sending_is_paused, {"preferred_mentor": named}, asked=1),
        Story(not_done_yet, {"service": chat}),
        Story(at_night, {"policy": quiet}, asked=0),
    ]


async def keep(folder: Path, client: Client) -> None:
    for story in stories():
        mentors = four_mentors()
        if story.play is at_night:
            mentors = [one.model_copy(update={"time_zone": ""}) for one in mentors]
        community, start = Community(mentors), request(**story.request)
        async with running_worker(client, community):
            await Requests(client).start(start)
            running = RunningRequest(client, start, community)
            many = story.asked
            await community.until(lambda: len(community.asked()) == many)  # noqa: B023
            await story.play(running)
            history = await running.history()
            await running.end()
        _write(folder, story.play.__name__, history)


async def main(release: str) -> None:
    folder = Path(__file__).parent / "histories" / release
    folder.mkdir(parents=True)
    async with await start_server() as environment:
        await keep(folder, environment.client)
        await keep_mentors(folder, environment.client)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
