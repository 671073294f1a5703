"""The measurement of matching says what it found, and fails when the bound is missed."""

from __future__ import annotations

import pytest

from bench import matching


@pytest.mark.parametrize(("bound", "status"), [(0.0, 1), (60_000.0, 0)])
def test_the_exit_status_says_whether_the_bound_is_kept(
    bound: float, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"BOUND_MS": bound, "MENTORS": 200, "RUNS": 3, "ROSTERS": 2}.items():
        monkeypatch.setattr(matching, name, value)
    assert matching.main() == status
    told = capsys.readouterr().out
    assert told.startswith("Matching over 200 mentors, 3 runs each, in ms (bound: median ≤ ")
    assert told.count("over the bound") == status * len(matching.CASES)
