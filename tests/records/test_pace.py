"""The pace at which one base may be called."""

from __future__ import annotations

import asyncio

import pytest

from clients.pace import Pace, PaceClosedError
from tests.records.airtable_fake import Clock


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(calls=5, per=1.0, patience=2.0, clock=clock, sleep=clock.sleep)


async def test_five_go_at_once_and_the_sixth_waits_for_the_window(pace: Pace, clock: Clock) -> None:
    starts = []
    for _ in range(11):
        await pace.turn()
        starts.append(clock.now)
    assert starts == [0.0] * 5 + [1.0] * 5 + [2.0]


async def test_those_who_ask_at_the_same_time_are_paced_too(pace: Pace, clock: Clock) -> None:
    starts: list[float] = []

    async def one() -> None:
        await pace.turn()
        starts.append(clock.now)

    await asyncio.gather(*(one() for _ in range(20)))
    assert all(later - earlier >= 1.0 for earlier, later in zip(starts, starts[5:], strict=False))


async def test_a_long_pause_is_told_at_once_with_what_is_left_of_it(
    pace: Pace, clock: Clock
) -> None:
    pace.close_for(30)
    clock.now = 10
    with pytest.raises(PaceClosedError) as closed:
        await pace.turn()
    assert closed.value.seconds == 20
    assert clock.now == 10


async def test_the_last_moments_of_a_pause_are_waited_out(pace: Pace, clock: Clock) -> None:
    pace.close_for(30)
    clock.now = 28.5
    await pace.turn()
    assert clock.now == 30
