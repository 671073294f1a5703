"""More requests than mentors have room, and everybody clicks everything at once.

``tests/crash/test_race.py`` is the same on a larger scale, over the real wires.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from temporalio.testing import WorkflowEnvironment

from domain.messages import Claim
from domain.models import Status
from tests.workflows.company import MentorAtWork, open_company, requested
from tests.workflows.harness import mentor, request

MENTORS = [mentor(f"U0M{number}", max_mentees=1, weekly_asks=50) for number in range(3)]


async def test_of_twelve_requests_three_are_assigned_and_no_slot_is_given_twice(
    temporal: WorkflowEnvironment,
) -> None:
    async with (
        open_company(temporal.client, MENTORS) as company,
        requested(company, *(request() for _ in range(12))) as requests,
    ):
        clicks = [(one, m.slack_id) for m in MENTORS for one in requests]
        await asyncio.gather(*(one.decide(Claim(by=who)) for one, who in clicks))
        rows = company.rows

        def three_have_one() -> bool:
            return sum(row.status is Status.CLAIMED for row in rows.values()) == 3

        await company.until(lambda: len(rows) == 12 and three_have_one(), seconds=60)
        states = [await one.state() for one in requests]
        while any(state.inbox or state.reserving or state.tidings for state in states):
            states = [await one.state() for one in requests]
        has_it = Counter(state.mentor_id for state in states if state.mentor_id)
        assert has_it == {m.slack_id: 1 for m in MENTORS}
        assert Counter(state.status for state in states) == {Status.CLAIMED: 3, Status.OPEN: 9}
        for one in MENTORS:
            sam = MentorAtWork(company, one.slack_id)
            [held] = (await sam.state()).slots
            assert rows[held].mentor_assigned_record == one.record_id
            await sam.until_row(lambda row: row.mentees_now == 1)
