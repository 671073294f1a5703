"""Slack or Airtable are away: mentoring goes on, and what was missed catches up."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from clients.requests import Requests
from domain.messages import AcceptTime, Cancel, Claim, ProposeTimes
from domain.models import Outcome, Status
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import (
    MENTEE,
    SAM,
    RunningRequest,
    asking,
    four_mentors,
    mentor,
    request,
    running_worker,
)


async def test_airtable_down_for_three_days_costs_one_write_in_the_end(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.failing["record"] = "Airtable is down"
    community.retry_after = timedelta(hours=8)  # a try takes a second, however long the outage is
    start = request()
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.pass_time(minutes=3)
        await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
        await running.pass_time(days=3)
        assert community.row_history == []
        del community.failing["record"]
        await running.pass_time(hours=8)
        await running.reaches(Status.CLAIMED)
        assert len(community.row_history) == 1
        assert community.row_history[0].first_response_at is not None


async def test_slack_down_for_a_day_delays_the_asks_and_loses_none(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.failing["post"] = "Slack is down"
    community.retry_after = timedelta(hours=1)
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.attempts["post"] > 1)
        await running.pass_time(hours=5)
        del community.failing["post"]
        await running.pass_time(hours=1)
        await community.until(lambda: len(community.asked()) == 4)
        assert len(community.posts) == len(set(community.posts))


async def test_a_cancelled_request_does_not_ask_once_slack_is_back(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    community.failing["post:ask"] = "Slack is down"
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.attempts["post:ask"] > 1)
        await running.decide(Cancel(by=MENTEE.slack_id))
        assert await running.outcome() is Outcome.CANCELLED
    assert not community.asked()


async def test_a_claim_by_somebody_we_asked_counts_even_when_the_roster_is_away(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        community.roster_is_away = True
        await running.decide(Claim(by="U0STRANGER"), Claim(by=SAM))
        await running.reaches(Status.CLAIMED)
        await community.until(lambda: community.notices(Notice.CANNOT_CHECK) == ["U0STRANGER"])


async def test_a_claim_that_cannot_be_checked_at_all_may_be_made_again(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: len(community.asked()) == 4)
        community.refusing["check_mentor"] = "no worker knows how"
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.notices(Notice.CANNOT_CHECK) == [SAM])
        community.refusing.clear()
        await running.decide(Claim(by=SAM))
        await running.reaches(Status.CLAIMED)


async def test_clicks_made_while_no_worker_runs_are_decided_when_it_is_back(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    start = request()
    client = temporal.client
    requests = Requests(client)
    async with running_worker(client, community):
        await requests.start(start)
        await community.until(lambda: len(community.asked()) == 4)
    for one in ("U0DANA", SAM):
        await requests.decide(start.request_id, Claim(by=one))
    async with running_worker(client, community):
        running = RunningRequest(client, start, community)
        try:
            await running.reaches(Status.CLAIMED)
            assert (await running.state()).mentor_id == "U0DANA"
        finally:
            await running.end()


async def test_of_two_decisions_in_one_moment_the_row_shows_the_later(
    temporal: WorkflowEnvironment,
) -> None:
    """Both arrive in one workflow task: a write is called off before it has begun."""
    community = Community(four_mentors())
    start = request()
    client = temporal.client
    requests = Requests(client)
    running = RunningRequest(client, start, community)
    async with running_worker(client, community):
        await requests.start(start)
        await community.until(lambda: len(community.asked()) == 4)
        await running.decide(Claim(by=SAM))
        await running.pass_time(minutes=3)
        await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
        session = (await running.view()).now + timedelta(days=1)
    await running.decide(
        ProposeTimes(by=SAM, times=[session]),
        AcceptTime(by=MENTEE.slack_id, proposal=1, time=session),
    )
    async with running_worker(client, community):
        try:
            await running.reaches(Status.SCHEDULED)
        finally:
            await running.end()


async def test_a_broken_coordinators_channel_does_not_hold_up_a_claim(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community([mentor("U0ANY", "Knitting")])
    community.failing["post:coordinators"] = "channel_not_found"
    community.retry_after = timedelta(hours=1)
    async with asking(temporal.client, request(), community) as running:
        await community.until(lambda: community.attempts["post:coordinators"] > 0)
        await running.decide(Claim(by="U0ANY"))
        await running.reaches(Status.CLAIMED)
        await running.pass_time(minutes=3)
        await community.until(lambda: bool(community.of(CardKind.INTRODUCTION)))
