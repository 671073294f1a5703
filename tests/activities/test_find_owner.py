"""Who looks after a request that nobody has taken: a week each, and somebody with an account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.people import PeopleActivities
from clients.slack import Slack, SlackAwayError, SlackRecipientError
from domain.models import Person
from domain.work import FindOwner

CHANNEL = "C0COORD"
ADA, BEN, CLEO = "U0ADA", "U0BEN", "U0CLEO"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = timedelta(days=7)


class Workspace(Slack):
    """The coordinators' channel, two members a page, and who is behind an id."""

    def __init__(self, *members: str) -> None:
        super().__init__(AsyncWebClient())
        self.members = list(members)
        self.users: dict[str, dict[str, Any]] = {}
        self.away = False

    async def call(self, method: str, *, urgent: bool = False, **params: Any) -> dict[str, Any]:
        if self.away:
            raise SlackAwayError(method, "service_unavailable")
        if method == "conversations.members":
            assert params["channel"] == CHANNEL
            start = int(params["cursor"] or 0)
            more = str(start + 2) if start + 2 < len(self.members) else ""
            page = self.members[start : start + 2]
            return {"members": page, "response_metadata": {"next_cursor": more}}
        assert method == "users.info"
        user = params["user"]
        if self.users.get(user) == {}:
            raise SlackRecipientError(method, "user_not_found")
        named = {"profile": {"display_name": user.removeprefix("U0").title()}, "tz": "Europe/Paris"}
        return {"user": {"id": user, **named, **self.users.get(user, {})}}

    async def whose_turn(self, now: datetime, **order: Any) -> Person | None:
        activities = PeopleActivities(self, CHANNEL)
        find = FindOwner(now=now, **order)
        return (await ActivityEnvironment().run(activities.find_owner, find)).person

    async def names(self, weeks: int, **order: Any) -> list[str]:
        people = [await self.whose_turn(MONDAY + week * WEEK, **order) for week in range(weeks)]
        return [one.slack_id if one else "" for one in people]


async def test_members_of_the_coordinators_channel_take_turns_a_week_each_in_a_steady_order() -> (
    None
):
    """Three weeks are one round, whatever the order in which Slack lists the channel."""
    one_round = await Workspace(CLEO, ADA, BEN).names(3)
    assert sorted(one_round) == [ADA, BEN, CLEO]
    assert await Workspace(BEN, CLEO, ADA).names(6) == one_round * 2
    turn = await Workspace(CLEO, ADA, BEN).whose_turn(MONDAY + WEEK - timedelta(seconds=1))
    assert turn
    assert turn.slack_id == one_round[0], "until Sunday night"
    assert (turn.name, turn.time_zone) == (turn.slack_id.removeprefix("U0").title(), "Europe/Paris")


async def test_the_rota_goes_before_the_channel_and_keeps_its_own_order() -> None:
    rota = [Person(slack_id=CLEO), Person(slack_id=ADA)]
    turns = await Workspace(BEN).names(4, rota=rota)
    assert turns in ([CLEO, ADA, CLEO, ADA], [ADA, CLEO, ADA, CLEO])


async def test_bots_and_closed_accounts_have_no_turn_the_next_one_has() -> None:
    workspace = Workspace(ADA, BEN, CLEO, "U0MUSTER")
    workspace.users = {"U0MUSTER": {"is_bot": True}, ADA: {"deleted": True}, BEN: {}}
    assert set(await workspace.names(4)) == {CLEO}
    workspace.users[CLEO] = {"deleted": True}
    assert await workspace.whose_turn(MONDAY) is None


async def test_mentee_and_mentor_have_a_turn_only_if_there_is_nobody_else() -> None:
    workspace = Workspace(ADA, BEN, CLEO)
    assert set(await workspace.names(3, involved=[ADA, CLEO])) == {BEN}
    assert set(await workspace.names(3, involved=[ADA, BEN, CLEO])) == {ADA, BEN, CLEO}


async def test_an_empty_channel_has_no_owner_and_an_outage_is_tried_again() -> None:
    workspace = Workspace()
    assert await workspace.whose_turn(MONDAY) is None
    workspace.away = True
    with pytest.raises(ApplicationError) as away:
        await workspace.whose_turn(MONDAY)
    assert not away.value.non_retryable
