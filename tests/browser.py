"""A headless Chromium for browser tests: import `browser` into a test module and ask for it.

The tests are skipped only where there is no Chromium and MUSTER_BROWSER_TESTS_REQUIRED is not
set; .ci/run sets it.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
"""The last one keeps the pages from reaching any other machine."""


def find_chromium() -> Path | None:
    """$CHROMIUM if it is set, else Debian's chromium, else one on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    debian = Path("/usr/bin/chromium")
    if debian.is_file():
        return debian
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return Path(found) if found else None


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser a module; give each person a context of their own with `new_context()`."""
    chromium = find_chromium()
    if chromium is None:
        missing = "no Chromium: install Debian's chromium package or set CHROMIUM to its path"
        if os.environ.get("MUSTER_BROWSER_TESTS_REQUIRED"):
            pytest.fail(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        await launched.close()
