"""What a machine that lacks something is told before anything is installed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from local import bootstrap


def everything(module: str) -> bool:
    return True


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_linux_and_macos_with_a_recent_python_are_fit(platform: str) -> None:
    bootstrap.require_fit((3, 11), platform, everything)
    bootstrap.require_fit((3, 14), platform, everything)


def test_an_old_python_is_named_plainly() -> None:
    with pytest.raises(bootstrap.Unfit, match=r"needs Python 3\.11 or newer; this is 3\.8"):
        bootstrap.require_fit((3, 8), "linux", everything)


@pytest.mark.parametrize("platform", ["win32", "cygwin", "msys"])
def test_windows_is_named_with_the_way_out(platform: str) -> None:
    with pytest.raises(bootstrap.Unfit, match="WSL"):
        bootstrap.require_fit((3, 12), platform, everything)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_debians_package(missing: str) -> None:
    with pytest.raises(bootstrap.Unfit, match="python3-venv"):
        bootstrap.require_fit((3, 12), "linux", lambda module: module != missing)


def test_an_old_python_can_read_the_bootstrap_far_enough_to_say_so() -> None:
    source = Path(bootstrap.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine whose commands are noted instead of run; each then counts as having worked."""
    commands: list[str] = []

    def run(command: list[str], doing: str) -> None:
        commands.append(doing)
        (tmp_path / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / ".venv" / "bin" / "python").touch()

    def works(python: Path) -> bool:
        return python.exists()

    (tmp_path / "requirements.lock").write_text("one==1\n")
    (tmp_path / "requirements-dev.lock").write_text("one==1\ntwo==2\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "_run", run)
    monkeypatch.setattr(bootstrap, "_works", works)
    return commands


def test_packages_are_installed_once_and_again_when_the_lock_changes(
    machine: list[str], tmp_path: Path
) -> None:
    bootstrap.install(["requirements.lock"])
    assert machine == ["creating .venv", "installing the packages"]
    bootstrap.install(["requirements.lock"])
    assert len(machine) == 2
    (tmp_path / "requirements.lock").write_text("one==1.1\n")
    bootstrap.install(["requirements.lock"])
    assert machine[2:] == ["installing the packages"]


def test_the_tools_lock_counts_for_the_runtime_lock_too(machine: list[str]) -> None:
    bootstrap.install(["requirements.lock", "requirements-dev.lock"])
    before = len(machine)
    bootstrap.install(["requirements.lock"])
    assert len(machine) == before


def test_every_package_in_the_locks_is_pinned_by_hash_and_names_no_registry() -> None:
    for name in (bootstrap.RUNTIME_LOCK, bootstrap.DEV_LOCK):
        lock = (bootstrap.ROOT / name).read_text()
        entries = [entry for entry in lock.split("\n") if entry and entry[0] not in "# "]
        assert entries
        assert all("==" in entry and entry.endswith("\\") for entry in entries)
        assert "://" not in lock


def test_the_tools_lock_includes_the_runtime_lock() -> None:
    def pins(name: str) -> set[str]:
        lock = (bootstrap.ROOT / name).read_text()
        return {line.split()[0] for line in lock.split("\n") if line and line[0] not in "# "}

    assert pins(bootstrap.RUNTIME_LOCK) < pins(bootstrap.DEV_LOCK)
