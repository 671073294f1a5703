"""Nobody is pinged at night, each by their own clock; nothing else waits for the morning."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.messages import Claim, Decline
from domain.models import RequestStart, Status
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
    mentor,
    night,
    request,
)

HOUR = timedelta(hours=1)
ON_A_BREAK, NOBODY_KNOWS = "U0BREAK", "U0WHERE"


def _at_night(mentee_in: str = AWAKE, *, hours: float = 3) -> RequestStart:
    """Sent in while it is night for whoever is ASLEEP, for so many hours yet."""
    mentee = MENTEE.model_copy(update={"time_zone": mentee_in})
    policy = default_policy(quiet_hours=night(ends_in=timedelta(hours=hours)))
    return request(mentee=mentee, policy=policy)


async def test_who_sleeps_is_asked_in_their_morning_if_they_still_can_take_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(
        [
            mentor(SAM, time_zone=AWAKE),
            mentor(DANA, time_zone=ASLEEP),
            mentor(KENJI, time_zone=""),
            mentor(NOBODY_KNOWS, time_zone=""),
            mentor(PRIYA, time_zone=ASLEEP, max_mentees=1),
            mentor(ON_A_BREAK, time_zone=ASLEEP),
        ]
    )
    community.zones = {KENJI: AWAKE}
    async with asking(temporal.client, _at_night(), community) as running:
        awake = {SAM, KENJI}
        await community.until(lambda: community.asked() == awake)
        await running.pass_time(hours=2, minutes=55)
        assert community.asked() == awake
        assert len((await running.state()).planned) == 4
        community.mentors[PRIYA] = mentor(PRIYA, max_mentees=1, load=1)
        community.mentors[ON_A_BREAK] = mentor(ON_A_BREAK, status="Snoozed")

        await running.pass_time(minutes=6)
        morning = {DANA, NOBODY_KNOWS}
        await community.until(lambda: community.asked() == awake | morning)
        assert len({community.ask_card(one).at for one in morning}) == 1, "one wave"
        assert not (await running.state()).planned


async def test_while_the_best_placed_sleep_the_best_of_those_who_are_awake_are_asked(
    temporal: WorkflowEnvironment,
) -> None:
    asleep = [mentor(one, time_zone=ASLEEP) for one in (SAM, DANA)]
    community = Community([*asleep, mentor(KENJI, time_zone=AWAKE)])
    policy = default_policy(wave_size=1, quiet_hours=night(ends_in=timedelta(hours=9)))
    async with asking(temporal.client, request(policy=policy), community) as running:
        await community.until(lambda: community.asked() == {KENJI})
        await running.pass_time(hours=9, minutes=5)
        await community.until(lambda: len(community.asked()) == 2)
        await running.pass_time(hours=2)
        await community.until(lambda: community.asked() == {SAM, DANA, KENJI})


async def test_who_comes_into_question_while_a_wave_sleeps_is_asked_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    """A night stops no clock: the step that asks wider comes in time."""
    asleep = [mentor(one, time_zone=ASLEEP) for one in (SAM, DANA)]
    partly = mentor(PRIYA, "Python", services=[], time_zone=AWAKE)
    community = Community([*asleep, partly])
    policy = default_policy(wave_size=1, quiet_hours=night(ends_in=timedelta(hours=11)))
    async with asking(temporal.client, request(policy=policy), community) as running:
        await running.pass_time(hours=8, minutes=1)
        await community.until(lambda: community.asked() == {PRIYA})


async def test_reminders_and_the_update_wait_for_the_morning_but_clocks_and_channels_do_not(
    temporal: WorkflowEnvironment,
) -> None:
    asleep_in_eight_hours = "Etc/GMT+8"
    community = Community([mentor(SAM, time_zone=asleep_in_eight_hours)])
    start = _at_night(ASLEEP)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.pass_time(hours=49)
        await community.until(lambda: community.rows[start.request_id].breached)
        (received,) = community.of(CardKind.RECEIVED)
        hours = {
            kind: [round((message.at - received.at) / HOUR, 1) for message in community.of(kind)]
            for kind in (
                CardKind.RECEIVED,
                CardKind.REMINDER,
                CardKind.BUMP,
                CardKind.COORDINATORS,
                CardKind.UPDATE,
                CardKind.OWNER_CALLED,
            )
        }
        assert hours == {
            CardKind.RECEIVED: [0],  # the answer to what they sent in, at night
            CardKind.REMINDER: [11],  # due after eight hours
            CardKind.BUMP: [20],
            CardKind.COORDINATORS: [24],
            CardKind.UPDATE: [27],  # due after a day, when it is night again for them
            CardKind.OWNER_CALLED: [48],
        }


async def test_a_claim_at_night_is_answered_and_announced_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(one, time_zone=ASLEEP) for one in (SAM, DANA)])
    async with asking(temporal.client, _at_night(ASLEEP, hours=8), community) as running:
        await community.until(lambda: len(community.of(CardKind.CHANNEL)) == 1)
        await community.until(lambda: len(community.of(CardKind.RECEIVED)) == 1)
        await running.decide(Claim(by=SAM), Claim(by=DANA), Decline(by=DANA))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: community.told == [(DANA, Notice.TAKEN)])
        await community.until(lambda: community.asked() == {SAM})
        await running.pass_time(minutes=2, seconds=30)
        await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
        await running.pass_time(hours=9)
        assert community.asked() == {SAM}, "in the morning it has a mentor: nobody is asked"
