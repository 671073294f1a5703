"""Services that need no session: the mentor's first word starts the work, then "done?"."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import GiveFeedback, NotDoneYet, ProposeTimes, Word
from domain.models import Outcome, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community, Message
from tests.workflows.harness import DANA, SAM, RunningRequest, asking, four_mentors, request
from tests.workflows.pairs import CHAT, RILEY, happened, introduced, near

DAY = timedelta(days=1)


async def test_until_the_mentor_has_written_no_work_has_begun(
    temporal: WorkflowEnvironment,
) -> None:
    """The mentee's words, and times where none are needed, are not it: silence is asked about."""
    community = Community(four_mentors())
    async with asking(temporal.client, request(service=CHAT), community) as running:
        met_at = await introduced(running)
        await running.decide(Word(by=RILEY), ProposeTimes(by=SAM, times=[met_at + DAY]))
        await community.until(lambda: community.told == [(SAM, Notice.NOT_NOW)])
        await running.pass_time(hours=73)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        assert near(community.of(CardKind.CHECK_IN)[0].at, met_at + 3 * DAY)
        await running.pass_time(hours=24)
        await running.reaches(Status.OPEN)
        assert (await running.state()).left_by == [SAM]

        await introduced(running, DANA)
        await running.pass_time(days=2)
        await running.decide(Word(by=DANA))
        began = (await happened(running, "the mentor's first word")).at
        await running.pass_time(days=6, hours=23)
        assert not community.of(CardKind.FEEDBACK)
        await running.pass_time(hours=2)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        assert all(near(one.at, began + 7 * DAY) for one in community.of(CardKind.FEEDBACK))
        assert len(community.of(CardKind.CHECK_IN)) == 1


async def test_not_done_yet_is_asked_again_weekly_and_three_times_at_most(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(service=CHAT), community) as running:
        await introduced(running, writes=True)
        await running.pass_time(days=7, minutes=1)
        asked_at = []
        for number, by in enumerate((RILEY, SAM, RILEY)):
            question = await _asked_whether_done(running, number)
            assert Action.NOT_DONE_YET in question.buttons
            asked_at.append(question.at)
            await running.decide(NotDoneYet(by=DANA), NotDoneYet(by=by))
            await running.reaches(Status.CLAIMED)
            await community.until(lambda q=question: not q.buttons)  # type: ignore[misc]
            await running.pass_time(days=7, minutes=1)
        last = await _asked_whether_done(running, 3)
        assert set(community.told) == {(DANA, Notice.NOT_YOURS)}
        apart = [later - earlier for earlier, later in pairwise([*asked_at, last.at])]
        assert all(7 * DAY <= one < 7 * DAY + timedelta(hours=1) for one in apart)
        assert Action.NOT_DONE_YET not in last.buttons
        await running.decide(NotDoneYet(by=SAM))
        await community.until(lambda: community.told[-1] == (SAM, Notice.NOT_NOW))
        await running.pass_time(days=8)
        assert await running.outcome() is Outcome.NO_FEEDBACK
    assert all(not message.buttons for message in community.messages.values())


async def test_once_one_of_them_has_said_how_it_went_it_counts_as_done(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(service=CHAT), community) as running:
        await introduced(running, writes=True)
        await running.pass_time(days=7, minutes=1)
        mentees = await _asked_whether_done(running, 0)
        await running.decide(GiveFeedback(by=SAM, happened=True))
        await community.until(lambda: Action.NOT_DONE_YET not in mentees.buttons)
        assert Action.GIVE_FEEDBACK in mentees.buttons
        await running.decide(NotDoneYet(by=RILEY))
        await community.until(lambda: community.told == [(RILEY, Notice.NOT_NOW)])
        await running.decide(GiveFeedback(by=RILEY, happened=True, rating=5))
        assert await running.outcome() is Outcome.MET


async def _asked_whether_done(running: RunningRequest, number: int) -> Message:
    """The mentee's card, once both are asked."""
    community = running.community

    def cards() -> list[Message]:
        return [one for one in community.of(CardKind.FEEDBACK) if one.ref.number == number]

    await community.until(lambda: len(cards()) == 2)
    await running.reaches(Status.AWAITING_FEEDBACK)
    return next(one for one in cards() if one.ref.to == RILEY)
