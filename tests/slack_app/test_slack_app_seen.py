"""Signs of life: who counts as seen, once a day; and accounts that close or open again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cards.ids import Action
from clients.requests import TemporalAwayError
from domain.mentor_messages import AccountClosed, AccountOpen
from domain.standing import MentorOverview, Standing
from domain.view import CardKind
from slack_app.seen import sign_of_life
from slack_app.sightings import BATCH, Sightings
from tests.slack_app.slack_app_fakes import FakeMentors
from tests.slack_app.slack_app_harness import RILEY, SAM, World, asked, click_body

ANYWHERE: frozenset[str] = frozenset()


def message(**more: Any) -> dict[str, Any]:
    event = {"type": "message", "user": "U0SAM", "channel": "C1", "ts": "1.0", "text": "secret"}
    return {"type": "event_callback", "event": event | {"channel_type": "channel"} | more}


@pytest.mark.parametrize(
    "body",
    [
        message(),
        message(channel_type="group"),
        message(channel_type="im", channel="D1"),
        message(channel_type="mpim", channel="G1"),
        message(subtype="file_share"),
        {"type": "event_callback", "event": {"type": "reaction_added", "user": "U0SAM"}},
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U0SAM"}},
        {"type": "block_actions", "user": {"id": "U0SAM"}},
        {"type": "view_submission", "user": {"id": "U0SAM"}},
        {"command": "/mentor-request", "user_id": "U0SAM"},
    ],
)
def test_what_people_do_is_a_sign_of_life(body: dict[str, Any]) -> None:
    assert sign_of_life(body, ANYWHERE) == "U0SAM"


@pytest.mark.parametrize(
    "body",
    [
        message(bot_id="B1"),
        message(subtype="bot_message"),
        message(subtype="message_changed"),
        message(subtype="channel_join"),
        message(user="USLACKBOT"),
        message(user=None),
        {"type": "event_callback", "event": {"type": "reaction_removed", "user": "U0SAM"}},
        {"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U0SAM"}}},
        {"type": "event_callback", "event": {"type": "reaction_added"}},
    ],
)
def test_what_bots_do_and_what_just_happens_is_none(body: dict[str, Any]) -> None:
    assert sign_of_life(body, ANYWHERE) == ""


def test_with_channels_named_only_messages_there_count_and_direct_ones_always_do() -> None:
    named = frozenset({"C9"})
    assert sign_of_life(message(), named) == ""
    assert sign_of_life(message(channel="C9"), named) == "U0SAM"
    assert sign_of_life(message(channel_type="im", channel="D1"), named) == "U0SAM"
    reaction = {"type": "reaction_added", "user": "U0SAM", "item": {"channel": "C1"}}
    assert sign_of_life({"type": "event_callback", "event": reaction}, named) == "U0SAM"


# ---- gathered -----------------------------------------------------------------------------------


class Days:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_somebody_is_passed_on_once_a_day_with_the_moment_they_were_first_seen() -> None:
    days, mentors = Days(), FakeMentors()
    seen = Sightings(days)
    seen.note("U0SAM")
    morning = days.now
    days.now += timedelta(hours=5)
    seen.note("U0SAM")
    await seen.flush(mentors)
    seen.note("U0SAM")
    await seen.flush(mentors)
    assert mentors.seen == [{"U0SAM": morning}]
    days.now += timedelta(days=1)
    seen.note("U0SAM")
    await seen.flush(mentors)
    assert mentors.seen[1:] == [{"U0SAM": days.now}]


async def test_what_cannot_be_passed_on_waits_for_the_next_time() -> None:
    days, mentors = Days(), FakeMentors()
    seen = Sightings(days)
    seen.note("U0SAM")
    mentors.failure = TemporalAwayError("no answer")
    await seen.flush(mentors)
    seen.note("U0DANA")
    days.now += timedelta(days=1)
    seen.note("U0SAM")
    mentors.failure = None
    await seen.flush(mentors)
    assert mentors.seen == [{"U0SAM": days.now, "U0DANA": days.now - timedelta(days=1)}]


async def test_a_crowd_is_passed_on_in_parts_that_one_signal_can_hold() -> None:
    mentors = FakeMentors()
    seen = Sightings(Days())
    for number in range(BATCH + 5):
        seen.note(f"U{number:05}")
    await seen.flush(mentors)
    assert [len(part) for part in mentors.seen] == [BATCH, 5]


async def test_nothing_is_sent_when_nobody_was_seen() -> None:
    mentors = FakeMentors()
    await Sightings(Days()).flush(mentors)
    assert mentors.seen == []


async def test_clicks_and_events_are_noted_by_the_running_app(world: World) -> None:
    await world.press(SAM, await world.show(CardKind.ASK, asked(), SAM), "Claim")
    await world.send_event({"type": "reaction_added", "user": RILEY.slack_id, "item": {}})
    await world.send(click_body(Action.CLAIM, "{}", RILEY))
    await world.office.sightings.flush(world.mentors)
    (batch,) = world.mentors.seen
    assert set(batch) == {SAM.slack_id, RILEY.slack_id}


# ---- accounts -----------------------------------------------------------------------------------


def change(*, deleted: bool, **more: Any) -> dict[str, Any]:
    return {"type": "user_change", "user": {"id": SAM.slack_id, "deleted": deleted} | more}


def knows(world: World, *, closed: bool = False) -> None:
    standing = Standing(slack_id=SAM.slack_id, account_closed=closed)
    world.mentors.overviews[SAM.slack_id] = MentorOverview(
        now=datetime.now(UTC) + timedelta(days=1), standing=standing
    )


async def test_a_closed_account_is_told_to_the_mentors_workflow(world: World) -> None:
    knows(world)
    assert (await world.send_event(change(deleted=True))).status == 200
    now = world.mentors.overviews[SAM.slack_id].now
    assert world.mentors.told == [(SAM.slack_id, AccountClosed(at=now))]


async def test_an_account_that_is_open_again_is_told_and_other_changes_are_not(
    world: World,
) -> None:
    knows(world)
    await world.send_event(change(deleted=False))
    assert world.mentors.told == []
    await world.send_event(change(deleted=True))
    world.mentors.told.clear()
    knows(world, closed=True)
    await world.send_event(change(deleted=False))
    now = world.mentors.overviews[SAM.slack_id].now
    assert world.mentors.told == [(SAM.slack_id, AccountOpen(at=now))]


async def test_somebody_who_changes_their_status_all_day_costs_one_look_an_hour(
    world: World,
) -> None:
    for _ in range(5):
        await world.send_event(change(deleted=False))
    assert world.mentors.looks == [SAM.slack_id]
    world.clock.advance(3601)
    await world.send_event(change(deleted=False))
    assert len(world.mentors.looks) == 2


async def test_a_bots_account_is_nobodys(world: World) -> None:
    await world.send_event(change(deleted=True, is_bot=True))
    assert world.mentors.told == []


async def test_while_temporal_is_away_slack_is_asked_to_send_the_change_again(
    world: World,
) -> None:
    world.mentors.failure = TemporalAwayError("no answer")
    assert (await world.send_event(change(deleted=True))).status == 503
    assert (await world.send_event(change(deleted=False))).status == 503
    world.mentors.failure = None
    knows(world)
    assert (await world.send_event(change(deleted=True))).status == 200
    assert len(world.mentors.told) == 1
