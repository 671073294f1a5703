"""What Slack refuses: who is left out, who is tried again, and what an operator hears of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.slack import Channels, SlackActivities
from clients.slack import (
    Slack,
    SlackAwayError,
    SlackError,
    SlackPayloadError,
    SlackRecipientError,
    SlackSystemError,
)
from domain.view import CardKind, CardRef, MessageRef
from domain.work import COORDINATORS, Outgoing, Post, Posted, Repaint, Repainted
from tests.activities.community_rows import Entities
from tests.cards.card_stories import DANA, LINKS, SAM, asked
from tests.sandbox.slack_harness import running

KIM = "U0KIM"
HOUR = timedelta(hours=1)

Refuses = Callable[[str, dict[str, Any]], SlackError | None]
"""What Slack says to a method and its arguments; None takes the call."""


class FussySlack(Slack):
    """Keeps the calls that it took, and refuses others as a test wants."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient())
        self.refuses: Refuses = lambda method, params: None
        self.taken: list[tuple[str, dict[str, Any]]] = []

    async def call(self, method: str, *, urgent: bool = False, **params: Any) -> dict[str, Any]:
        if error := self.refuses(method, params):
            raise error
        self.taken.append((method, params))
        return {"channel": params["channel"], "ts": str(len(self.taken))}

    @property
    def reached(self) -> list[str]:
        return [params["channel"] for method, params in self.taken]


class House:
    """The activities, and the Slack that they talk to."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.slack = FussySlack()
        self.now = 0.0
        self._caplog = caplog
        channels = Channels(mentors="C0MENTORS", coordinators="C0COORD")
        self.activities = SlackActivities(
            self.slack, channels, LINKS, Entities(), clock=lambda: self.now
        )

    async def post(self, *messages: Outgoing) -> Posted:
        order = Post(view=asked(), messages=list(messages))
        return await ActivityEnvironment().run(self.activities.post, order)

    async def repaint(self, *cards: CardRef) -> Repainted:
        order = Repaint(view=asked(), cards=list(cards))
        return await ActivityEnvironment().run(self.activities.repaint, order)

    def alerts(self) -> list[str]:
        records = self._caplog.records
        return [one.getMessage() for one in records if one.name == "muster.alerts"]


@pytest.fixture
def house(caplog: pytest.LogCaptureFixture) -> House:
    caplog.set_level(logging.INFO)
    return House(caplog)


def ask(mentor: str) -> Outgoing:
    card = CardRef(key=f"MR-4F6T2QXK5A/ask/{mentor}", kind=CardKind.ASK, to=mentor)
    return Outgoing(card=card, channel=mentor)


def for_coordinators() -> Outgoing:
    card = CardRef(key="MR-4F6T2QXK5A/coordinators", kind=CardKind.COORDINATORS)
    return Outgoing(card=card, channel=COORDINATORS)


WAVE = (ask(SAM.slack_id), ask(DANA.slack_id), ask(KIM))


def to(channel: str, error: SlackError) -> Refuses:
    return lambda method, params: error if params["channel"] == channel else None


def always(error: SlackError) -> Refuses:
    return lambda method, params: error


def with_blocks(method: str, params: dict[str, Any]) -> SlackError | None:
    return SlackPayloadError(method, "invalid_blocks") if "blocks" in params else None


def names(posted: Posted) -> list[str]:
    return [card.to for card in posted.cards]


# ---- what the message says ------------------------------------------------------------------

TOO_LONG = SlackPayloadError("chat.postMessage", "msg_too_long")


async def test_a_message_whose_blocks_are_refused_goes_as_plain_text(house: House) -> None:
    house.slack.refuses = with_blocks
    assert names(await house.post(ask(KIM))) == [KIM]
    [alert] = house.alerts()
    assert "plain text" in alert
    assert "invalid_blocks" in alert


async def test_a_message_refused_even_as_plain_text_is_not_tried_again(house: House) -> None:
    house.slack.refuses = always(TOO_LONG)
    with pytest.raises(ApplicationError) as failure:
        await house.post(ask(KIM))
    assert failure.value.non_retryable


async def test_of_many_messages_a_refused_one_is_left_out_with_one_alert(house: House) -> None:
    house.slack.refuses = to(DANA.slack_id, TOO_LONG)
    posted = await house.post(*WAVE)
    assert names(posted) == [SAM.slack_id, KIM]
    assert posted.unreachable == []
    [alert] = house.alerts()
    assert f"MR-4F6T2QXK5A/ask/{DANA.slack_id}" in alert
    assert "msg_too_long" in alert
    assert asked().goal not in alert


async def test_a_refused_repaint_leaves_the_card_with_its_buttons_and_paints_the_others(
    house: House,
) -> None:
    house.slack.refuses = lambda method, params: (
        SlackPayloadError(method, "invalid_blocks") if params["channel"] == "D1" else None
    )
    cards = [
        message.card.model_copy(update={"message": MessageRef(channel=f"D{n}", ts="1")})
        for n, message in enumerate(WAVE)
    ]
    painted = await house.repaint(*cards)
    assert painted.keys == [card.key for card in cards]
    assert painted.missing == []
    assert house.slack.reached == ["D0", "D2"]
    assert all("blocks" in params for _, params in house.slack.taken)
    [alert] = house.alerts()
    assert cards[1].key in alert


# ---- one recipient --------------------------------------------------------------------------


async def test_a_code_we_do_not_know_leaves_out_one_mentor_and_not_the_wave(house: House) -> None:
    house.slack.refuses = to(SAM.slack_id, SlackSystemError("chat.postMessage", "new_in_2031"))
    posted = await house.post(*WAVE)
    assert names(posted) == [DANA.slack_id, KIM]
    assert posted.unreachable == [SAM.slack_id]
    [alert] = house.alerts()
    assert "new_in_2031" in alert


async def test_nobody_is_called_unreachable_when_everybody_is_refused_alike(house: House) -> None:
    house.slack.refuses = always(SlackSystemError("chat.postMessage", "new_in_2031"))
    with pytest.raises(ApplicationError) as failure:
        await house.post(*WAVE)
    assert failure.value.next_retry_delay == HOUR
    assert not failure.value.non_retryable


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope", "HTTP 403"])
async def test_what_concerns_all_is_tried_again_by_the_hour_without_asking_the_others(
    house: House, code: str
) -> None:
    house.slack.refuses = to(DANA.slack_id, SlackSystemError("chat.postMessage", code))
    with pytest.raises(ApplicationError) as failure:
        await house.post(*WAVE)
    assert failure.value.next_retry_delay == HOUR
    assert house.slack.reached == [SAM.slack_id]


async def test_a_channel_that_refuses_is_tried_again_by_the_hour_once_the_people_are_told(
    house: House,
) -> None:
    house.slack.refuses = to("C0COORD", SlackSystemError("chat.postMessage", "channel_not_found"))
    with pytest.raises(ApplicationError) as failure:
        await house.post(for_coordinators(), *WAVE)
    assert failure.value.next_retry_delay == HOUR
    assert house.slack.reached == [message.channel for message in WAVE]
    with pytest.raises(ApplicationError) as alone:
        await house.post(for_coordinators())
    assert alone.value.next_retry_delay == HOUR


async def test_a_disabled_account_is_left_out_without_an_alert(house: House) -> None:
    house.slack.refuses = to(KIM, SlackRecipientError("chat.postMessage", "user_disabled"))
    posted = await house.post(*WAVE)
    assert posted.unreachable == [KIM]
    assert house.alerts() == []


# ---- alerts ---------------------------------------------------------------------------------


async def test_a_revoked_token_is_alerted_once_an_hour_for_all_requests(house: House) -> None:
    house.slack.refuses = lambda method, params: SlackSystemError(method, "token_revoked")
    for _ in range(3):
        with pytest.raises(ApplicationError):
            await house.post(*WAVE)
        with pytest.raises(ApplicationError):
            place = MessageRef(channel="D1", ts="1")
            await house.repaint(WAVE[0].card.model_copy(update={"message": place}))
    assert len(house.alerts()) == 1
    house.now += 3600
    with pytest.raises(ApplicationError):
        await house.post(*WAVE)
    assert len(house.alerts()) == 2


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited", "internal_error"])
async def test_a_passing_trouble_is_nobodys_fault(code: str) -> None:
    async with running() as stand_in:
        fault = {"kind": "status", "status": 200, "body": {"ok": False, "error": code}}
        await stand_in.control("POST", "faults", {"method": "chat.postMessage", **fault})
        with pytest.raises(SlackAwayError):
            await Slack(stand_in.client).call("chat.postMessage", channel=KIM, text="hello")
