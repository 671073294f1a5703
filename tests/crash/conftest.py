"""A whole installation for each test, on the session's Temporal server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.crash.installation import Installation, installed
from tests.patience import busy_machines_are_waited_for

__all__ = ["busy_machines_are_waited_for", "muster"]


@pytest.fixture
async def muster(temporal: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Installation]:
    async with installed(temporal.client, tmp_path) as installation:
        yield installation
