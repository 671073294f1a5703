"""``make skills``: look for near-duplicates in the records of the Muster that runs here."""

from __future__ import annotations

import subprocess
import sys

from local.config import ROOT, Secrets, environment, read_settings
from local.console import Console


def main() -> int:
    settings = read_settings()
    if not settings.state_dir.is_dir():
        Console().warn("Muster does not run here. Start it first: make up.")
        return 1
    told = environment(settings, Secrets.of(settings.state_dir))
    command = [sys.executable, "-m", "records.skillsets", *sys.argv[1:]]
    return subprocess.run(command, env=told, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
