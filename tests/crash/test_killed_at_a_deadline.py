"""The worker dies in the middle of what a deadline has brought about: it is done once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.testing import TimeSkipper

from domain import ids
from domain.view import CardKind
from tests.crash.installation import (
    Installation,
    card_metadata,
    mentors_for,
    request,
    until,
)

SKILL = "CSS"


async def test_after_a_kill_while_reminders_go_out_everybody_has_one_and_the_next_steps_follow(
    muster: Installation,
) -> None:
    """Killed while the second reminder is on its way; the day goes on to the coordinators' card."""
    one, mentors = request(SKILL), mentors_for(SKILL)
    worker = await muster.start_worker()
    await muster.send_in(one)
    await muster.row(one, Mentors_Asked=len(mentors))
    second = card_metadata(one, CardKind.REMINDER, mentors[1])
    held = muster.slack.hold("chat.postMessage", metadata=second)

    handle = muster.temporal.get_workflow_handle(ids.workflow_id(one.request_id))
    day = timedelta(hours=24, minutes=1)
    passing = asyncio.create_task(TimeSkipper(muster.temporal).fast_forward(handle, day))
    await held.arrives()
    await worker.kill()
    await muster.start_worker()
    await passing

    async def coordinators_are_called() -> bool:
        return len(await muster.cards(one, CardKind.COORDINATORS)) == 1

    await until("coordinators are called", coordinators_are_called)
    for mentor in mentors:
        reminder = card_metadata(one, CardKind.REMINDER, mentor)
        assert muster.slack.calls("chat.postMessage", metadata=reminder) == 1
    assert not await muster.has_two(one)
