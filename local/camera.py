"""Takes pictures of pages, for the README and the guides."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from local.config import ROOT
from local.console import Console

PICTURES = ROOT / "docs" / "pictures"
DESKTOP = (1280, 800)
_SETTLE = 1.5
"""Seconds for a page to load its live parts."""
_UNROLL = "dialog => { dialog.style.maxHeight = 'none'; }"
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


class Camera:
    """Takes pictures of pages."""

    def __init__(self, browser: Browser, console: Console) -> None:
        self._browser = browser
        self._console = console

    async def shoot(
        self,
        name: str,
        url: str,
        size: tuple[int, int] = DESKTOP,
        *,
        settle: float = _SETTLE,
        until: str = "",
        press: Sequence[str] = (),
        part: str = "",
        unrolled: bool = False,
    ) -> None:
        """Save what ``url`` shows as docs/pictures/``name``.png.

        Args:
            settle: seconds for the page to load, and again after each press.
            until: words that the page must say first.
            press: labels of buttons or tabs to press before, the last one of each.
            part: a CSS selector; only the last element that fits it is in the picture.
            unrolled: dialogs are as long as what is in them, so that nobody need scroll.
        """
        width, height = size
        page = await self._browser.new_page(viewport={"width": width, "height": height})
        await page.goto(url)
        if until:
            await page.get_by_text(until).last.wait_for()
        await page.wait_for_timeout(settle * 1000)
        for label in press:
            named = (page.get_by_role(role, name=label) for role in ("button", "tab", "link"))
            button, tab, link = named
            await button.or_(tab).or_(link).last.click()
            await page.wait_for_timeout(settle * 1000)
        if unrolled:
            await page.locator("dialog[open]").last.evaluate(_UNROLL)
        path = PICTURES / f"{name}.png"
        if part:
            await page.locator(part).last.screenshot(path=path)
        else:
            await page.screenshot(path=path)
        await page.close()
        self._console.done(f"docs/pictures/{name}.png")


@asynccontextmanager
async def open_camera(console: Console) -> AsyncIterator[Camera]:
    """A headless Chromium, for as long as the context lasts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_CHROMIUM)
        )
        yield Camera(browser, console)
        await browser.close()
