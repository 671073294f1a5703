"""What the process remembers a short while, and what it does after Slack was answered."""

from __future__ import annotations

import asyncio
import logging

import pytest

from slack_app.errands import Errands
from slack_app.lately import Lately
from tests.slack_app.slack_app_fakes import Clock


def test_what_was_done_lately_is_forgotten_in_time() -> None:
    clock = Clock()
    lately = Lately(5, clock)
    lately.add("a")
    clock.advance(4)
    lately.add("b")
    assert "a" in lately
    clock.advance(1)
    assert "a" not in lately
    assert "b" in lately


def test_said_again_it_is_remembered_anew_and_it_can_be_taken_back() -> None:
    clock = Clock()
    lately = Lately(5, clock)
    lately.add("a")
    clock.advance(4)
    lately.add("a")
    clock.advance(4)
    assert "a" in lately
    lately.discard("a")
    assert "a" not in lately


def test_the_oldest_make_room_for_the_newest() -> None:
    lately = Lately(5, Clock(), most=3)
    for number in range(5):
        lately.add(number)
    assert [number for number in range(5) if number in lately] == [2, 3, 4]


async def test_an_errand_that_fails_troubles_nobody_and_its_words_stay_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errands, done = Errands(), asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("Riley wrote something private")

    async def succeed() -> None:
        done.set()

    with caplog.at_level(logging.WARNING):
        errands.run(fail())
        errands.run(succeed())
        await errands.settle()
    assert done.is_set()
    assert "RuntimeError" in caplog.text
    assert "private" not in caplog.text
