"""A person at the stand-in's page, in a real browser: what the page's tests share.

Import `browser` and `visit` into a test module that has a fixture `side`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser import browser
from tests.sandbox.slack_harness import JSON, AppSide

__all__ = ["browser"]

Visit = Callable[..., Awaitable[Page]]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[JSON]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def input_block(block_id: str, kind: str, label: str, **more: Any) -> JSON:
    optional = more.pop("optional", False)
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(label),
        "element": {"type": kind, "action_id": "it", **more},
    }


@pytest.fixture
async def visit(browser: Browser, side: AppSide) -> AsyncIterator[Visit]:
    """Opens the page as a person, each in a browser of their own; no script error is let pass."""
    contexts = []
    problems: list[str] = []

    async def open_page(user: str, query: str = "", width: int = 1280) -> Page:
        context = await browser.new_context(viewport={"width": width, "height": 800})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{side.slack.url}?user={user}{query}")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert problems == []


async def post(side: AppSide, channel: str, text: str, blocks: list[JSON] | None = None) -> None:
    await side.slack.client.chat_postMessage(channel=channel, text=text, blocks=blocks)


async def choose(page: Page, label: str, typed: str, option: str) -> None:
    field = page.get_by_role("combobox", name=label, exact=True)
    await field.click()
    await field.fill(typed)
    await page.get_by_role("option", name=option).click()
