"""A long profile form on the page, as mentors fill it in: by mouse and by keys, wide and narrow."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.skills import SKILLS
from tests.sandbox.slack_harness import JSON, SAM, AppSide, button, card, with_bolt
from tests.sandbox.slack_page import (
    Visit,
    browser,
    input_block,
    options,
    plain,
    post,
    visit,
)

__all__ = ["browser", "visit"]

MOST = 3
PHONE, DESKTOP = 360, 1280
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP])


def profile(**more: Any) -> JSON:
    known = options("Python", "SQL")
    agreed = {"text": {"type": "mrkdwn", "text": "I *agree*"}, "value": "agreed"}
    asks = options("Once", "Three times", "Five times")
    menu = {"type": "overflow", "action_id": "menu", "options": options("Pause", "Stop")}
    return {
        "type": "modal",
        "callback_id": "profile",
        "title": plain("Your profile"),
        "submit": plain("Save"),
        "blocks": [
            {
                "type": "section",
                "block_id": "more",
                "text": plain("What you offer"),
                "accessory": menu,
            },
            input_block(
                "skills",
                "multi_external_select",
                "Skills",
                min_query_length=0,
                max_selected_items=MOST,
                initial_options=known,
            ),
            input_block(
                "zone", "external_select", "Zone", min_query_length=2, initial_option=known[0]
            ),
            input_block("services", "checkboxes", "Services", options=options("Chat", "Pairing")),
            input_block(
                "room",
                "number_input",
                "Room",
                is_decimal_allowed=False,
                min_value="1",
                max_value="10",
                initial_value="2",
            ),
            input_block("asks", "static_select", "Asks", options=asks, initial_option=asks[1]),
            input_block("quiet", "timepicker", "Quiet from", initial_time="21:00", optional=True),
            input_block("conduct", "checkboxes", "Code of conduct", options=[agreed]),
        ],
        **more,
    }


@pytest.fixture
async def side() -> AsyncIterator[AppSide]:
    async with with_bolt() as app_side:
        bolt = app_side.bolt

        @bolt.action("open")
        async def open_form(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=profile())

        @bolt.options("it")
        async def suggest(ack: AsyncAck, payload: JSON) -> None:
            wanted = payload["value"].lower()
            names = [skill.name for skill in SKILLS if wanted in skill.name.lower()]
            await ack(options=options(*names[:100]))

        @bolt.action("menu")
        async def chosen(ack: AsyncAck, action: JSON) -> None:
            await ack()
            await app_side.bodies.put({"chosen": action["selected_option"]["value"]})

        @bolt.view("profile")
        async def submitted(ack: AsyncAck, view: JSON) -> None:
            await ack()
            await app_side.bodies.put(view["state"]["values"])

        labelled = {"text": plain("Change"), "accessibility_label": "Change your profile"}
        await post(app_side, SAM, "Your profile", card({**button("open"), **labelled}))
        yield app_side


async def opened(page: Page) -> Locator:
    """The button is found by the words for screen readers, which are not those that stand on it."""
    change = page.get_by_role("button", name="Change your profile", exact=True)
    await expect(change).to_have_text("Change")
    await change.click()
    form = page.get_by_role("dialog", name="Your profile")
    await expect(form).to_be_visible()
    return form


def skill(name: str) -> JSON:
    return {"text": plain(name) | {"emoji": True}, "value": name.lower()}


def chips(form: Locator) -> Locator:
    return form.locator(".chip")


async def fits(page: Page, form: Locator) -> bool:
    """Nothing has to be scrolled sideways."""
    inside: bool = await form.locator(".dialog-body").evaluate(
        "body => body.scrollWidth <= body.clientWidth"
    )
    outside: bool = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return inside and outside


@WIDTHS
async def test_a_mentor_fills_it_in_by_pointing_and_the_app_gets_slacks_shapes(
    side: AppSide, visit: Visit, width: int
) -> None:
    page = await visit(SAM, "&channel=app", width)
    form = await opened(page)
    assert await fits(page, form)
    await expect(chips(form)).to_have_text(["Python", "SQL"])
    skills = form.get_by_role("combobox", name="Skills")
    await skills.click()
    await expect(page.get_by_role("option")).to_have_count(100)
    await form.get_by_role("button", name="Remove SQL").click()
    await expect(chips(form)).to_have_text(["Python"])
    await skills.fill("kube")
    await page.get_by_role("option", name="Kubernetes").click()

    zone = form.get_by_role("combobox", name="Zone")
    await expect(zone).to_have_value("Python")
    await zone.fill("l")
    found = page.get_by_role("listbox", name="Zone")
    await expect(found).to_have_text("Type at least 2 characters to search.")
    await zone.fill("linux")
    await page.get_by_role("option", name="Linux").click()
    await form.get_by_label("Chat").check()
    await form.get_by_label("Pairing").check()
    await form.get_by_label("Chat").uncheck()
    await form.get_by_role("textbox", name="Room").fill("4")
    await form.get_by_role("combobox", name="Asks").click()
    await page.get_by_role("option", name="Five times").click()
    await form.get_by_label("Quiet from").fill("22:30")
    await form.get_by_label("I agree").check()
    assert await fits(page, form)

    await form.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Pause").click()
    assert await side.next() == {"chosen": "pause"}

    await form.get_by_role("button", name="Save").click()
    agreed = {"type": "mrkdwn", "text": "I *agree*", "verbatim": False}
    assert await side.next() == {
        "skills": {
            "it": {
                "type": "multi_external_select",
                "selected_options": [skill("Python"), skill("Kubernetes")],
            }
        },
        "zone": {"it": {"type": "external_select", "selected_option": skill("Linux")}},
        "services": {"it": {"type": "checkboxes", "selected_options": [skill("Pairing")]}},
        "room": {"it": {"type": "number_input", "value": "4"}},
        "asks": {"it": {"type": "static_select", "selected_option": skill("Five times")}},
        "quiet": {"it": {"type": "timepicker", "selected_time": "22:30"}},
        "conduct": {
            "it": {
                "type": "checkboxes",
                "selected_options": [{"text": agreed, "value": "agreed"}],
            }
        },
    }
    await expect(form).to_be_hidden()


@WIDTHS
async def test_it_can_be_filled_in_with_the_keys_alone(
    side: AppSide, visit: Visit, width: int
) -> None:
    page = await visit(SAM, "&channel=app", width)
    form = await opened(page)
    press = page.keyboard.press
    menu = form.get_by_role("button", name="More actions")
    await expect(menu).to_be_focused()
    await press("Enter")
    await expect(page.get_by_role("menuitem", name="Pause")).to_be_focused()
    await press("End")
    await press("Enter")
    assert await side.next() == {"chosen": "stop"}
    await expect(menu).to_be_focused()

    skills = form.get_by_role("combobox", name="Skills")
    while not await skills.evaluate("input => input === document.activeElement"):
        await press("Tab")
    await press("Backspace")
    await expect(chips(form)).to_have_text(["Python"])
    await page.keyboard.type("terraf")
    await expect(page.get_by_role("option")).to_have_text(["Terraform"])
    await press("Enter")
    await expect(chips(form)).to_have_text(["Python", "Terraform"])
    await press("Escape")  # closes the list, not the form
    await press("Tab")
    await press("Tab")  # past the zone
    await press("Space")
    await expect(form.get_by_label("Chat")).to_be_checked()
    for _ in range(2):
        await press("Tab")
    await expect(form.get_by_role("textbox", name="Room")).to_be_focused()
    await page.keyboard.type("3")
    await press("Tab")
    await press("ArrowDown")
    await press("ArrowDown")
    await press("Enter")
    agree = form.get_by_label("I agree")
    while not await agree.evaluate("box => box === document.activeElement"):
        await press("Tab")
    await press("Space")
    await press("Enter")
    values = await side.next()
    assert values["skills"]["it"]["selected_options"] == [skill("Python"), skill("Terraform")]
    assert values["services"]["it"]["selected_options"] == [skill("Chat")]
    assert values["room"]["it"]["value"] == "3", "a key replaces what was there"
    assert values["asks"]["it"]["selected_option"] == skill("Five times")
    assert values["conduct"]["it"]["selected_options"]


async def test_no_more_than_the_app_allows_can_be_chosen_and_the_form_says_so(
    side: AppSide, visit: Visit
) -> None:
    page = await visit(SAM, "&channel=app", PHONE)
    form = await opened(page)
    skills = form.get_by_role("combobox", name="Skills")
    await skills.fill("rust")
    await page.get_by_role("option", name="Rust").click()
    full = page.get_by_text(f"No more than {MOST} can be chosen. Remove one to choose another.")
    await expect(full).to_be_visible()
    django = page.get_by_role("option", name="Django")
    await skills.fill("django")
    await expect(django).to_have_attribute("aria-disabled", "true")
    await page.keyboard.press("Enter")
    await expect(chips(form)).to_have_text(["Python", "SQL", "Rust"])
    await form.get_by_role("button", name="Remove Python").click()
    await skills.fill("django")
    await django.click()
    await expect(chips(form)).to_have_text(["SQL", "Rust", "Django"])


async def test_what_is_missing_or_out_of_range_is_told_at_its_place(
    side: AppSide, visit: Visit
) -> None:
    page = await visit(SAM, "&channel=app", PHONE)
    form = await opened(page)
    await form.get_by_label("Chat").check()
    await form.get_by_role("textbox", name="Room").fill("2.5")
    await form.get_by_role("button", name="Save").click()
    room = form.locator('[data-block-id="room"]')
    await expect(room.locator(".error")).to_have_text("Please enter a whole number.")
    await expect(form.locator('[data-block-id="conduct"] .error')).to_have_text(
        "Please fill this in: it is needed."
    )
    await expect(form.get_by_role("textbox", name="Room")).to_be_focused()
    await expect(room.locator(".input-label")).to_be_in_viewport()
    await form.get_by_role("textbox", name="Room").fill("11")
    await form.get_by_label("I agree").check()
    await form.get_by_role("button", name="Save").click()
    await expect(room.locator(".error")).to_have_text("Please enter 10 or less.")
    assert side.bodies.empty()
