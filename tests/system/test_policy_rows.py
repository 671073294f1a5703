"""The policy's table, row by row: while nobody answers, who is told what, and when.

A minute before a row's time nothing is said; a minute after it exactly what the row says, to
exactly those whom it names. The times are those of policies/default.toml.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from temporalio.testing import TimeSkipper

from domain import ids, task_queues
from domain.models import Status
from domain.roll_up import RollUpPlan
from sandbox.people import PEOPLE, by_name
from tests.system.record import (
    COORDINATORS,
    MENTORS,
    Chronicle,
    everything,
    row_of,
    summary,
    the,
)
from tests.system.town import Request, Town, mentor_choice
from tests.workflows.harness import where_it_is

RILEY, SAM, KENJI = "Riley Santos", "Sam Okafor", "Kenji Mori"
PARTLY, NEITHER = "Anneliese Vogt", "Malia Fonoti"
"""Mentors who know one of the two skills, and none of them."""
PROMISE = timedelta(hours=48)
MINUTE = timedelta(minutes=1)


async def test_while_nobody_answers_every_row_of_the_table_comes_to_the_minute(town: Town) -> None:
    await town.only_mentors(SAM, KENJI, PARTLY, NEITHER)
    request = await town.ask(await town.person(RILEY))
    told = await Chronicle.of(town, request)
    await _row_0(town, told)
    await _row_8_hours(told)
    await _row_20_hours(told)
    owner = await _row_24_hours(told)
    await _row_44_hours(told, owner)
    await _row_48_hours(town, request, told, owner)
    await _rows_every_24_hours(town, request, told, owner)
    await _row_parked(town, request, told, owner)
    await _nobody_had_more_than_the_budget(town, owner)
    await _it_is_never_closed(town, request, told)


async def _row_0(town: Town, told: Chronicle) -> None:
    """The mentee is told what happens and by when; the first wave, and the channel's card."""
    news = await told.news()
    assert summary(news) == {"received": [RILEY], "ask": [KENJI, SAM], "channel": [MENTORS]}
    received = the("received", news)
    assert "We are asking mentors now" in received.words
    assert _promised(told) in received.words
    assert received.buttons == ["talk_to_coordinator", "cancel"]
    asks = [one for one in news if one.kind == "ask"]
    assert all(one.buttons == ["claim", "decline", "hold", "details"] for one in asks)
    assert the("channel", news).buttons == ["claim", "details"]
    kenji = await town.person(KENJI)
    await kenji.press(await kenji.see_button("Not this one"), "Not this one")


async def _row_8_hours(told: Chronicle) -> None:
    """One reminder to the silent, none to who has declined; partial matches are added."""
    assert await told.until(hours=7, minutes=59) == []
    news = await told.until(hours=8, minutes=1)
    assert summary(news) == {"reminder": [SAM], "ask": [PARTLY]}


async def _row_20_hours(told: Chronicle) -> None:
    """A line in the thread of the channel's card; all who have room are asked."""
    assert await told.until(hours=19, minutes=59) == []
    news = await told.until(hours=20, minutes=1)
    assert summary(news) == {"bump": [MENTORS], "ask": [NEITHER]}
    bump = the("bump", news)
    assert bump.entry["thread_ts"]
    assert "Still waiting after 20 hours" in bump.words
    assert bump.reaches == []


async def _row_24_hours(told: Chronicle) -> str:
    """The coordinators' card calls its owner by name; the mentee may choose how to go on."""
    assert await told.until(hours=23, minutes=59) == []
    news = await told.until(hours=24, minutes=1)
    assert summary(news) == {"coordinators": [COORDINATORS], "update": [RILEY]}
    card = the("coordinators", news)
    deciding, reading = card.buttons[:5], card.buttons[5:]
    assert deciding == ["take", "assign", "widen", "nudge", "close_request"]
    assert reading == ["who_was_asked", "timeline", "details"]
    [owner] = card.reaches
    assert _is_coordinator(owner)
    assert "Asked: 4 · declined: 1 · no answer: 3" in card.words

    update = the("update", news)
    assert update.buttons == ["keep_waiting", "ask_more", "cancel"]
    assert "No mentor yet" in update.words
    assert _promised(told) in update.words
    for number in ("4", "1", "3"):
        assert f" {number} " not in update.words, "never how many were asked or declined"
    return owner


async def _row_44_hours(told: Chronicle, owner: str) -> None:
    """The owner is warned in the card's thread, with names, and is not pinged."""
    assert await told.until(hours=43, minutes=59) == []
    news = await told.until(hours=44, minutes=1)
    assert summary(news) == {"owner-warned": [COORDINATORS]}
    warning = the("owner-warned", news)
    assert warning.entry["thread_ts"]
    assert warning.reaches == []
    assert "in 4 hours" in warning.words
    assert owner in warning.words
    best = f"Best placed to help: {SAM}, {PARTLY} and {NEITHER}."
    assert best in warning.words, "not Kenji, who has declined"


async def _row_48_hours(town: Town, request: Request, told: Chronicle, owner: str) -> None:
    """The breach is recorded, the owner called by name; no card promises what is past."""
    assert await told.until(hours=47, minutes=59) == []
    assert "SLA Breached" not in await row_of(town, request, Status.OPEN)
    news = await told.until(hours=48, minutes=1)
    assert summary(news) == {"owner-called": [COORDINATORS]}
    called = the("owner-called", news)
    assert called.entry["thread_ts"]
    assert called.reaches == [owner]
    row = await row_of(town, request, Status.OPEN)
    assert (row["SLA Breached"], row["Owner"]) == ("1", owner)
    for card in await everything(town):
        if card.kind in ("received", "update"):
            assert _promised(told) not in card.words_now, card.kind
        if card.kind == "channel":
            assert "Overdue: an answer was promised by" in card.words_now
        if card.kind == "ask" and card.buttons_now[1:2] != ["say_why"]:
            assert "They were promised an answer by" in card.words_now, "true then and now"


async def _rows_every_24_hours(town: Town, request: Request, told: Chronicle, owner: str) -> None:
    """Five times the owner is reminded, in the daily roll-up and nowhere else."""
    assert await told.until(hours=72, minutes=1) == []
    row = await row_of(town, request, Status.OPEN)
    assert row["Escalation Step"] == "remind owner 1 of 5"
    await _roll_up(town, request)
    roll_up = (await told.news())[0]
    assert (roll_up.to, roll_up.reaches) == (COORDINATORS, [])
    assert "*Past the promised time*" in roll_up.words
    assert f"waiting for 3 days · {owner} · owner reminded, 1 of 5" in roll_up.words

    assert await told.until(hours=167, minutes=59) == []
    row = await row_of(town, request, Status.OPEN)
    assert row["Escalation Step"] == "remind owner 4 of 5"
    await _roll_up(town, request)
    assert "owner reminded, 4 of 5" in (await told.news())[0].words


async def _row_parked(town: Town, request: Request, told: Chronicle, owner: str) -> None:
    """Then it is parked, and somebody by name owns it."""
    assert await told.until(hours=168, minutes=1) == []
    row = await row_of(town, request, Status.OPEN)
    assert (row["Escalation Step"], row["Owner"]) == ("parked", owner)
    card = the("coordinators", await everything(town))
    assert "Parked, still without a mentor" in card.words_now
    assert f"It is <@{by_name(owner).slack_id}>'s turn." in card.words_now
    assert await told.until(hours=192, minutes=1) == []
    await _roll_up(town, request)
    parked = (await told.news())[0].words
    assert "*Parked*" in parked
    assert f"{owner} · parked" in parked


async def _nobody_had_more_than_the_budget(town: Town, owner: str) -> None:
    told = await everything(town)
    had = {name: [one.kind for one in told if name == one.to] for name in (SAM, PARTLY, NEITHER)}
    assert had == {SAM: ["ask", "reminder"], PARTLY: ["ask"], NEITHER: ["ask"]}
    assert [one.kind for one in told if one.to == KENJI] == ["ask"]
    assert [one.kind for one in told if one.to == RILEY] == ["received", "update"]
    pings = [one.kind for one in told if one.to == COORDINATORS and one.reaches]
    assert pings == ["coordinators", "owner-called"], "by name at 24 and 48 h only"
    assert sum(one.kind == "coordinators" for one in told) == 1


async def _it_is_never_closed(town: Town, request: Request, told: Chronicle) -> None:
    assert await told.until(days=60) == []
    await row_of(town, request, Status.OPEN)
    sam = await town.person(SAM)
    await sam.press(await sam.see_button("Claim"), "Claim")
    await town.row(request, Status="Claimed", Mentor_Assigned="sam")


# ---- the preferred mentor -----------------------------------------------------------------------


async def test_a_mentor_asked_by_name_has_eight_waking_hours_alone_and_nobody_is_woken(
    town_with_nights: Town,
) -> None:
    town = town_with_nights
    await town.only_mentors(SAM, KENJI, PARTLY)
    early, evening, morning = where_it_is(6), where_it_is(20), where_it_is(9)
    for name, zone in ((SAM, early), (KENJI, evening), (PARTLY, morning), (RILEY, morning)):
        await town.lives_in(name, zone)
    request = await town.ask(await town.person(RILEY), mentor=mentor_choice(SAM))
    told = await Chronicle.of(town, request)
    news = await told.news()
    assert summary(news) == {"received": [RILEY], "channel": [MENTORS]}, "Sam sleeps"
    received = the("received", news)
    assert f"We have asked {SAM} first" in received.words
    assert _promised(told) in received.words
    assert the("channel", news).buttons == ["details"], "no Claim before it is everybody's"

    sams_morning = _next(8, told.begin, early)
    assert await told.at(sams_morning - MINUTE) == []
    news = await told.at(sams_morning + MINUTE)
    assert summary(news) == {"ask": [SAM]}
    assert the("ask", news).entry["posted"]["labels"][:2] == ["Confirm", "Decline"]
    news = await told.until(hours=8, minutes=1)
    assert summary(news) == {"reminder": [SAM]}, "only he, and the others' steps wait"
    assert "You were asked for by name." in the("reminder", news).words

    window_ends = sams_morning + timedelta(hours=8)
    assert await told.at(window_ends - MINUTE) == []
    news = await told.at(window_ends + MINUTE)
    assert summary(news) == {"opened-wider": [RILEY], "ask": [PARTLY]}, "one wave; Kenji sleeps"
    assert f"{SAM} may not be free just now" in the("opened-wider", news).words
    assert the("channel", await everything(town)).buttons_now == ["claim", "details"]
    kenjis_morning = _next(8, window_ends, evening)
    assert await told.at(kenjis_morning - MINUTE) == []
    assert summary(await told.at(kenjis_morning + MINUTE)) == {"ask": [KENJI]}


# ---- what the rows have in common ---------------------------------------------------------------


def _promised(told: Chronicle) -> str:
    """The promised time, as it stands in words to people."""
    return f"<!date^{int((told.begin + PROMISE).timestamp())}^"


def _is_coordinator(name: str) -> bool:
    return any(one.real_name == name and one.is_coordinator for one in PEOPLE)


async def _roll_up(town: Town, request: Request) -> None:
    """The roll-up of the day that the request's clock shows."""
    now = await request.clock.now()
    ahead = now - datetime.now(now.tzinfo)
    roll_up = await town.client.start_workflow(
        ids.ROLL_UP_TYPE,
        RollUpPlan(),
        id=f"{ids.ROLL_UP}/{now:%Y-%m-%d}",
        task_queue=task_queues.WORKFLOWS,
        start_delay=ahead,
    )
    await TimeSkipper(town.client).fast_forward(roll_up, ahead + timedelta(seconds=5))
    await roll_up.result()


def _next(hour: int, since: datetime, zone: str) -> datetime:
    """The next time it is this hour there."""
    local = since.astimezone(ZoneInfo(zone))
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)
