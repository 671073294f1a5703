"""Where things are on the page: threads, mentions, linked messages, Home, closed accounts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import by_name
from sandbox.slack.identity import COORDINATORS_ID, GENERAL_ID, MENTORS_ID
from tests.sandbox.slack_harness import DANA, JSON, KENJI, RILEY, SAM, AppSide, card, with_bolt
from tests.sandbox.slack_page import Visit, browser, options, plain, post, visit

__all__ = ["browser", "visit"]

REGGIE = by_name("Reggie Tillman").slack_id
PHONE = 390


@pytest.fixture
async def side() -> AsyncIterator[AppSide]:
    async with with_bolt() as app_side:

        async def note(event: JSON) -> None:
            await app_side.bodies.put(event)

        app_side.bolt.event("message")(note)
        yield app_side


def badge(page: Page, channel: str) -> Any:
    return page.get_by_role("link", name=channel).locator(".count")


@pytest.mark.parametrize("width", [1280, PHONE])
async def test_a_reply_below_a_card_in_the_dm_reaches_the_app_as_a_thread(
    side: AppSide, visit: Visit, width: int
) -> None:
    sent = await side.slack.client.chat_postMessage(channel=RILEY, text="Received", blocks=card())
    page = await visit(RILEY, "&channel=app", width=width)
    await page.get_by_role("article").last.hover()
    await page.get_by_role("button", name="Reply in thread").click()
    reply = page.get_by_role("textbox", name="Reply in this thread")
    await reply.fill("May I add something?")
    await reply.press("Enter")
    event = await side.next()
    assert (event["channel"], event["channel_type"]) == (sent["channel"], "im")
    assert (event["thread_ts"], event["text"]) == (sent["ts"], "May I add something?")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article").last).to_contain_text("May I add something?")
    await side.slack.client.chat_postMessage(
        channel=sent["channel"], thread_ts=sent["ts"], text="Passed on to the coordinators."
    )
    await expect(thread.get_by_role("article").last).to_contain_text("Passed on")


async def test_what_is_typed_in_a_group_dm_reaches_the_app(side: AppSide, visit: Visit) -> None:
    opened = await side.slack.client.conversations_open(users=[RILEY, SAM])
    group = opened["channel"]["id"]
    await post(side, group, f"<@{SAM}> says hello to <@{RILEY}>")
    page = await visit(RILEY, f"&channel={group}")
    await expect(page.get_by_role("article").last).to_contain_text(
        "@Sam Okafor says hello to @Riley Santos"
    )
    composer = page.get_by_role("textbox", name="Message to")
    await composer.fill("@sam thank you")
    await composer.press("Enter")
    event = await side.next()
    assert (event["channel"], event["channel_type"], event["user"]) == (group, "mpim", RILEY)
    assert event["text"] == f"<@{SAM}> thank you"


async def test_a_mention_is_a_badge_until_it_is_read(side: AppSide, visit: Visit) -> None:
    page = await visit(DANA, "&channel=app")
    await post(side, COORDINATORS_ID, "A card without a name")
    count = badge(page, "mentor-coordinators")
    await expect(count).to_have_text("1 unread")
    await expect(count).to_have_class("count calm")
    await post(side, COORDINATORS_ID, f"<@{DANA}>, this one waits for 24 hours")
    await expect(count).to_have_text("@1 mention of you, 2 unread")
    await expect(count).to_have_class("count")
    await page.get_by_role("link", name="mentor-coordinators").click()
    await expect(count).to_have_count(0)
    named = page.get_by_role("article").last
    await expect(named).to_have_class("message grouped mentions-me")
    await expect(named.locator(".mention.mine")).to_have_text("@Dana Whitfield")


async def test_a_mention_in_a_thread_is_read_when_the_thread_is(
    side: AppSide, visit: Visit
) -> None:
    client = side.slack.client
    parent = (await client.chat_postMessage(channel=COORDINATORS_ID, text="One card"))["ts"]
    page = await visit(DANA, f"&channel={COORDINATORS_ID}")
    count = badge(page, "mentor-coordinators")
    await expect(page.get_by_role("article").last).to_contain_text("One card")
    await client.chat_postMessage(
        channel=COORDINATORS_ID, thread_ts=parent, text=f"<@{DANA}> a mentee wrote"
    )
    await expect(count).to_have_text("@1 mention of you")
    await expect(page).to_have_title("(1) mentor-coordinators · Dana Whitfield · Slack stand-in")
    await page.get_by_role("button", name="1 reply").click()
    await expect(count).to_have_count(0)
    await client.chat_postMessage(
        channel=COORDINATORS_ID, thread_ts=parent, text=f"<@{DANA}> and again"
    )
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article").last).to_contain_text("and again")
    await expect(count).to_have_count(0)
    others = await side.slack.as_(by_name("Luz Arreola").slack_id).get("conversations")
    seen = {c["id"]: c["mentions"] for c in others["conversations"]}
    assert seen[COORDINATORS_ID] == 0


async def test_links_to_messages_open_here_as_the_one_who_follows_them(
    side: AppSide, visit: Visit
) -> None:
    client = side.slack.client
    old = (await client.chat_postMessage(channel=MENTORS_ID, text="The card"))["ts"]
    reply = (await client.chat_postMessage(channel=MENTORS_ID, text="A bump", thread_ts=old))["ts"]
    links = [
        (await client.chat_getPermalink(channel=MENTORS_ID, message_ts=ts))["permalink"]
        for ts in (old, reply)
    ]
    for number in range(70):
        await side.slack.as_(KENJI).type(MENTORS_ID, f"chatter {number}")
    await post(side, SAM, f"See <{links[0]}|the card>, <{links[1]}|the bump> in <#{MENTORS_ID}>")
    page = await visit(SAM, "&channel=app")
    words = page.get_by_role("article").last
    await expect(words).to_contain_text("the bump in #mentors-internal")
    await words.get_by_role("link", name="the card").click()
    await expect(page.locator(".message.linked")).to_contain_text("The card")
    await expect(page.get_by_role("heading", name="mentors-internal", level=1)).to_be_visible()

    await page.get_by_role("link", name="Muster", exact=True).click()
    await words.get_by_role("link", name="the bump").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.locator(".message.linked")).to_contain_text("A bump")

    there = await page.context.new_page()
    await page.get_by_role("link", name="Muster", exact=True).click()
    href = await words.get_by_role("link", name="the bump").get_attribute("href")
    await there.goto(str(href))
    await expect(there.get_by_role("complementary", name="Thread")).to_contain_text("A bump")
    assert f"user={SAM}" in there.url

    plain_link = await page.context.new_page()
    await plain_link.goto(links[1])
    await expect(plain_link.get_by_role("heading", name="Who would you like")).to_be_visible()


def queue(count: int, heading: str) -> JSON:
    """A Home with a header, requests with a menu and a button each, and a line below them."""
    blocks: list[JSON] = [{"type": "header", "text": plain(heading)}]
    for number in range(count):
        select = {
            "type": "static_select",
            "action_id": f"assign-{number}",
            "placeholder": plain("Assign"),
            "options": options("Sam", "Kenji"),
        }
        text = {"type": "mrkdwn", "text": f"*MR-{number}* waits {number} h"}
        blocks.append({"type": "section", "text": text, "accessory": select})
    context = {"type": "mrkdwn", "text": f"{count} open"}
    blocks.append({"type": "context", "elements": [context]})
    take = {"type": "button", "action_id": "take", "text": plain("Take the next"), "value": "MR-0"}
    blocks.append({"type": "actions", "block_id": "row", "elements": [take]})
    return {"type": "home", "callback_id": "queue", "private_metadata": "p", "blocks": blocks}


@pytest.mark.parametrize("width", [1280, PHONE])
async def test_a_home_of_a_hundred_blocks_works_and_changes_when_it_is_published(
    side: AppSide, visit: Visit, width: int
) -> None:
    shown = queue(97, "Queue")
    assert len(shown["blocks"]) == 100

    @side.bolt.event("app_home_opened")
    async def publish(event: JSON, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=shown)

    async def note(ack: AsyncAck, body: JSON) -> None:
        await ack()
        await side.bodies.put(body)

    side.bolt.action("assign-96")(note)
    side.bolt.action("take")(note)
    page = await visit(DANA, "&home=1", width=width)
    region = page.get_by_role("region", name="Muster home")
    await expect(region.get_by_role("combobox")).to_have_count(97)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    last = region.get_by_role("combobox", name="MR-96 waits 96 h")
    await last.click()
    await page.get_by_role("option", name="Kenji").click()
    body = await side.next()
    assert body["actions"][0]["selected_option"]["value"] == "kenji"
    values = [
        each["assign-96"]
        for each in body["view"]["state"]["values"].values()
        if "assign-96" in each
    ]
    assert values[0]["selected_option"]["value"] == "kenji"

    await region.get_by_role("button", name="Take the next").click()
    body = await side.next()
    view = body["view"]
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert not {"channel", "message", "response_url"} & set(body)
    assert (view["type"], view["callback_id"], view["private_metadata"]) == ("home", "queue", "p")
    assert {"id", "hash", "state", "blocks"} <= set(view)

    await side.slack.client.views_publish(user_id=DANA, view=queue(3, "Three left"))
    await expect(region.get_by_role("heading", name="Three left")).to_be_visible()
    await expect(region.get_by_role("combobox")).to_have_count(3)


async def test_a_home_is_there_for_anybody(side: AppSide, visit: Visit) -> None:
    await side.slack.client.views_publish(user_id=KENJI, view=queue(1, "For Kenji"))
    for user, words in ((KENJI, "For Kenji"), (RILEY, "has not published a Home for you yet")):
        page = await visit(user, "&home=1")
        await expect(page.get_by_role("region", name="Muster home")).to_contain_text(words)


async def test_a_closed_account_has_no_page_and_says_so_to_others(
    side: AppSide, visit: Visit
) -> None:
    closed = await visit(REGGIE)
    await expect(closed.get_by_text("Reggie Tillman’s account is deactivated.")).to_be_visible()
    sam = await visit(SAM, f"&channel={GENERAL_ID}")
    await side.slack.as_(KENJI).type(GENERAL_ID, "Hello")
    await expect(sam.get_by_role("article").last).to_contain_text("Hello")
    await side.slack.control("POST", f"people/{SAM}", {"deactivated": True})
    await expect(sam.get_by_text("Sam Okafor’s account is deactivated.")).to_be_visible()
