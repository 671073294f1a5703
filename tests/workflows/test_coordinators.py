"""Coordinators take, hand back, widen, nudge and close; each order is answered and attributed."""

from __future__ import annotations

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Cancel, Release, Word
from domain.models import Outcome, Person, Status
from domain.orders import (
    Assign,
    CloseRequest,
    HandBack,
    Nudge,
    Order,
    Take,
    Verdict,
    Widen,
)
from domain.policy import Scope
from domain.view import CardKind
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    SAM,
    RunningRequest,
    asking,
    four_mentors,
    mentor,
    request,
)
from tests.workflows.pairs import (
    CASEY,
    RILEY,
    asked,
    claimed,
    happened,
    introduced,
    live,
    met,
    scheduled,
    words_of,
)

BY_CASEY = {"by": CASEY.slack_id, "name": CASEY.name}
NOA = Person(slack_id="U0NOA", name="Noa Peretz")
BY_NOA = {"by": NOA.slack_id, "name": NOA.name}


async def details(running: RunningRequest) -> str:
    """What operators read of it in Temporal's Web UI."""
    known: WorkflowMetadata = await running.handle.query(
        "__temporal_workflow_metadata", result_type=WorkflowMetadata
    )
    return known.current_details


async def refused(running: RunningRequest, order: Order) -> str:
    """What is said of an order that is not even accepted."""
    with pytest.raises(WorkflowUpdateFailedError) as refusal:
        await running.order(order)
    assert isinstance(refusal.value.cause, ApplicationError)
    return refusal.value.cause.message


async def test_whoever_takes_a_request_looks_after_it_until_it_is_handed_back_to_the_rota(
    temporal: WorkflowEnvironment,
) -> None:
    """With nobody to ask the rota has it at once; taken by somebody else it stays theirs."""
    community = Community([])
    start = request(rota=[CASEY, NOA])
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)
        (card,) = community.of(CardKind.COORDINATORS)
        assert "It is <@U0COORD>'s turn" in words_of(card)
        answer = await running.order(HandBack(**BY_NOA))
        assert answer.verdict is Verdict.REFUSED
        assert answer.words == "Nobody has taken this request."

        assert (await running.order(Take(**BY_NOA))).verdict is Verdict.DONE
        await community.until(lambda: "<@U0NOA> looks after it" in words_of(card))
        await community.until(lambda: community.rows[start.request_id].owner == NOA.name)
        assert (await happened(running, "taken")).by == NOA.slack_id
        assert "Owner: U0NOA (took it)." in await details(running)

        await running.pass_time(hours=169)  # through every step, to the last one
        assert (await happened(running, "parked")).what == "parked, owned by U0NOA"
        await community.until(lambda: "<@U0NOA> looks after it" in words_of(card))
        (called,) = community.of(CardKind.OWNER_CALLED)
        assert "<@U0NOA>" in words_of(called)

        assert (await running.order(HandBack(**BY_NOA))).words == "Handed back to the rota."
        await community.until(lambda: "It is <@U0COORD>'s turn" in words_of(card))
        assert (await running.state()).owner == CASEY, "parked, but never without an owner"
        assert (await running.state()).status is Status.OPEN
        assert len(community.of(CardKind.COORDINATORS)) == 1, "one living card"


async def test_widening_asks_everybody_of_the_next_scope_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    partial = [mentor(f"U0PART{number:02}", "Go") for number in range(20)]
    community = Community([mentor(SAM, "Python", "Go"), *partial, mentor(KENJI, "Knitting")])
    base = request()
    start = request(skills=[*base.skills, base.skills[0].model_copy(update={"name": "Go"})])
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM})
        answer = await running.order(Widen(**BY_CASEY))
        assert answer.words == "Asking everybody with at least one of the skills now."
        await community.until(lambda: len(community.asked()) == 21)
        assert (await running.state()).scope is Scope.PARTIAL
        assert (
            await running.order(Widen(**BY_CASEY))
        ).words == "Asking every mentor with room now."
        await community.until(lambda: KENJI in community.asked())
        assert (await happened(running, "widened")).by == CASEY.slack_id
        assert f"widened {CASEY.slack_id}" in await details(running)
        await claimed(running)
        assert await refused(running, Widen(**BY_CASEY)) == (
            "It has a mentor: nobody else is asked now."
        )


async def test_a_nudge_reminds_each_silent_mentor_once_or_the_one_who_has_it(
    temporal: WorkflowEnvironment,
) -> None:
    """A coordinator who was asked, too, is not reminded by their own click."""
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        fresh = await running.order(Nudge(**BY_CASEY))
        assert fresh.verdict is Verdict.REFUSED
        assert "was asked just now" in fresh.words
        await running.pass_time(hours=3)
        assert (await running.order(Nudge(by=DANA))).words.startswith("Reminding 3")
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 3)
        assert DANA not in {one.ref.to for one in community.of(CardKind.REMINDER)}
        assert (await running.order(Nudge(by=DANA))).verdict is Verdict.REFUSED
        await running.pass_time(hours=6)  # the step itself reminds whoever is left
        await community.until(lambda: len(community.of(CardKind.REMINDER)) == 4)
        assert (await happened(running, "nudged 3")).by == DANA

        await claimed(running)
        early = await running.order(Nudge(**BY_CASEY))
        assert early.words == "A mentor has just got it: the two are about to be introduced."
        await met(running)
        assert (await running.order(Nudge(**BY_CASEY))).words == "The mentor gets a friendly word."
        await community.until(lambda: len(community.of(CardKind.NUDGE)) == 1)
        (nudge,) = community.of(CardKind.NUDGE)
        assert nudge.ref.to == SAM
        assert "would be glad of a word from you" in words_of(nudge)
        assert (await happened(running, "mentor nudged")).by == CASEY.slack_id
        own = await running.order(Nudge(by=SAM))
        assert own.words == "You have this request yourself."

        for _ in range(5):
            last = await running.order(Nudge(**BY_CASEY))
        assert last.words == "They had many messages already. Please write to them yourself."
        assert (await running.state()).sent[SAM] < 9, "room for times, session and feedback"


@pytest.mark.parametrize("when", ["searching", "given back"])
async def test_a_coordinator_who_closes_a_request_tells_the_mentee_and_leaves_no_button(
    temporal: WorkflowEnvironment, when: str
) -> None:
    community = Community(four_mentors())
    start = request()
    close = CloseRequest(**BY_CASEY, reason="Found help at work", word="Do come back any time!")
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        if when == "given back":
            await introduced(running)
            await running.decide(Release(by=SAM))
            await running.reaches(Status.OPEN)
        await running.pass_time(hours=25)
        writing = community.gate("record")
        answer = await running.order(close)
        assert answer.words == "Closed. The mentee is told."
        entry = await happened(running, "closed by")
        assert (entry.by, entry.why) == (CASEY.slack_id, "Found help at work")
        assert await refused(running, Take(**BY_NOA)) == (
            "This request is finished (closed unfulfilled)."
        )
        writing.set()
        assert await running.outcome() is Outcome.UNFULFILLED
    row = community.rows[start.request_id]
    assert (row.status, row.outcome) == (Status.CLOSED_UNFULFILLED, Outcome.UNFULFILLED)
    (word,) = community.of(CardKind.CLOSED_WORD)
    assert word.ref.to == RILEY
    assert "Do come back any time!" in words_of(word)
    assert "Found help at work" not in words_of(word), "the reason is for coordinators"
    buttons = {button for one in community.messages.values() for button in one.buttons}
    assert buttons <= {Action.TIMELINE, Action.WHO_WAS_ASKED}
    assert not community.of(CardKind.WITHDRAWN), "there was no pair any more"


async def test_once_they_have_met_nothing_can_be_ordered_that_would_undo_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        await scheduled(running, days=1)
        await running.pass_time(days=9)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        met_words = "They have met: we are asking how it went."
        for order in (
            Assign(**BY_CASEY, mentor=DANA),
            CloseRequest(**BY_CASEY, reason="Done"),
            Widen(**BY_CASEY),
            Nudge(**BY_CASEY),
        ):
            assert await refused(running, order) == met_words
        assert (await running.order(Take(**BY_NOA))).verdict is Verdict.DONE
        writing = community.gate("record")
        await running.decide(Word(by=SAM), Cancel(by=RILEY))
        while not (await running.state()).status.is_final:
            await running.view()
        assert await refused(running, HandBack(**BY_NOA)) == "This request is finished (completed)."
        writing.set()
        await running.outcome()
    assert not live(community.of(CardKind.FEEDBACK))


async def test_an_order_that_nobody_has_signed_is_not_taken(temporal: WorkflowEnvironment) -> None:
    """In the Web UI the name of whoever gives it is typed by hand."""
    async with asking(temporal.client, request(), Community(four_mentors())) as running:
        await asked(running)
        assert "Slack id" in await refused(running, Widen(by=" "))
        assert (await running.state()).scope is Scope.FULL
