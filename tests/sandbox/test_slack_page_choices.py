"""Menus, pickers and confirmations on the page: in messages, in forms, and what the app is sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.identity import COORDINATORS_ID
from tests.sandbox.slack_harness import (
    DANA,
    JSON,
    KENJI,
    SAM,
    AppSide,
    button,
    card,
    with_bolt,
)
from tests.sandbox.slack_page import (
    Visit,
    browser,
    choose,
    input_block,
    options,
    plain,
    visit,
)

__all__ = ["browser", "visit"]

GROUPS: list[JSON] = [
    {"label": plain("Best placed"), "options": options("Sam", "Kenji")},
    {"label": plain("Also free"), "options": options("Priya")},
]
SURE: JSON = {
    "title": plain("Assign Kenji?"),
    "text": {"type": "mrkdwn", "text": "They are told *at once*."},
    "confirm": plain("Assign"),
    "deny": plain("Not yet"),
}


def element(kind: str, label: str, **more: Any) -> JSON:
    return {"type": kind, "action_id": kind, "placeholder": plain(label), **more}


def menus(**more: Any) -> list[JSON]:
    """A card with every menu and picker that a message may have."""
    accessory = element("users_select", "Assign", **more)
    when = {"type": "datetimepicker", "action_id": "datetimepicker", **more}
    overflow = {"type": "overflow", "action_id": "overflow", "options": options("Nudge", "Close")}
    section = {
        "type": "section",
        "block_id": "who",
        "text": {"type": "mrkdwn", "text": "*Pair Programming* waits for a mentor"},
        "accessory": accessory,
    }
    row = card(
        element("static_select", "Reason", option_groups=GROUPS, **more),
        element("datepicker", "Day", **more),
        when,
        {**overflow, **more},
        element("external_select", "Search mentors", min_query_length=0, **more),
    )
    return [section, row[1]]


@pytest.fixture
async def side() -> AsyncIterator[AppSide]:
    async with with_bolt() as app_side:
        install_app(app_side)
        yield app_side


def install_app(side: AppSide) -> None:
    async def note(ack: AsyncAck, body: JSON) -> None:
        await ack()
        await side.bodies.put(body)

    for kind in (
        "users_select",
        "static_select",
        "datepicker",
        "datetimepicker",
        "overflow",
        "external_select",
        "checkboxes",
        "radio_buttons",
    ):
        side.bolt.action(kind)(note)

    async def suggest(ack: AsyncAck, body: JSON) -> None:
        side.bodies.put_nowait(body)
        wanted = body["value"].lower()
        groups = [
            {**group, "options": [o for o in group["options"] if wanted in o["value"]]}
            for group in GROUPS
        ]
        await ack(option_groups=[group for group in groups if group["options"]])

    side.bolt.options("external_select")(suggest)
    side.bolt.options("it")(suggest)


async def posted(side: AppSide, channel: str, blocks: list[JSON]) -> str:
    sent = await side.slack.client.chat_postMessage(channel=channel, text="Waiting", blocks=blocks)
    return str(sent["ts"])


async def acted(side: AppSide, ts: str) -> JSON:
    """The action that reached the app, from this message of the coordinators' channel."""
    body = await side.next()
    assert (body["type"], body["user"]["id"]) == ("block_actions", DANA)
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": COORDINATORS_ID,
        "is_ephemeral": False,
    }
    assert body["channel"]["id"] == COORDINATORS_ID
    assert body["trigger_id"]
    (action,) = body["actions"]
    block, name = action["block_id"], action["action_id"]
    value = {key: value for key, value in action.items() if key.startswith("selected")}
    if name != "overflow":
        stated = body["state"]["values"][block][name]
        assert {k: v for k, v in stated.items() if k != "type"} == value
    return {"action_id": name, **value}


def menu(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name)


async def test_what_is_chosen_in_a_message_reaches_the_app_from_its_card(
    side: AppSide, visit: Visit
) -> None:
    ts = await posted(side, COORDINATORS_ID, menus())
    page = await visit(DANA, f"&channel={COORDINATORS_ID}")
    article = page.get_by_role("article").last

    await choose(page, "Pair Programming waits for a mentor", "kenji mori", "Kenji Mori")
    assert await acted(side, ts) == {"action_id": "users_select", "selected_user": KENJI}

    await menu(page, "Reason").click()
    best = page.get_by_role("group", name="Best placed")
    await expect(best.get_by_role("option")).to_have_text(["Sam", "Kenji"])
    await page.get_by_role("option", name="Priya").click()
    chosen = (await acted(side, ts))["selected_option"]
    assert chosen == {"text": plain("Priya") | {"emoji": True}, "value": "priya"}

    await article.get_by_label("Day", exact=True).fill("2030-05-01")
    await page.keyboard.press("Enter")
    assert await acted(side, ts) == {"action_id": "datepicker", "selected_date": "2030-05-01"}

    await article.get_by_label("Date, in Central Time").fill("2030-07-04")
    await article.get_by_label("Time, in Central Time").fill("19:00")
    await page.keyboard.press("Enter")
    at = datetime(2030, 7, 5, 0, 0, tzinfo=UTC)  # seven in the evening in Chicago
    expected = {"action_id": "datetimepicker", "selected_date_time": int(at.timestamp())}
    assert await acted(side, ts) == expected

    await article.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Nudge").click()
    assert (await acted(side, ts))["selected_option"]["value"] == "nudge"


async def test_a_search_in_a_message_asks_the_app_with_the_message_it_stands_in(
    side: AppSide, visit: Visit
) -> None:
    ts = await posted(side, COORDINATORS_ID, menus())
    page = await visit(DANA, f"&channel={COORDINATORS_ID}")
    await menu(page, "Search mentors").click()
    asked = await side.next()
    assert (asked["type"], asked["value"], asked["action_id"]) == (
        "block_suggestion",
        "",
        "external_select",
    )
    assert asked["container"]["message_ts"] == ts
    assert asked["message"]["ts"] == ts
    await page.get_by_role("option", name="Kenji").click()
    assert (await acted(side, ts))["selected_option"]["value"] == "kenji"


async def test_a_confirmation_is_asked_first_and_a_no_undoes_the_choice(
    side: AppSide, visit: Visit
) -> None:
    ts = await posted(side, COORDINATORS_ID, menus(confirm=SURE))
    page = await visit(DANA, f"&channel={COORDINATORS_ID}")
    article = page.get_by_role("article").last
    sure = page.get_by_role("dialog", name="Assign Kenji?")
    who = menu(page, "Pair Programming waits for a mentor")

    await choose(page, "Pair Programming waits for a mentor", "kenji mori", "Kenji Mori")
    await expect(sure).to_contain_text("They are told at once.")
    await sure.get_by_role("button", name="Not yet").click()
    await expect(sure).to_have_count(0)
    await expect(who).to_have_value("")

    day = article.get_by_label("Day", exact=True)
    await day.fill("2030-05-01")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(sure).to_have_count(0)
    await expect(day).to_have_value("")

    await article.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Close").click()
    await sure.get_by_role("button", name="Not yet").click()
    assert side.bodies.empty()

    await choose(page, "Pair Programming waits for a mentor", "kenji mori", "Kenji Mori")
    await sure.get_by_role("button", name="Assign").click()
    assert await acted(side, ts) == {"action_id": "users_select", "selected_user": KENJI}
    await expect(who).to_have_value("Kenji Mori")


async def test_boxes_and_radio_buttons_go_back_too_when_the_answer_is_no(
    side: AppSide, visit: Visit
) -> None:
    without_deny = {key: value for key, value in SURE.items() if key != "deny"}
    boxes = element("checkboxes", "Remind", options=options("Before", "After"), confirm=SURE)
    first, second = options("A", "B")
    radio = element("radio_buttons", "Fit", options=[first, second], initial_option=first)
    for one in (boxes, radio):
        del one["placeholder"]
    await posted(side, COORDINATORS_ID, card(boxes, {**radio, "confirm": without_deny}))
    page = await visit(DANA, f"&channel={COORDINATORS_ID}")
    for label, answer in (("After", "Not yet"), ("B", "Cancel")):
        await page.get_by_label(label, exact=True).click()
        await page.get_by_role("dialog").get_by_role("button", name=answer).click()
        await expect(page.get_by_label(label, exact=True)).not_to_be_checked()
    await expect(page.get_by_label("A", exact=True)).to_be_checked()
    assert side.bodies.empty()


async def test_a_form_searches_the_apps_groups_and_submits_what_was_found(
    side: AppSide, visit: Visit
) -> None:
    form: JSON = {
        "type": "modal",
        "callback_id": "assign",
        "private_metadata": "MR-1",
        "title": plain("Assign a mentor"),
        "submit": plain("Assign"),
        "blocks": [
            input_block("mentor", "external_select", "Mentor", min_query_length=0),
            input_block("why", "static_select", "Why", option_groups=GROUPS),
        ],
    }

    @side.bolt.action("assign")
    async def open_form(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form)

    @side.bolt.view("assign")
    async def submitted(ack: AsyncAck, view: JSON) -> None:
        await ack()
        await side.bodies.put(view["state"]["values"])

    await posted(side, SAM, card({**button("assign"), "text": plain("Assign …")}))
    page = await visit(SAM, "&channel=app")
    await page.get_by_role("button", name="Assign …").click()
    mentor = menu(page, "Mentor")
    await expect(mentor).to_be_focused()
    await mentor.click()
    asked = await side.next()
    assert (asked["type"], asked["value"]) == ("block_suggestion", "")
    assert (asked["block_id"], asked["action_id"]) == ("mentor", "it")
    assert asked["view"]["private_metadata"] == "MR-1"
    assert asked["container"] == {"type": "view", "view_id": asked["view"]["id"]}
    await expect(page.get_by_role("option")).to_have_text(["Sam", "Kenji", "Priya"])
    await expect(page.get_by_text("Also free")).to_be_visible()
    await mentor.fill("PRI")
    await expect(page.get_by_role("option")).to_have_text(["Priya"])
    assert (await side.next())["value"] == "PRI"
    await page.get_by_role("option", name="Priya").click()
    await choose(page, "Why", "ken", "Kenji")
    await page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    values = await side.next()
    assert values["mentor"]["it"]["selected_option"] == {
        "text": plain("Priya") | {"emoji": True},
        "value": "priya",
    }
    assert values["why"]["it"]["selected_option"]["value"] == "kenji"
