"""From the form to what came of it, when everybody does what they said."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from domain.messages import AcceptTime, Claim, EditHello, GiveFeedback, ProposeTimes
from domain.models import Level, Outcome, Role, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    DANA,
    KENJI,
    MENTEE,
    SAM,
    asking,
    four_mentors,
    request,
)


async def test_a_request_goes_from_the_form_to_a_completed_row(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM), EditHello(by=SAM, hello="Hi Riley, ports are fun!"))
        await running.reaches(Status.CLAIMED)
        assert not community.of(CardKind.INTRODUCTION), "nobody is told before the undo window"

        await running.pass_time(minutes=3)
        await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
        introduction = community.of(CardKind.INTRODUCTION)[0]
        assert "ports are fun" in str(introduction.card.blocks)

        session = (await running.view()).now + timedelta(days=2)
        await running.decide(ProposeTimes(by=SAM, times=[session]))
        await community.until(lambda: bool(community.of(CardKind.PROPOSAL)))
        await running.decide(AcceptTime(by=MENTEE.slack_id, proposal=1, time=session))
        await running.reaches(Status.SCHEDULED)
        assert community.rows[start.request_id].session_at == session

        await running.pass_time(days=10)
        await running.reaches(Status.AWAITING_FEEDBACK)
        await community.until(lambda: len(community.of(CardKind.FEEDBACK)) == 2)
        await running.decide(
            GiveFeedback(by=MENTEE.slack_id, happened=True, rating=5, level=Level.INTERMEDIATE),
            GiveFeedback(by=SAM, happened=True, rating=4, note="Keen and quick."),
        )
        assert await running.outcome() is Outcome.MET

    row = community.rows[start.request_id]
    assert row.status is Status.COMPLETED
    assert row.mentor_assigned_record == f"rec{SAM}"
    assert row.level_before is Level.BEGINNER
    assert row.level_after is Level.INTERMEDIATE
    assert row.first_response_at is not None
    assert row.first_response_at - start.submitted_at < timedelta(minutes=10)
    assert {note.role for note in community.notes.values()} == {Role.MENTEE, Role.MENTOR}
    assert all(not message.buttons for message in community.messages.values())
    assert len(community.row_history) <= 12


async def test_the_first_of_two_claims_wins_and_the_other_is_told(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=DANA), Claim(by=KENJI))
        await community.until(lambda: community.notices(Notice.TAKEN) == [KENJI])
        await running.reaches(Status.CLAIMED)
        assert (await running.state()).mentor_id == DANA
        await community.until(lambda: not community.ask_card(KENJI).buttons)
