"""Clicks, commands and events, as they reach a real Bolt app that checks signatures."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack import SlackStandInConfig, Timing
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID
from sandbox.slack.store import microseconds
from tests.sandbox.slack_harness import (
    CONFIG,
    DANA,
    IMPATIENT,
    JSON,
    RILEY,
    SAM,
    AppSide,
    button,
    card,
    listening,
    running,
)

BOT = "U0MUSTERBT"


def noting(side: AppSide) -> Any:
    """A listener that acknowledges and notes the body."""

    async def listen(ack: AsyncAck, body: JSON) -> None:
        await ack()
        await side.bodies.put(body)

    return listen


async def noted(side: AppSide, channel: str, user: str, *elements: JSON) -> tuple[JSON, JSON]:
    """Post a card, let somebody press its first button; the message and what the app got."""
    side.bolt.action("claim")(noting(side))
    posted = await side.slack.client.chat_postMessage(
        channel=channel,
        text="Python",
        blocks=card(*elements),
        metadata={"event_type": "card", "event_payload": {}},
    )
    clicked = await side.slack.as_(user).click(posted["channel"], posted["ts"])
    assert clicked == {"ok": True}
    message: JSON = {name: posted[name] for name in ("channel", "ts", "message")}
    return message, await side.next()


async def test_a_click_reaches_the_app_signed_and_in_slacks_shape(app_side: AppSide) -> None:
    posted, body = await noted(app_side, SAM, SAM)
    message = {key: value for key, value in posted["message"].items() if key != "metadata"}
    sam = (await app_side.slack.client.users_info(user=SAM))["user"]
    assert body["type"] == "block_actions"
    assert body["user"] == {
        "id": SAM,
        "username": sam["name"],
        "name": sam["name"],
        "team_id": "T0SANDBOX1",
    }
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": posted["channel"],
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": posted["channel"], "name": "directmessage"}
    assert body["message"] == message
    assert body["state"] == {"values": {}}
    assert body["api_app_id"] == "A0MUSTER01"
    (action,) = body["actions"]
    assert (action["type"], action["block_id"], action["value"]) == ("button", "row", "request-1")
    assert microseconds(action["action_ts"]) > microseconds(posted["ts"])
    assert app_side.headers[0]["X-Slack-Signature"].startswith("v0=")


@pytest.mark.parametrize(
    ("channel", "name"), [(MENTORS_ID, "mentors-internal"), (COORDINATORS_ID, "privategroup")]
)
async def test_a_click_names_its_channel_as_slack_does(
    app_side: AppSide, channel: str, name: str
) -> None:
    _, body = await noted(app_side, channel, DANA)
    assert body["channel"] == {"id": channel, "name": name}


async def test_an_app_with_another_secret_refuses_the_signature(app_side: AppSide) -> None:
    async def forward(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        async with app_side.slack.http.post(
            f"{address}/slack/events", data=raw, headers=dict(request.headers)
        ) as answer:
            statuses.append(answer.status)
            return web.Response(status=answer.status)

    statuses: list[int] = []
    app_side.bolt.action("claim")(noting(app_side))
    address = app_side.app_url.rstrip("/")
    async with listening(forward) as app_url:
        config = SlackStandInConfig(
            app_url=app_url, signing_secret="somebody-elses", rate_limits=False
        )
        async with running(config) as other:
            posted = await other.client.chat_postMessage(channel=SAM, text="x", blocks=card())
            clicked = await other.as_(SAM).click(posted["channel"], posted["ts"])
            await other.as_(SAM).type(posted["channel"], "Hello?")
    assert (clicked["ok"], clicked["error"]) == (False, "http_status")
    assert set(statuses) == {401}


async def test_what_is_chosen_arrives_as_the_app_defined_it(app_side: AppSide) -> None:
    text = {"type": "plain_text", "text": "This weekend"}
    option = {"text": text, "value": "weekend"}
    when = {"type": "static_select", "action_id": "when", "options": [option]}
    more = {"type": "overflow", "action_id": "more", "options": [option, {**option, "value": "2"}]}
    app_side.bolt.action("when")(noting(app_side))
    app_side.bolt.action("more")(noting(app_side))
    posted = await app_side.slack.client.chat_postMessage(
        channel=SAM, text="When?", blocks=card(when, more)
    )
    channel, ts = posted["channel"], posted["ts"]
    sam = app_side.slack.as_(SAM)
    await sam.click(channel, ts, "when", selected_option={"value": "weekend"})
    body = await app_side.next()
    full = {"text": {**text, "emoji": True}, "value": "weekend"}
    assert body["actions"][0]["selected_option"] == full
    assert body["state"]["values"]["row"]["when"]["selected_option"] == full
    await sam.click(channel, ts, "more", selected_option={"value": "weekend"})
    assert (await app_side.next())["actions"][0]["selected_option"] == full


async def test_a_choice_that_is_not_offered_cannot_be_made(app_side: AppSide) -> None:
    option = {"text": {"type": "plain_text", "text": "Sunday"}, "value": "sunday"}
    groups = [{"label": {"type": "plain_text", "text": "Days"}, "options": [option]}]
    when = {"type": "static_select", "action_id": "when", "option_groups": groups}
    app_side.bolt.action("when")(noting(app_side))
    posted = await app_side.slack.client.chat_postMessage(
        channel=SAM, text="When?", blocks=card(when)
    )
    sam, place = app_side.slack.as_(SAM), (posted["channel"], posted["ts"], "when")
    made_up = await sam.click(*place, selected_option={"value": "yesterday"})
    assert made_up["error"] == "option_not_found"
    assert (await sam.click(*place, selected_option={"value": "sunday"}))["ok"]
    assert (await app_side.next())["actions"][0]["selected_option"]["value"] == "sunday"
    assert app_side.bodies.empty()


async def test_a_button_with_a_link_is_reported_too(app_side: AppSide) -> None:
    link = {**button(), "url": "https://example.org/session"}
    _, body = await noted(app_side, SAM, SAM, link)
    assert body["actions"][0]["url"] == "https://example.org/session"


async def test_a_click_on_what_was_there_before_an_edit_still_arrives(app_side: AppSide) -> None:
    posted, _ = await noted(app_side, SAM, SAM)
    channel, ts = posted["channel"], posted["ts"]
    await app_side.slack.client.chat_update(channel=channel, ts=ts, text="Taken, thank you")
    assert (await app_side.slack.as_(SAM).click(channel, ts)) == {"ok": True}
    body = await app_side.next()
    assert body["actions"][0]["value"] == "request-1"
    assert body["message"]["text"] == "Taken, thank you"
    gone = await app_side.slack.as_(SAM).click(channel, ts, "never-there")
    assert gone["error"] == "element_not_found"


async def test_twenty_people_clicking_at_once_are_all_heard(app_side: AppSide) -> None:
    app_side.bolt.action("claim")(noting(app_side))
    client = app_side.slack.client
    members = (await client.conversations_members(channel=MENTORS_ID))["members"]
    mentors = [user for user in members if user != BOT][:20]
    posted = await client.chat_postMessage(channel=MENTORS_ID, text="Python", blocks=card())
    clicks = [app_side.slack.as_(user).click(MENTORS_ID, posted["ts"]) for user in mentors]
    assert await asyncio.gather(*clicks) == [{"ok": True}] * 20
    heard = [(await app_side.next())["user"]["id"] for _ in mentors]
    assert sorted(heard) == sorted(mentors)


async def test_a_slow_app_is_shown_to_the_person_who_clicked(hurried_side: AppSide) -> None:
    async def dawdle(ack: AsyncAck) -> None:
        await asyncio.Event().wait()

    hurried_side.bolt.action("claim")(dawdle)
    posted = await hurried_side.slack.client.chat_postMessage(channel=SAM, text="x", blocks=card())
    sam = hurried_side.slack.as_(SAM)
    async with sam.watching() as news:
        await news.until("hello")
        clicked = await sam.click(posted["channel"], posted["ts"])
        toast = await news.until("toast")
    assert (clicked["ok"], clicked["error"]) == (False, "timeout")
    assert (
        toast["text"]
        == clicked["message"]
        == ("Muster took too long to respond. Try again in a moment.")
    )


async def test_an_app_that_is_down_or_fails_is_shown_too(app_side: AppSide) -> None:
    posted = await app_side.slack.client.chat_postMessage(channel=SAM, text="x", blocks=card())
    unheard = await app_side.slack.as_(SAM).click(posted["channel"], posted["ts"])
    assert unheard["error"] == "http_status"  # Bolt answers 404 when nobody listens
    async with running(SlackStandInConfig(app_url="http://127.0.0.1:9", rate_limits=False)) as lone:
        posted = await lone.client.chat_postMessage(channel=SAM, text="x", blocks=card())
        clicked = await lone.as_(SAM).click(posted["channel"], posted["ts"])
    assert clicked["error"] == "no_url"
    assert clicked["message"] == "Muster is not responding. Try again in a moment."


async def test_a_response_url_answers_five_times_and_then_no_more(app_side: AppSide) -> None:
    _, body = await noted(app_side, MENTORS_ID, SAM)
    hook = AsyncWebhookClient(body["response_url"])
    sam, dana = app_side.slack.as_(SAM), app_side.slack.as_(DANA)
    assert (await hook.send(text="Only you see this")).body == "ok"
    assert (await sam.messages(MENTORS_ID))[-1]["text"] == "Only you see this"
    assert (await dana.messages(MENTORS_ID))[-1]["text"] == "Python"
    assert (await hook.send(text="All see this", response_type="in_channel")).status_code == 200
    assert (await dana.messages(MENTORS_ID))[-1]["text"] == "All see this"
    assert (await hook.send(text="Taken", replace_original=True)).status_code == 200
    replaced = (await dana.messages(MENTORS_ID))[0]
    assert replaced["text"] == "Taken"
    assert "blocks" not in replaced
    assert (await hook.send(delete_original=True)).status_code == 200
    assert (await dana.messages(MENTORS_ID))[0]["text"] == "All see this"
    assert (await hook.send(text="The fifth")).status_code == 200
    sixth = await hook.send(text="The sixth")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)


async def test_an_ephemerals_buttons_work_and_it_can_be_replaced_and_removed(
    app_side: AppSide,
) -> None:
    app_side.bolt.action("claim")(noting(app_side))
    note = await app_side.slack.client.chat_postEphemeral(
        channel=MENTORS_ID, user=SAM, text="Sure?", blocks=card()
    )
    sam = app_side.slack.as_(SAM)
    assert (await sam.click(MENTORS_ID, note["message_ts"]))["ok"]
    body = await app_side.next()
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    hook = AsyncWebhookClient(body["response_url"])
    await hook.send(text="Thank you", replace_original=True)
    assert [m["text"] for m in await sam.messages(MENTORS_ID)] == ["Thank you"]
    await hook.send(delete_original=True)
    assert await sam.messages(MENTORS_ID) == []


async def test_a_slash_command_arrives_as_a_form_and_its_answer_is_shown(app_side: AppSide) -> None:
    async def command(ack: AsyncAck, body: JSON) -> None:
        await app_side.bodies.put(body)
        await ack("On its way")

    app_side.bolt.command("/mentor-request")(command)
    riley = app_side.slack.as_(RILEY)
    typed = await riley.type("C0GENERAL1", "/mentor-request  Python please")
    assert typed == {"ok": True, "command": True}
    body = await app_side.next()
    assert (body["command"], body["text"]) == ("/mentor-request", "Python please")
    assert (body["channel_id"], body["channel_name"]) == ("C0GENERAL1", "general")
    assert body["user_id"] == RILEY
    assert {"trigger_id", "response_url", "team_id", "api_app_id"} <= set(body)
    (shown,) = await riley.messages("C0GENERAL1")
    assert (shown["text"], shown["ephemeral"], shown["user"]) == ("On its way", True, BOT)


async def test_a_command_that_fails_is_explained_as_slack_does(hurried_side: AppSide) -> None:
    async def dawdle(ack: AsyncAck) -> None:
        await asyncio.Event().wait()

    riley = hurried_side.slack.as_(RILEY)
    unheard = await riley.type("C0GENERAL1", "/mentor-request")
    assert unheard["error"] == "dispatch_failed"
    hurried_side.bolt.command("/mentor-request")(dawdle)
    slow = await riley.type("C0GENERAL1", "/mentor-request")
    assert slow["error"] == "operation_timeout"
    assert slow["message"] == '/mentor-request failed with the error "operation_timeout"'
    unknown = await riley.type("C0GENERAL1", "/dance")
    assert unknown["message"] == "/dance is not a valid command."
    shown = await riley.messages("C0GENERAL1")
    assert {message["user"] for message in shown} == {"USLACKBOT"}


async def test_opening_home_is_an_event_with_the_dm_and_the_view(app_side: AppSide) -> None:
    async def listen(event: JSON, body: JSON) -> None:
        await app_side.bodies.put({"event": event, "body": body})

    app_side.bolt.event("app_home_opened")(listen)
    await app_side.slack.as_(SAM).post("home/open")
    first = await app_side.next()
    assert (first["event"]["tab"], first["event"]["user"]) == ("home", SAM)
    assert first["event"]["channel"].startswith("D")
    assert "view" not in first["event"]
    assert first["body"]["authorizations"][0]["user_id"] == BOT
    assert first["body"]["event_id"].startswith("Ev")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await app_side.slack.client.views_publish(user_id=SAM, view=home)
    await app_side.slack.as_(SAM).post("home/open")
    assert (await app_side.next())["event"]["view"]["type"] == "home"


@pytest.mark.parametrize(
    ("people", "channel_type"), [([RILEY], "im"), ([RILEY, SAM], "mpim"), ([], "channel")]
)
async def test_what_people_write_where_the_bot_is_becomes_an_event(
    app_side: AppSide, people: list[str], channel_type: str
) -> None:
    async def listen(event: JSON) -> None:
        await app_side.bodies.put(event)

    app_side.bolt.event("message")(listen)
    channel = MENTORS_ID
    if people:
        opened = await app_side.slack.client.conversations_open(users=people)
        channel = opened["channel"]["id"]
    typed = await app_side.slack.as_(people[0] if people else SAM).type(channel, "a < b & @riley")
    event = await app_side.next()
    assert (event["type"], event["channel"], event["channel_type"]) == (
        "message",
        channel,
        channel_type,
    )
    assert event["ts"] == event["event_ts"] == typed["message"]["ts"]
    assert event["text"] == f"a &lt; b &amp; <@{RILEY}>"
    assert "bot_id" not in event


@pytest.mark.parametrize(
    ("channel", "channel_type"),
    [(RILEY, "im"), (COORDINATORS_ID, "group"), (MENTORS_ID, "channel")],
)
async def test_a_reply_in_a_thread_is_an_event_that_names_the_thread_and_who_began_it(
    app_side: AppSide, channel: str, channel_type: str
) -> None:
    async def listen(event: JSON) -> None:
        await app_side.bodies.put(event)

    app_side.bolt.event("message")(listen)
    card_ = await app_side.slack.client.chat_postMessage(channel=channel, text="A card")
    person = RILEY if channel == RILEY else DANA
    await app_side.slack.as_(person).type(card_["channel"], "I add", thread_ts=card_["ts"])
    event = await app_side.next()
    assert {key: event[key] for key in ("type", "user", "text", "team", "channel_type")} == {
        "type": "message",
        "user": person,
        "text": "I add",
        "team": "T0SANDBOX1",
        "channel_type": channel_type,
    }
    assert (event["thread_ts"], event["parent_user_id"]) == (card_["ts"], BOT)
    assert (event["channel"], event["event_ts"]) == (card_["channel"], event["ts"])
    assert not {"bot_id", "subtype", "metadata"} & set(event)


async def test_the_bots_own_messages_are_events_too_with_its_bot_id() -> None:
    received: asyncio.Queue[JSON] = asyncio.Queue()

    async def note(request: web.Request) -> web.StreamResponse:
        await received.put(await request.json())
        return web.Response()

    async with (
        listening(note) as app_url,
        running(SlackStandInConfig(app_url=app_url, rate_limits=False)) as slack,
    ):
        await slack.client.chat_postMessage(channel=SAM, text="Hello")
        event = (await asyncio.wait_for(received.get(), 60))["event"]
        assert (event["user"], event["bot_id"]) == (BOT, "B0MUSTER01")
        # Where the bot isn't, nothing is told.
        await slack.as_(SAM).type("C0GENERAL1", "Just us")
        await slack.as_(SAM).type(MENTORS_ID, "Hello all")
        assert (await asyncio.wait_for(received.get(), 60))["event"]["channel"] == MENTORS_ID


async def test_an_event_that_fails_comes_again_three_times_and_says_why() -> None:
    arrived: asyncio.Queue[tuple[JSON, str | None, str | None]] = asyncio.Queue()

    async def fail(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        number, reason = headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")
        await arrived.put((await request.json(), number, reason))
        if number == "1":
            await asyncio.sleep(IMPATIENT.answer_within * 2)
        return web.Response(status=500)

    async with (
        listening(fail) as app_url,
        running(SlackStandInConfig(app_url=app_url, rate_limits=False), IMPATIENT) as slack,
    ):
        await slack.as_(SAM).type(MENTORS_ID, "Hello")
        seen = [await asyncio.wait_for(arrived.get(), 60) for _ in range(4)]
        await slack.as_(SAM).type(MENTORS_ID, "The next")
        following = await asyncio.wait_for(arrived.get(), 60)
    assert len({event["event_id"] for event, _, _ in seen}) == 1
    assert [(number, reason) for _, number, reason in seen] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_timeout"),
        ("3", "http_error"),
    ]
    assert following[0]["event"]["text"] == "The next"


async def test_an_app_may_ask_for_no_redelivery() -> None:
    arrived: asyncio.Queue[str] = asyncio.Queue()

    async def refuse(request: web.Request) -> web.StreamResponse:
        await arrived.put((await request.json())["event"]["text"])
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    async with (
        listening(refuse) as app_url,
        running(SlackStandInConfig(app_url=app_url, rate_limits=False)) as slack,
    ):
        for text in ("one", "two"):
            await slack.as_(SAM).type(MENTORS_ID, text)
            assert await asyncio.wait_for(arrived.get(), 60) == text


async def test_the_address_of_the_app_can_be_verified(app_side: AppSide) -> None:
    assert (await app_side.slack.control("POST", "verify_url")) == {"ok": True}
    async with running(CONFIG, Timing()) as alone:
        assert (await alone.control("POST", "verify_url")) == {"ok": False}
