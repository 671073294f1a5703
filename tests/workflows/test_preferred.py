"""The mentor whom the mentee named: asked alone, for a while, and nobody is embarrassed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Claim, Decline, UndoClaim
from domain.models import Person, RequestStart, Status
from domain.policy import StepKind
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    ASLEEP,
    AWAKE,
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    asking,
    default_policy,
    four_mentors,
    mentor,
    night,
    request,
    with_step,
)

PARTLY = "U0PARTLY"
EVERYBODY = {SAM, DANA, KENJI, PRIYA}


def _asking_for_sam(time_zone: str = "America/New_York", **changes: object) -> RequestStart:
    sam = Person(slack_id=SAM, name="Sam Okafor", record_id="recSam", time_zone=time_zone)
    return request(preferred_mentor=sam, **changes)


async def test_who_was_asked_for_by_name_is_asked_alone_for_eight_hours(
    temporal: WorkflowEnvironment,
) -> None:
    partly = mentor(PARTLY, "Python", services=[])
    community = Community([*four_mentors(), partly])
    async with asking(temporal.client, _asking_for_sam(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        (channel,) = community.of(CardKind.CHANNEL)
        assert Action.CLAIM not in channel.buttons
        assert {Action.CLAIM, Action.DECLINE} <= set(community.ask_card(SAM).buttons)
        await running.decide(Claim(by=DANA))
        await community.until(lambda: community.told == [(DANA, Notice.NOT_NOW)])

        await running.pass_time(hours=7, minutes=55)
        assert community.asked() == {SAM}
        assert not community.of(CardKind.OPENED_WIDER)

        await running.pass_time(minutes=6)
        await community.until(lambda: community.asked() == EVERYBODY | {PARTLY})
        assert community.attempts["find_candidates"] == 1, "what fell due is one wave"
        await community.until(lambda: Action.CLAIM in channel.buttons)
        assert Action.CLAIM in community.ask_card(SAM).buttons, "they still can"
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 1)
        assert community.of(CardKind.REMINDER)[0].ref.to == SAM
        (word,) = community.of(CardKind.OPENED_WIDER)
        assert word.ref.to == MENTEE.slack_id
        assert "Sam Okafor may not be free just now" in word.card.text


def _full(community: Community) -> None:
    community.mentors[SAM] = mentor(SAM, max_mentees=1, load=1)


def _paused(community: Community) -> None:
    community.mentors[SAM] = mentor(SAM, status="Snoozed")


def _account_closed(community: Community) -> None:
    community.gone.add(SAM)


def _no_mentor_any_more(community: Community) -> None:
    del community.mentors[SAM]


def _kept_apart(community: Community) -> None:
    community.never_pairs.add(frozenset({SAM, MENTEE.slack_id}))


@pytest.mark.parametrize(
    "at_the_start", [_full, _paused, _account_closed, _no_mentor_any_more, _kept_apart]
)
async def test_who_cannot_be_asked_is_not_waited_for(
    temporal: WorkflowEnvironment, at_the_start: Callable[[Community], None]
) -> None:
    community = Community(four_mentors())
    at_the_start(community)
    async with asking(temporal.client, _asking_for_sam(), community) as running:
        await community.until(lambda: community.asked() == {DANA, KENJI, PRIYA})
        await community.until(lambda: len(community.of(CardKind.OPENED_WIDER)) == 1)
        text = community.of(CardKind.OPENED_WIDER)[0].card.text
        assert "Sam Okafor may not be free just now" in text, "whatever the reason is"
        if at_the_start is _kept_apart:
            await running.decide(Claim(by=SAM))
            kept_apart = (SAM, Notice.ANOTHER_MENTOR_TAKES_IT)
            await community.until(lambda: community.told == [kept_apart])
        await running.decide(Decline(by=DANA), Decline(by=KENJI), Decline(by=PRIYA))
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)


@pytest.mark.parametrize("meanwhile", [_full, _account_closed])
async def test_who_cannot_take_it_any_more_is_not_waited_for_longer_than_an_hour(
    temporal: WorkflowEnvironment, meanwhile: Callable[[Community], None]
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, _asking_for_sam(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        meanwhile(community)
        await running.pass_time(hours=1, minutes=1)
        await community.until(lambda: community.asked() == EVERYBODY)
        await community.until(lambda: len(community.of(CardKind.OPENED_WIDER)) == 1)


async def test_asked_at_night_they_read_it_in_their_morning_and_are_the_only_one_reminded(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    quiet = default_policy(quiet_hours=night(ends_in=timedelta(minutes=30)))
    policy = with_step(quiet, StepKind.REMIND, after=timedelta(hours=4))
    start = _asking_for_sam(ASLEEP, policy=policy)
    async with asking(temporal.client, start, community) as running:
        await running.pass_time(minutes=25)
        assert not community.asked()
        await running.pass_time(minutes=6)
        await community.until(lambda: community.asked() == {SAM})
        state = await running.state()
        assert state.preferred_until is not None
        alone = state.preferred_until - state.asks[0].at
        hours = round(alone / timedelta(hours=1), 2)
        assert hours == 8, "their hours count from their morning"
        await running.pass_time(hours=3, minutes=30)
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 1)
        assert community.of(CardKind.REMINDER)[0].ref.to == SAM
        assert community.asked() == {SAM}


async def test_whether_they_can_still_take_it_is_looked_at_in_their_morning(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    for one in (DANA, KENJI, PRIYA):
        community.mentors[one] = mentor(one, time_zone=AWAKE)
    policy = default_policy(quiet_hours=night(ends_in=timedelta(minutes=30)))
    start = _asking_for_sam(ASLEEP, policy=policy)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.attempts["look_up_people"] == 1)
        _paused(community)
        await running.pass_time(minutes=31)
        await community.until(lambda: community.asked() == {DANA, KENJI, PRIYA})
        assert not (await running.state()).planned


async def test_where_the_roster_knows_no_time_zone_slacks_counts(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.zones = {SAM: ASLEEP}
    quiet = night(ends_in=timedelta(hours=3)).model_copy(update={"time_zone": AWAKE})
    policy = default_policy(quiet_hours=quiet)
    async with asking(temporal.client, _asking_for_sam("", policy=policy), community) as running:
        await running.pass_time(minutes=1)
        state = await running.state()
        (planned,) = state.planned
        assert state.preferred_until == planned.due + timedelta(hours=8)
        assert not community.asked()


async def test_declined_the_others_are_asked_as_if_they_were_the_first(
    temporal: WorkflowEnvironment,
) -> None:
    partly = mentor(PARTLY, "Python", services=[])
    community = Community([*four_mentors(), partly])
    async with asking(temporal.client, _asking_for_sam(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.decide(Decline(by=SAM))
        await community.until(lambda: community.asked() == EVERYBODY)
        await community.until(lambda: len(community.of(CardKind.OPENED_WIDER)) == 1)
        assert "declin" not in community.of(CardKind.OPENED_WIDER)[0].card.text
        changed_mind = community.ask_card(SAM).buttons
        assert Action.CLAIM in changed_mind
        assert Action.DECLINE not in changed_mind
        await running.decide(Decline(by=DANA))
        await community.until(lambda: Action.DECLINE not in community.ask_card(DANA).buttons)
        assert PARTLY not in community.asked(), "partial matches have their time"


async def test_confirmed_it_is_theirs_and_undone_they_still_have_the_first_say(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, _asking_for_sam(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await running.decide(UndoClaim(by=SAM))
        await running.reaches(Status.OPEN)
        await running.decide(Claim(by=DANA))
        await community.until(lambda: community.told == [(DANA, Notice.NOT_NOW)])
        await running.decide(Claim(by=SAM))
        await running.pass_time(minutes=3)
        await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
        assert community.asked() == {SAM}
        assert not community.of(CardKind.OPENED_WIDER)
        assert community.attempts["post:ask"] == 1
