"""Snapshots: what was drawn, beside what stands on disk.

After a wanted change: ``UPDATE_SNAPSHOTS=1 pytest tests/cards``, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

SNAPSHOTS = Path(__file__).parent / "snapshots"


def check(name: str, drawn: str) -> None:
    path = SNAPSHOTS / f"{name.replace(', ', '-').replace(' ', '-').lower()}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(drawn + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == drawn + "\n", f"{path.name} would change"


def told(drawn: dict[str, str]) -> str:
    """All states one after the other; those that look the same are drawn once."""
    groups: dict[str, list[str]] = {}
    for state, text in drawn.items():
        groups.setdefault(text, []).append(state)
    return "\n\n".join(f"### {'; '.join(states)}\n{text}" for text, states in groups.items())
