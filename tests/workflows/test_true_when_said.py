"""What waited, or was stopped on its way, is looked at again before it is said; nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.messages import Cancel, Decline, Hold, PauseSending, Release, UndoClaim
from domain.models import Outcome, Person, Status
from domain.orders import Assign
from domain.view import CardKind
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    SAM,
    RunningRequest,
    asking,
    four_mentors,
    request,
)
from tests.workflows.pairs import CASEY, RILEY, asked, claimed, introduced, met

AWAY = "Slack is away"


async def pause(running: RunningRequest, *, on: bool = True) -> None:
    """A coordinator presses the switch, and the request has heard of it."""
    await running.decide(PauseSending(by=CASEY.slack_id, paused=on))
    async with asyncio.timeout(60):
        while (await running.state()).sending_paused is not on:
            await asyncio.sleep(0.05)


async def refused_by_slack(running: RunningRequest, message: str, **passing: float) -> None:
    """Time passes until Slack has refused this message once; it goes on refusing."""
    running.community.failing[message] = AWAY
    await running.pass_time(**passing)
    await running.community.until(lambda: running.community.attempts[message] > 0)


async def released_and_claimed_in_a_pause(running: RunningRequest) -> None:
    """Sam gives it back and Kenji takes it; then sending goes on, and Kenji can still undo it."""
    await introduced(running)
    await pause(running)
    await running.decide(Release(by=SAM))
    await running.reaches(Status.OPEN)
    await claimed(running, KENJI)
    await pause(running, on=False)


async def test_reminders_and_the_update_that_slack_refused_before_a_pause_come_after_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        community.failing["post:update"] = AWAY
        await refused_by_slack(running, "post:reminder", hours=8, minutes=1)
        await pause(running)
        community.failing.clear()
        await pause(running, on=False)
        await running.pass_time(minutes=10)
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 4)
        await refused_by_slack(running, "post:update", hours=16)
        await pause(running)
        community.failing.clear()
        await pause(running, on=False)
        await running.pass_time(minutes=10)
        await community.until(lambda: len(community.of(CardKind.UPDATE)) == 1)
        assert len(community.of(CardKind.REMINDER)) == 4
        told = [entry.what for entry in (await running.state()).timeline]
        assert not [what for what in told if "not asked after all" in what]


async def test_mentors_whose_ask_slack_refused_before_a_pause_are_asked_after_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.failing["post:ask"] = AWAY
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.attempts["post:ask"] > 0)
        await pause(running)
        community.failing.clear()
        await pause(running, on=False)
        await asked(running)
        assert len(community.of(CardKind.ASK)) == 4


async def test_a_question_to_the_mentor_that_slack_refused_is_not_asked_during_a_pause(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        await refused_by_slack(running, "post:check-in", hours=72, minutes=1)
        await pause(running)
        community.failing.clear()
        await running.pass_time(hours=2)
        assert not community.of(CardKind.CHECK_IN)
        await pause(running, on=False)
        await running.pass_time(minutes=10)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)


async def test_a_request_that_is_cancelled_while_reminders_go_out_ends_once_its_row_is_written(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        await refused_by_slack(running, "post:reminder", hours=8, minutes=1)
        community.failing["record"] = "Airtable is away"
        await running.decide(Cancel(by=RILEY))
        await community.until(lambda: community.attempts["record"] > 0)
        community.failing.clear()
        assert await running.outcome() is Outcome.CANCELLED
        assert not community.of(CardKind.REMINDER)
        assert not (await running.state()).later, "nothing that it would wait for in vain"


async def test_who_undoes_while_the_introduction_is_being_written_was_never_introduced(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        await claimed(running)
        await refused_by_slack(running, "post:introduction", minutes=3)
        await running.decide(UndoClaim(by=SAM))
        await running.reaches(Status.OPEN)
        community.failing.clear()
        state = await running.state()
        assert not state.excluded, "they may still change their mind"
        await claimed(running)
        await met(running)


async def test_undone_during_a_pause_no_empty_conversation_is_opened_afterwards(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        await claimed(running)
        await pause(running)
        await running.pass_time(minutes=3)
        await running.decide(UndoClaim(by=SAM))
        await running.reaches(Status.OPEN)
        await pause(running, on=False)
        await claimed(running, DANA)
        assert not community.attempts["open_group"]


async def test_that_it_is_open_again_is_not_said_once_another_mentor_has_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await released_and_claimed_in_a_pause(running)
        await met(running)
        assert not community.of(CardKind.REOPENED)
        assert not community.of(CardKind.RELEASED), "the introduction tells them"


async def test_the_mentee_hears_that_their_mentor_is_gone_also_when_the_next_one_undoes(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await released_and_claimed_in_a_pause(running)
        await running.decide(UndoClaim(by=KENJI))
        await running.reaches(Status.OPEN)
        await running.pass_time(minutes=10)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)


async def test_that_others_are_asked_now_is_not_said_while_a_mentor_has_it(
    temporal: WorkflowEnvironment,
) -> None:
    kenji = Person(slack_id=KENJI, name="Kenji Mori")
    community, start = Community(four_mentors()), request(preferred_mentor=kenji)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {KENJI})
        await running.order(Assign(by=CASEY.slack_id, mentor=SAM))
        await running.decide(Decline(by=KENJI))
        await met(running)
        assert not community.of(CardKind.OPENED_WIDER)


async def test_shortly_before_the_honest_update_the_mentee_has_no_other_word(
    temporal: WorkflowEnvironment,
) -> None:
    """One unprompted message a day; what the first would have said, their card says."""
    kenji = Person(slack_id=KENJI, name="Kenji Mori")
    community, start = Community(four_mentors()), request(preferred_mentor=kenji)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {KENJI})
        until = start.submitted_at + timedelta(hours=20)
        await running.decide(Hold(by=KENJI, until=until))
        await running.pass_time(hours=24, minutes=1)
        await community.until(lambda: len(community.of(CardKind.UPDATE)) == 1)
        assert not community.of(CardKind.OPENED_WIDER)


async def test_who_was_reminded_of_their_day_has_no_second_reminder_and_each_day_its_own(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=2)))
        await running.pass_time(hours=2, minutes=1)
        await community.until(lambda: len(community.of(CardKind.HOLD_DUE)) == 1)
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=4)))
        await running.pass_time(hours=2)
        await community.until(lambda: len(community.of(CardKind.HOLD_DUE)) == 2)
        await running.pass_time(hours=4)
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 3)
        assert SAM not in {reminder.ref.to for reminder in community.of(CardKind.REMINDER)}


async def test_that_it_is_open_again_is_said_after_a_pause_that_stopped_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        community.failing["post:reopened"] = AWAY
        await running.decide(Release(by=SAM))
        await community.until(lambda: community.attempts["post:reopened"] > 0)
        await pause(running)
        community.failing.clear()
        await pause(running, on=False)
        await community.until(lambda: len(community.of(CardKind.REOPENED)) == 1)
