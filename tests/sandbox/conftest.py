"""Running stand-ins for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.slack_harness import IMPATIENT, AppSide, Slack, running, with_bolt


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with running() as stand_in:
        yield stand_in


@pytest.fixture
async def app_side() -> AsyncIterator[AppSide]:
    async with with_bolt() as side:
        yield side


@pytest.fixture
async def hurried_side() -> AsyncIterator[AppSide]:
    """Where Slack waits for the app a moment only."""
    async with with_bolt(IMPATIENT) as side:
        yield side
