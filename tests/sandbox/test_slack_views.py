"""Modals and Home tabs, as Bolt's listeners and the person who fills them in see them."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack import Timing
from tests.sandbox.slack_harness import (
    JSON,
    RILEY,
    SAM,
    AppSide,
    button,
    card,
    modal,
    text_input,
    with_bolt,
)


async def triggered(side: AppSide, user: str = RILEY) -> str:
    """A fresh trigger, from a press on a button in a DM."""

    async def listen(ack: Any, body: JSON) -> None:
        await ack()
        await side.bodies.put(body)

    side.bolt.action("claim")(listen)
    posted = await side.slack.client.chat_postMessage(channel=user, text="x", blocks=card())
    clicked = await side.slack.as_(user).click(posted["channel"], posted["ts"])
    assert clicked == {"ok": True}
    return str((await side.next())["trigger_id"])


async def code(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


async def opened(side: AppSide, *blocks: JSON, **more: Any) -> JSON:
    answer = await side.slack.client.views_open(
        trigger_id=await triggered(side), view=modal(*blocks, **more)
    )
    view: JSON = answer["view"]
    return view


async def test_a_trigger_opens_one_modal_and_no_second(app_side: AppSide) -> None:
    trigger = await triggered(app_side)
    client = app_side.slack.client
    view = (await client.views_open(trigger_id=trigger, view=modal()))["view"]
    assert view["id"].startswith("V")
    assert view["root_view_id"] == view["id"]
    assert view["state"] == {
        "values": {"note": {"text": {"type": "plain_text_input", "value": None}}}
    }
    again = client.views_open(trigger_id=trigger, view=modal())
    assert await code(again) == "exchanged_trigger_id"
    unknown = client.views_open(trigger_id="1.2.abc", view=modal())
    assert await code(unknown) == "invalid_trigger_id"
    assert [v["id"] for v in await app_side.slack.as_(RILEY).open_views()] == [view["id"]]


async def test_a_trigger_is_too_old_after_its_time() -> None:
    async with with_bolt(Timing(trigger_lives=0.0)) as side:
        late = side.slack.client.views_open(trigger_id=await triggered(side), view=modal())
        assert await code(late) == "expired_trigger_id"


async def test_a_refused_view_leaves_the_trigger_usable(app_side: AppSide) -> None:
    trigger = await triggered(app_side)
    client = app_side.slack.client
    wrong = client.views_open(trigger_id=trigger, view=modal(title={"type": "plain_text"}))
    assert await code(wrong) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=modal()))["ok"]


async def test_an_update_needs_the_newest_hash_and_keeps_what_was_typed(app_side: AppSide) -> None:
    client = app_side.slack.client
    view = await opened(
        app_side, text_input(), {"type": "actions", "block_id": "row", "elements": [button("more")]}
    )
    app_side.bolt.action("more")(_acknowledge)
    riley = app_side.slack.as_(RILEY)
    typed = {"state": {"values": {"note": {"text": {"type": "plain_text_input", "value": "Hi"}}}}}
    assert (await riley.click_in_view(view["id"], "row", "more", **typed))["ok"]
    changed = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert changed["view"]["state"]["values"]["note"]["text"]["value"] == "Hi"
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert await code(stale) == "hash_conflict"
    assert await code(client.views_update(view_id="V0NONE", view=modal())) == "not_found"


async def test_a_choice_in_a_form_is_in_its_state_and_stays_there(app_side: AppSide) -> None:
    async def listen(ack: Any, body: JSON) -> None:
        await ack()
        await app_side.bodies.put(body)

    option: JSON = {"text": {"type": "plain_text", "text": "Sunday"}, "value": "sunday"}
    when = {"type": "static_select", "action_id": "when", "options": [option]}
    row = {"type": "actions", "block_id": "row", "elements": [when, button("more")]}
    view = await opened(app_side, text_input(), row, private_metadata="MR-1", callback_id="hold")
    for action_id in ("when", "more"):
        app_side.bolt.action(action_id)(listen)
    riley, full = app_side.slack.as_(RILEY), {**option, "text": {**option["text"], "emoji": True}}
    chosen = {"block_id": "row", "action_id": "when", "selected_option": {"value": "sunday"}}
    place = {"container": {"type": "view", "view_id": view["id"]}}
    await riley.post("actions", {**place, "action": chosen})
    first = await app_side.next()
    await riley.click_in_view(view["id"], "row", "more")
    second = await app_side.next()
    for body in (first, second):
        assert body["container"] == {"type": "view", "view_id": view["id"]}
        assert not {"channel", "message", "response_url"} & set(body)
        assert body["view"]["state"]["values"]["row"]["when"]["selected_option"] == full
        assert (body["view"]["private_metadata"], body["view"]["hash"]) == ("MR-1", view["hash"])
    made_up = {**chosen, "selected_option": {"value": "yesterday"}}
    refused = await riley.post("actions", {**place, "action": made_up})
    assert refused["error"] == "option_not_found"


async def test_three_modals_may_lie_on_each_other_and_no_fourth(app_side: AppSide) -> None:
    pushed = asyncio.Queue[JSON]()

    async def push(ack: Any, body: JSON, client: Any) -> None:
        await ack()
        try:
            answer = await client.views_push(trigger_id=body["trigger_id"], view=form)
            await pushed.put(answer["view"])
        except SlackApiError as error:
            await pushed.put({"error": error.response["error"]})

    row = {"type": "actions", "block_id": "row", "elements": [button("deeper")]}
    form = modal(row)
    app_side.bolt.action("deeper")(push)
    top = await opened(app_side, row)
    riley = app_side.slack.as_(RILEY)
    outcomes = []
    for _ in range(3):
        await riley.click_in_view(top["id"], "row", "deeper")
        outcome = await asyncio.wait_for(pushed.get(), 60)
        outcomes.append(outcome.get("error", "pushed"))
        top = outcome if "id" in outcome else top
    assert outcomes == ["pushed", "pushed", "push_limit_reached"]
    stack = await riley.open_views()
    assert stack[2]["previous_view_id"] == stack[1]["id"]
    assert {view["root_view_id"] for view in stack} == {stack[0]["id"]}


async def test_an_external_id_names_one_open_view(app_side: AppSide) -> None:
    client = app_side.slack.client
    await opened(app_side, external_id="request-1")
    second = client.views_open(
        trigger_id=await triggered(app_side, SAM), view=modal(external_id="request-1")
    )
    assert await code(second) == "duplicate_external_id"
    changed = await client.views_update(external_id="request-1", view=modal(callback_id="new"))
    assert changed["view"]["callback_id"] == "new"


async def _acknowledge(ack: Any) -> None:
    await ack()


async def test_a_submission_reaches_the_app_with_everything_filled_in(app_side: AppSide) -> None:
    async def listen(ack: Any, body: JSON) -> None:
        await ack()
        await app_side.bodies.put(body)

    app_side.bolt.view("form")(listen)
    when = {
        "type": "input",
        "block_id": "when",
        "label": {"type": "plain_text", "text": "When"},
        "element": {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1800000000},
    }
    view = await opened(app_side, text_input(), when, private_metadata="request-1")
    answer = await app_side.slack.as_(RILEY).submit(view["id"], {"note": {"text": {"value": "Hi"}}})
    assert answer == {"ok": True, "closed": True}
    body = await app_side.next()
    assert body["type"] == "view_submission"
    assert body["user"]["id"] == RILEY
    assert body["view"]["private_metadata"] == "request-1"
    assert body["view"]["state"]["values"] == {
        "note": {"text": {"type": "plain_text_input", "value": "Hi"}},
        "when": {"at": {"type": "datetimepicker", "selected_date_time": 1800000000}},
    }
    assert await app_side.slack.as_(RILEY).open_views() == []


async def test_what_is_missing_or_too_short_is_said_before_the_app_is_asked(
    app_side: AppSide,
) -> None:
    riley = app_side.slack.as_(RILEY)
    view = await opened(app_side, text_input(min_length=3, max_length=5))
    app_side.headers.clear()
    for value, words in (
        ("", "Please complete this required field."),
        ("ab", "This field must have at least 3 characters."),
        ("abcdef", "This field can have no more than 5 characters."),
    ):
        answer = await riley.submit(view["id"], {"note": {"text": {"value": value}}})
        assert answer == {"ok": True, "errors": {"note": words}}
    assert app_side.headers == []


async def test_the_apps_errors_stand_at_the_fields_and_the_modal_stays(app_side: AppSide) -> None:
    async def complain(ack: Any) -> None:
        await ack(response_action="errors", errors={"note": "Please say more."})

    app_side.bolt.view("form")(complain)
    view = await opened(app_side)
    riley = app_side.slack.as_(RILEY)
    answer = await riley.submit(view["id"], {"note": {"text": {"value": "x"}}})
    assert answer == {"ok": True, "errors": {"note": "Please say more."}}
    assert len(await riley.open_views()) == 1


async def test_the_app_may_answer_with_another_view_or_one_on_top_or_close_all(
    app_side: AppSide,
) -> None:
    answers: list[JSON] = [
        {"response_action": "update", "view": modal(text_input(), callback_id="second")},
        {"response_action": "push", "view": modal(text_input(), callback_id="third")},
        {"response_action": "clear"},
    ]

    async def answer_next(ack: Any) -> None:
        await ack(**answers.pop(0))

    for callback_id in ("form", "second", "third"):
        app_side.bolt.view(callback_id)(answer_next)
    view = await opened(app_side)
    riley = app_side.slack.as_(RILEY)
    filled = {"note": {"text": {"value": "x"}}}
    second = (await riley.submit(view["id"], filled))["view"]
    assert (second["id"], second["callback_id"]) == (view["id"], "second")
    third = (await riley.submit(second["id"], filled))["view"]
    assert [v["callback_id"] for v in await riley.open_views()] == ["second", "third"]
    assert (await riley.submit(third["id"], filled))["closed"] is True
    assert await riley.open_views() == []


async def test_a_slow_app_leaves_the_form_open_and_the_person_is_told(
    hurried_side: AppSide,
) -> None:
    async def dawdle(ack: Any) -> None:
        await asyncio.Event().wait()

    hurried_side.bolt.view("form")(dawdle)
    view = await opened(hurried_side)
    riley = hurried_side.slack.as_(RILEY)
    answer = await riley.submit(view["id"], {"note": {"text": {"value": "x"}}})
    assert answer["error"] == "timeout"
    assert answer["message"] == "We had some trouble connecting. Try again?"
    (still,) = await riley.open_views()
    assert still["state"]["values"]["note"]["text"]["value"] == "x"


async def test_closing_is_told_only_to_an_app_that_asked(app_side: AppSide) -> None:
    async def listen(ack: Any, body: JSON) -> None:
        await ack()
        await app_side.bodies.put(body)

    app_side.bolt.view_closed("form")(listen)
    riley = app_side.slack.as_(RILEY)
    silent = await opened(app_side)
    await riley.post(f"views/{silent['id']}/close")
    told = await opened(app_side, notify_on_close=True)
    await riley.post(f"views/{told['id']}/close", {"is_cleared": True})
    body = await app_side.next()
    assert (body["type"], body["is_cleared"]) == ("view_closed", True)
    assert body["view"]["id"] == told["id"]
    assert app_side.bodies.empty()


async def test_the_app_suggests_options_for_what_is_typed(app_side: AppSide) -> None:
    async def suggest(ack: Any, body: JSON) -> None:
        text = {"type": "plain_text", "text": f"{body['value']}thon"}
        await ack(options=[{"text": text, "value": "python"}])

    app_side.bolt.options("skill")(suggest)
    select = {
        "type": "input",
        "block_id": "skills",
        "label": {"type": "plain_text", "text": "Skills"},
        "element": {"type": "external_select", "action_id": "skill", "min_query_length": 1},
    }
    view = await opened(app_side, select)
    answer = await app_side.slack.as_(RILEY).post(
        "options",
        {
            "container": {"type": "view", "view_id": view["id"]},
            "block_id": "skills",
            "action_id": "skill",
            "value": "Py",
        },
    )
    assert [option["text"]["text"] for option in answer["options"]] == ["Python"]


async def test_a_home_tab_is_published_and_its_buttons_work(app_side: AppSide) -> None:
    async def listen(ack: Any, body: JSON) -> None:
        await ack()
        await app_side.bodies.put(body)

    app_side.bolt.action("snooze")(listen)
    client = app_side.slack.client
    row = {"type": "actions", "block_id": "row", "elements": [button("snooze")]}
    home = {"type": "home", "blocks": [row], "callback_id": "home"}
    first = (await client.views_publish(user_id=SAM, view=home))["view"]
    sam = app_side.slack.as_(SAM)
    assert (await sam.get("home"))["view"]["id"] == first["id"]
    assert (await sam.click_in_view(first["id"], "row", "snooze"))["ok"]
    body = await app_side.next()
    assert body["container"] == {"type": "view", "view_id": first["id"]}
    assert not {"channel", "message", "response_url"} & set(body)
    assert (body["view"]["type"], body["actions"][0]["action_id"]) == ("home", "snooze")
    second = (await client.views_publish(user_id=SAM, view=home, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    stale = client.views_publish(user_id=SAM, view=home, hash=first["hash"])
    assert await code(stale) == "hash_conflict"
    assert await code(client.views_publish(user_id="U0NOBODY", view=home)) == "user_not_found"
