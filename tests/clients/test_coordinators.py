"""Who coordinates is read from the channel, remembered a minute, and never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from clients.coordinators import LIFE, ChannelMembers, CoordinatorsUnknownError


class FakeSlack:
    """Answers with pages of members; an exception among them is raised."""

    def __init__(self, *pages: list[str] | Exception) -> None:
        self.pages: list[list[str] | Exception] = list(pages)
        self.calls: list[dict[str, Any]] = []

    async def conversations_members(self, **asked: Any) -> dict[str, Any]:
        self.calls.append(asked)
        await asyncio.sleep(0)
        page = self.pages[int(asked["cursor"] or 0)]
        if isinstance(page, Exception):
            raise page
        following = int(asked["cursor"] or 0) + 1
        cursor = str(following) if following < len(self.pages) else ""
        return {"members": page, "response_metadata": {"next_cursor": cursor}}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def members_of(slack: FakeSlack, clock: Clock) -> ChannelMembers:
    return ChannelMembers(cast(AsyncWebClient, slack), "C2", clock=clock)


async def all_of(members: ChannelMembers, people: Iterable[str]) -> list[bool]:
    return list(await asyncio.gather(*map(members.include, people)))


async def test_all_pages_of_the_channel_count_and_one_reading_serves_everybody() -> None:
    slack = FakeSlack(["UCORA"], ["UCODY"])
    members = members_of(slack, Clock())
    assert await all_of(members, ["UCORA", "UCODY", "USAM"]) == [True, True, False]
    assert [call["channel"] for call in slack.calls] == ["C2", "C2"]


async def test_who_leaves_the_channel_is_let_in_for_a_minute_at_most() -> None:
    slack, clock = FakeSlack(["UCORA"]), Clock()
    members = members_of(slack, clock)
    assert await members.include("UCORA")
    slack.pages = [[]]
    clock.now = LIFE - 1
    assert await members.include("UCORA")
    clock.now = LIFE
    assert not await members.include("UCORA")


async def test_when_slack_does_not_answer_nobody_is_known_until_it_does() -> None:
    slack = FakeSlack(OSError("no route"))
    members = members_of(slack, Clock())
    with pytest.raises(CoordinatorsUnknownError):
        await members.include("UCORA")
    slack.pages = [["UCORA"]]
    assert await members.include("UCORA")
