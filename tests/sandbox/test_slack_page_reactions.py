"""On the page: reactions to messages, and closing somebody's account."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect
from slack_bolt.context.ack.async_ack import AsyncAck

from sandbox.slack.identity import BOT_USER_ID, GENERAL_ID, MENTORS_ID
from tests.sandbox.slack_harness import JSON, KENJI, RILEY, SAM, AppSide, with_bolt
from tests.sandbox.slack_page import Visit, browser, post, visit

__all__ = ["browser", "visit"]


@pytest.fixture
async def side() -> AsyncIterator[AppSide]:
    async with with_bolt() as app_side:

        async def note(ack: AsyncAck, event: JSON) -> None:
            await ack()
            await app_side.bodies.put(event)

        for kind in ("reaction_added", "reaction_removed", "user_change"):
            app_side.bolt.event(kind)(note)
        yield app_side


async def told(side: AppSide) -> tuple[str, str, str]:
    event = await side.next()
    assert event["item_user"] == BOT_USER_ID
    return event["type"], event["user"], event["reaction"]


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_reaction_is_put_on_with_the_keys_counted_for_all_and_taken_back(
    side: AppSide, visit: Visit, width: int
) -> None:
    await post(side, MENTORS_ID, "Who has an hour on Thursday?")
    sam = await visit(SAM, f"&channel={MENTORS_ID}", width)
    kenji = await visit(KENJI, f"&channel={MENTORS_ID}", width)
    add = sam.get_by_role("article").get_by_role("button", name="Add a reaction")
    await add.focus()
    await sam.keyboard.press("Enter")
    await expect(sam.get_by_role("menuitem", name="Thumbs up")).to_be_focused()
    await sam.keyboard.press("ArrowDown")
    await sam.keyboard.press("Enter")
    assert await told(side) == ("reaction_added", SAM, "raised_hands")
    await expect(add).to_be_focused()

    hands = kenji.get_by_role("button", name="Raised hands: 1, Sam Okafor")
    await expect(hands).to_have_attribute("aria-pressed", "false")
    await hands.click()
    assert await told(side) == ("reaction_added", KENJI, "raised_hands")
    both = sam.get_by_role("button", name="Raised hands: 2, you, Kenji Mori")
    await expect(both).to_have_attribute("aria-pressed", "true")
    await both.focus()
    await sam.keyboard.press("Space")
    assert await told(side) == ("reaction_removed", SAM, "raised_hands")
    left = sam.get_by_role("button", name="Raised hands: 1, Kenji Mori")
    await expect(left).to_be_focused()
    await kenji.get_by_role("button", name="Raised hands: 1, you").click()
    assert await told(side) == ("reaction_removed", KENJI, "raised_hands")
    await expect(sam.locator(".reaction")).to_have_count(0)


async def test_reactions_are_there_after_a_reload_and_in_a_thread(
    side: AppSide, visit: Visit
) -> None:
    await post(side, MENTORS_ID, "Who has an hour on Thursday?")
    page = await visit(SAM, f"&channel={MENTORS_ID}")
    message = page.get_by_role("article")
    await message.hover()
    await message.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_label("Thread", exact=True)
    await thread.get_by_role("article").first.hover()
    await thread.get_by_role("button", name="Add a reaction").click()
    await page.get_by_role("menuitem", name="Heart").click()
    await expect(page.get_by_role("button", name="Heart: 1, you")).to_have_count(2)
    await page.reload()
    await expect(page.get_by_role("button", name="Heart: 1, you")).to_have_count(2)


async def test_a_note_that_only_one_person_sees_takes_no_reaction(
    side: AppSide, visit: Visit
) -> None:
    page = await visit(SAM, f"&channel={GENERAL_ID}")
    composer = page.get_by_role("textbox", name="Message to general")
    await composer.fill("/nothing")
    await composer.press("Enter")
    note = page.get_by_role("article").last
    await expect(note).to_contain_text("not a valid command")
    await expect(note.get_by_role("button", name="Add a reaction")).to_have_count(0)


async def account_menu(page: Page, name: str) -> None:
    await page.get_by_role("button", name=f"More about {name}").locator("visible=true").click()
    note = page.get_by_text("Only this stand-in has this.")
    await expect(note.locator("visible=true")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
async def test_an_account_is_closed_and_opened_again_and_the_app_hears_of_it(
    side: AppSide, visit: Visit, width: int
) -> None:
    page = await visit(RILEY, f"&channel={GENERAL_ID}", width)
    close = page.get_by_role("menuitem", name="Close this account")
    await account_menu(page, "Riley Santos")
    await close.click()
    sure = page.get_by_role("dialog", name="Close the account of Riley Santos?")
    await sure.get_by_role("button", name="Cancel").click()
    assert side.bodies.empty()

    await account_menu(page, "Riley Santos")
    await close.click()
    await sure.get_by_role("button", name="Close the account").click()
    event = await side.next()
    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == (
        "user_change",
        RILEY,
        True,
    )
    await expect(page.get_by_role("heading", name="Who would you like to be?")).to_be_visible()
    await expect(page.get_by_text("Riley Santos’s account is deactivated.")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_role("button", name="Open the account of Riley Santos again").click()
    assert (await side.next())["user"]["deleted"] is False
    await expect(page.get_by_role("textbox", name="Message to general")).to_be_visible()


async def test_accounts_that_are_closed_stand_on_the_first_page(
    side: AppSide, visit: Visit
) -> None:
    page = await visit("")
    await page.get_by_role("button", name="Open the account of Reggie Tillman again").click()
    assert (await side.next())["user"]["real_name"] == "Reggie Tillman"
    await expect(page.get_by_role("heading", name="Closed accounts")).to_have_count(0)
