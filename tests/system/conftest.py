"""A town for each test: nothing that one test does is seen by another."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.patience import busy_machines_are_waited_for
from tests.system.town import Town, open_town

__all__ = ["busy_machines_are_waited_for", "nothing_goes_wrong_unseen", "town", "town_with_nights"]


@pytest.fixture(autouse=True)
def nothing_goes_wrong_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever the story: no exception and no alert is in the log, not even at the end."""
    yield
    records = [record for when in ("setup", "call", "teardown") for record in _of(caplog, when)]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    assert not errors, "\n".join(errors)


@pytest.fixture
async def town(
    temporal: WorkflowEnvironment, nothing_goes_wrong_unseen: None
) -> AsyncIterator[Town]:
    async with open_town(temporal.client) as opened:
        yield opened


@pytest.fixture
async def town_with_nights(
    temporal: WorkflowEnvironment, nothing_goes_wrong_unseen: None
) -> AsyncIterator[Town]:
    """Where the quiet hours of the policy that ships hold."""
    async with open_town(temporal.client, quiet_hours=True) as opened:
        yield opened


def _of(caplog: pytest.LogCaptureFixture, when: str) -> list[logging.LogRecord]:
    return caplog.get_records(when)  # type: ignore[arg-type]  # one of the three phases
