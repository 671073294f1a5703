"""After a day without a mentor the mentee hears so, and chooses: wait, ask more, cancel."""

from __future__ import annotations

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import AskMore, Cancel, Claim, KeepWaiting
from domain.models import Outcome, RequestStart, Status
from domain.policy import Scope, StepKind
from domain.view import CardKind, Notice
from tests.workflows.community import Community, Message
from tests.workflows.harness import (
    DANA,
    MENTEE,
    SAM,
    RunningRequest,
    asking,
    default_policy,
    mentor,
    request,
)

RILEY = MENTEE.slack_id
CHOICES = {Action.KEEP_WAITING, Action.ASK_MORE, Action.CANCEL}


def _asking_only_full_matches() -> RequestStart:
    policy = default_policy()
    steps = [
        step for step in policy.steps if step.do is not StepKind.WAVE or step.scope is Scope.FULL
    ]
    return request(policy=policy.model_copy(update={"steps": steps}))


async def _after_a_day(running: RunningRequest) -> Message:
    """The honest update, as it stands in the mentee's DM."""
    community = running.community
    await community.until(lambda: bool(community.asked()))
    await running.pass_time(hours=24, minutes=1)
    await community.until(lambda: len(community.of(CardKind.UPDATE)) == 1)
    (update,) = community.of(CardKind.UPDATE)
    assert update.ref.to == RILEY
    assert set(update.buttons) >= CHOICES
    return update


async def test_who_keeps_waiting_has_nothing_to_press_any_more_and_hears_of_the_mentor_there(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor(DANA)])
    async with asking(temporal.client, request(), community) as running:
        update = await _after_a_day(running)
        await running.decide(KeepWaiting(by=SAM), KeepWaiting(by=RILEY), KeepWaiting(by=RILEY))
        await community.until(lambda: not update.buttons)
        await community.until(lambda: community.told == [(SAM, Notice.NOT_YOURS)])
        assert "we keep looking" in _words(update).lower()
        await running.decide(Claim(by=SAM))
        await running.pass_time(minutes=3)
        await community.until(lambda: "You have a mentor now: Sam" in _words(update))


async def test_who_asks_for_more_has_everybody_asked_who_comes_next(
    temporal: WorkflowEnvironment,
) -> None:
    partly = [mentor(f"U0PARTLY{number:02}", services=[]) for number in range(20)]
    community = Community([mentor(SAM), *partly, mentor("U0KNITS", "Knitting")])
    async with asking(temporal.client, _asking_only_full_matches(), community) as running:
        update = await _after_a_day(running)
        assert community.asked() == {SAM}
        await running.decide(AskMore(by=RILEY), AskMore(by=RILEY))
        await community.until(lambda: len(community.asked()) == 21)
        await community.until(lambda: not update.buttons)
        assert "We turn to more mentors" in _words(update)
        await running.pass_time(minutes=1)
        assert "U0KNITS" not in community.asked(), "clicked twice is once"


async def test_who_asks_for_more_is_not_fobbed_off_while_there_is_anybody(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor("U0KNITS", "Knitting")])
    async with asking(temporal.client, _asking_only_full_matches(), community) as running:
        await _after_a_day(running)
        await running.decide(AskMore(by=RILEY))
        await community.until(lambda: community.asked() == {SAM, "U0KNITS"})
        assert not community.told, "the card has said it"


async def test_who_asked_for_more_gets_it_also_when_the_mentor_who_had_it_is_gone(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM), mentor("U0PARTLY", services=[])])
    community.gone.add(SAM)
    async with asking(temporal.client, _asking_only_full_matches(), community) as running:
        await _after_a_day(running)
        await running.decide(Claim(by=SAM), AskMore(by=RILEY))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        await community.until(lambda: "U0PARTLY" in community.asked())


async def test_when_nobody_is_left_to_ask_the_mentee_is_told_so(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM)])
    async with asking(temporal.client, request(), community) as running:
        update = await _after_a_day(running)
        await running.decide(AskMore(by=RILEY))
        await community.until(lambda: community.told == [(RILEY, Notice.EVERYBODY_ASKED)])
        await community.until(lambda: not update.buttons)
        await community.until(lambda: "We turn to more mentors" not in _words(update))


async def test_who_is_introduced_without_having_chosen_finds_no_dead_buttons(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor(SAM)])
    async with asking(temporal.client, request(), community) as running:
        update = await _after_a_day(running)
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        await community.until(lambda: not update.buttons)


async def test_who_cancels_then_leaves_no_live_button(temporal: WorkflowEnvironment) -> None:
    community = Community([mentor(SAM)])
    async with asking(temporal.client, request(), community) as running:
        await _after_a_day(running)
        await running.decide(Cancel(by=RILEY))
        assert await running.outcome() is Outcome.CANCELLED
    for kind in (CardKind.UPDATE, CardKind.RECEIVED, CardKind.ASK, CardKind.CHANNEL):
        assert not any(message.buttons for message in community.of(kind))


def _words(message: Message) -> str:
    return message.card.text
