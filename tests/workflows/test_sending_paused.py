"""A coordinator has paused all sending: claims and clocks go on, cards and messages wait."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import AskMore, Cancel, Claim, Decline, PauseSending
from domain.models import Person, Status
from domain.state import ASK_MORE
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    ASLEEP,
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    RunningRequest,
    asking,
    default_policy,
    four_mentors,
    mentor,
    night,
    request,
)

COORDINATOR = "U0COORD"
PARTLY, ANY = "U0PARTLY", "U0ANY"


async def _pause(running: RunningRequest) -> None:
    await running.decide(PauseSending(by=COORDINATOR, paused=True))
    await running.pass_time(minutes=1)


async def _go_on(running: RunningRequest) -> None:
    await running.decide(PauseSending(by=COORDINATOR, paused=False))


async def test_nothing_is_written_or_edited_until_it_goes_on_and_then_each_thing_once(
    temporal: WorkflowEnvironment,
) -> None:
    partly = mentor(PARTLY, "Python", services=[])
    community = Community([*four_mentors(), partly, mentor(ANY, "Knitting")])
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await community.until(lambda: len(community.of(CardKind.CHANNEL)) == 1)
        await _pause(running)
        written, edits = list(community.posts), _edits(community)
        await running.decide(Decline(by=KENJI), Claim(by="U0STRANGER"))
        await community.until(lambda: community.told == [("U0STRANGER", Notice.NOT_A_MENTOR)])

        await running.pass_time(hours=50)
        await community.until(lambda: community.rows[start.request_id].breached)
        assert community.rows[start.request_id].declines == 1
        assert community.posts == written
        assert _edits(community) == edits

        await _go_on(running)
        everybody = {SAM, DANA, KENJI, PRIYA, PARTLY, ANY}
        await community.until(lambda: community.asked() == everybody)
        await community.until(lambda: Action.SAY_WHY in community.ask_card(KENJI).buttons)
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 3)
        await running.pass_time(hours=5)
        assert community.attempts["find_candidates"] == 2, "what fell due is one wave"
        assert len(community.of(CardKind.REMINDER)) == 3
        for once in (CardKind.BUMP, CardKind.COORDINATORS, CardKind.UPDATE):
            assert len(community.of(once)) == 1


def _edits(community: Community) -> int:
    return sum(message.edits for message in community.messages.values())


async def test_a_claim_is_decided_and_the_two_meet_when_sending_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await _pause(running)
        await running.decide(Claim(by=SAM), Claim(by=DANA))
        await community.until(lambda: community.told == [(DANA, Notice.TAKEN)])
        await running.reaches(Status.CLAIMED)
        await running.pass_time(hours=3)
        assert not community.of(CardKind.INTRODUCTION)
        assert Action.DECLINE in community.ask_card(SAM).buttons, "no card is edited"
        await _go_on(running)
        await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
        await community.until(lambda: Action.RELEASE in community.ask_card(SAM).buttons)
        await community.until(lambda: not community.ask_card(DANA).buttons)


@pytest.mark.parametrize("moment", ["open_group", "post:introduction"])
async def test_paused_in_the_moment_of_an_introduction_the_two_meet_later_all_the_same(
    temporal: WorkflowEnvironment, moment: str
) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        community.failing[moment] = "Slack is away"
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        passing = asyncio.create_task(running.pass_time(minutes=3))
        await community.until(lambda: community.attempts[moment] > 0)
        await running.decide(PauseSending(by=COORDINATOR, paused=True))
        await passing
        del community.failing[moment]
        await _go_on(running)
        await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
        state = await running.state()
        assert state.mentor_id == SAM
        assert not state.excluded


async def test_a_claim_is_not_held_up_by_a_wave_that_waits_for_sending(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM, time_zone=""), mentor(DANA, time_zone="")])
    policy = default_policy(quiet_hours=night(ends_in=timedelta(hours=1)))
    community.zones = {SAM: "Etc/GMT+12", DANA: ASLEEP}
    looking_up = community.gate("look_up_people")
    async with asking(temporal.client, request(policy=policy), community) as running:
        await community.until(lambda: community.attempts["look_up_people"] == 1)
        await running.decide(PauseSending(by=COORDINATOR, paused=True))
        looking_up.set()
        await running.pass_time(minutes=1)
        await running.decide(Claim(by=DANA), Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: community.told == [(SAM, Notice.TAKEN)])
        assert not community.asked()
        await running.decide(Cancel(by=MENTEE.slack_id))


async def test_a_request_that_begins_while_sending_is_paused_begins_for_others_when_it_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request(sending_paused=True)
    async with asking(temporal.client, start, community) as running:
        await running.pass_time(hours=3)
        assert not community.posts
        community.mentors[KENJI] = mentor(KENJI, status="Snoozed")
        await _go_on(running)
        await community.until(lambda: community.asked() == {SAM, DANA, PRIYA})
        await community.until(lambda: len(community.posts) == 5)
        assert {key.split("/")[1] for key in community.posts} == {"received", "channel", "ask"}


async def test_begun_while_paused_who_was_named_is_asked_alone_when_it_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    named = Person(slack_id=SAM, name="Sam Okafor", record_id="recSam")
    start = request(sending_paused=True, preferred_mentor=named)
    async with asking(temporal.client, start, community) as running:
        await running.pass_time(hours=3)
        assert not community.posts
        await _go_on(running)
        await community.until(lambda: community.asked() == {SAM})
        await running.pass_time(hours=4, minutes=30)
        assert community.asked() == {SAM}
        await running.pass_time(hours=1)
        await community.until(lambda: community.asked() == {SAM, DANA, KENJI, PRIYA})


async def test_declined_by_all_or_widened_while_paused_the_others_are_asked_when_it_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor(PARTLY, services=[]), mentor(ANY, "Knitting")])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await _pause(running)
        community.mentors[PARTLY] = mentor(PARTLY, services=[], status="Snoozed")
        await running.decide(Decline(by=SAM))
        await running.pass_time(minutes=30)
        assert community.asked() == {SAM}
        community.mentors[PARTLY] = mentor(PARTLY, services=[])
        await _go_on(running)
        await community.until(lambda: PARTLY in community.asked())
        await _pause(running)
        assert community.asked() == {SAM, PARTLY}, "whom to ask is looked up when it goes on"
        await running.decide(AskMore(by=MENTEE.slack_id))
        await running.pass_time(minutes=1)
        assert (await running.state()).choice == ASK_MORE
        assert ANY not in community.asked()
        await _go_on(running)
        await community.until(lambda: ANY in community.asked())
