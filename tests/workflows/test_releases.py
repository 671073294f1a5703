"""A request that comes back goes on where it was: both clocks, the rung, one word to the mentee."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import AnotherMentor, Claim, Release, Word
from domain.models import Status
from domain.orders import Assign, Verdict
from domain.quiet import QuietHours
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    SAM,
    asking,
    default_policy,
    four_mentors,
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
    scheduled,
    words_of,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_after_a_release_the_first_breach_stays_and_a_second_promise_begins(
    temporal: WorkflowEnvironment,
) -> None:
    """50 h open, some days with a mentor, open again: the ladder goes on at 50 h, not at days."""
    community = Community(four_mentors())
    start = request()
    rows = community.rows
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        await running.pass_time(hours=50)
        await community.until(lambda: rows[start.request_id].breached)
        await introduced(running, writes=True)
        await running.pass_time(days=4)
        before = set(community.posts)
        await running.decide(Release(by=SAM))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.REOPENED)) == 1)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)
        state = await running.state()
        first, second = state.waits
        assert first.breached
        assert first.response_at == state.first_response_at
        assert near(second.since, (await happened(running, "released")).at)
        assert second.respond_by - second.since == 48 * HOUR
        assert not second.breached
        new = [community.messages[key].ref.kind for key in set(community.posts) - before]
        assert sorted(new) == [CardKind.RELEASED, CardKind.REOPENED], "no step in a bunch"

        await running.pass_time(hours=20)
        assert (await running.state()).step_label() != "remind owner 1 of 5", "70 h open"
        await running.pass_time(hours=3)
        assert (await running.state()).step_label() == "remind owner 1 of 5", "73 h open"
        assert not rows[start.request_id].rematch_breached
        await running.pass_time(hours=26)
        await community.until(lambda: rows[start.request_id].rematch_breached)
        assert rows[start.request_id].breached, "the first promise stays broken"
        assert rows[start.request_id].first_response_at == state.first_response_at
        await community.until(lambda: len(community.of(CardKind.OWNER_CALLED)) == 2)
        assert near(community.of(CardKind.OWNER_CALLED)[1].at, second.respond_by)


async def test_a_release_in_the_undo_window_is_an_undo_and_tells_nobody(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        posts = list(community.posts)
        await claimed(running)
        await running.decide(AnotherMentor(by=RILEY), Release(by=SAM))
        await running.reaches(Status.OPEN)
        await community.until(lambda: community.told == [(RILEY, Notice.NOT_NOW)])
        assert community.posts == posts
        await community.until(lambda: Action.CLAIM in community.ask_card(SAM).buttons)
        await claimed(running, SAM)
        state = await running.state()
        assert (state.excluded, len(state.waits)) == ([], 1)


async def test_a_release_closes_the_earlier_pairs_cards_and_leaves_that_mentor_out(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        await scheduled(running, days=2)
        await running.decide(Release(by=SAM))
        await running.reaches(Status.OPEN)
        together = {CardKind.INTRODUCTION, CardKind.PROPOSAL, CardKind.SESSION_SET}
        pair = [one for one in community.messages.values() if one.ref.kind in together]
        await community.until(lambda: not live(pair))
        await community.until(lambda: not community.ask_card(SAM).buttons)
        await community.until(lambda: "no longer set" in words_of(pair[-1]))
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)
        assert community.of(CardKind.RELEASED)[0].ref.to == RILEY

        again = await running.order(Assign(by=CASEY.slack_id, name=CASEY.name, mentor=SAM))
        assert again.verdict is Verdict.REFUSED
        assert again.words == "They have had this request before."

        await introduced(running, DANA)
        groups = {one.channel for one in community.of(CardKind.INTRODUCTION)}
        assert groups == {f"G-{RILEY}-{SAM}", f"G-{DANA}-{RILEY}"}
        state = await running.state()
        assert (state.session_at, state.proposal) == (None, None)
        assert len(community.of(CardKind.RELEASED)) == 1


async def test_a_mentee_may_ask_for_another_mentor_once_they_have_met_and_before_how_it_went(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running, writes=True)
        await running.decide(AnotherMentor(by=DANA))
        await community.until(lambda: community.told == [(DANA, Notice.NOT_YOURS)])
        await running.decide(AnotherMentor(by=RILEY))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.REOPENED)) == 1)
        assert not community.of(CardKind.RELEASED), "they clicked themselves"
        sams = community.ask_card(SAM)
        await community.until(lambda: "goes on with another mentor" in words_of(sams))
        assert not sams.buttons
        entry = await happened(running, "another mentor wished")
        assert entry.by == RILEY
        state = await running.state()
        assert (state.excluded, state.left_by, len(state.waits)) == ([SAM], [SAM], 2)
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.notices(Notice.RELEASED_BEFORE) == [SAM])

        await introduced(running, DANA)
        await scheduled(running, DANA, days=1)
        await running.pass_time(days=8, minutes=1)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        await running.decide(AnotherMentor(by=RILEY))
        await community.until(lambda: community.told[-1] == (RILEY, Notice.NOT_NOW))
        assert (await running.state()).mentor_id == DANA


async def test_two_releases_in_one_night_are_one_message_in_the_morning(
    temporal: WorkflowEnvironment,
) -> None:
    """Quiet hours hold the word back; the clock of the second wait runs all the same."""
    community = Community(four_mentors())
    mentee = MENTEE.model_copy(update={"time_zone": where_it_is(22)})
    night = QuietHours(start="22:00", end="08:00")
    awake = where_it_is(12)
    for known in community.mentors.values():
        known.time_zone = awake
    start = request(mentee=mentee, policy=default_policy(quiet_hours=night))
    async with asking(temporal.client, start, community) as running:
        for mentor in (SAM, DANA):
            await introduced(running, mentor)
            await running.decide(Word(by=mentor), Release(by=mentor))
            await running.reaches(Status.OPEN)
        assert len((await running.state()).waits) == 3
        assert not community.of(CardKind.RELEASED)
        await running.pass_time(hours=10)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 1)
        assert len((await running.state()).later) == 0

        await introduced(running, KENJI)
        await running.decide(Release(by=KENJI))
        await running.reaches(Status.OPEN)
        await community.until(lambda: len(community.of(CardKind.RELEASED)) == 2)
        await claimed(running, "U0PRIYA")
        await met(running)
