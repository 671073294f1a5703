"""What counts against a mentor after the reminder, and what does not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.messages import Claim, Hold, Release, UndoClaim
from domain.view import CardKind, Notice
from tests.workflows.company import Company, MentorAtWork, open_company, requested
from tests.workflows.harness import DANA, SAM, RunningRequest, mentor, request
from tests.workflows.pairs import claimed, met, timeline

ONE_SLOT = {"max_mentees": 1, "weekly_asks": 50}


async def reminded(company: Company, running: RunningRequest) -> None:
    """Both have their reminder before them."""
    await company.until(lambda: company.asked() == {SAM, DANA})
    await running.pass_time(hours=8, minutes=1)
    await company.until(lambda: len(company.of(CardKind.REMINDER)) == 2)


@pytest.mark.parametrize("answer", ["will do it on a day", "claims and undoes", "has no room"])
async def test_who_answers_the_reminder_in_any_way_is_not_counted(
    temporal: WorkflowEnvironment, answer: str
) -> None:
    mentors = [mentor(SAM, max_mentees=1), mentor(DANA)]
    async with (
        open_company(temporal.client, mentors) as company,
        requested(company, request()) as [running],
    ):
        await reminded(company, running)
        match answer:
            case "will do it on a day":
                until = (await running.view()).now + timedelta(hours=20)
                await running.decide(Hold(by=SAM, until=until))
                await company.until(lambda: company.notices(Notice.HOLD_KEPT) == [SAM])
            case "claims and undoes":
                await claimed(running)
                await running.decide(UndoClaim(by=SAM))
            case _:
                async with requested(company, request()) as [other]:
                    await claimed(other)
                    await running.decide(Claim(by=SAM))
                    await company.until(lambda: company.notices(Notice.NO_ROOM) == [SAM])
        await running.pass_time(hours=2, minutes=5)
        if answer != "claims and undoes":  # that was an answer for Dana, too: it was taken
            await MentorAtWork(company, DANA).until(lambda state: len(state.unanswered) == 1)
        assert (await MentorAtWork(company, SAM).state()).unanswered == []


async def test_a_request_that_was_taken_and_comes_back_after_days_counts_against_nobody(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await reminded(company, running)
        await claimed(running, DANA)
        await met(running)
        await running.pass_time(days=1)
        await running.decide(Release(by=DANA))
        await company.until(lambda: bool(company.of(CardKind.REOPENED)))
        await running.pass_time(minutes=5)
        assert (await running.state()).silences == []
        assert (await MentorAtWork(company, SAM).state()).unanswered == []


async def test_when_all_who_were_asked_are_full_the_next_step_runs_now(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM, **ONE_SLOT)]) as company,
        requested(company, request(), request()) as [waiting, other],
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 2)
        await claimed(other)
        sam = MentorAtWork(company, SAM)
        await sam.pass_time(minutes=6)  # it is hardly undone any more
        async with asyncio.timeout(60):
            while not any(one.what == "coordinators called" for one in await timeline(waiting)):
                await asyncio.sleep(0.05)
        assert (await waiting.state()).full == [SAM]
        await other.decide(UndoClaim(by=SAM))
        async with asyncio.timeout(60):
            while (await waiting.state()).full:
                await asyncio.sleep(0.05)
        await claimed(waiting)


async def test_when_there_is_nobody_at_all_coordinators_are_called_once(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM, max_mentees=0)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: bool(company.of(CardKind.COORDINATORS)))
        await running.pass_time(minutes=1)
        calls = [one for one in await timeline(running) if one.what == "coordinators called"]
        assert len(calls) == 1
