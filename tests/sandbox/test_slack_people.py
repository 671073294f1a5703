"""What tests may do to people: close an account, move somebody, make somebody unreachable."""

from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from sandbox.people import by_name
from sandbox.slack.identity import BOT_USER_ID, MENTORS_ID
from tests.sandbox.slack_harness import JSON, KENJI, RILEY, SAM, AppSide, Slack


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_nobody_can_open_a_conversation_with_a_deactivated_person(slack: Slack) -> None:
    changed = await slack.control("POST", f"people/{SAM}", {"deactivated": True})
    assert changed["user"]["deleted"] is True
    client = slack.client
    for users in ([SAM], [SAM, RILEY]):
        assert await refusal(client.conversations_open(users=users)) == "user_disabled"
    email = by_name("Sam Okafor").email
    assert await refusal(client.users_lookupByEmail(email=email)) == "users_not_found"
    info = (await client.users_info(user=SAM))["user"]
    assert (info["deleted"], "tz" in info) == (True, False)
    members = (await client.conversations_members(channel=MENTORS_ID, limit=200))["members"]
    assert SAM in members


async def test_a_message_to_a_deactivated_person_goes_nowhere_and_looks_fine(slack: Slack) -> None:
    await slack.control("POST", f"people/{SAM}", {"deactivated": True})
    assert (await slack.client.chat_postMessage(channel=SAM, text="Hello?"))["ok"]
    seen = await slack.as_(SAM).get("conversations")
    assert (seen["ok"], seen["error"]) == (False, "account_inactive")
    back = await slack.control("POST", f"people/{SAM}", {"deactivated": False})
    assert back["user"]["tz"] == "America/New_York"
    assert (await slack.as_(SAM).get("conversations"))["ok"]


async def test_somebody_can_be_made_unreachable_by_any_error_until_it_is_taken_back(
    slack: Slack,
) -> None:
    client = slack.client
    dm = (await client.chat_postMessage(channel=SAM, text="Hello"))["channel"]
    ordered = await slack.control("POST", f"people/{SAM}", {"refuses": "user_disabled"})
    assert (ordered["refuses"], ordered["user"]["deleted"]) == ("user_disabled", False)
    for channel in (SAM, dm):
        call = client.chat_postMessage(channel=channel, text="Hello?")
        assert await refusal(call) == "user_disabled"
    assert await refusal(client.conversations_open(users=[SAM, RILEY])) == "user_disabled"
    assert (await client.chat_postMessage(channel=KENJI, text="Hello"))["ok"]
    await slack.control("POST", f"people/{SAM}", {"refuses": None})
    assert (await client.chat_postMessage(channel=dm, text="There you are"))["ok"]


async def test_somebody_can_move_to_another_time_zone(slack: Slack) -> None:
    async with slack.as_(SAM).watching() as news, slack.as_(RILEY).watching() as others:
        await news.until("hello")
        await others.until("hello")
        await slack.control("POST", f"people/{SAM}", {"tz": "Asia/Tokyo"})
        await news.until("reset")
        heard = await others.until("user")
    assert (heard["user"]["id"], heard["user"]["tz"]) == (SAM, "Asia/Tokyo")
    info = (await slack.client.users_info(user=SAM))["user"]
    assert (info["tz"], info["tz_offset"]) == ("Asia/Tokyo", 9 * 3600)
    assert (await slack.control("GET", f"people/{SAM}"))["user"] == info


async def test_the_app_hears_whose_account_or_profile_is_another_now(app_side: AppSide) -> None:
    slack = app_side.slack

    @app_side.bolt.event("user_change")
    async def note(ack: AsyncAck, event: JSON) -> None:
        await ack()
        await app_side.bodies.put(event)

    for wish, changed in (
        ({"deactivated": True}, ("deleted", True)),
        ({"deactivated": False}, ("deleted", False)),
        ({"tz": "Asia/Tokyo"}, ("tz", "Asia/Tokyo")),
        ({"real_name": "Samuel Okafor"}, ("real_name", "Samuel Okafor")),
    ):
        await slack.control("POST", f"people/{SAM}", wish)
        event = await app_side.next()
        assert set(event) == {"type", "user", "cache_ts", "event_ts"}
        assert isinstance(event["cache_ts"], int)
        assert float(event["event_ts"]) >= event["cache_ts"]
        assert event["user"] == (await slack.client.users_info(user=SAM))["user"]
        assert event["user"][changed[0]] == changed[1]
    for no_change in ({"tz": "Asia/Tokyo"}, {"refuses": "user_disabled"}, {"deactivated": False}):
        assert (await slack.control("POST", f"people/{SAM}", no_change))["ok"]
    await slack.control("POST", f"people/{KENJI}", {"title": "Retired"})
    event = await app_side.next()
    assert (event["user"]["id"], event["user"]["profile"]["title"]) == (KENJI, "Retired")


async def test_one_member_is_deactivated_from_the_beginning(slack: Slack) -> None:
    everybody = (await slack.client.users_list())["members"]
    assert [user["profile"]["real_name"] for user in everybody if user["deleted"]] == [
        "Reggie Tillman"
    ]


@pytest.mark.parametrize(
    ("user", "wish", "status"),
    [
        ("U0NOBODY", {"deactivated": True}, 404),
        (BOT_USER_ID, {"deactivated": True}, 404),
        (SAM, {}, 400),
        (SAM, {"deactivate": True}, 400),
        (SAM, {"deactivated": "yes"}, 400),
        (SAM, {"tz": "Eastern"}, 400),
        (SAM, {"tz": None}, 400),
        (SAM, {"refuses": "User disabled!"}, 400),
        (SAM, {"real_name": " "}, 400),
        (SAM, {"title": None}, 400),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_with_a_reason(
    slack: Slack, user: str, wish: dict[str, Any], status: int
) -> None:
    async with slack.http.post(f"/_sandbox/people/{user}", json=wish) as answer:
        assert answer.status == status
        assert (await answer.json())["message"]
