"""Self-hosting: the files that only a machine with Docker can run must at least hold together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from local.config import ROOT

NOT_IN_PRODUCTION = {"local", "sandbox", "tests", "bench", "docs"}


def test_the_compose_file_is_valid() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    command += ["vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_image_holds_every_production_package_and_no_other() -> None:
    copied = set(re.findall(r"^COPY (\w+) \./\1$", (ROOT / "Dockerfile").read_text(), re.M))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_IN_PRODUCTION
    assert copied == packages | {"policies"}


def test_production_imports_neither_the_sandbox_nor_what_runs_it() -> None:
    packages = [path.parent for path in ROOT.glob("*/__init__.py")]
    sources = [ROOT / "worker.py", ROOT / "settings.py"]
    for package in packages:
        if package.name not in NOT_IN_PRODUCTION:
            sources += package.rglob("*.py")
    imports = re.compile(r"^\s*(?:from|import) (sandbox|local)\b", re.M)
    guilty = [str(path.relative_to(ROOT)) for path in sources if imports.search(path.read_text())]
    assert guilty == []


def test_the_sandbox_imports_nothing_of_ours() -> None:
    ours = "|".join(
        path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "sandbox"
    )
    imports = re.compile(rf"^\s*(?:from|import) ({ours}|settings|worker)\b", re.M)
    sources: list[Path] = list((ROOT / "sandbox").rglob("*.py"))
    guilty = [str(path.relative_to(ROOT)) for path in sources if imports.search(path.read_text())]
    assert guilty == []
