"""What Muster says to a mentor outside any request: written once, redrawn when it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.mentor_words import MentorWordActivities
from clients.slack import Slack
from domain import ids
from domain.mentor_memory import WordKind
from domain.mentor_work import WordWritten, WriteWord
from domain.view import MessageRef
from tests.sandbox.slack_harness import SAM, running
from tests.sandbox.slack_harness import Slack as StandIn

KEY = ids.mentor_word_key(SAM, WordKind.WIN_BACK.value, 1)
UNTIL = datetime(2026, 12, 24, tzinfo=UTC)


class House:
    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.texts: dict[str, str] = {}
        self.activities = MentorWordActivities(Slack(stand_in.client), texts=lambda: self.texts)

    async def write(self, slack_id: str = SAM, **more: Any) -> WordWritten:
        facts: dict[str, Any] = {"slack_id": slack_id, "key": KEY, "kind": WordKind.WIN_BACK}
        return await ActivityEnvironment().run(
            self.activities.write_word, WriteWord(**(facts | more))
        )

    async def refuses(self, method: str, code: str, **more: Any) -> None:
        body = {"ok": False, "error": code}
        fault = {"method": method, "kind": "status", "status": 200, "body": body, **more}
        await self.stand_in.control("POST", "faults", fault)

    async def messages(self) -> list[dict[str, Any]]:
        opened = await self.stand_in.client.conversations_open(users=SAM)
        found = await self.stand_in.client.conversations_history(
            channel=opened["channel"]["id"], include_all_metadata=True
        )
        return [one for one in found["messages"] if one.get("metadata")]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with running() as stand_in:
        yield House(stand_in)


def buttons(message: dict[str, Any]) -> list[str]:
    return [
        element["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def test_a_question_has_its_key_and_its_buttons(house: House) -> None:
    written = await house.write()
    [message] = await house.messages()
    assert written.place is not None
    assert written.place.ts == message["ts"]
    assert message["metadata"]["event_payload"] == {"key": KEY}
    assert len(buttons(message)) == 3, "come back, not now, never ask again"
    assert message["text"], "it reads without blocks"


async def test_a_question_is_written_once_however_often_it_is_tried(house: House) -> None:
    first = await house.write()
    assert await house.write() == first
    assert len(await house.messages()) == 1


async def test_the_next_question_is_another_message(house: House) -> None:
    await house.write()
    await house.write(key=ids.mentor_word_key(SAM, WordKind.WIN_BACK.value, 2))
    assert len(await house.messages()) == 2


@pytest.mark.parametrize(
    ("answer", "until"), [("back", None), ("not now", None), ("never", None), ("break", UNTIL)]
)
async def test_an_answered_question_says_what_is_so_and_has_no_buttons(
    house: House, answer: str, until: datetime | None
) -> None:
    written = await house.write()
    [question] = await house.messages()
    again = await house.write(answer=answer, until=until, place=written.place)
    assert again.place == written.place
    [message] = await house.messages()
    assert buttons(message) == []
    assert message["text"] != question["text"]


async def test_coordinators_may_reword_it(house: House) -> None:
    house.texts["mentor.win-back"] = "Fancy a mentee?"
    await house.write()
    [message] = await house.messages()
    assert "Fancy a mentee?" in str(message["blocks"])


async def test_a_mentor_whom_slack_does_not_reach_holds_up_nothing(house: House) -> None:
    assert await house.write("U0NOBODY") == WordWritten()


async def test_a_question_whose_message_was_deleted_counts_as_redrawn(house: House) -> None:
    written = await house.write()
    assert written.place is not None
    gone = MessageRef(channel=written.place.channel, ts="1.1")
    assert await house.write(answer="back", place=gone) == WordWritten(place=gone)


async def test_a_refused_message_is_left_out_with_an_alert(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.refuses("chat.postMessage", "msg_too_long")
    assert await house.write() == WordWritten()
    [alert] = [one.getMessage() for one in caplog.records if one.name == "muster.alerts"]
    assert KEY in alert
    assert "msg_too_long" in alert


async def test_a_message_that_slack_takes_only_without_blocks_goes_as_plain_text(
    house: House,
) -> None:
    await house.refuses("chat.postMessage", "invalid_blocks", count=1)
    written = await house.write()
    [message] = await house.messages()
    assert written.place is not None
    assert message["text"]
    assert not message.get("blocks")


async def test_a_revoked_token_is_tried_by_the_hour(house: House) -> None:
    await house.refuses("conversations.open", "token_revoked")
    with pytest.raises(ApplicationError) as failure:
        await house.write()
    assert failure.value.next_retry_delay == timedelta(hours=1)
    assert not failure.value.non_retryable
