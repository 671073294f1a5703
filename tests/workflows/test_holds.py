"""“I'll do it on Sunday”: a mentor holds a request that nobody has claimed yet."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain.messages import Claim, Decline, Hold
from domain.models import Person, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    PRIYA,
    SAM,
    asking,
    four_mentors,
    mentor,
    request,
)

PARTLY, ANY = "U0PARTLY", "U0ANY"


def _community() -> Community:
    """Two who know Python, one who knows it but offers other services, one who knits."""
    partly = mentor(PARTLY, "Python", services=[])
    return Community([mentor(SAM), mentor(DANA), partly, mentor(ANY, "Knitting")])


async def test_who_will_do_it_on_a_day_is_waited_for_and_reminded_on_that_day(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = _community(), request()
    sunday = start.submitted_at + timedelta(hours=30)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA})
        await running.pass_time(minutes=1)  # the wave is out
        edits = community.ask_card(DANA).edits
        await running.decide(Hold(by=SAM, until=sunday))
        await community.until(lambda: community.told == [(SAM, Notice.HOLD_KEPT)])
        assert Action.CLAIM in community.ask_card(DANA).buttons, "others still can"
        assert Action.CLAIM in community.ask_card(SAM).buttons

        await running.pass_time(hours=29)
        assert community.asked() == {SAM, DANA}, "steps that turn to others wait"
        assert not community.of(CardKind.BUMP)
        assert [message.ref.to for message in community.of(CardKind.REMINDER)] == [DANA]
        assert len(community.of(CardKind.COORDINATORS)) == 1, "people know all the same"
        assert len(community.of(CardKind.UPDATE)) == 1, "and the mentee hears in time"

        await running.pass_time(hours=1, minutes=1)
        await community.until(lambda: len(community.of(CardKind.HOLD_DUE)) == 1)
        assert community.of(CardKind.HOLD_DUE)[0].ref.to == SAM
        await community.until(lambda: community.asked() == {SAM, DANA, PARTLY, ANY})
        await community.until(lambda: len(community.of(CardKind.BUMP)) == 1)
        assert community.attempts["find_candidates"] == 2, "what has waited is one wave"
        assert community.ask_card(DANA).edits == edits, "the others' cards are left in peace"
        await running.pass_time(hours=19)
        assert len(community.of(CardKind.BUMP)) == 1
        assert community.rows[start.request_id].breached


async def test_a_day_must_be_ahead_and_before_the_promise_and_one_mentor_at_a_time_names_one(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = Community(four_mentors()), request()
    promised = start.submitted_at + timedelta(hours=48)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(
            Hold(by="U0STRANGER", until=start.submitted_at + timedelta(hours=5)),
            Hold(by=DANA, until=start.submitted_at - timedelta(minutes=1)),
            Hold(by=KENJI, until=promised - timedelta(minutes=59)),
            Hold(by=SAM, until=promised - timedelta(hours=2)),
            Hold(by=PRIYA, until=start.submitted_at + timedelta(hours=5)),
        )
        await community.until(lambda: len(community.told) == 5)
        assert set(community.told) == {
            ("U0STRANGER", Notice.NOT_YOURS),
            (DANA, Notice.HOLD_UNUSABLE),
            (KENJI, Notice.HOLD_UNUSABLE),
            (SAM, Notice.HOLD_KEPT),
            (PRIYA, Notice.HELD_ALREADY),
        }
        hour_before = promised - timedelta(hours=1)
        await running.decide(Hold(by=SAM, until=hour_before))
        await running.pass_time(minutes=1)
        view = await running.view()
        assert view.hold is not None
        assert (view.hold.mentor.slack_id, view.hold.until) == (SAM, hour_before)


async def test_others_can_claim_what_somebody_holds(temporal: WorkflowEnvironment) -> None:
    community, start = Community(four_mentors()), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=9)))
        await running.decide(Claim(by=DANA))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == 1)
        await community.until(lambda: not community.ask_card(SAM).buttons)
        assert (await running.state()).mentor_id == DANA
        await running.pass_time(hours=10)
        assert not community.of(CardKind.HOLD_DUE)


async def test_a_holder_who_cannot_after_all_frees_it_at_once(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = _community(), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA})
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=20)))
        await running.pass_time(hours=9)
        assert community.asked() == {SAM, DANA}
        await running.decide(Decline(by=SAM))
        await community.until(lambda: community.asked() == {SAM, DANA, PARTLY})
        assert not community.of(CardKind.HOLD_DUE)
        await running.pass_time(minutes=1)
        assert ANY not in community.asked(), "a step that is not due is not brought forward"
        assert community.attempts["post:ask"] == 3, "nobody is asked twice"


async def test_when_the_only_one_left_is_a_holder_who_declines_the_next_step_runs_now(
    temporal: WorkflowEnvironment,
) -> None:
    community, start = _community(), request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM, DANA})
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=5)))
        await running.decide(Decline(by=DANA))
        await community.until(lambda: Action.DECLINE not in community.ask_card(DANA).buttons)
        await running.pass_time(minutes=1)
        assert community.asked() == {SAM, DANA}, "the holder may still say yes"
        await running.decide(Decline(by=SAM))
        await community.until(lambda: community.asked() == {SAM, DANA, PARTLY})


async def test_held_by_the_mentor_they_named_it_is_no_window_any_more_and_others_come_after_it(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    sam = Person(slack_id=SAM, name="Sam Okafor", record_id="recSam")
    start = request(preferred_mentor=sam)
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {SAM})
        await running.decide(Hold(by=SAM, until=start.submitted_at + timedelta(hours=9)))
        (channel,) = community.of(CardKind.CHANNEL)
        await community.until(lambda: Action.CLAIM in channel.buttons)
        (received,) = community.of(CardKind.RECEIVED)
        await running.pass_time(hours=8, minutes=30)
        assert community.asked() == {SAM}
        assert not community.of(CardKind.OPENED_WIDER)
        assert not community.of(CardKind.REMINDER), "they have named their time"
        assert "We have asked Sam Okafor first" in str(received.card.blocks)

        await running.pass_time(minutes=31)
        await community.until(lambda: community.asked() == {SAM, DANA, KENJI, PRIYA})
        await community.until(lambda: len(community.of(CardKind.HOLD_DUE)) == 1)
        await community.until(lambda: len(community.of(CardKind.OPENED_WIDER)) == 1)
        assert community.of(CardKind.OPENED_WIDER)[0].ref.to == MENTEE.slack_id
        await community.until(lambda: "we are asking other mentors" in str(received.card.blocks))
