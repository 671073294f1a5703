"""The roster in a real browser: on a phone, on a desk, by keyboard, on paper, no JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page

from domain.models import Mentor, Status
from domain.queue import QueueEntry
from domain.view import CaseFile
from tests.browser import browser
from tests.starter import house as houses
from tests.starter.house import CORA, LINKS, NOW, RIA

__all__ = ["browser"]

PHONE, DESK = 360, 1280
PATH = LINKS.roster_path(CORA, NOW)
REQUEST = "MR-AAAAAAAAAA"
PLACES = ["America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", ""]
STATUSES = ["Available", "Snoozed", "Opted out", "Dormant"]


def mentors(number: int) -> list[Mentor]:
    return [
        Mentor(
            slack_id=f"U{n:04}",
            record_id=f"rec{n:04}",
            name="Wolfeschlegelsteinhausenbergerdorff"
            if n == 3
            else f"Mentor Number-{n:04} Okafor",
            skills=["JavaScript", "TypeScript", "Amazon Web Services", "PostgreSQL"][: n % 5],
            services=["General Guidance – Voice Chat", "Pair Programming", "Code Review"][: n % 4],
            time_zone=PLACES[n % 4],
            status=STATUSES[n % 4],
            snoozed_until=NOW + timedelta(days=n) if n % 4 == 1 else None,
            opted_out_at=NOW - timedelta(days=n * 30) if n % 4 == 2 else None,
            last_seen=NOW - timedelta(days=n) if n % 3 else None,
            max_mentees=2,
            load=n % 3,
        )
        for n in range(number)
    ]


_BROKEN_WORDS = """cells => cells.flatMap(cell => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  for (let text; (text = texts.nextNode()); ) {
    for (const word of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (range.getClientRects().length > 1) broken.push(word[0]);
    }
  }
  return broken;
})"""


@asynccontextmanager
async def opened(
    browser: Browser, width: int, *, number: int = 30, query: str = ""
) -> AsyncIterator[Page]:
    """The roster without JavaScript: the page has none, and nobody needs any."""
    async with houses.house() as house:
        house.catalog.all_mentors = mentors(number)
        house.requests.cases[REQUEST] = CaseFile(
            request_id=REQUEST,
            now=NOW,
            service="Code Review",
            skills=["JavaScript"],
            mentee=RIA.slack_id,
        )
        house.queue.entries = [
            QueueEntry(
                request_id=REQUEST, service="Code Review", status=Status.OPEN, submitted_at=NOW
            )
        ]
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=False
        )
        page = await context.new_page()
        await page.goto(str(house.client.make_url(f"{PATH}{query}")))
        yield page
        await context.close()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("query", ["", f"?request={REQUEST}"])
async def test_nothing_is_wider_than_the_screen(browser: Browser, width: int, query: str) -> None:
    async with opened(browser, width, query=query) as page:
        root = page.locator("html")
        wide = await root.evaluate("one => one.scrollWidth")
        assert wide <= width
        cells = ".seen, .clock" if width == PHONE else "thead th, .seen, .clock, .standing"
        broken = await page.locator(cells).evaluate_all(_BROKEN_WORDS)
        assert broken == []
        assert await page.get_by_role("row").count() == 31


async def test_on_a_phone_each_mentor_is_a_card_whose_lines_say_what_they_are(
    browser: Browser,
) -> None:
    async with opened(browser, PHONE) as page:
        card = page.get_by_role("row").nth(1)
        box = await card.bounding_box()
        assert box is not None
        assert box["width"] > PHONE * 0.8
        label = await card.locator("td").first.evaluate(
            "one => getComputedStyle(one, '::before').content"
        )
        assert label == '"Status"'


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_a_screen_reader_is_told_of_a_table_with_its_headings(
    browser: Browser, width: int
) -> None:
    async with opened(browser, width) as page:
        table = page.get_by_role("table", name="Mentors on 10 Mar 2026, 14:00 UTC")
        assert await table.count() == 1
        headings = await table.get_by_role("columnheader").all_inner_texts()
        assert headings[:4] == ["Name", "Status", "Mentees", "Asks this week"]
        row = table.get_by_role("row").nth(1)
        assert await row.get_by_role("rowheader").count() == 1
        assert await row.get_by_role("cell").count() == 7


async def test_filters_are_used_with_the_keyboard_alone_and_the_address_can_be_kept(
    browser: Browser,
) -> None:
    async with opened(browser, DESK) as page:
        await page.get_by_label("Skill", exact=True).focus()
        await page.keyboard.type("js")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.type("Avail")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Show").press("Enter")
        await page.get_by_role("heading", name="of 30 mentors").wait_for()
        assert "skill=js" in page.url
        assert "status=Available" in page.url
        shown = await page.get_by_role("rowheader").count()
        assert 0 < shown < 30
        await page.reload()
        assert await page.get_by_role("rowheader").count() == shown
        await page.get_by_role("link", name="Clear filters").click()
        assert await page.get_by_role("rowheader").count() == 30


async def test_a_request_adds_the_reason_beside_each_mentor(browser: Browser) -> None:
    async with opened(browser, DESK) as page:
        await page.get_by_label("Why (not) asked for this request?").select_option(REQUEST)
        await page.get_by_role("button", name="Show").click()
        assert await page.get_by_role("columnheader", name="Why (not) asked").count() == 1
        await page.get_by_text("not asked: opted out").first.wait_for()


async def test_what_can_be_pressed_is_large_enough_for_a_thumb(browser: Browser) -> None:
    async with opened(browser, PHONE) as page:
        for one in await page.locator("form select, form input, form button").all():
            box = await one.bounding_box()
            assert box is not None
            assert box["height"] >= 44


async def test_on_paper_there_is_the_table_and_no_form(browser: Browser) -> None:
    async with opened(browser, DESK) as page:
        await page.emulate_media(media="print")
        assert not await page.get_by_role("button", name="Show").is_visible()
        assert await page.get_by_role("table").is_visible()


async def test_a_page_of_a_thousand_mentors_is_light(browser: Browser) -> None:
    async with opened(browser, DESK, number=1000) as page:
        assert await page.get_by_role("row").count() == 101
        assert len(await page.content()) < 400_000
        await page.get_by_role("link", name="Further").click()
        assert await page.get_by_text("Page 2 of 10").is_visible()
