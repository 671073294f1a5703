"""The state directory: one user at a time, nothing left behind, nothing else thrown away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local import state


def test_a_state_directory_has_one_user_at_a_time(tmp_path: Path) -> None:
    with state.occupied(tmp_path):
        assert state.is_in_use(tmp_path)
        with pytest.raises(state.InUseError), state.occupied(tmp_path):
            pass
    assert not state.is_in_use(tmp_path)


def test_reset_refuses_while_muster_is_running(tmp_path: Path) -> None:
    (tmp_path / "temporal.sqlite3").touch()
    with state.occupied(tmp_path), pytest.raises(state.InUseError):
        state.throw_away(tmp_path)
    assert (tmp_path / "temporal.sqlite3").exists()


def test_reset_removes_what_muster_wrote_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "slack.sqlite3").touch()
    (tmp_path / "temporal.sqlite3").touch()
    (tmp_path / "my thesis.txt").touch()
    assert state.throw_away(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["my thesis.txt"]


def test_reset_leaves_no_empty_directory(tmp_path: Path) -> None:
    directory = tmp_path / ".state"
    assert not state.throw_away(directory)
    with state.occupied(directory):
        pass
    assert state.throw_away(directory)
    assert not directory.exists()


def test_what_a_killed_start_left_running_is_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(command, start_new_session=True) as orphan:
        state.remember(tmp_path, {"Worker": state.Started(orphan.pid, command)})
        assert state.end_leftovers(tmp_path, patience=0.2) == ["Worker"]
        assert orphan.wait(60) != 0
    assert state.end_leftovers(tmp_path) == []


def test_a_newcomer_with_the_same_process_number_is_left_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(command, start_new_session=True) as newcomer:
        ours = state.Started(newcomer.pid, [sys.executable, "worker.py"])
        state.remember(tmp_path, {"Worker": ours})
        assert state.end_leftovers(tmp_path, patience=0.2) == []
        assert newcomer.poll() is None
        newcomer.kill()


def test_the_note_of_what_runs_holds_no_secrets(tmp_path: Path) -> None:
    state.remember(tmp_path, {"Worker": state.Started(7, ["python", "worker.py"])})
    assert json.loads((tmp_path / "running.json").read_text()) == {
        "Worker": [7, "python", "worker.py"]
    }


def test_a_state_directory_that_was_deleted_while_it_ran_is_no_error(tmp_path: Path) -> None:
    state.remember(tmp_path / "gone", {})
    assert not (tmp_path / "gone").exists()
