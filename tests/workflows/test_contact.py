"""A claim is not a meeting: promises to write, silence, and pairs that stand still."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Claim, PromiseToWrite, ProposeTimes, Release, Word
from domain.models import Person, Status
from domain.queue import STANDS_STILL
from domain.quiet import QuietHours
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    SAM,
    asking,
    default_policy,
    four_mentors,
    mentor,
    request,
    where_it_is,
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
    near,
    words_of,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_mentor_is_nudged_once_when_the_time_they_named_passes_without_their_word(
    temporal: WorkflowEnvironment,
) -> None:
    """Said in the undo window, said anew later; the mentee's words don't count as the mentor's."""
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await claimed(running)
        now = (await running.view()).now
        await running.decide(
            PromiseToWrite(by=DANA, by_when=now + DAY),
            PromiseToWrite(by=SAM, by_when=now - HOUR),
        )
        await community.until(lambda: len(community.told) == 2)
        assert set(community.told) == {(DANA, Notice.NOT_YOURS), (SAM, Notice.PROMISE_UNUSABLE)}
        await running.decide(PromiseToWrite(by=SAM, by_when=now + 30 * DAY))
        assert (await running.view()).write_by is None, "a month is no promise"

        await running.decide(PromiseToWrite(by=SAM, by_when=now + DAY))
        met_at = await met(running)
        assert (await running.view()).write_by == now + DAY
        await running.decide(Word(by=RILEY), Word(by=KENJI))
        await running.pass_time(hours=24)
        await community.until(lambda: len(community.of(CardKind.NUDGE)) == 1)
        (nudge,) = community.of(CardKind.NUDGE)
        assert near(nudge.at, now + DAY)
        assert nudge.ref.to == SAM
        assert "You wanted to write to" in words_of(nudge)

        await running.decide(PromiseToWrite(by=SAM, by_when=met_at + 4 * DAY))
        await running.pass_time(hours=90)  # past the 72 h, and past what they named
        assert not community.of(CardKind.CHECK_IN), "they have said by when"
        await running.pass_time(hours=9)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        assert near(community.of(CardKind.CHECK_IN)[0].at, met_at + 5 * DAY)
        assert len(community.of(CardKind.NUDGE)) == 1, "once a claim"


async def test_three_silent_days_ask_the_mentor_and_a_fourth_gives_the_request_to_the_others(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        met_at = await introduced(running)
        await running.decide(ProposeTimes(by=SAM, times=[met_at - HOUR]), Word(by=RILEY))
        await community.until(lambda: community.told == [(SAM, Notice.TIME_UNUSABLE)])
        await running.pass_time(hours=72)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        (first,) = community.of(CardKind.CHECK_IN)
        assert near(first.at, met_at + 72 * HOUR), "times nobody could use are no sign of life"
        assert first.written.release_at == first.at + DAY
        assert {Action.WRITE_TODAY, Action.WRITE_PICK, Action.RELEASE} <= set(first.buttons)

        await running.decide(PromiseToWrite(by=SAM, by_when=first.at + DAY))
        await community.until(lambda: not first.buttons)
        await running.pass_time(hours=48, minutes=1)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 2)
        second = community.of(CardKind.CHECK_IN)[1]
        assert near(second.at, first.at + 2 * DAY)
        before = set(community.posts)

        await running.pass_time(hours=24)
        await running.reaches(Status.OPEN)
        released = await happened(running, "released")
        assert near(released.at, second.at + DAY)
        assert released.by == "", "nobody's click: it was Muster"
        await community.until(lambda: bool(community.of(CardKind.REOPENED)))
        await community.until(lambda: bool(community.of(CardKind.RELEASED)))
        (told,) = community.of(CardKind.RELEASED)
        assert told.ref.to == RILEY
        new = {community.messages[key].ref.kind for key in set(community.posts) - before}
        assert new == {CardKind.RELEASED, CardKind.REOPENED}, "no step fires in a bunch"
        await community.until(lambda: Action.CLAIM in community.ask_card(DANA).buttons)
        await community.until(lambda: not second.buttons)
        await community.until(lambda: "goes on with another mentor" in words_of(second))
        state = await running.state()
        assert (state.excluded, state.left_by) == ([SAM], [SAM])
        await running.decide(Claim(by=SAM), Claim(by=DANA))
        await running.reaches(Status.CLAIMED)
        assert community.notices(Notice.RELEASED_BEFORE) == [SAM]


async def test_a_pair_that_talks_but_sets_no_session_is_asked_and_left_to_the_coordinators(
    temporal: WorkflowEnvironment,
) -> None:
    """Never released by itself; and nobody looks after their own pair."""
    community = Community(four_mentors())
    community.coordinators = [Person(slack_id=SAM), CASEY]
    async with asking(temporal.client, request(), community) as running:
        await claimed(running)
        now = (await running.view()).now
        await running.decide(PromiseToWrite(by=SAM, by_when=now + DAY))
        await met(running)
        await running.decide(Word(by=SAM))
        await running.pass_time(days=5)
        assert not community.of(CardKind.NUDGE), "they have written"
        assert not community.of(CardKind.CHECK_IN)
        times = [(await running.view()).now + 20 * DAY]
        await running.decide(ProposeTimes(by=RILEY, times=times), Word(by=DANA))
        sign = (await happened(running, "times proposed")).at
        await running.pass_time(days=6, hours=20)
        assert not community.of(CardKind.CHECK_IN), "seven days from the latest sign of either"
        await running.pass_time(hours=5)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        (question,) = community.of(CardKind.CHECK_IN)
        assert near(question.at, sign + 7 * DAY)
        assert {Action.PROPOSE_TIMES, Action.RELEASE} <= set(question.buttons)
        assert question.written.release_at is None

        await running.pass_time(hours=25)
        await community.until(lambda: len(community.of(CardKind.COORDINATORS)) == 1)
        await community.until(lambda: not question.buttons)
        assert near((await happened(running, "stands still")).at, question.at + DAY)
        state = await running.state()
        assert state.owner == CASEY
        assert state.waiting_for == STANDS_STILL
        (card,) = community.of(CardKind.COORDINATORS)
        assert card.written.stands_still, "coordinators read why it is before them"
        await running.pass_time(days=20)
        assert (await running.state()).status is Status.CLAIMED
        assert len(community.of(CardKind.CHECK_IN)) == 1
        assert not community.of(CardKind.RELEASED)


async def test_a_mentor_who_is_asked_may_release_at_once(temporal: WorkflowEnvironment) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        await running.pass_time(hours=73)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        await running.decide(Release(by=SAM))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)
        await community.until(lambda: not live(community.of(CardKind.CHECK_IN)))
        assert (await happened(running, "released")).by == SAM
        assert (await running.state()).left_by == [], "it was their own wish"


async def test_the_question_comes_in_the_mentors_morning_and_their_day_counts_from_it(
    temporal: WorkflowEnvironment,
) -> None:
    """The roster knows no time zone for this mentor: Slack's counts."""
    zone = where_it_is(22)
    community = Community([mentor(SAM, time_zone="")])
    start = request(policy=default_policy(quiet_hours=QuietHours(start="23:00", end="08:00")))
    community.zones = {SAM: zone}
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        await running.pass_time(minutes=70)  # a claim may come at any hour
        met_at = await introduced(running)
        await running.pass_time(hours=74)
        assert not community.of(CardKind.CHECK_IN), "at night nobody is asked"
        await running.pass_time(hours=9)
        await community.until(lambda: len(community.of(CardKind.CHECK_IN)) == 1)
        (question,) = community.of(CardKind.CHECK_IN)
        assert question.at > met_at + 72 * HOUR
        assert question.at.astimezone(ZoneInfo(zone)).hour == 8
        await running.pass_time(hours=20)
        assert (await running.state()).status is Status.CLAIMED
        await running.pass_time(hours=5)
        await running.reaches(Status.OPEN)
        assert near((await happened(running, "released")).at, question.at + DAY)
