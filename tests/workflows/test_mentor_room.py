"""A mentor's room: slots are held and freed by their own workflow, and never given twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain import ids, task_queues
from domain.availability import Availability
from domain.mentor_memory import WordKind
from domain.mentor_messages import (
    AccountClosed,
    MentorProfile,
    OptOut,
    Reserve,
    SaveProfile,
    Seen,
    Snooze,
    Terms,
)
from domain.messages import Cancel, Claim, NotDoneYet, Release, UndoClaim, Word
from domain.models import Status
from domain.orders import Assign
from domain.view import CardKind, Notice
from tests.workflows.company import MentorAtWork, open_company, requested
from tests.workflows.harness import (
    ASLEEP,
    DANA,
    MENTEE,
    SAM,
    RunningRequest,
    default_policy,
    mentor,
    night,
    replay,
    request,
)
from tests.workflows.pairs import CHAT, claimed, met, timeline

PERSON = mentor(SAM, max_mentees=1)


async def has_slots(sam: MentorAtWork, *requests: RunningRequest) -> None:
    """Wait until these requests, and no others, hold a slot of theirs."""
    wanted = {one.start.request_id for one in requests}
    await sam.until(lambda state: set(state.slots) == wanted)


async def test_a_claim_holds_a_slot_and_the_row_says_so(temporal: WorkflowEnvironment) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM})
        await claimed(running)
        sam = MentorAtWork(company, SAM)
        await has_slots(sam, running)
        row = await sam.until_row(lambda row: row.mentees_now == 1)
        assert row.status.value == "Available"
        standing = (await sam.overview()).standing
        assert (standing.load, len(standing.asked)) == (1, 1)
        await replay(await running.history())


async def test_of_two_requests_one_gets_the_last_slot_and_the_other_hears_no(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [PERSON]) as company,
        requested(company, request(), request()) as pair,
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 2)
        await asyncio.gather(*(one.decide(Claim(by=SAM)) for one in pair))
        await company.until(lambda: company.notices(Notice.NO_ROOM) == [SAM])
        with_sam = [one for one in pair if (await one.state()).mentor_id == SAM]
        assert len(with_sam) == 1
        await has_slots(MentorAtWork(company, SAM), *with_sam)


@pytest.mark.parametrize("way", ["undo", "release", "cancel", "feedback begins", "reassigned"])
async def test_a_slot_is_free_again_whatever_way_the_request_takes(
    temporal: WorkflowEnvironment, way: str
) -> None:
    async with (
        open_company(temporal.client, [PERSON, mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        sam, dana = MentorAtWork(company, SAM), MentorAtWork(company, DANA)
        await company.until(lambda: company.asked() == {SAM, DANA})
        await claimed(running)
        await has_slots(sam, running)
        if way == "undo":
            await running.decide(UndoClaim(by=SAM))
        elif way == "cancel":
            await running.decide(Cancel(by=MENTEE.slack_id))
        elif way == "reassigned":
            await running.order(Assign(by="U0COORD", name="Casey Lin", mentor=DANA))
            await has_slots(dana, running)
        elif way == "release":
            await met(running)
            await running.decide(Release(by=SAM))
        else:
            await met(running)
            await running.pass_time(days=4, minutes=1)
            await company.until(lambda: bool(company.of(CardKind.CHECK_IN)))
            await running.pass_time(days=1, minutes=1)
        await has_slots(sam)
        await sam.until_row(lambda row: row.mentees_now == 0)


async def test_a_claim_undone_and_made_again_at_once_keeps_its_slot(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [PERSON]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM})
        await running.decide(*[Claim(by=SAM), UndoClaim(by=SAM)] * 5, Claim(by=SAM))
        async with asyncio.timeout(60):
            while len([one.what for one in await timeline(running) if one.what == "claimed"]) < 6:
                await asyncio.sleep(0.05)
        await has_slots(MentorAtWork(company, SAM), running)
        assert (await running.state()).mentor_id == SAM


async def test_who_opted_out_a_second_ago_cannot_be_assigned_nor_claim(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM, DANA})
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=await sam.now()))
        answered = await running.order(Assign(by="U0COORD", name="Casey Lin", mentor=SAM))
        assert "no room just now" in answered.words
        await running.decide(Claim(by=SAM))
        await company.until(lambda: company.notices(Notice.NO_ROOM) == [SAM])
        assert (await running.state()).status is Status.OPEN
        await has_slots(sam)


async def test_who_opts_out_before_their_card_is_sent_gets_none(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company:
        sam, gate = MentorAtWork(company, SAM), company.gate("post:ask")
        async with requested(company, request()) as [running]:
            await company.until(lambda: company.attempts["post:ask"] > 0)  # the wave is on its way
            await sam.says(OptOut(at=(await running.view()).now))
            gate.set()
            await company.until(lambda: company.asked() == {DANA})
            await company.until(lambda: bool(company.rows))
            async with asyncio.timeout(60):
                while SAM not in (await running.state()).withheld:
                    await asyncio.sleep(0.05)
            assert [ask.mentor.slack_id for ask in (await running.state()).asks] == [DANA]


async def test_when_everybody_says_no_at_the_last_moment_coordinators_are_called_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam, gate = MentorAtWork(company, SAM), company.gate("post:ask")
        async with requested(company, request()) as [running]:
            await company.until(lambda: company.attempts["post:ask"] > 0)
            await sam.says(OptOut(at=(await running.view()).now))
            gate.set()
            await company.until(lambda: bool(company.of(CardKind.COORDINATORS)))
            assert company.asked() == set()


async def test_terminating_a_request_leaks_no_slot_for_longer_than_a_day(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [PERSON]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM})
        await claimed(running)
        sam = MentorAtWork(company, SAM)
        await has_slots(sam, running)
        await running.handle.terminate("an operator has pressed Terminate")
        await sam.pass_time(hours=13)
        await has_slots(sam)
        await sam.until_row(lambda row: row.mentees_now == 0)


async def test_a_mentors_workflow_that_was_terminated_finds_its_mentees_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [PERSON]) as company,
        requested(company, request(), request()) as [running, other],
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 2)
        await claimed(running)
        sam = MentorAtWork(company, SAM)
        await has_slots(sam, running)
        await sam.handle.terminate("an operator has pressed Terminate")
        await other.decide(Claim(by=SAM))
        await company.until(lambda: company.notices(Notice.NO_ROOM) == [SAM])
        await has_slots(sam, running)


async def test_a_pair_that_is_not_done_takes_its_slot_again(temporal: WorkflowEnvironment) -> None:

    async with (
        open_company(temporal.client, [mentor(SAM)]) as company,
        requested(company, request(service=CHAT)) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM})
        await claimed(running)
        await met(running)
        sam = MentorAtWork(company, SAM)
        await running.decide(Word(by=SAM))
        await running.pass_time(days=7, minutes=1)
        await running.reaches(Status.AWAITING_FEEDBACK)
        await has_slots(sam)
        await running.decide(NotDoneYet(by=SAM))
        await running.reaches(Status.CLAIMED)
        await has_slots(sam, running)


async def test_wishes_that_come_while_the_workflow_begins_a_new_run_are_neither_lost_nor_doubled(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM, max_mentees=10)]) as company:
        await temporal.client.start_workflow(
            ids.AVAILABILITY_TYPE,
            Availability(slack_id=SAM, longest_history=40),
            id=ids.availability_id(SAM),
            task_queue=task_queues.WORKFLOWS,
        )
        first = (await MentorAtWork(company, SAM).handle.describe()).run_id
        wishes = [
            Reserve(
                at=datetime.now(UTC),
                request_id=ids.request_id_for(f"submission-number-{number}", MENTEE.slack_id),
                turn=1,
                terms=Terms(max_mentees=10),
            )
            for number in range(60)
        ]
        permits = await asyncio.gather(
            *(company.entities.reserve(SAM, wish) for wish in [*wishes, *wishes])
        )
        granted = [p.no is None for p in permits]
        assert sum(granted[:60]) == 10
        assert granted[:60] == granted[60:]  # asked twice, the answer is the same
        held = {wish.request_id for wish, yes in zip(wishes, granted, strict=False) if yes}
        assert set((await MentorAtWork(company, SAM).state()).slots) == held
        assert (await MentorAtWork(company, SAM).handle.describe()).run_id != first


async def test_what_is_known_of_a_mentor_outlives_a_new_run(temporal: WorkflowEnvironment) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        await temporal.client.start_workflow(
            ids.AVAILABILITY_TYPE,
            Availability(slack_id=SAM, longest_history=30),
            id=ids.availability_id(SAM),
            task_queue=task_queues.WORKFLOWS,
        )
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=datetime.now(UTC)))
        await sam.until_row(lambda row: row.opted_out_at is not None)
        first = (await sam.handle.describe()).run_id
        async with asyncio.timeout(60):
            while (await sam.handle.describe()).run_id == first:
                await sam.says(Seen(at=datetime.now(UTC)))
        await sam.pass_time(days=183)
        await company.until(lambda: bool(company.words_to(SAM, WordKind.WIN_BACK)))
        assert (await company.entities.standings())[SAM].opted_out


async def test_who_was_asked_often_this_week_is_asked_again_only_once_the_target_is_missed(
    temporal: WorkflowEnvironment,
) -> None:
    mentors = [mentor(SAM, weekly_asks=2), mentor(DANA)]
    async with open_company(temporal.client, mentors) as company:
        async with requested(company, request(), request()):
            await company.until(lambda: len(company.of(CardKind.ASK)) == 4)
        async with requested(company, request()) as [third]:
            await third.pass_time(hours=23)
            asked = {ask.mentor.slack_id for ask in (await third.state()).asks}
            assert asked == {DANA}
            await third.pass_time(hours=2)
            await company.until(lambda: company.of(CardKind.ASK)[-1].ref.to == SAM)


async def test_a_named_mentor_who_takes_a_break_keeps_nobody_waiting(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request(preferred_mentor=mentor(SAM))),
    ):
        await company.until(lambda: company.asked() == {SAM})
        sam = MentorAtWork(company, SAM)
        now = await sam.now()
        await sam.says(Snooze(at=now, until=now + timedelta(days=7)))
        await company.until(lambda: company.asked() == {SAM, DANA})


async def test_a_named_mentor_whose_last_slot_goes_to_another_request_keeps_nobody_waiting(
    temporal: WorkflowEnvironment,
) -> None:
    named = request(preferred_mentor=PERSON)
    async with (
        open_company(temporal.client, [PERSON, mentor(DANA)]) as company,
        requested(company, named, request()) as [waiting, other],
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 3)
        await claimed(other)
        await MentorAtWork(company, SAM).pass_time(minutes=6)  # it is hardly undone any more
        await company.until(lambda: len(company.of(CardKind.ASK)) == 4)
        assert [ask.mentor.slack_id for ask in (await waiting.state()).asks] == [SAM, DANA]


@pytest.mark.parametrize("how", ["they take more mentees", "the other request ends"])
async def test_who_had_no_room_is_hoped_for_again_once_they_have(
    temporal: WorkflowEnvironment, how: str
) -> None:
    async with (
        open_company(temporal.client, [PERSON]) as company,
        requested(company, request(), request()) as [waiting, other],
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 2)
        await claimed(other)
        sam = MentorAtWork(company, SAM)
        await has_slots(sam, other)
        await sam.pass_time(minutes=6)
        await waiting.until(lambda state: state.full == [SAM])
        if how == "they take more mentees":
            profile = MentorProfile(shown_name="Sam", max_mentees=2)
            await sam.says(SaveProfile(at=await sam.now(), profile=profile))
        else:
            await other.decide(Cancel(by=MENTEE.slack_id))
        await waiting.until(lambda state: not state.full)
        await claimed(waiting)


async def test_a_claim_that_is_undone_takes_no_named_mentor_from_another_request(
    temporal: WorkflowEnvironment,
) -> None:
    named = request(preferred_mentor=PERSON)
    async with (
        open_company(temporal.client, [PERSON, mentor(DANA)]) as company,
        requested(company, named, request()) as [waiting, other],
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 3)
        await claimed(other)
        await other.decide(UndoClaim(by=SAM))
        sam = MentorAtWork(company, SAM)
        await has_slots(sam)
        await sam.pass_time(minutes=6)
        assert (await waiting.view()).in_preferred_window
        await claimed(waiting)


async def test_who_opted_out_is_not_reminded_either(temporal: WorkflowEnvironment) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM, DANA})
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=await sam.now()))
        await company.until(lambda: Action.CLAIM not in company.ask_card(SAM).buttons)
        await running.pass_time(hours=9)
        await company.until(lambda: bool(company.of(CardKind.REMINDER)))
        assert {one.ref.to for one in company.of(CardKind.REMINDER)} == {DANA}


async def test_when_all_who_were_asked_opt_out_the_next_step_runs_now(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM)]) as company,
        requested(company, request()),
    ):
        await company.until(lambda: company.asked() == {SAM})
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=await sam.now()))
        await company.until(lambda: bool(company.of(CardKind.COORDINATORS)))


async def test_for_each_who_says_no_at_the_last_moment_one_is_asked_in_their_place(
    temporal: WorkflowEnvironment,
) -> None:
    mentors = [mentor(f"U0M{number:02}") for number in range(12)]
    async with open_company(temporal.client, mentors) as company:
        first, gate = MentorAtWork(company, "U0M00"), company.gate("post:ask")
        policy = default_policy(wave_size=4)
        async with requested(company, request(policy=policy)) as [running]:
            await company.until(lambda: company.attempts["post:ask"] > 0)
            await first.says(OptOut(at=(await running.view()).now))
            gate.set()
            await company.until(lambda: len(company.asked()) == 4)
            await running.pass_time(minutes=30)
            assert company.asked() == {"U0M01", "U0M02", "U0M03", "U0M04"}
            await running.pass_time(hours=2)
            await company.until(lambda: len(company.asked()) == 8)


async def test_whose_account_closes_while_they_are_introduced_leaves_no_mentee_without_a_word(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM, DANA})
        await claimed(running)
        gate = company.gate("post:introduction")
        skipping = asyncio.create_task(running.pass_time(minutes=3))
        await company.until(lambda: company.attempts["post:introduction"] > 0)
        sam = MentorAtWork(company, SAM)
        await sam.says(AccountClosed(at=await sam.now()))
        async with asyncio.timeout(60):
            while not (await running.state()).inbox and (await running.state()).claim:
                await asyncio.sleep(0.05)
        gate.set()
        await skipping
        await running.reaches(Status.OPEN)
        met, told = company.of(CardKind.INTRODUCTION), company.of(CardKind.RELEASED)
        assert len(met) == len(told)


async def test_when_all_who_were_to_be_asked_in_the_morning_rest_by_then_coordinators_are_called(
    temporal: WorkflowEnvironment,
) -> None:
    policy = default_policy(quiet_hours=night(ends_in=timedelta(hours=4)))
    async with (
        open_company(temporal.client, [mentor(SAM, time_zone=ASLEEP)]) as company,
        requested(company, request(policy=policy)) as [running],
    ):
        async with asyncio.timeout(60):
            while not (await running.state()).planned:
                await asyncio.sleep(0.05)
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=datetime.now(UTC)))
        await sam.until_row(lambda row: row.opted_out_at is not None)
        await running.pass_time(hours=4, minutes=5)
        await company.until(lambda: bool(company.of(CardKind.COORDINATORS)))
        assert company.asked() == set()


async def test_a_named_mentors_own_quiet_hours_count_for_their_window_too(
    temporal: WorkflowEnvironment,
) -> None:
    sleeps = mentor(SAM, time_zone=ASLEEP, quiet_hours=night(ends_in=timedelta(hours=10)))
    async with (
        open_company(temporal.client, [sleeps, mentor(DANA)]) as company,
        requested(company, request(preferred_mentor=sleeps)) as [running],
    ):
        await running.pass_time(hours=10, minutes=5)
        await company.until(lambda: company.asked() == {SAM})
        assert (await running.view()).in_preferred_window
