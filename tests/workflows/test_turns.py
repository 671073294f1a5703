"""The turns a request may take: cancelled, released, rescheduled, unanswered."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import (
    AcceptTime,
    Cancel,
    Claim,
    GiveFeedback,
    ProposeTimes,
    Release,
    Word,
)
from domain.models import Outcome, Role, Service, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    RunningRequest,
    asking,
    four_mentors,
    request,
)


async def _introduced(running: RunningRequest, mentor: str = SAM, number: int = 1) -> None:
    await running.decide(Claim(by=mentor))
    await running.reaches(Status.CLAIMED)
    await running.pass_time(minutes=3)
    community = running.community
    await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == number)


async def _scheduled(running: RunningRequest, **ahead: float) -> None:
    await _introduced(running)
    time = (await running.view()).now + timedelta(**ahead)
    await running.decide(ProposeTimes(by=SAM, times=[time]))
    await running.decide(AcceptTime(by=MENTEE.slack_id, proposal=1, time=time))
    await running.reaches(Status.SCHEDULED)


async def test_a_mentee_who_cancels_leaves_no_live_button_anywhere(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Cancel(by="U0STRANGER"))
        await community.until(lambda: community.told == [("U0STRANGER", Notice.NOT_YOURS)])
        await running.decide(Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.CANCELLED
    assert community.rows[start.request_id].status is Status.CANCELLED
    assert all(not message.buttons for message in community.messages.values())


async def test_cancelling_inside_the_undo_window_announces_nobody(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await running.decide(Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.CANCELLED
    assert not community.of(CardKind.INTRODUCTION)
    assert not community.of(CardKind.WITHDRAWN)
    assert not community.ask_card(SAM).buttons


async def test_cancelling_a_matched_request_thanks_the_mentor(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _scheduled(running, days=1)
        await running.decide(Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.CANCELLED
    assert len(community.of(CardKind.WITHDRAWN)) == 1
    assert all(not message.buttons for message in community.messages.values())


async def test_an_operator_who_cancels_in_the_web_ui_leaves_no_live_button_either(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await _introduced(running)
        await running.handle.cancel()
        assert await running.outcome() is Outcome.CANCELLED
    assert community.rows[start.request_id].status is Status.CLOSED_UNFULFILLED
    assert all(not message.buttons for message in community.messages.values())


async def test_a_mentee_who_cancels_while_slack_is_away_is_not_introduced_later(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        community.failing["open_group"] = "Slack is down"
        passing = asyncio.create_task(running.pass_time(minutes=3))
        await community.until(lambda: community.attempts["open_group"] > 0)
        await running.decide(Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.CANCELLED
        passing.cancel()
    assert not community.of(CardKind.INTRODUCTION)
    assert not community.of(CardKind.WITHDRAWN)
    assert all(not message.buttons for message in community.messages.values())


async def test_a_mentor_who_left_slack_after_claiming_makes_room_for_the_next(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.gone = {SAM}
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        await running.reaches(Status.OPEN)
        assert not community.of(CardKind.RELEASED), "the mentee was not told of a mentor yet"
        await _introduced(running, mentor=DANA)
        assert (await running.state()).mentor_id == DANA


async def test_a_mentee_who_left_slack_closes_the_request_and_the_coordinators_know(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.gone = {MENTEE.slack_id}
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        assert await running.outcome() is Outcome.CANCELLED
    assert community.rows[start.request_id].status is Status.CLOSED_UNFULFILLED
    (card,) = community.of(CardKind.COORDINATORS)
    assert set(card.buttons) <= {Action.TIMELINE, Action.WHO_WAS_ASKED}
    others = [message for message in community.messages.values() if message is not card]
    assert all(not message.buttons for message in others)


async def test_cancelling_when_asked_how_it_went_keeps_what_was_said(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _scheduled(running, days=1)
        await running.pass_time(days=9)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        await running.decide(GiveFeedback(by=SAM, happened=True), Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.MET
    assert all(not message.buttons for message in community.messages.values())


async def test_a_released_request_goes_on_from_its_rung_without_that_mentor(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.pass_time(hours=5)
        await _introduced(running)
        await running.decide(Word(by=SAM))
        await running.pass_time(days=4)
        await running.decide(Release(by=SAM))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)
        await community.until(lambda: Action.CLAIM in community.ask_card(DANA).buttons)
        assert not community.ask_card(SAM).buttons
        assert not community.of(CardKind.REMINDER), "no step fires in a bunch"
        assert not community.of(CardKind.COORDINATORS)
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.told == [(SAM, Notice.RELEASED_BEFORE)])

        await running.pass_time(hours=3, minutes=1)
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 3)
        assert not community.rows[start.request_id].breached, "the promise was kept at first"

        await _introduced(running, mentor=DANA, number=2)
        assert (await running.state()).mentor_id == DANA


async def test_either_side_may_propose_and_only_the_other_may_accept(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _introduced(running)
        now = (await running.view()).now
        first, second = now + timedelta(days=1), now + timedelta(days=2)
        await running.decide(
            ProposeTimes(by=DANA, times=[first]),
            ProposeTimes(by=SAM, times=[now - timedelta(hours=1)]),
            ProposeTimes(by=SAM, times=[first]),
            AcceptTime(by=SAM, proposal=1, time=first),
            ProposeTimes(by=MENTEE.slack_id, times=[second]),
            AcceptTime(by=MENTEE.slack_id, proposal=1, time=first),
            AcceptTime(by=SAM, proposal=2, time=first),
        )
        await community.until(lambda: len(community.told) == 4)
        assert set(community.told) == {
            (DANA, Notice.NOT_YOURS),
            (SAM, Notice.TIME_UNUSABLE),
            (SAM, Notice.OWN_PROPOSAL),
            (MENTEE.slack_id, Notice.PROPOSAL_REPLACED),
        }
        await running.decide(AcceptTime(by=SAM, proposal=2, time=second))
        await running.reaches(Status.SCHEDULED)
        assert (await running.view()).session_at == second


async def test_a_new_time_moves_the_day_on_which_we_ask(temporal: WorkflowEnvironment) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await _scheduled(running, days=1)
        later = (await running.view()).now + timedelta(days=20)
        await running.decide(ProposeTimes(by=MENTEE.slack_id, times=[later]))
        await running.decide(AcceptTime(by=SAM, proposal=2, time=later))
        await community.until(lambda: community.rows[start.request_id].session_at == later)
        await running.pass_time(days=22)
        assert not community.of(CardKind.FEEDBACK)
        await running.pass_time(days=6)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)


async def test_unanswered_feedback_is_asked_for_once_more_and_then_completes_the_request(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await _scheduled(running, days=1)
        await running.pass_time(days=9)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        await running.decide(GiveFeedback(by=SAM, happened=False))
        await running.reaches(Status.AWAITING_FEEDBACK)
        await running.pass_time(days=3, hours=1)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK_REMINDER)) == 1)
        assert community.of(CardKind.FEEDBACK_REMINDER)[0].ref.to == MENTEE.slack_id
        await running.pass_time(days=5)
        assert await running.outcome() is Outcome.DID_NOT_MEET
    assert all(not message.buttons for message in community.messages.values())


async def test_total_silence_ends_as_no_feedback(temporal: WorkflowEnvironment) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _scheduled(running, days=1)
        await running.pass_time(days=20)
        assert await running.outcome() is Outcome.NO_FEEDBACK


async def test_a_service_without_a_session_is_asked_about_a_week_after_the_first_word(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    chat = Service(name="General Guidance – Slack Chat", needs_session=False)
    async with asking(temporal.client, request(service=chat), community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA, KENJI, PRIYA})
        await _introduced(running)
        assert Action.PROPOSE_TIMES not in community.of(CardKind.INTRODUCTION)[0].buttons
        await running.pass_time(days=2)
        await running.decide(Word(by=SAM))
        await running.pass_time(days=6)
        assert not community.of(CardKind.FEEDBACK)
        await running.pass_time(days=2)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)


async def test_after_a_release_the_week_runs_from_the_new_mentors_first_word(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    chat = Service(name="General Guidance – Slack Chat", needs_session=False)
    async with asking(temporal.client, request(service=chat), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await _introduced(running)
        await running.decide(Word(by=SAM))
        await running.pass_time(days=5)
        await running.decide(Release(by=SAM))
        await running.reaches(Status.OPEN)
        await running.pass_time(days=3)
        await _introduced(running, mentor=DANA, number=2)
        await running.decide(Word(by=DANA))
        await running.pass_time(days=6)
        assert not community.of(CardKind.FEEDBACK)
        await running.pass_time(days=2)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)


async def test_feedback_given_again_while_the_first_is_written_replaces_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _scheduled(running, days=1)
        await running.pass_time(days=9)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        writing, written = community.gate("record"), community.attempts["record"]
        await running.decide(GiveFeedback(by=SAM, happened=True, note="first"))
        await community.until(lambda: community.attempts["record"] > written)
        await running.decide(GiveFeedback(by=SAM, happened=True, note="second"))
        assert (await running.state()).feedback[Role.MENTOR].feedback.note == "second"
        writing.set()
        await running.decide(GiveFeedback(by=MENTEE.slack_id, happened=True))
        await running.outcome()
    assert [note.note for note in community.notes.values() if note.role is Role.MENTOR] == [
        "second"
    ]


async def test_a_mentor_cannot_give_back_what_is_over(temporal: WorkflowEnvironment) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await _scheduled(running, days=1)
        await running.pass_time(days=9)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        await running.decide(Release(by=SAM))
        await community.until(lambda: community.told == [(SAM, Notice.NOT_NOW)])
        assert (await running.state()).status is Status.AWAITING_FEEDBACK


async def test_an_operators_cancellation_is_heard_while_a_claim_is_checked(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        checking = community.gate("check_mentor")
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.attempts["check_mentor"] > 0)
        await running.handle.cancel()
        await running.reaches(Status.CLOSED_UNFULFILLED)
        checking.set()
        assert await running.outcome() is Outcome.CANCELLED
