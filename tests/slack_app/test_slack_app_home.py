"""App Home: what Muster is for everybody, the queue and the sending switch for coordinators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.queue import Listing
from clients.requests import TemporalAwayError
from domain.models import Person, Status
from domain.queue import QueueEntry
from domain.sending import SendingState
from tests.slack_app.slack_app_harness import (
    DANA,
    KENJI,
    REQUEST_ID,
    RILEY,
    SAM,
    World,
    asked,
    claimed,
    open_world,
)


def entry(**more: Any) -> QueueEntry:
    now = datetime.now(UTC)
    facts: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "service": "Pair Programming",
        "status": Status.OPEN,
        "submitted_at": now - timedelta(hours=30),
        "respond_by": now + timedelta(hours=18),
    }
    return QueueEntry(**facts | more)


async def test_everybody_reads_what_muster_does() -> None:
    async with open_world("https://mentors.example.org/") as world:
        home = str(await world.home(RILEY))
    assert "Operation Code" in home
    assert "<https://mentors.example.org/|Ask for a mentor>" in home
    assert "If you are in crisis" in home
    assert "Talk to a coordinator" in home


@pytest.mark.parametrize("who", [RILEY, KENJI])
async def test_only_coordinators_see_the_queue_and_the_switch(world: World, who: Person) -> None:
    world.queue.listing = Listing([entry()])
    home = str(await world.home(who))
    assert "Open requests" not in home
    assert "Pause all sending" not in home


async def test_coordinators_see_the_queue_and_how_many_more_there_are(world: World) -> None:
    world.queue.listing = Listing([entry()], more=7)
    home = str(await world.home(DANA))
    assert "Open requests: 8" in home
    assert "and 7 more" in home
    assert "Open" in home


async def test_a_request_opens_from_the_queue_with_its_buttons(world: World) -> None:
    world.queue.listing = Listing([entry()])
    world.requests.views[REQUEST_ID] = asked()
    home = await world.home(DANA)
    assert (await world.press_in_view(DANA, home, "Open"))["ok"]
    assert "Assign" in str((await world.modal(DANA))["blocks"])


async def test_an_order_from_the_queue_draws_the_page_anew(world: World) -> None:
    world.queue.listing = Listing([entry()])
    world.requests.views[REQUEST_ID] = asked()
    await world.press_in_view(DANA, await world.home(DANA), "Open")
    world.queue.listing = Listing([entry(owner=Person(slack_id=DANA.slack_id, name="Dana W."))])
    await world.press_in_view(DANA, await world.modal(DANA), "Take")
    assert "owner: Dana W." in str(await world.home_now(DANA))


async def test_one_sees_ones_own_request(world: World) -> None:
    world.requests.found = {RILEY.slack_id: REQUEST_ID, SAM.slack_id: REQUEST_ID}
    world.requests.views[REQUEST_ID] = claimed()
    assert f"{SAM.name} is your mentor" in str(await world.home(RILEY))
    assert "Your request" not in str(await world.home(SAM)), "Sam is its mentor"


# ---- the switch ---------------------------------------------------------------------------------


async def test_all_sending_is_paused_and_goes_on(world: World) -> None:
    assert (await world.press_in_view(DANA, await world.home(DANA), "Pause all sending"))["ok"]
    paused = await world.home_now(DANA)
    assert world.switchboard.sending.paused
    assert world.switchboard.sending.by == DANA.slack_id
    assert f"<@{DANA.slack_id}>" in str(paused)
    await world.press_in_view(DANA, paused, "Go on")
    assert not world.switchboard.sending.paused
    assert "Sending is on" in str(await world.home_now(DANA))


async def test_pausing_asks_first(world: World) -> None:
    home = await world.home(DANA)
    (button,) = [
        block["accessory"]
        for block in home["blocks"]
        if (block.get("accessory") or {}).get("action_id") == "pause_sending"
    ]
    assert button["confirm"]


async def test_a_switch_that_cannot_be_moved_says_so(world: World) -> None:
    home = await world.home(DANA)
    world.switchboard.failure = TemporalAwayError("no answer")
    answer = await world.press_in_view(DANA, home, "Pause all sending")
    assert answer["error"] == "http_status"
    assert "try again in a moment" in str(await world.modal(DANA))


async def test_who_is_no_coordinator_any_more_cannot_pause(world: World) -> None:
    home = await world.home(DANA)
    members = {"ok": True, "members": []}
    await world.break_slack("conversations.members", kind="status", status=200, body=members)
    world.clock.advance(61)
    await world.press_in_view(DANA, home, "Pause all sending")
    assert not world.switchboard.sending.paused
    assert "coordinators only" in str(await world.modal(DANA))


# ---- when something is away ---------------------------------------------------------------------


async def test_with_temporal_away_the_page_still_opens_and_says_so(world: World) -> None:
    world.queue.failure = world.switchboard.failure = TemporalAwayError("no answer")
    world.requests.failure = TemporalAwayError("no answer")
    home = str(await world.home(DANA))
    assert "Operation Code" in home
    assert "The queue* could not be looked up" in home
    assert "Sending:* could not be looked up" in home


async def test_without_slacks_word_on_coordinators_everybody_has_the_plain_page(
    world: World,
) -> None:
    await world.break_slack("conversations.members", kind="error", error="missing_scope")
    home = str(await world.home(DANA))
    assert "Operation Code" in home
    assert "queue" not in home


async def test_a_page_that_slack_does_not_take_troubles_nobody(world: World) -> None:
    await world.break_slack("views.publish", kind="status", status=500, count=1)
    event = {"type": "app_home_opened", "user": RILEY.slack_id, "tab": "home"}
    assert (await world.send_event(event)).status == 200
    await world.settle()
    assert SendingState() == world.switchboard.sending
    assert "Operation Code" in str(await world.home(RILEY))
