"""Fifty requests, ten mentors with one slot each, and everybody clicks everything at once."""

from __future__ import annotations

import asyncio
from collections import Counter

from temporalio.testing import WorkflowEnvironment

from domain.messages import Claim
from domain.models import Status
from tests.workflows.company import MentorAtWork, open_company, requested
from tests.workflows.harness import mentor, request

MENTORS = [mentor(f"U0M{number}", max_mentees=1, weekly_asks=50) for number in range(10)]


async def test_of_fifty_requests_ten_are_assigned_and_no_slot_is_given_twice(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, MENTORS) as company,
        requested(company, *(request() for _ in range(50))) as requests,
    ):
        clicks = [(one, m.slack_id) for m in MENTORS for one in requests]
        await asyncio.gather(*(one.decide(Claim(by=who)) for one, who in clicks))
        rows = company.rows

        def ten_have_one() -> bool:
            return sum(row.status is Status.CLAIMED for row in rows.values()) == 10

        await company.until(lambda: len(rows) == 50 and ten_have_one(), seconds=100)
        states = [await one.state() for one in requests]
        while any(state.inbox or state.reserving or state.tidings for state in states):
            states = [await one.state() for one in requests]
        has_it = Counter(state.mentor_id for state in states if state.mentor_id)
        assert has_it == {m.slack_id: 1 for m in MENTORS}
        assert Counter(state.status for state in states) == {Status.CLAIMED: 10, Status.OPEN: 40}
        for one in MENTORS:
            sam = MentorAtWork(company, one.slack_id)
            [held] = (await sam.state()).slots
            assert rows[held].mentor_assigned_record == one.record_id
            await sam.until_row(lambda row: row.mentees_now == 1)
