"""Rate limits as Slack sets them, and what goes wrong on demand."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from sandbox.slack import SlackStandInConfig
from sandbox.slack.ratelimits import RATES, RateLimits
from sandbox.slack.web_api import METHODS
from tests.sandbox.slack_harness import CONFIG, DANA, KENJI, RILEY, SAM, Slack, running

LIMITED = SlackStandInConfig(app_url="", rate_limits=True)


def test_every_method_has_its_rate() -> None:
    assert set(RATES) == set(METHODS)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_methods_minute_may_be_used_up_at_once_and_then_trickles_back() -> None:
    clock = Clock()
    limits = RateLimits(enabled=True, clock=clock)
    assert [limits.wait_for("users.list") for _ in range(20)] == [0] * 20
    assert limits.wait_for("users.list") == 3
    clock.now += 2.9
    assert limits.wait_for("users.list") == 1
    clock.now += 0.2
    assert limits.wait_for("users.list") == 0
    assert limits.wait_for("users.info") == 0


def test_posting_is_limited_to_a_message_a_second_in_each_channel() -> None:
    clock = Clock()
    limits = RateLimits(enabled=True, clock=clock)
    waits = [limits.wait_for("chat.postMessage", "C1") for _ in range(11)]
    assert waits == [0] * 10 + [1]
    assert limits.wait_for("chat.postMessage", "C2") == 0
    clock.now += 1
    assert limits.wait_for("chat.postMessage", "C1") == 0
    assert limits.wait_for("chat.postMessage", "C1") == 1


def test_a_refused_call_does_not_count() -> None:
    clock = Clock()
    limits = RateLimits(enabled=True, clock=clock)
    for _ in range(60):
        limits.wait_for("chat.postMessage", "C1")
    others = [limits.wait_for("chat.postMessage", f"D{n}") for n in range(90)]
    assert others == [0] * 90


async def test_too_many_calls_get_429_with_the_seconds_to_wait() -> None:
    async with running(LIMITED) as slack:
        for _ in range(20):
            await slack.client.users_list(limit=1)
        with pytest.raises(SlackApiError) as error:
            await slack.client.users_list(limit=1)
        assert error.value.response.status_code == 429
        assert error.value.response["error"] == "ratelimited"
        assert error.value.response.headers["Retry-After"] == "3"
        await slack.control("POST", "limits", {"enabled": False})
        assert (await slack.client.users_list(limit=1))["ok"]


async def test_the_sdks_retry_handler_waits_as_long_as_it_is_told() -> None:
    async with running(LIMITED) as slack:
        client = WebClient(
            token=CONFIG.bot_token,
            base_url=f"{slack.url}api/",
            retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=3)],
        )
        for number in range(10):
            await slack.client.chat_postMessage(channel=SAM, text=str(number))
        started = time.monotonic()
        posted = await asyncio.to_thread(client.chat_postMessage, channel=SAM, text="the eleventh")
        assert time.monotonic() - started >= 1
        history = await slack.client.conversations_history(channel=posted["channel"])
        assert history["messages"][0]["text"] == "the eleventh"
        assert len(history["messages"]) == 11


async def test_a_connection_dropped_after_the_work_leaves_one_message_to_be_found(
    slack: Slack,
) -> None:
    fault = {"method": "chat.postMessage", "kind": "drop_after", "count": 1}
    await slack.control("POST", "faults", fault)
    metadata = {"event_type": "card", "event_payload": {"key": "request-1:wave-1:sam"}}
    with pytest.raises(aiohttp.ClientError):
        await slack.client.chat_postMessage(channel=SAM, text="Python", metadata=metadata)
    channel = (await slack.client.conversations_open(users=SAM))["channel"]["id"]
    found = await slack.client.conversations_history(channel=channel, include_all_metadata=True)
    assert [message["metadata"] for message in found["messages"]] == [metadata]


async def test_a_connection_dropped_before_the_work_leaves_nothing(slack: Slack) -> None:
    await slack.client.conversations_open(users=SAM)
    fault = {"method": "chat.postMessage", "kind": "drop_before", "count": 1}
    await slack.control("POST", "faults", fault)
    with pytest.raises(aiohttp.ClientError):
        await slack.client.chat_postMessage(channel=SAM, text="Python")
    channel = (await slack.client.conversations_open(users=SAM))["channel"]["id"]
    assert (await slack.client.conversations_history(channel=channel))["messages"] == []


async def test_an_error_on_demand_is_slacks_error_for_one_person_only(slack: Slack) -> None:
    fault = {
        "method": "chat.postMessage",
        "kind": "error",
        "error": "user_not_found",
        "match": {"channel": KENJI},
    }
    await slack.control("POST", "faults", fault)
    with pytest.raises(SlackApiError) as error:
        await slack.client.chat_postMessage(channel=KENJI, text="Hello")
    assert error.value.response.data == {"ok": False, "error": "user_not_found"}
    assert (await slack.client.chat_postMessage(channel=DANA, text="Hello"))["ok"]


async def test_a_rate_limit_on_demand_looks_like_a_real_one(slack: Slack) -> None:
    fault = {"method": "users.info", "kind": "error", "error": "ratelimited", "count": 1}
    await slack.control("POST", "faults", fault)
    with pytest.raises(SlackApiError) as error:
        await slack.client.users_info(user=SAM)
    assert error.value.response.status_code == 429
    assert int(error.value.response.headers["Retry-After"]) >= 1


async def test_the_log_counts_calls_and_never_shows_the_token(slack: Slack) -> None:
    await slack.client.chat_postMessage(channel=RILEY, text="Hello")
    form = {"token": CONFIG.bot_token, "user": SAM}
    async with slack.http.post("/api/users.info", data=form) as response:
        assert (await response.json())["ok"] is True
    log = await slack.control("GET", "requests")
    assert log["counts"] == {"chat.postMessage": 1, "users.info": 1}
    assert log["requests"][1]["params"] == {"user": SAM}
    assert CONFIG.bot_token not in str(log)
    assert (await slack.control("GET", "health")) == {"ok": True, "name": "slack"}
