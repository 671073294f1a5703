"""The floor plan holds: imports point one way, and every activity that is called is served."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from activities.airtable import AirtableActivities
from activities.people import PeopleActivities
from activities.program import ProgramActivities
from activities.slack import SlackActivities

ROOT = Path(__file__).parent.parent
ROOMS = {
    "domain": set(),
    "cards": {"domain"},
    "clients": {"domain"},
    "records": {"domain", "clients", "settings"},
    "activities": {"domain", "cards", "clients", "records"},
    "workflows": {"domain", "activities"},
    "slack_app": {"domain", "cards", "clients", "records", "serving", "settings"},
    "starter": {"domain", "clients", "records", "serving", "settings"},
    "sandbox": set(),
}
"""Each room and the rooms it may import from (docs/architecture.md)."""
OURS = {*ROOMS, "serving", "settings", "worker", "local", "tests", "bench"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found & OURS


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_the_rooms_below_it(room: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in _imports(path) - ROOMS[room] - {room}
    }
    assert not wrong


def test_only_settings_reads_the_environment_in_production_code() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for room in ROOMS.keys() - {"sandbox"}
        for path in (ROOT / room).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "getenv" in path.read_text("utf-8")
    ]
    assert not wrong


def _defined(kind: type) -> set[str]:
    mark = "__temporal_activity_definition"
    return {name for name, member in vars(kind).items() if hasattr(member, mark)}


def test_every_activity_that_a_workflow_may_call_is_registered() -> None:
    for kind in (SlackActivities, PeopleActivities, AirtableActivities, ProgramActivities):
        served = object.__new__(kind).all()  # type: ignore[attr-defined]  # each has it
        assert {method.__name__ for method in served} == _defined(kind)
