"""Histories of every release are kept: what began under it, requests and mentors' own workflows,
must be able to go on.

``python -m tests.workflows.keep_histories NAME`` writes those of the present code. Workflow code
that was released changes only under ``workflow.patched``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from tests.workflows.harness import replay

KEPT = sorted((Path(__file__).parent / "histories").glob("*/*.json"))


def test_there_are_histories_to_replay() -> None:
    assert KEPT


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_what_began_under_an_earlier_release_goes_on_under_todays_code(path: Path) -> None:
    await replay(WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8")))
