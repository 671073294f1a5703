"""The stand-in's page, in a real browser, with a real Bolt app behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.identity import MENTORS_ID
from tests.sandbox.slack_harness import (
    DANA,
    JSON,
    KENJI,
    RILEY,
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
    post,
    visit,
)

__all__ = ["browser", "visit"]

EVERY_INPUT: JSON = {
    "type": "modal",
    "callback_id": "every_input",
    "title": plain("Propose a time"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        input_block("hello", "plain_text_input", "Hello", multiline=True, initial_value="Hi"),
        input_block("email", "email_text_input", "Email"),
        input_block("url", "url_text_input", "Link", optional=True),
        input_block("hours", "number_input", "Hours", is_decimal_allowed=False, max_value="10"),
        input_block("service", "static_select", "Service", options=options("Pairing", "Review")),
        input_block("skill", "external_select", "Skill", min_query_length=1),
        input_block("skills", "multi_static_select", "Skills", options=options("Go", "SQL", "R")),
        input_block("topics", "multi_external_select", "Topics", min_query_length=1),
        input_block("mentor", "users_select", "Mentor"),
        input_block("others", "multi_users_select", "Others"),
        input_block("day", "datepicker", "Day", initial_date="2030-05-01"),
        input_block("hour", "timepicker", "Hour"),
        input_block("at", "datetimepicker", "At"),
        input_block("remind", "checkboxes", "Remind", options=options("Before", "After")),
        input_block("fit", "radio_buttons", "Fit", options=options("Good", "Not quite")),
    ],
}

WITH_STATE = card(
    button("claim"),
    {**button("open_form"), "text": plain("Open the form")},
    {**button("nobody_listens"), "text": plain("Broken")},
)


def install_app(side: AppSide) -> None:
    """A small app that uses what Muster uses of Slack."""
    bolt = side.bolt

    @bolt.action("claim")
    async def claim(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        channel, ts = body["container"]["channel_id"], body["container"]["message_ts"]
        done = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Yours.* Thank you!"}}]
        await client.chat_update(channel=channel, ts=ts, text="Yours", blocks=done)

    @bolt.action("open_form")
    async def open_form(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=EVERY_INPUT)

    @bolt.options("it")
    async def suggest(ack: AsyncAck, payload: JSON) -> None:
        names = [name for name in ("Rust", "Ruby", "Erlang") if payload["value"] in name.lower()]
        await ack(options=options(*names))

    @bolt.view("every_input")
    async def submitted(ack: AsyncAck, view: JSON) -> None:
        values = view["state"]["values"]
        if values["email"]["it"]["value"] == "taken@example.org":
            await ack(response_action="errors", errors={"email": "Somebody has this address."})
            return
        await ack()
        side.bodies.put_nowait(values)

    @bolt.event("app_home_opened")
    async def publish(event: JSON, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home("Welcome"))

    @bolt.action("reminders")
    async def reminders(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        chosen = body["actions"][0]["selected_options"]
        view = home(f"Reminders: {len(chosen)}")
        await client.views_publish(user_id=body["user"]["id"], view=view)


def home(heading: str) -> JSON:
    boxes = {"type": "checkboxes", "action_id": "reminders", "options": options("Before", "After")}
    note = input_block("note", "plain_text_input", "Note", optional=True)
    section = {"type": "section", "block_id": "how", "text": plain("Remind me"), "accessory": boxes}
    return {"type": "home", "blocks": [{"type": "header", "text": plain(heading)}, section, note]}


@pytest.fixture
async def side() -> AsyncIterator[AppSide]:
    async with with_bolt() as app_side:
        install_app(app_side)
        yield app_side


async def test_a_mentor_presses_a_button_and_sees_the_card_change(
    side: AppSide, visit: Visit
) -> None:
    await post(side, SAM, "A request", WITH_STATE)
    page = await visit(SAM, "&channel=app")
    card_shown = page.get_by_role("article").last
    await expect(card_shown).to_contain_text("Python")
    await card_shown.get_by_role("button", name="I can help").click()
    await expect(card_shown).to_contain_text("Yours. Thank you!")
    await expect(card_shown.get_by_role("button", name="I can help")).to_have_count(0)


async def test_a_modal_with_every_input_reaches_the_app_as_it_was_filled_in(
    side: AppSide, visit: Visit
) -> None:
    await post(side, SAM, "A request", WITH_STATE)
    page = await visit(SAM, "&channel=app")
    await page.get_by_role("button", name="Open the form").click()
    form = page.get_by_role("dialog", name="Propose a time")
    await form.get_by_label("Email").fill("sam@example.org")
    await form.get_by_label("Link").fill("https://example.org/me")
    await form.get_by_label("Hours").fill("3")
    await choose(page, "Service", "rev", "Review")
    await choose(page, "Skill", "ru", "Rust")
    await choose(page, "Skills", "", "Go")
    await choose(page, "Skills", "sq", "SQL")
    await choose(page, "Topics", "er", "Erlang")
    await choose(page, "Mentor", "kenji mori", "Kenji Mori")
    await choose(page, "Others", "dana whit", "Dana Whitfield")
    await form.get_by_label("Hour", exact=True).fill("18:30")
    at = form.get_by_role("group", name="At")
    await at.get_by_label("Date, in Eastern Time").fill("2030-07-04")
    await at.get_by_label("Time, in Eastern Time").fill("19:00")
    await form.get_by_label("Before").check()
    await form.get_by_label("Not quite").check()
    await form.get_by_role("button", name="Send").click()
    got = {block: value["it"] for block, value in (await side.next()).items()}
    await expect(form).to_have_count(0)
    assert got["hello"]["value"] == "Hi"
    assert got["email"]["value"] == "sam@example.org"
    assert got["url"]["value"] == "https://example.org/me"
    assert got["hours"]["value"] == "3"
    assert got["service"]["selected_option"]["value"] == "review"
    assert got["skill"]["selected_option"]["value"] == "rust"
    assert [each["value"] for each in got["skills"]["selected_options"]] == ["go", "sql"]
    assert [each["value"] for each in got["topics"]["selected_options"]] == ["erlang"]
    assert got["mentor"]["selected_user"] == KENJI
    assert got["others"]["selected_users"] == [DANA]
    assert got["day"]["selected_date"] == "2030-05-01"
    assert got["hour"]["selected_time"] == "18:30"
    seven_pm_eastern = datetime(2030, 7, 4, 23, 0, tzinfo=UTC)
    assert got["at"]["selected_date_time"] == int(seven_pm_eastern.timestamp())
    assert [each["value"] for each in got["remind"]["selected_options"]] == ["before"]
    assert got["fit"]["selected_option"]["value"] == "not quite"


async def test_a_refused_form_says_why_at_the_field_and_keeps_what_was_typed(
    side: AppSide, visit: Visit
) -> None:
    short: JSON = {**EVERY_INPUT, "blocks": EVERY_INPUT["blocks"][:2]}
    side.bolt.action("short")(_opener(short))
    await post(side, SAM, "A request", card({**button("short"), "text": plain("Short form")}))
    page = await visit(SAM, "&channel=app")
    await page.get_by_role("button", name="Short form").click()
    form = page.get_by_role("dialog")
    email = form.get_by_label("Email")
    await form.get_by_role("button", name="Send").click()
    await expect(email).to_have_accessible_description("Please fill this in: it is needed.")
    await expect(email).to_be_focused()
    await email.fill("taken@example.org")
    await form.get_by_role("button", name="Send").click()
    await expect(email).to_have_accessible_description("Somebody has this address.")
    await expect(email).to_have_value("taken@example.org")
    await email.fill("free@example.org")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)
    assert (await side.next())["email"]["it"]["value"] == "free@example.org"


def _opener(view: JSON) -> Callable[..., Awaitable[None]]:
    async def open_view(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return open_view


async def test_two_members_see_each_other_write_and_what_is_unread(
    side: AppSide, visit: Visit
) -> None:
    sam = await visit(SAM, f"&channel={MENTORS_ID}")
    dana = await visit(DANA, "&channel=app")
    composer = sam.get_by_role("textbox", name="Message to mentors-internal")
    await composer.fill("Who has time on *Thursday*?")
    await composer.press("Enter")
    await expect(sam.get_by_role("log")).to_contain_text("Who has time on Thursday?")
    await expect(composer).to_have_value("")
    entry = dana.get_by_role("link", name="mentors-internal")
    await expect(entry).to_contain_text("1 unread")
    await expect(dana).to_have_title("(1) Muster · Dana Whitfield · Slack stand-in")
    await entry.click()
    await expect(dana.get_by_role("separator", name="New messages")).to_be_visible()
    await expect(entry).not_to_contain_text("unread")
    await dana.get_by_role("article").last.hover()
    await dana.get_by_role("button", name="Reply in thread").last.click()
    reply = dana.get_by_role("textbox", name="Reply in this thread")
    await reply.fill("I do")
    await reply.press("Enter")
    await sam.get_by_role("button", name="1 reply").click()
    await expect(sam.get_by_role("complementary", name="Thread")).to_contain_text("I do")
    read = (await side.slack.as_(DANA).get("conversations"))["conversations"]
    assert {each["id"]: each["unread"] for each in read}[MENTORS_ID] == 0


async def test_hostile_text_is_shown_and_runs_nothing(side: AppSide, visit: Visit) -> None:
    hostile = '<script>document.title="taken"</script><img src=x onerror="document.title=1">'
    page = await visit(SAM, f"&channel={MENTORS_ID}")
    composer = page.get_by_role("textbox", name="Message to mentors-internal")
    await composer.fill(f"{hostile} <!channel> :tada: \u202eabc")
    await composer.press("Enter")
    typed = page.get_by_role("article").last
    await expect(typed).to_contain_text(hostile)
    await expect(typed).to_contain_text("<!channel>")
    await post(
        side, MENTORS_ID, "<!channel> <javascript:alert(1)|click> *a* <https://example.org|b>"
    )
    by_app = page.get_by_role("article").last
    await expect(by_app.locator(".mention.loud")).to_have_text("@channel")
    assert await by_app.get_by_role("link").count() == 1
    assert await page.locator(".log script, .log img").count() == 0
    await expect(page).to_have_title("mentors-internal · Sam Okafor · Slack stand-in")


async def test_everything_can_be_done_with_the_keyboard_alone(side: AppSide, visit: Visit) -> None:
    short: JSON = {**EVERY_INPUT, "callback_id": "short", "blocks": EVERY_INPUT["blocks"][4:5]}
    side.bolt.action("short")(_opener(short))
    side.bolt.view("short")(_noting(side))
    await post(side, SAM, "A request", card({**button("short"), "text": plain("Short form")}))
    page = await visit(SAM, f"&channel={MENTORS_ID}")
    keys = page.keyboard
    await expect(page.get_by_role("textbox", name="Message to")).to_be_focused()
    await keys.press("Control+k")
    await keys.type("muster")
    await expect(page.get_by_role("option", name="Muster")).to_be_visible()
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="Muster", level=1)).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message to Muster")).to_be_focused()
    await page.get_by_role("button", name="Short form").wait_for()
    while not await page.evaluate("document.activeElement.dataset.actionId === 'short'"):
        await keys.press("Shift+Tab")
    await keys.press("Enter")
    service = page.get_by_role("combobox", name="Service")
    await expect(service).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(service).to_have_value("Review")
    await keys.press("ArrowDown")
    await expect(page.get_by_role("option", name="Pairing")).to_be_visible()
    await keys.press("Escape")
    await expect(page.get_by_role("option", name="Pairing")).to_be_hidden()
    await expect(service).to_have_value("Review")
    await keys.press("Tab")
    await keys.press("Tab")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Send")).to_be_focused()
    await keys.press("Tab")
    await expect(dialog.get_by_label("Close")).to_be_focused()
    await keys.press("Shift+Tab")
    await keys.press("Enter")
    await expect(dialog).to_have_count(0)
    chosen = (await side.next())["service"]["it"]["selected_option"]["value"]
    assert chosen == "review"
    await page.get_by_role("button", name="Short form").click()
    await expect(dialog).to_have_count(1)
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)
    await keys.press("Alt+ArrowUp")
    await expect(page.get_by_role("heading", name="Muster", level=1)).to_have_count(0)


def _noting(side: AppSide) -> Callable[..., Awaitable[None]]:
    async def note(ack: AsyncAck, view: JSON) -> None:
        await ack()
        side.bodies.put_nowait(view["state"]["values"])

    return note


async def test_the_home_is_published_when_opened_and_keeps_what_is_typed(
    side: AppSide, visit: Visit
) -> None:
    page = await visit(RILEY, "&home=1")
    region = page.get_by_role("region", name="Muster home")
    await expect(region.get_by_role("heading", name="Welcome")).to_be_visible()
    await region.get_by_label("Note").fill("half a sent")
    await region.get_by_label("After").check()
    await expect(region.get_by_role("heading", name="Reminders: 1")).to_be_visible()
    await expect(region.get_by_label("Note")).to_have_value("half a sent")
    await expect(region.get_by_label("After")).to_be_checked()


async def test_a_click_that_the_app_fails_says_so_beside_the_button(
    side: AppSide, visit: Visit
) -> None:
    await post(side, SAM, "A request", WITH_STATE)
    page = await visit(SAM, "&channel=app")
    broken = page.get_by_role("button", name="Broken")
    await broken.click()
    await expect(page.get_by_role("article").get_by_role("alert")).to_contain_text("error")
    await expect(broken).to_be_enabled()


async def test_a_narrow_embedded_page_folds_and_lets_one_be_somebody_else(
    side: AppSide, visit: Visit
) -> None:
    await post(side, RILEY, "You asked for a mentor")
    page = await visit(RILEY, "&channel=app&embed=1", width=390)
    await expect(page.get_by_role("log")).to_contain_text("You asked for a mentor")
    await expect(page.get_by_text("nothing leaves this machine")).to_be_hidden()
    await page.get_by_role("button", name="Back to the list of conversations").click()
    await expect(page.get_by_role("link", name="general")).to_be_visible()
    await page.get_by_role("button", name="You are Riley Santos, Member").click()
    await page.keyboard.type("kenji mori")
    await page.get_by_role("option", name="Kenji Mori").click()
    await expect(page.get_by_role("button", name="You are Kenji Mori, Mentor")).to_be_visible()
    assert f"user={KENJI}" in page.url and "embed=1" in page.url


async def test_views_lie_on_each_other_and_an_update_keeps_what_was_typed(
    side: AppSide, visit: Visit
) -> None:
    note = input_block("note", "plain_text_input", "Note")
    rename = {**button("rename"), "text": plain("Rename")}
    more = {"type": "actions", "block_id": "row", "elements": [button("more"), rename]}
    first = {**EVERY_INPUT, "title": plain("First"), "blocks": [note, more]}
    second = {**EVERY_INPUT, "title": plain("Second"), "blocks": [note]}
    side.bolt.action("first")(_opener(first))

    @side.bolt.action("more")
    async def push(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=second)

    @side.bolt.action("rename")
    async def update(ack: AsyncAck, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        renamed = {**first, "title": plain("Renamed")}
        await client.views_update(view_id=body["view"]["id"], view=renamed)

    await post(side, SAM, "A request", card({**button("first"), "text": plain("Two forms")}))
    page = await visit(SAM, "&channel=app")
    await page.get_by_role("button", name="Two forms").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Note").fill("half a sent")
    await dialog.get_by_role("button", name="I can help").click()
    await expect(dialog.get_by_role("heading", name="Second")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog.get_by_role("heading", name="First")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("half a sent")
    await dialog.get_by_role("button", name="Rename").click()
    await expect(dialog.get_by_role("heading", name="Renamed")).to_be_visible()
    await expect(dialog.get_by_label("Note")).to_have_value("half a sent")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_ephemerals_commands_and_the_chooser(side: AppSide, visit: Visit) -> None:
    @side.bolt.command("/mentor-request")
    async def command(ack: AsyncAck) -> None:
        await ack("Here is the *form*")

    page = await visit("")
    await expect(page.get_by_role("heading", name="Who would you like to be?")).to_be_visible()
    await choose(page, "Be another person", "riley", "Riley Santos")
    composer = page.get_by_role("textbox", name="Message to Muster")
    await composer.press_sequentially("/men")
    await expect(page.get_by_role("option", name="/mentor-request")).to_be_visible()
    await composer.press("Enter")
    await composer.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Here is the form")
    await expect(page.get_by_role("log")).to_contain_text("Only visible to you")
