"""Who gets a request: the first who may have it, once, and everybody else is told."""

from __future__ import annotations

import asyncio

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Cancel, Claim, Decline, EditHello, UndoClaim
from domain.models import Outcome, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    asking,
    four_mentors,
    mentor,
    request,
)


async def test_of_twenty_who_click_at_once_one_wins_and_nineteen_are_told(
    temporal: WorkflowEnvironment,
) -> None:
    crowd = [f"U0M{number:02}" for number in range(20)]
    community = Community([mentor(one) for one in crowd])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 15)
        await running.decide(*(Claim(by=one) for one in crowd))
        await community.until(lambda: len(community.notices(Notice.TAKEN)) == 19)
        winner = (await running.state()).mentor_id
        assert sorted([*community.notices(Notice.TAKEN), winner]) == crowd
        others = [m for m in community.of(CardKind.ASK) if m.ref.to != winner]
        await community.until(lambda: not any(message.buttons for message in others))
        await community.until(lambda: not community.of(CardKind.CHANNEL)[0].buttons)
        assert len([row for row in community.row_history if row.claimed_at]) == 1


async def test_a_double_click_by_the_winner_is_no_second_claim(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM), Claim(by=SAM), Claim(by=DANA))
        await community.until(lambda: community.told == [(DANA, Notice.TAKEN)])
        assert (await running.state()).mentor_id == SAM


async def test_an_undone_claim_leaves_no_trace_for_the_mentee_and_live_cards_for_the_others(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: not community.ask_card(DANA).buttons)
        await running.decide(UndoClaim(by=SAM))
        await running.reaches(Status.OPEN)
        await community.until(lambda: Action.CLAIM in community.ask_card(DANA).buttons)
        assert Action.CLAIM in community.ask_card(SAM).buttons
        assert community.rows[start.request_id].mentor_assigned_record == ""
        assert {m.ref.kind for m in community.messages.values() if m.ref.to == MENTEE.slack_id} == {
            CardKind.RECEIVED
        }
        await running.decide(Claim(by=DANA))
        await running.reaches(Status.CLAIMED)


async def test_it_is_too_late_to_undo_once_the_mentee_was_told(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await running.decide(Claim(by=SAM))
        await running.pass_time(minutes=3)
        await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
        await running.decide(UndoClaim(by=SAM), EditHello(by=SAM, hello="too late"))
        await community.until(lambda: len(community.told) == 2)
        assert set(community.told) == {(SAM, Notice.TOO_LATE_TO_UNDO), (SAM, Notice.NOT_NOW)}
        assert (await running.state()).mentor_id == SAM


async def test_only_mentors_with_room_may_claim_and_nobody_their_own_request(
    temporal: WorkflowEnvironment,
) -> None:
    full = mentor("U0FULL", max_mentees=1, load=1)
    community = Community([*four_mentors(), full, mentor(MENTEE.slack_id)])
    async with asking(temporal.client, request(), community) as running:
        await running.decide(
            Claim(by="U0STRANGER"), Claim(by=full.slack_id), Claim(by=MENTEE.slack_id)
        )
        await community.until(lambda: len(community.told) == 3)
        assert set(community.told) == {
            ("U0STRANGER", Notice.NOT_A_MENTOR),
            (full.slack_id, Notice.NO_ROOM),
            (MENTEE.slack_id, Notice.OWN_REQUEST),
        }
        assert (await running.state()).status is Status.OPEN
        await running.decide(Claim(by=PRIYA))
        await running.reaches(Status.CLAIMED)


async def test_a_mentor_who_was_not_asked_may_claim_in_the_channel_and_gets_a_control_card(
    temporal: WorkflowEnvironment,
) -> None:
    other = mentor("U0OTHER", "Knitting")
    community = Community([*four_mentors(), other])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=other.slack_id, channel="C0MENTORS"))
        await community.until(lambda: other.slack_id in community.asked())
        assert Action.UNDO_CLAIM in community.ask_card(other.slack_id).buttons


async def test_a_decline_is_thanked_and_can_be_taken_back_while_the_request_is_open(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Decline(by=KENJI), Decline(by=KENJI))
        await community.until(lambda: Action.DECLINE not in community.ask_card(KENJI).buttons)
        assert Action.CLAIM in community.ask_card(KENJI).buttons, "minds may change"
        await community.until(lambda: community.rows[start.request_id].declines == 1)
        await running.decide(Claim(by=KENJI))
        await running.reaches(Status.CLAIMED)
        assert community.rows[start.request_id].declines == 0


async def test_a_claim_during_a_wave_stops_it_and_leaves_no_live_button(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(f"U0M{number:02}") for number in range(10)])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 10)
        # a second wave is under way when the claim comes in
        late = mentor("U0LATE", "Python", "Knitting")
        community.mentors[late.slack_id] = late
        gate = community.gate("post:ask")
        passing = asyncio.create_task(running.pass_time(hours=8, minutes=1))
        await community.until(lambda: community.attempts["post:ask"] == 11)
        await running.decide(Claim(by="U0M03"))
        await running.reaches(Status.CLAIMED)
        gate.set()
        await community.until(
            lambda: not any(m.buttons for m in community.of(CardKind.ASK) if m.ref.to != "U0M03")
        )
        asked = {ask.mentor.slack_id for ask in (await running.state()).asks}
        assert asked == community.asked(), "who was not reached does not count as asked"
        await passing


async def test_a_mentor_who_claims_in_the_channel_while_being_asked_has_one_card(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    gate = community.gate("post:ask")
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.attempts["post:ask"] == 1)
        await running.decide(Claim(by=SAM, channel="C0MENTORS"))
        await running.reaches(Status.CLAIMED)
        gate.set()
        await community.until(lambda: SAM in community.asked())
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(SAM).buttons)
        assert len(community.posts) == len(set(community.posts))


async def test_who_clicks_again_and_again_is_told_once_a_minute(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        for _ in range(5):
            await running.decide(Claim(by="U0STRANGER"))
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: len(community.told) == 1)
        await running.pass_time(minutes=1, seconds=1)
        await running.decide(Claim(by="U0STRANGER"))
        await community.until(lambda: len(community.told) == 2)


async def test_a_click_on_a_finished_request_gets_a_word(temporal: WorkflowEnvironment) -> None:
    community = Community(four_mentors())
    gate = community.gate("record")
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Cancel(by=MENTEE.slack_id), Claim(by=SAM), Decline(by=DANA))
        await community.until(lambda: len(community.notices(Notice.CLOSED)) == 2)
        gate.set()
        assert await running.outcome() is Outcome.CANCELLED
