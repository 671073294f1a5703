"""Workers that are stopped in time, and workers that share the work."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from domain.models import Status
from domain.task_queues import WorkerRole
from domain.view import CardKind
from tests.crash.installation import Installation, card_metadata, mentors_for, request

SKILL = "JavaScript"


@pytest.mark.parametrize(
    ("grace", "answered_after", "sent_before"),
    [pytest.param("90", 0, 11, id="ends it"), pytest.param("1", 6, 4, id="hands it over")],
)
async def test_a_worker_that_is_stopped_in_a_wave_ends_it_or_hands_it_over(
    muster: Installation, grace: str, answered_after: float, sent_before: int
) -> None:
    """Slack answers an ask so many seconds after the stop: within the graceful period, or not."""
    one, mentors = request(SKILL), mentors_for(SKILL)
    fourth = card_metadata(one, CardKind.ASK, mentors[3])
    held = muster.slack.hold("chat.postMessage", metadata=fourth)
    worker = await muster.start_worker(WORKER_GRACEFUL_SHUTDOWN_SECONDS=grace)
    await muster.send_in(one)
    await held.arrives()
    stopped = asyncio.create_task(worker.stop(within=120))
    await asyncio.sleep(answered_after)
    await held.is_done()
    assert await stopped == 0
    assert await muster.asked(one) == Counter(mentors[:sent_before])

    await muster.start_worker()
    await muster.row(one, Mentors_Asked=len(mentors))
    assert await muster.asked(one) == Counter(mentors)
    assert not await muster.has_two(one)


async def test_each_kind_of_work_may_have_a_process_of_its_own(muster: Installation) -> None:
    one, mentors = request(SKILL), mentors_for(SKILL)
    for role in (WorkerRole.WORKFLOWS, WorkerRole.SLACK, WorkerRole.AIRTABLE):
        await muster.start_worker(role)
    await muster.send_in(one)
    await muster.row(one, Status=Status.OPEN.value, Mentors_Asked=len(mentors))
    assert await muster.asked(one) == Counter(mentors)
