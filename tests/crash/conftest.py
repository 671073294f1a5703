"""A whole installation for each test, on the session's Temporal server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.crash.installation import Installation, installed


@pytest.fixture
async def muster(temporal: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Installation]:
    async with installed(temporal.client, tmp_path) as installation:
        yield installation
