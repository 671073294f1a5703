"""A mentor's year: opting out and coming back, breaks, silence, being second, a closed account."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.mentor_memory import RestKind, WordKind
from domain.mentor_messages import (
    AccountClosed,
    AccountOpen,
    ComeBack,
    NeverAskAgain,
    NotNow,
    OptOut,
    Seen,
    Snooze,
    StillHere,
)
from domain.messages import Claim, Decline
from domain.models import Status
from domain.standing import MentorRules, MentorStatus
from domain.view import CardKind
from tests.workflows.company import Company, MentorAtWork, open_company, requested
from tests.workflows.harness import DANA, SAM, RunningRequest, mentor, night, request
from tests.workflows.pairs import claimed, met

HALF_A_YEAR = 182
ASKED_OFTEN = {"weekly_asks": 50, "max_mentees": 20}


async def until_words(company: Company, kind: WordKind, count: int) -> None:
    """Wait until Sam has been written so many of this kind."""
    await company.until(lambda: len(company.words_to(SAM, kind)) == count)


async def opted_out(company: Company) -> MentorAtWork:
    """Sam, who wants no requests any more: their row says so."""
    sam = MentorAtWork(company, SAM)
    await sam.says(OptOut(at=_now()))
    await sam.until_row(lambda row: row.status is MentorStatus.OPTED_OUT)
    return sam


async def counted(sam: MentorAtWork, asks: int) -> None:
    """Wait until so many asks in a row count as unanswered."""
    await sam.until(lambda state: len(state.unanswered) == asks)


# ---- opting out ---------------------------------------------------------------------------------


async def test_who_opts_out_is_asked_twice_in_a_year_and_comes_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(Seen(at=_now()))
        await sam.says(OptOut(at=await sam.now()))
        row = await sam.until_row(lambda row: row.status is MentorStatus.OPTED_OUT)
        assert row.opted_out_at

        await sam.pass_time(days=HALF_A_YEAR - 1)
        assert company.words_to(SAM, WordKind.WIN_BACK) == []
        await sam.pass_time(days=2)
        await until_words(company, WordKind.WIN_BACK, 1)
        await sam.says(NotNow(at=await sam.now()))
        await company.until(lambda: company.words_to(SAM, WordKind.WIN_BACK)[0].answer == "not now")

        await sam.pass_time(days=HALF_A_YEAR - 1)
        assert len(company.words_to(SAM, WordKind.WIN_BACK)) == 1
        await sam.pass_time(days=2)
        await until_words(company, WordKind.WIN_BACK, 2)
        await sam.says(ComeBack(at=await sam.now()))
        await company.until(lambda: company.words_to(SAM, WordKind.WIN_BACK)[1].answer == "back")
        row = await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
        assert row.opted_out_at is None
        await sam.pass_time(days=80)
        assert len(company.words_to(SAM, WordKind.WIN_BACK)) == 2


async def test_who_does_not_answer_is_asked_again_in_half_a_year_and_the_old_question_closes(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=_now()))
        await sam.pass_time(days=HALF_A_YEAR + 1)
        await until_words(company, WordKind.WIN_BACK, 1)
        await sam.pass_time(days=HALF_A_YEAR + 1)
        await until_words(company, WordKind.WIN_BACK, 2)
        await company.until(lambda: company.words_to(SAM, WordKind.WIN_BACK)[0].answer == "not now")


async def test_never_ask_again_is_kept_for_years_and_app_home_still_takes_them_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=_now()))
        await sam.pass_time(days=HALF_A_YEAR + 1)
        await until_words(company, WordKind.WIN_BACK, 1)
        await sam.says(NeverAskAgain(at=await sam.now()))
        await sam.pass_time(days=700)
        assert len(company.words_to(SAM, WordKind.WIN_BACK)) == 1
        await sam.says(ComeBack(at=await sam.now()))
        await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)


async def test_who_is_not_active_any_more_by_then_is_not_asked_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = await opted_out(company)
        company.mentors[SAM] = mentor(SAM, active=False)
        await sam.pass_time(days=HALF_A_YEAR + 1)
        assert company.words_to(SAM, WordKind.WIN_BACK) == []
        company.mentors[SAM] = mentor(SAM)
        await sam.pass_time(days=HALF_A_YEAR)
        await until_words(company, WordKind.WIN_BACK, 1)


async def test_whose_account_was_closed_without_an_event_is_not_asked_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = await opted_out(company)
        company.gone.add(SAM)
        await sam.pass_time(days=HALF_A_YEAR + 1)
        assert (await sam.overview()).standing.account_closed
        assert company.words_to(SAM, WordKind.WIN_BACK) == []


async def test_a_first_look_that_failed_is_taken_again_a_minute_later(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM)]) as company:
        sam = MentorAtWork(company, SAM)
        company.refusing["look_around"] = "visibility is away"
        await sam.says(Seen(at=_now()))
        await company.until(lambda: company.attempts["look_around"] == 1)
        del company.refusing["look_around"]
        await sam.pass_time(minutes=2)
        assert (await sam.state()).looked_up


async def test_a_question_waits_for_their_morning_and_while_sending_is_paused(
    temporal: WorkflowEnvironment,
) -> None:
    rules = MentorRules(quiet_hours=night(ends_in=timedelta(hours=3)))
    async with open_company(temporal.client, [mentor(SAM, time_zone="UTC")], rules) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(OptOut(at=_now()))
        company.sending_is_paused = True
        await sam.pass_time(days=HALF_A_YEAR, minutes=10)
        assert company.words_to(SAM, WordKind.WIN_BACK) == []  # it is night
        await sam.pass_time(hours=4)
        assert company.words_to(SAM, WordKind.WIN_BACK) == []  # all sending is paused
        company.sending_is_paused = False
        await sam.pass_time(hours=2)
        await until_words(company, WordKind.WIN_BACK, 1)


async def test_an_opt_out_in_a_row_that_could_not_be_read_is_known_an_hour_later(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM, status="Opted out")]) as company:
        sam = MentorAtWork(company, SAM)
        company.roster_is_away = True
        await sam.says(Seen(at=_now()))
        await company.until(lambda: company.attempts["look_around"] == 1)
        await sam.pass_time(minutes=61)
        assert not (await sam.overview()).standing.opted_out
        company.roster_is_away = False
        await sam.pass_time(minutes=61)
        assert (await sam.overview()).standing.opted_out
        await sam.pass_time(days=HALF_A_YEAR)
        await until_words(company, WordKind.WIN_BACK, 1)


async def test_who_comes_back_as_the_first_thing_muster_hears_of_them_is_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM, status="Opted out")]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(ComeBack(at=_now()))
        await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
        async with requested(company, request()):
            await company.until(lambda: company.asked() == {SAM})


# ---- breaks -------------------------------------------------------------------------------------


async def test_a_break_ends_with_its_date_and_every_card_shows_both(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request(), request()) as pair,
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 4)
        sam = MentorAtWork(company, SAM)
        now = await sam.now()
        await sam.says(Snooze(at=now, until=now + timedelta(days=10)))
        await sam.until_row(lambda row: row.status is MentorStatus.SNOOZED)
        cards = [one for one in company.of(CardKind.ASK) if one.ref.to == SAM]
        await company.until(lambda: all(Action.CLAIM not in card.buttons for card in cards))
        await sam.pass_time(days=10, minutes=1)
        row = await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
        assert row.snoozed_until is None
        await company.until(lambda: all(Action.CLAIM in card.buttons for card in cards))
        for one in pair:
            assert SAM not in (await one.view()).on_break


async def test_who_takes_a_break_is_not_asked_by_the_next_request_and_afterwards_is(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(Snooze(at=_now(), until=_now() + timedelta(days=3)))
        async with requested(company, request()) as [running]:
            await company.until(lambda: company.asked() == {DANA})
            await sam.says(ComeBack(at=_now()))
            await running.pass_time(hours=9)  # partial matches are added: whoever has room by now
            await company.until(lambda: company.asked() == {SAM, DANA})


# ---- silence ------------------------------------------------------------------------------------


async def let_reminders_go(*requests: RunningRequest) -> None:
    """The reminder comes after eight hours, and two more pass without a word."""
    await asyncio.gather(*(one.pass_time(hours=10, minutes=5) for one in requests))


async def test_who_falls_silent_is_asked_after_five_and_paused_after_eight_with_a_way_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM, **ASKED_OFTEN)]) as company,
        requested(company, *(request() for _ in range(8))) as requests,
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 8)
        sam = MentorAtWork(company, SAM)
        await let_reminders_go(*requests[:4])
        await counted(sam, 4)
        assert company.words_to(SAM, WordKind.STILL_THERE) == []
        await let_reminders_go(requests[4])
        await until_words(company, WordKind.STILL_THERE, 1)
        await let_reminders_go(*requests[5:7])
        await counted(sam, 7)
        assert (await sam.state()).rest is None
        await let_reminders_go(requests[7])
        await until_words(company, WordKind.PAUSED, 1)
        row = await sam.until_row(lambda row: row.status is MentorStatus.SNOOZED)
        assert row.snoozed_until is None
        rest = (await sam.state()).rest
        assert rest
        assert rest.kind is RestKind.SILENCE
        assert [w.answer for w in company.words_to(SAM, WordKind.STILL_THERE)] == ["paused"]
        await sam.says(ComeBack(at=await sam.now()))
        await company.until(lambda: company.words_to(SAM, WordKind.PAUSED)[0].answer == "back")
        await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
        await counted(sam, 0)


async def test_one_answer_of_any_kind_starts_the_count_anew(temporal: WorkflowEnvironment) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM, **ASKED_OFTEN)]) as company,
        requested(company, *(request() for _ in range(6))) as requests,
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 6)
        sam = MentorAtWork(company, SAM)
        await let_reminders_go(*requests[:4])
        await counted(sam, 4)
        await requests[5].decide(Decline(by=SAM))
        await counted(sam, 0)
        await let_reminders_go(requests[4])
        await counted(sam, 1)
        await sam.says(StillHere(at=await sam.now()))
        await counted(sam, 0)


async def test_who_is_always_second_is_never_counted_as_silent(
    temporal: WorkflowEnvironment,
) -> None:
    mentors = [mentor(SAM, **ASKED_OFTEN), mentor(DANA, **ASKED_OFTEN)]
    async with (
        open_company(temporal.client, mentors) as company,
        requested(company, *(request() for _ in range(9))) as requests,
    ):
        await company.until(lambda: len(company.of(CardKind.ASK)) == 18)
        sam = MentorAtWork(company, SAM)
        for one in requests[:8]:
            await claimed(one, DANA)
        for one in requests[:4]:
            await one.decide(Claim(by=SAM))
        await asyncio.gather(*(one.pass_time(hours=11) for one in requests[:8]))
        await let_reminders_go(requests[8])
        await counted(sam, 1)
        assert company.words_to(SAM, WordKind.STILL_THERE) == []


async def test_who_is_not_seen_for_ninety_days_is_dormant_until_they_are(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company:
        sam = MentorAtWork(company, SAM)
        await sam.says(Seen(at=_now()))
        await sam.until_row(lambda row: row.last_seen is not None)
        await sam.pass_time(days=91)
        await sam.until_row(lambda row: row.status is MentorStatus.DORMANT)
        later = await sam.now()
        async with requested(company, request()) as [running]:
            await company.until(lambda: company.asked() == {DANA})
            await sam.says(Seen(at=later + timedelta(minutes=1)))
            await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)
            await running.pass_time(hours=9)
            await company.until(lambda: company.asked() == {SAM, DANA})


# ---- a closed account ---------------------------------------------------------------------------


async def test_who_is_deactivated_while_holding_a_claim_leaves_and_the_ladder_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM, DANA})
        await claimed(running)
        await met(running)
        sam = MentorAtWork(company, SAM)
        await sam.says(AccountClosed(at=await sam.now()))
        await running.reaches(Status.OPEN)
        await company.until(lambda: bool(company.of(CardKind.RELEASED)))
        state = await running.state()
        assert state.excluded == [SAM]
        assert len(state.waits) == 2
        await sam.until_row(lambda row: (row.status, row.mentees_now) == (MentorStatus.DORMANT, 0))
        await running.decide(Claim(by=DANA))
        await running.reaches(Status.CLAIMED)


async def test_a_closed_account_that_no_event_told_of_is_found_within_a_day(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company,
        requested(company, request()) as [running],
    ):
        await company.until(lambda: company.asked() == {SAM, DANA})
        await claimed(running)
        await met(running)
        company.gone.add(SAM)
        await MentorAtWork(company, SAM).pass_time(hours=13)
        await running.reaches(Status.OPEN)


async def test_who_is_met_with_a_closed_account_counts_as_not_asked(
    temporal: WorkflowEnvironment,
) -> None:
    async with open_company(temporal.client, [mentor(SAM), mentor(DANA)]) as company:
        company.gone.add(SAM)
        async with requested(company, request()) as [running]:
            async with asyncio.timeout(60):
                while [a.mentor.slack_id for a in (await running.state()).reached()] != [DANA]:
                    await asyncio.sleep(0.05)
            sam = MentorAtWork(company, SAM)
            await sam.says(AccountOpen(at=await sam.now()))
            await sam.until_row(lambda row: row.status is MentorStatus.AVAILABLE)


def _now() -> datetime:
    return datetime.now(UTC)
