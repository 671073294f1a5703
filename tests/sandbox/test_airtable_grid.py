"""The grid page in a real browser: it shows rows, follows their changes, and only shows."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import requests
from playwright.async_api import Browser, Page, expect

from sandbox.config import AirtableStandInConfig
from sandbox.people import by_name
from tests.browser import browser
from tests.sandbox.airtable_standin import TIMEOUT, StandIn, running

__all__ = ["browser"]

NASTY = "<script>document.title='owned'</script> <!channel> مرحبا 🎉"


@pytest.fixture(scope="module")
def airtable() -> Iterator[StandIn]:
    with running(AirtableStandInConfig(rate_limits=False)) as standin:
        yield standin


@pytest.fixture(autouse=True)
def fresh(airtable: StandIn) -> None:
    airtable.control("reset")


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page whose console must stay quiet."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    shown = await context.new_page()
    complaints: list[str] = []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield shown
    await context.close()
    assert complaints == []


def upsert(airtable: StandIn, **fields: Any) -> None:
    given = {name.replace("_", " "): value for name, value in fields.items()}
    airtable.table("Mentor Request").batch_upsert([{"fields": given}], ["Request ID"])


async def test_change_appears_by_itself_and_is_marked_in_words(
    page: Page, airtable: StandIn
) -> None:
    upsert(airtable, Request_ID="MR-1", Status="Open")
    await page.goto(airtable.url)
    row = page.locator("#rows tr", has_text="MR-1")
    await expect(row).to_contain_text("Open")
    await expect(row.locator(".mark")).to_have_count(0)

    upsert(airtable, Request_ID="MR-1", Status="Claimed")
    await expect(row).to_contain_text("Claimed")
    await expect(row.locator("td.fresh .mark")).to_have_text("changed")
    await expect(page.locator("#news")).to_have_text("MR-1: Status changed")

    upsert(airtable, Request_ID="MR-2", Status="Open")
    await expect(page.locator("#rows tr").first).to_contain_text("MR-2")
    await expect(page.locator("#rows tr").first.locator(".number")).to_have_text("new")
    await expect(page.get_by_role("link", name="Mentor Request")).to_contain_text("2")


async def test_link_by_request_id_opens_the_record_even_if_it_comes_later(
    page: Page, airtable: StandIn
) -> None:
    await page.goto(airtable.url + "/?table=Mentor%20Request&key=MR-9")
    await expect(page.locator("#empty")).to_contain_text("Nothing in Mentor Request yet")
    upsert(airtable, Request_ID="MR-9", Status="Open", Goal=NASTY)
    await expect(page.locator("#record-title")).to_have_text("MR-9")
    assert "record=rec" in page.url
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("#record")).to_be_hidden()


async def test_text_from_people_is_shown_as_text(page: Page, airtable: StandIn) -> None:
    upsert(
        airtable, **{"Request_ID": "MR-1", "Goal": NASTY, "Workflow_Link": "javascript:alert(1)"}
    )
    await page.goto(airtable.url + "/?table=Mentor%20Request&key=MR-1")
    await expect(page.locator("#record-fields")).to_contain_text(NASTY)
    assert await page.locator('a[href^="javascript"]').count() == 0
    await expect(page).to_have_title("Mentor Request · Airtable stand-in")


async def test_chip_leads_to_the_linked_record_and_back_leads_back(
    page: Page, airtable: StandIn
) -> None:
    await page.goto(airtable.url + "/?table=Mentors&key=sam")
    await page.locator("#record-fields").get_by_role("button", name="Python", exact=True).click()
    await expect(page.locator("#record-table")).to_contain_text("Skillsets")
    await expect(page.locator("#record-title")).to_have_text("Python")
    await expect(page.get_by_role("link", name="Skillsets")).to_have_attribute(
        "aria-current", "page"
    )
    await page.go_back()
    await expect(page.locator("#record-title")).to_have_text("sam")


async def test_search_and_sort_narrow_and_order_the_rows(page: Page, airtable: StandIn) -> None:
    await page.goto(airtable.url + "/?table=Mentors")
    await expect(page.locator("#count")).to_have_text("82 rows")
    await page.get_by_label("Search this table").fill("asia/")
    await expect(page.locator("#count")).to_have_text("3 of 82 rows")
    await page.get_by_label("Search this table").fill("")
    await page.get_by_role("button", name="Full Name").click()
    await expect(page.locator("#rows tr").first).to_contain_text("Adaeze Nwosu")
    await page.get_by_role("button", name="Full Name").click()
    await expect(page.locator("#rows tr").first).to_contain_text("Zoë Castellanos")
    await page.get_by_label("Search this table").fill("nobody at all")
    await expect(page.locator("#empty")).to_contain_text("No row has “nobody at all” in it")


async def test_rows_can_be_opened_and_left_with_the_keyboard(page: Page, airtable: StandIn) -> None:
    await page.goto(airtable.url + "/?table=Services")
    await page.get_by_role("button", name="Open row 3, Pair Programming").press("Enter")
    await expect(page.locator("#record-title")).to_be_focused()
    await page.get_by_role("button", name="Row below").press("Enter")
    await expect(page.locator("#record-title")).to_have_text("Code Review")
    await page.keyboard.press("Escape")
    await expect(page.locator("#record")).to_be_hidden()


async def test_page_fits_a_phone_and_says_what_it_is(browser: Browser, airtable: StandIn) -> None:
    context = await browser.new_context(viewport={"width": 390, "height": 800})
    page = await context.new_page()
    await page.goto(airtable.url + "/?table=Mentors&key=sam")
    await expect(page.locator("#record-title")).to_have_text("sam")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await expect(page.locator(".banner")).to_have_text(
        "Airtable stand-in · invented people · nothing leaves this machine"
    )
    await context.close()


async def test_both_bases_can_be_looked_at(page: Page, airtable: StandIn) -> None:
    await page.goto(airtable.url)
    await page.get_by_label("Base").select_option(label="Mentorship – coordinators only")
    await expect(page.get_by_role("link", name="Session Notes")).to_be_visible()
    await page.get_by_role("link", name="Never Pair").click()
    await expect(page.locator("#count")).to_have_text("2 rows")
    await expect(page.locator("#rows")).to_contain_text(by_name("Sunniva Hauglund").slack_id)


async def test_second_wait_stands_in_the_row_with_its_breach(page: Page, airtable: StandIn) -> None:
    upsert(airtable, Request_ID="MR-1", Rematch_Breached=True, **{"Rematch Wait (h)": 49.5})
    await page.goto(airtable.url + "/?table=Mentor%20Request&key=MR-1")
    record = page.locator("#record")
    await expect(record).to_contain_text("Rematch Wait (h)")
    await expect(record).to_contain_text("49.5")
    await expect(record).to_contain_text("Rematch Breached")


def test_page_offers_nothing_to_write_with_and_no_other_file(airtable: StandIn) -> None:
    for path in ("/grid/rows", "/grid/bases"):
        assert requests.post(airtable.url + path, timeout=TIMEOUT).status_code == 405
    assert requests.get(airtable.url + "/page/..%2Fapi.py", timeout=TIMEOUT).status_code == 404
    assert requests.get(airtable.url + "/page/api.py", timeout=TIMEOUT).status_code == 404
    policy = requests.get(airtable.url, timeout=TIMEOUT).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
