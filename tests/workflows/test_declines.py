"""Not this one: said in one tap, thanked, and never the end of a request."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Cancel, Claim, Decline, Hold, SayWhy, TakeBreak
from domain.models import Mentor, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    ASLEEP,
    AWAKE,
    DANA,
    KENJI,
    MENTEE,
    SAM,
    asking,
    default_policy,
    four_mentors,
    mentor,
    night,
    request,
)

PARTLY, ANY = "U0PARTLY", "U0ANY"


def _partly(**changes: str) -> Mentor:
    """Knows Python, but offers other services: a partial match."""
    return mentor(PARTLY, "Python", services=[], **changes)


async def test_declined_twice_is_once_and_the_mind_may_change_until_somebody_has_it(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        card = community.ask_card(KENJI)
        await running.decide(Decline(by=KENJI), Decline(by=KENJI))
        await community.until(lambda: Action.SAY_WHY in card.buttons)
        assert Action.CLAIM in card.buttons
        assert Action.DECLINE not in card.buttons
        await community.until(lambda: community.rows[start.request_id].declines == 1)
        await running.decide(SayWhy(by=KENJI, reason="No time this month"))
        await community.until(lambda: Action.SAY_WHY not in card.buttons)
        await running.decide(SayWhy(by="U0STRANGER", reason="Curious"))
        await community.until(lambda: community.told == [("U0STRANGER", Notice.NOT_YOURS)])
        reasons = [(ask.mentor.slack_id, ask.reason) for ask in (await running.state()).asks]
        assert (KENJI, "No time this month") in reasons
        await running.decide(Claim(by=KENJI))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: Action.UNDO_CLAIM in card.buttons)
        assert community.rows[start.request_id].declines == 0
        await running.decide(Cancel(by=MENTEE.slack_id))
        await running.outcome()
        assert not card.buttons


async def test_who_needs_a_break_gets_it_from_the_declined_card_and_comes_back_from_there(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    until = start.submitted_at + timedelta(days=14)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        card = community.ask_card(KENJI)
        await running.decide(Decline(by=KENJI), TakeBreak(by=KENJI, until=until))
        await community.until(lambda: card.buttons == [Action.END_BREAK])
        assert community.mentors[KENJI].snoozed_until == until
        await running.decide(Claim(by=KENJI))
        await community.until(lambda: community.told == [(KENJI, Notice.NO_ROOM)])
        await running.decide(
            TakeBreak(by=DANA, until=start.submitted_at - timedelta(days=1)),
            TakeBreak(by="U0STRANGER", until=until),
        )
        await community.until(lambda: len(community.told) == 3)
        assert (DANA, Notice.TIME_UNUSABLE) in community.told
        assert ("U0STRANGER", Notice.NOT_YOURS) in community.told
        await running.decide(TakeBreak(by=KENJI))
        await community.until(lambda: Action.CLAIM in card.buttons)
        assert community.mentors[KENJI].status == "Available"
        await running.decide(Claim(by=KENJI))
        await running.reaches(Status.CLAIMED)


async def test_a_break_that_cannot_be_written_down_is_not_promised(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        community.refusing["pause_mentor"] = "no such row"
        until = start.submitted_at + timedelta(days=14)
        await running.decide(Decline(by=KENJI), TakeBreak(by=KENJI, until=until))
        await community.until(lambda: community.told == [(KENJI, Notice.BREAK_FAILED)])
        assert Action.CLAIM in community.ask_card(KENJI).buttons
        assert not (await running.view()).on_break


async def test_when_everybody_has_declined_the_next_step_runs_now_until_coordinators_have_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(
        [mentor(SAM), mentor(DANA), mentor(KENJI), _partly(), mentor(ANY, "Knitting")]
    )
    start = request(policy=default_policy(wave_size=2))
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 2)
        first = community.asked()
        (third,) = {SAM, DANA, KENJI} - first
        for asked, next_one in ((first, third), ({third}, PARTLY), ({PARTLY}, ANY)):
            await running.decide(*(Decline(by=one) for one in sorted(asked)))
            await community.until(lambda: next_one in community.asked())  # noqa: B023
        assert not community.of(CardKind.COORDINATORS)
        await running.decide(Decline(by=ANY))
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)
        assert not community.of(CardKind.UPDATE), "to the mentee it says nothing of declines"

        await running.pass_time(hours=25)
        await community.until(lambda: len(community.of(CardKind.UPDATE)) == 1)
        assert community.attempts["post:ask"] == 5, "nobody is asked twice"
        assert community.attempts["post:coordinators"] == 1
        assert not community.of(CardKind.REMINDER)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)


async def test_who_cannot_be_reached_counts_as_who_has_declined(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor(DANA), _partly(), mentor(ANY, "Knitting")])
    community.unreachable = {DANA, PARTLY}
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.decide(Decline(by=SAM))
        await community.until(lambda: community.asked() == {SAM, ANY})
        community.unreachable = set()
        assert not community.of(CardKind.COORDINATORS)


async def test_who_sleeps_is_still_to_be_asked_before_others_are(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(
        [mentor(SAM, time_zone=AWAKE), mentor(KENJI, time_zone=ASLEEP), _partly(time_zone=AWAKE)]
    )
    policy = default_policy(quiet_hours=night(ends_in=timedelta(hours=3)))
    async with asking(temporal.client, request(policy=policy), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.decide(Decline(by=SAM))
        await running.pass_time(hours=2)
        assert community.asked() == {SAM}
        await running.pass_time(hours=1, minutes=1)
        await community.until(lambda: community.asked() == {SAM, KENJI})
        await running.decide(Decline(by=KENJI))
        await community.until(lambda: community.asked() == {SAM, KENJI, PARTLY})


async def test_a_decline_while_others_are_being_asked_brings_nothing_forward(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor(DANA), _partly(), mentor(ANY, "Knitting")])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA})
        await running.decide(Decline(by=SAM))
        finding = community.gate("find_candidates")
        await running.decide(Decline(by=DANA))
        await community.until(lambda: community.attempts["find_candidates"] == 2)
        await running.decide(Hold(by=SAM, until=request().submitted_at + timedelta(hours=1)))
        await running.decide(Decline(by=SAM))
        finding.set()
        await community.until(lambda: PARTLY in community.asked())
        await running.pass_time(minutes=1)
        assert ANY not in community.asked()
