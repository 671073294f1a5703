"""``make reset``: throw the local state away."""

from __future__ import annotations

import sys

from local.config import read_settings
from local.console import Console
from local.state import InUseError, throw_away


def main() -> int:
    settings, console = read_settings(), Console()
    try:
        existed = throw_away(settings.state_dir)
    except InUseError:
        console.warn("Muster is running. Stop it first (Ctrl-C in its terminal), then reset.")
        return 1
    console.say("Local state thrown away." if existed else "There was no local state.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
