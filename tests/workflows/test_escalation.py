"""What happens while nobody claims: the policy's steps, in time, each once."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain import ids
from domain.messages import Claim, Decline, UndoClaim
from domain.models import Status
from domain.policy import StepKind
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    asking,
    default_policy,
    four_mentors,
    mentor,
    request,
    with_step,
)


async def test_the_default_policy_reminds_widens_calls_coordinators_and_records_the_breach(
    temporal: WorkflowEnvironment,
) -> None:
    partial, anybody = mentor("U0PART", "Python"), mentor("U0ANY", "Knitting")
    experts = [mentor(one, "Python", "SQL") for one in (SAM, DANA)]
    community = Community([*experts, partial, anybody])
    skills = [{"name": "Python"}, {"name": "SQL"}]
    start = request().model_validate({**request().model_dump(), "skills": skills})
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 2)
        await running.decide(Decline(by=DANA))
        await running.pass_time(hours=8, minutes=1)
        await community.until(lambda: "U0PART" in community.asked())
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 1)
        assert community.of(CardKind.REMINDER)[0].ref.to == SAM, "who declined is left in peace"

        await running.pass_time(hours=12)
        await community.until(lambda: "U0ANY" in community.asked())
        await community.until(lambda: len(community.of(CardKind.BUMP)) == 1)
        assert not community.of(CardKind.COORDINATORS)

        await running.pass_time(hours=4)
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)
        await community.until(lambda: len(community.of(CardKind.UPDATE)) == 1)
        assert not (await running.state()).breached

        await running.pass_time(hours=24)
        await community.until(lambda: community.rows[start.request_id].breached)
        assert len(community.of(CardKind.REMINDER)) == 1, "one reminder a mentor"
        assert (await running.state()).status is Status.OPEN, "never silently closed"


async def test_no_mentor_with_the_skills_goes_to_the_coordinators_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor("U0ANY", "Knitting")])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)
        assert not community.asked()
        assert (await running.view()).no_candidates
        await running.pass_time(hours=20, minutes=1)
        await community.until(lambda: community.asked() == {"U0ANY"})
        [card] = community.of(CardKind.COORDINATORS)
        await community.until(lambda: "Nobody can be asked" not in str(card.card.blocks))


async def test_once_the_two_have_met_the_coordinators_card_lets_them_reassign_and_nudge(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor("U0ANY", "Knitting")])
    async with asking(temporal.client, request(), community) as running:
        await running.pass_time(hours=20, minutes=1)
        await community.until(lambda: community.asked() == {"U0ANY"})
        await running.decide(Claim(by="U0ANY"))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        [card] = community.of(CardKind.COORDINATORS)
        await community.until(lambda: {Action.ASSIGN, Action.NUDGE} <= set(card.buttons))
        assert "can still undo" not in str(card.card.blocks)


async def test_a_partial_match_is_asked_at_once_when_there_is_no_full_one(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM, "Python"), mentor(DANA, "SQL")])
    base = request().model_dump()
    start = request().model_validate(
        {**base, "skills": [{"name": "Python"}, {"name": "SQL"}, {"name": "Go"}]}
    )
    async with asking(temporal.client, start, community):
        await community.until(lambda: community.asked() == {SAM, DANA})
        assert not community.of(CardKind.COORDINATORS)


async def test_more_than_one_wave_of_mentors_is_asked_wave_by_wave(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(f"U0M{number:02}") for number in range(5)])
    start = request(policy=default_policy(wave_size=2, wave_spacing=timedelta(hours=2)))
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 2)
        await running.pass_time(hours=2, minutes=1)
        await community.until(lambda: len(community.asked()) == 4)
        await running.pass_time(hours=2)
        await community.until(lambda: len(community.asked()) == 5)
        assert (await running.state()).next_wave_at is None


async def test_of_a_wave_the_best_placed_come_first_and_of_the_next_who_can_still_take_it(
    temporal: WorkflowEnvironment,
) -> None:
    loads = {"U0M0": 3, "U0M1": 0, "U0M2": 1, "U0M3": 2, "U0M4": 0}
    community = Community([mentor(one, max_mentees=4, load=n) for one, n in loads.items()])
    start = request(policy=default_policy(wave_size=2))
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {"U0M1", "U0M4"})
        community.mentors["U0M2"] = mentor("U0M2", status="Snoozed")
        await running.pass_time(hours=2, minutes=1)
        await community.until(lambda: community.asked() == {"U0M1", "U0M4", "U0M3", "U0M0"})


async def test_a_policy_may_ask_everybody_at_once(temporal: WorkflowEnvironment) -> None:
    community = Community([mentor(f"U0M{number:02}") for number in range(20)])
    policy = with_step(default_policy(), StepKind.WAVE, size="all")
    async with asking(temporal.client, request(policy=policy), community) as running:
        await community.until(lambda: len(community.asked()) == 20)
        assert (await running.state()).next_wave_at is None


async def test_who_is_not_sure_of_the_skills_has_mentors_asked_who_offer_the_service(
    temporal: WorkflowEnvironment,
) -> None:
    other = mentor("U0OTHER", "Python", services=["Resume Review"])
    community = Community([mentor(SAM, "Knitting"), other])
    async with asking(temporal.client, request(skills=[]), community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.pass_time(hours=8, minutes=1)
        assert community.asked() == {SAM}
        await running.pass_time(hours=12)
        await community.until(lambda: community.asked() == {SAM, "U0OTHER"})


async def test_two_who_are_kept_apart_are_not_brought_together_by_an_ask_or_a_claim(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.never_pairs = {frozenset({KENJI, MENTEE.slack_id})}
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA, PRIYA})
        await running.decide(Claim(by=KENJI))
        kept_apart = (KENJI, Notice.ANOTHER_MENTOR_TAKES_IT)
        await community.until(lambda: community.told == [kept_apart])
        await running.pass_time(hours=20, minutes=1)
        await community.until(lambda: len(community.of(CardKind.BUMP)) == 1)
        assert community.asked() == {SAM, DANA, PRIYA}


async def test_who_claimed_in_the_channel_and_undid_it_is_not_written_to_a_second_time(
    temporal: WorkflowEnvironment,
) -> None:
    crowd = [mentor(f"U0M{number}") for number in range(4)]
    community, policy = Community(crowd), default_policy(wave_size=2)
    async with asking(temporal.client, request(policy=policy), community) as running:
        await community.until(lambda: community.asked() == {"U0M0", "U0M1"})
        await running.decide(Claim(by="U0M3"))
        await community.until(lambda: "U0M3" in community.asked())
        await running.decide(UndoClaim(by="U0M3"))
        await running.pass_time(hours=2, minutes=1)
        await community.until(lambda: len(community.asked()) == 4)
        await community.until(lambda: Action.DECLINE in community.ask_card("U0M3").buttons)
        assert community.attempts["post:ask"] == 4


async def test_a_claim_that_is_undone_does_not_bring_the_next_wave_forward(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(f"U0M{number:02}") for number in range(5)])
    start = request(policy=default_policy(wave_size=2, wave_spacing=timedelta(hours=2)))
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 2)
        await running.decide(Claim(by="U0M00"))
        await running.reaches(Status.CLAIMED)
        await running.decide(UndoClaim(by="U0M00"))
        await running.reaches(Status.OPEN)
        await community.until(lambda: community.attempts["find_candidates"] == 2)
        await running.pass_time(hours=1, minutes=50)
        assert len(community.asked()) == 2
        await running.pass_time(minutes=20)
        await community.until(lambda: len(community.asked()) == 4)


async def test_a_mentor_who_cannot_be_reached_does_not_hold_up_the_others(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.unreachable = {KENJI}
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA, PRIYA})
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: community.rows[start.request_id].mentors_asked == 3)


async def test_operators_see_what_a_request_waits_for_and_until_when(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        view = await running.view()
        assert view.waiting_for == "a claim, or the next step"
        assert view.waiting_until is not None
        assert view.waiting_until - start.submitted_at < timedelta(hours=8, minutes=5)
        description = await running.handle.describe()
        shown = {pair.key.name: pair.value for pair in description.typed_search_attributes}
        assert shown["MusterStatus"] == "Open"
        assert shown["MusterMentee"] == MENTEE.slack_id
        assert shown["MusterWaitingFor"] == view.waiting_for
        assert shown["MusterNextDeadline"] == view.waiting_until
        assert "Riley" not in str(shown)
        assert start.request_id in ids.workflow_id(start.request_id)
