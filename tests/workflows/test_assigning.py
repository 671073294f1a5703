"""A coordinator gives a request to a mentor, or to another: looked at first, done in one step."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Claim, Decline, Release, UndoClaim
from domain.models import Mentor, Outcome, Status
from domain.orders import Answered, Assign, CloseRequest, Take, Verdict
from domain.view import CardKind
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    PRIYA,
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
    words_of,
)

OTHER = "U0OTHER"


def assign(to: str, by: str = CASEY.slack_id) -> Assign:
    return Assign(by=by, name=CASEY.name if by == CASEY.slack_id else "", mentor=to)


def somebody_else() -> Mentor:
    """A mentor in the roster whom nobody would ask."""
    return mentor(OTHER, "Knitting", services=["Knitting"])


async def test_a_mentor_who_was_never_asked_is_told_who_assigned_them_and_can_undo_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([*four_mentors(), somebody_else()])
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        answer = await running.order(assign(OTHER))
        assert answer == Answered(verdict=Verdict.DONE, words="Assigned.")
        await community.until(lambda: OTHER in community.asked())
        control = community.ask_card(OTHER)
        assert "Casey Lin, a coordinator" in words_of(control)
        assert {Action.UNDO_CLAIM, Action.EDIT_HELLO} <= set(control.buttons)
        others = [one for one in community.of(CardKind.ASK) if one.ref.to != OTHER]
        await community.until(lambda: not live([*others, *community.of(CardKind.CHANNEL)]))
        assert (await happened(running, "assigned")).by == CASEY.slack_id

        await running.decide(UndoClaim(by=OTHER))
        await community.until(lambda: Action.CLAIM in community.ask_card(DANA).buttons)
        await running.order(assign(OTHER))
        await met(running)
        assert not community.of(CardKind.RELEASED), "of the undone one the mentee never knew"
        assert (await running.state()).mentor_id == OTHER


async def test_a_mentor_who_has_declined_may_be_talked_into_it_and_one_may_assign_oneself(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        await running.decide(Decline(by=KENJI))
        await community.until(lambda: community.rows[start.request_id].declines == 1)
        assert (await running.order(assign(KENJI))).verdict is Verdict.DONE
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(KENJI).buttons)
        await running.reaches(Status.CLAIMED)
        assert community.rows[start.request_id].declines == 0

        await running.decide(UndoClaim(by=KENJI))
        await running.reaches(Status.OPEN)
        assert (await running.order(assign(DANA, by=DANA))).verdict is Verdict.DONE
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(DANA).buttons)
        assert "has given you" not in words_of(community.ask_card(DANA))


async def test_who_cannot_have_it_is_not_assigned_and_the_coordinator_reads_why(
    temporal: WorkflowEnvironment,
) -> None:
    full = mentor("U0FULL", "Knitting", max_mentees=1, load=1)
    resting = mentor("U0RESTS", "Knitting", status="Snoozed", active=False)
    community = Community([*four_mentors(), full, resting])
    community.never_pairs = {frozenset({PRIYA, RILEY})}
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 3)
        await introduced_and_released(running)
        refused = {
            full.slack_id: "no room",
            resting.slack_id: "no room",
            "U0STRANGER": "not an active mentor",
            RILEY: "the one who asks",
            PRIYA: "never-pair list",
            SAM: "had this request before",
        }
        for who, why in refused.items():
            answer = await running.order(assign(who))
            assert answer.verdict is Verdict.REFUSED
            assert why in answer.words
        community.failing["check_mentor"] = "Airtable is down"
        community.retry_after = timedelta(seconds=1)
        answer = await running.order(assign(DANA))
        assert "can't be read just now" in answer.words
        assert (await running.state()).status is Status.OPEN
        assert not await entries(running, "assigned")
        await community.until(lambda: len(community.words) == 1)
        (told,) = community.words
        assert told == (CASEY.slack_id, answer.words), "decided late, it is told privately, too"


async def introduced_and_released(running: RunningRequest) -> None:
    await claimed(running, SAM)
    await met(running)
    await running.decide(Release(by=SAM))
    await running.reaches(Status.OPEN)


async def waiting(running: RunningRequest, number: int) -> None:
    """So many decisions lie in the inbox."""
    while len((await running.state()).inbox) < number:
        await running.view()


async def entries(running: RunningRequest, what: str) -> list[str]:
    return [one.by for one in (await running.state()).timeline if one.what == what]


async def test_a_mentor_is_changed_in_one_step_and_the_introduction_tells_the_mentee(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        for who, why in ((SAM, "They have this request already."), ("U0STRANGER", "not an active")):
            refused = await running.order(assign(who))
            assert refused.verdict is Verdict.REFUSED
            assert why in refused.words
        state = await running.state()
        assert (state.mentor_id, state.excluded, len(state.waits)) == (SAM, [], 1)

        rows, posts = len(community.row_history), list(community.posts)
        checks = community.attempts["check_mentor"]
        assert (await running.order(assign(DANA))).verdict is Verdict.DONE
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(DANA).buttons)
        await community.until(lambda: not community.ask_card(SAM).buttons)
        assert "goes on with another mentor" in words_of(community.ask_card(SAM))
        await community.until(lambda: len(community.row_history) > rows)
        assert all(row.status is Status.CLAIMED for row in community.row_history[rows:])
        assert community.attempts["check_mentor"] == checks + 1
        assert community.posts == posts, "neither mentee nor channel hears of it yet"

        await met(running)
        assert not community.of(CardKind.RELEASED)
        assert not community.of(CardKind.REOPENED)
        state = await running.state()
        assert (state.mentor_id, state.excluded, state.left_by) == (DANA, [SAM], [SAM])
        assert [wait.response_at is not None for wait in state.waits] == [True, True]
        assert (await entries(running, "reassigned")) == [CASEY.slack_id]
        assert not live(one for one in community.of(CardKind.INTRODUCTION) if one.ref.to == SAM)


async def test_a_mentee_whose_new_mentor_thinks_better_of_it_is_told_once(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        await running.order(assign(DANA))
        await running.order(assign(KENJI))
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(KENJI).buttons)
        assert not community.of(CardKind.RELEASED)
        await running.decide(UndoClaim(by=KENJI))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.REOPENED)) == 1)
        await community.until(lambda: bool(community.of(CardKind.RELEASED)))
        assert [one.ref.to for one in community.of(CardKind.RELEASED)] == [RILEY]
        state = await running.state()
        assert (state.excluded, len(state.waits)) == ([SAM, DANA], 2)
        await claimed(running, KENJI)
        await met(running)
        assert len(community.of(CardKind.RELEASED)) == 1


async def test_an_order_that_came_in_before_a_claim_was_decided_does_not_undo_it(
    temporal: WorkflowEnvironment,
) -> None:
    """In history order there is one owner, and every order has its one answer."""
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        checking = community.gate("check_mentor")
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.attempts["check_mentor"] == 1)
        orders = [assign(DANA), assign(KENJI, by="U0OTHERCOORD"), Take(by=CASEY.slack_id)]
        given = [asyncio.create_task(running.order(order)) for order in orders]
        await waiting(running, 3)
        await running.decide(Claim(by=PRIYA))
        checking.set()
        first, second, taken = await asyncio.gather(*given)
        assert first.verdict is second.verdict is Verdict.REFUSED
        assert (
            first.words
            == second.words
            == "Sam got it a moment before. To change that, assign again."
        )
        assert taken.verdict is Verdict.DONE
        await running.reaches(Status.CLAIMED)
        state = await running.state()
        assert (state.mentor_id, state.answers, state.excluded) == (SAM, {}, [])
        assert (await running.order(assign(DANA))).verdict is Verdict.DONE, "now they know"


@pytest.mark.parametrize("how", ["closed", "cancelled by an operator"])
async def test_orders_that_are_open_when_the_request_ends_are_answered(
    temporal: WorkflowEnvironment, how: str
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        checking = community.gate("check_mentor")
        writing = community.gate("record")
        whom = "U0STRANGER" if how == "closed" else DANA  # once Dana has it, it is not closed
        looked_at = asyncio.create_task(running.order(assign(whom)))
        await community.until(lambda: community.attempts["check_mentor"] == 1)
        if how == "closed":
            close = CloseRequest(by=CASEY.slack_id, reason="Helped elsewhere")
            closing = asyncio.create_task(running.order(close))
            await waiting(running, 1)
            behind = asyncio.create_task(running.order(Take(by="U0OTHERCOORD")))
            await waiting(running, 2)
            checking.set()
            answers = await asyncio.gather(looked_at, closing, behind)
            assert [one.verdict for one in answers[:2]] == [Verdict.REFUSED, Verdict.DONE]
            assert answers[2].words == "This request is finished (closed unfulfilled)."
        else:
            await running.handle.cancel()
            answer = await looked_at
            assert answer.verdict is Verdict.REFUSED
            assert answer.words == "This request is finished (closed unfulfilled)."
            checking.set()
        writing.set()
        outcome = await running.outcome()
        assert outcome is (Outcome.UNFULFILLED if how == "closed" else Outcome.CANCELLED)
    assert not live(m for m in community.of(CardKind.ASK))


async def test_a_mentor_who_is_changed_while_slack_is_away_is_never_introduced(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        await claimed(running, SAM)
        community.failing["open_group"] = "Slack is down"
        community.retry_after = timedelta(seconds=1)
        passing = asyncio.create_task(running.pass_time(minutes=3))
        await community.until(lambda: community.attempts["open_group"] > 0)
        assert (await running.order(assign(DANA))).verdict is Verdict.DONE
        community.failing.clear()
        await passing
        await community.until(lambda: Action.UNDO_CLAIM in community.ask_card(DANA).buttons)
        await met(running)
        assert [one.ref.to for one in community.of(CardKind.INTRODUCTION)] == [DANA]
        state = await running.state()
        assert (state.mentor_id, len(state.waits)) == (DANA, 1), "the first promise still counts"
