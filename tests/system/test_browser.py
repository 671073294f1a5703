"""The same in two browsers: a mentee on a phone, and a mentor on the Slack page."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.async_api import Browser, Page, expect

from sandbox.people import by_name
from tests.browser import browser
from tests.system.people import Message
from tests.system.town import DETAILS, GOAL, Town

__all__ = ["browser"]

PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds; the status page looks for news by itself, more and more seldom."""


async def test_a_mentee_asks_on_a_phone_a_mentor_claims_and_the_status_page_changes_by_itself(
    town: Town, browser: Browser
) -> None:
    await town.only_mentors("Sam Okafor", "Kenji Mori")
    phone = await browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    desk = await browser.new_context()
    try:
        mentee = await phone.new_page()
        await _fill_the_form(mentee, town)
        await expect(mentee.get_by_role("heading", level=1)).to_have_text(
            "Your request has arrived"
        )
        await _fits_the_phone(mentee)

        await mentee.goto(_app_dm_of(town, "Riley Santos"))
        async with phone.expect_page() as opened:
            await mentee.get_by_role("link", name="See where your request stands").click()
        status = await opened.value
        await expect(status.get_by_role("heading", level=1)).to_have_text(re.compile("asking|look"))
        await _fits_the_phone(status)

        mentor = await desk.new_page()
        await mentor.goto(_app_dm_of(town, "Sam Okafor"))
        await mentor.get_by_role("button", name="Claim", exact=True).click()
        await expect(mentor.get_by_role("button", name="Undo")).to_be_visible()
        await expect(status.get_by_text("Sam Okafor")).to_have_count(0)

        request = town.request(await _received(town))
        await request.clock.skip(timedelta(minutes=3))
        await expect(status.locator("#where")).to_contain_text("Sam Okafor", timeout=PATIENCE)
        await expect(status.locator("[aria-current=step]")).to_contain_text("Matched")
    finally:
        await phone.close()
        await desk.close()


async def _fill_the_form(page: Page, town: Town) -> None:
    await page.goto(f"{town.settings.form_url}/")
    await _fits_the_phone(page)
    await page.get_by_label("e-mail", exact=False).fill(by_name("Riley Santos").email)
    await page.get_by_role("radio", name="Pair Programming").check()
    await page.locator("#goal").fill(GOAL)
    await page.locator("#details").fill(DETAILS)
    await page.get_by_role("checkbox", name="Python").check()
    await page.get_by_role("button", name="Send").click()


async def _fits_the_phone(page: Page) -> None:
    """Nobody has to scroll sideways."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _app_dm_of(town: Town, name: str) -> str:
    return f"{town.settings.slack_url}/?user={by_name(name).slack_id}&channel=app"


async def _received(town: Town) -> Message:
    return await (await town.person("Riley Santos")).see_button("Cancel my request")
