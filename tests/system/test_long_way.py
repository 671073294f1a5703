"""A request that comes back after days: both clocks, contact in the group, the message budget."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from domain.models import Outcome, Status
from local.rows import Row
from sandbox.people import by_name
from tests.system.people import Message, Person
from tests.system.record import (
    COORDINATORS,
    MENTORS,
    WORD,
    Chronicle,
    everything,
    row_of,
    summary,
    the,
)
from tests.system.town import GOAL, Request, Town, mentor_choice

RILEY, SAM, KENJI = "Riley Santos", "Sam Okafor", "Kenji Mori"
PARTLY, NEITHER = "Anneliese Vogt", "Malia Fonoti"
PAIR = f"{KENJI} & {RILEY}"
IN_PRIVATE = "We could look at this behind the boathouse on the old harbour."
AT_WORST = {RILEY: 12, KENJI: 9, SAM: 9, PARTLY: 2, NEITHER: 2}


async def test_a_request_that_comes_back_after_days_goes_on_from_its_rung_and_keeps_the_budget(
    town: Town,
) -> None:
    await town.only_mentors(SAM, KENJI, PARTLY, NEITHER)
    sam, kenji = await town.person(SAM), await town.person(KENJI)
    riley = await town.person(RILEY)
    request = await town.ask(riley, mentor=mentor_choice(sam.profile.real_name))
    told = await Chronicle.of(town, request)
    await _the_one_they_named_declines_and_the_others_are_asked_at_once(told, sam)
    assert summary(await told.until(hours=10)) == {"reminder": [KENJI], "ask": [PARTLY]}
    await _claimed_and_introduced(request, told, sam, "Changed your mind? Claim")
    await _four_days_with_a_word_in_the_group(town, request, told, sam)
    await _released(town, request, told, sam)
    await _on_from_the_rung_of_ten_hours(told)
    await _second_promise(town, request, told)
    await _claimed_and_introduced(request, told, kenji, "Claim")
    await _a_session_that_is_moved_and_never_spoken_of(town, request, told, kenji, riley)
    await _the_row_tells_both_waits_apart(town, request)
    await _nobody_had_more_than_the_budget(town)


async def _the_one_they_named_declines_and_the_others_are_asked_at_once(
    told: Chronicle, sam: Person
) -> None:
    assert summary(await told.news()) == {"received": [RILEY], "channel": [MENTORS], "ask": [SAM]}
    await sam.press(await sam.see_button("Decline"), "Decline")
    await sam.see_button("Changed your mind? Claim")
    news = await told.news()
    assert summary(news) == {"opened-wider": [RILEY], "ask": [KENJI]}
    assert "decline" not in the("opened-wider", news).words


async def _claimed_and_introduced(
    request: Request, told: Chronicle, mentor: Person, label: str
) -> None:
    await mentor.press(await mentor.see_button(label), label)
    await mentor.see_button("Undo")
    assert summary(await told.news()) == {}, "nobody else hears of it while it can be undone"
    await request.clock.skip(timedelta(minutes=3))
    pair = " & ".join(sorted((mentor.name, RILEY)))
    assert summary(await told.news()) == {"introduction": [pair]}


async def _four_days_with_a_word_in_the_group(
    town: Town, request: Request, told: Chronicle, sam: Person
) -> None:
    """A message in the group is contact: nobody asks. Its text is nowhere in Temporal."""
    (group,) = await sam.conversations("mpim")
    await sam.write(group["id"], IN_PRIVATE)
    await town.until("the fact that they wrote", lambda: _has_written(request))
    assert await told.until(days=4, hours=10) == []
    history = await request.handle.fetch_history()
    written = b"".join(event.SerializeToString() for event in history.events)
    assert GOAL.encode() in written, "what Temporal knows can be read here"
    for word in (b"boathouse", b"harbour", b"behind"):
        assert word not in written


async def _released(town: Town, request: Request, told: Chronicle, sam: Person) -> None:
    """The mentee is told once; the reminder is not repeated, and no step comes in a bunch."""
    await sam.press(await sam.see_button("Release"), "Release")
    await sam.see_text("You gave this request back")
    await told.starts_anew()
    news = await told.news()
    assert summary(news) == {"released": [RILEY], "reopened": [MENTORS]}
    row = await row_of(town, request, Status.OPEN)
    assert "Mentor Assigned" not in row
    live = sorted(one.to for one in await everything(town) if "claim" in one.buttons_now)
    assert live == [MENTORS, PARTLY, KENJI], "not Sam"


async def _on_from_the_rung_of_ten_hours(told: Chronicle) -> None:
    """The step of 20 h comes ten hours after the release, that of 24 h four hours later."""
    assert await told.until(hours=9, minutes=59) == []
    news = await told.until(hours=10, minutes=1)
    assert summary(news) == {"bump": [MENTORS], "ask": [NEITHER]}
    assert await told.until(hours=13, minutes=59) == []
    news = await told.until(hours=14, minutes=1)
    assert summary(news) == {"coordinators": [COORDINATORS], "update": [RILEY]}


async def _second_promise(town: Town, request: Request, told: Chronicle) -> None:
    """It counts from the release, and is reported apart from the first."""
    news = await told.until(hours=47, minutes=59)
    assert summary(news) == {"owner-warned": [COORDINATORS]}
    row = await row_of(town, request, Status.OPEN)
    assert "Rematch Breached" not in row
    news = await told.until(hours=48, minutes=1)
    assert summary(news) == {"owner-called": [COORDINATORS]}
    row = await row_of(town, request, Status.OPEN)
    assert row["Rematch Breached"] == "1"
    assert "SLA Breached" not in row, "the first promise was kept"


async def _a_session_that_is_moved_and_never_spoken_of(
    town: Town, request: Request, told: Chronicle, kenji: Person, riley: Person
) -> None:
    first = (await request.clock.now()).replace(second=0, microsecond=0) + timedelta(days=2)
    for proposer, other, at in ((kenji, riley, first), (riley, kenji, first + timedelta(days=1))):
        opener = await _button(proposer, "Propose a time", "Change time")
        await proposer.press(opener, opener.buttons[0].label)
        await proposer.fill("Propose a time", {"First choice": at})
        await other.press(await other.see_button("Accept", kind="mpim"), "Accept")
        await town.row(request, Session_Date=f"{at:%Y-%m-%dT%H:%M}:00.000Z")
    news = await told.news()
    assert summary(news) == {"proposal": [PAIR, PAIR], "session-set": [PAIR, PAIR]}
    await request.clock.skip_to(first + timedelta(days=8, minutes=1))
    assert summary(await told.news()) == {"feedback": [KENJI, RILEY]}
    await request.clock.skip(timedelta(days=14))
    assert await town.ends_well(request) is Outcome.NO_FEEDBACK
    assert summary((await everything(town))[-2:]) == {"feedback-reminder": [KENJI, RILEY]}


async def _the_row_tells_both_waits_apart(town: Town, request: Request) -> None:
    row: Row = await town.row(request, Status="Completed")
    assert 10 < float(row["Time To Response (h)"]) < 10.2
    assert 48 < float(row["Rematch Wait (h)"]) < 48.2
    assert (row["Rematch Breached"], row.get("SLA Breached")) == ("1", None)
    assert row["Mentor Assigned"] == by_name(KENJI).handle


async def _nobody_had_more_than_the_budget(town: Town) -> None:
    """Counted in the record: every message, group messages for both; edits are none."""
    told = [one for one in await everything(town) if one.kind != WORD]
    had = Counter(name for one in told for name in one.to.split(" & "))
    for name, most in AT_WORST.items():
        kinds = [one.kind for one in told if name in one.to]
        assert had[name] <= most, f"{name}: {kinds}"
    mine = [one for one in told if one.to == COORDINATORS]
    assert Counter(one.kind for one in mine) == {
        "coordinators": 1,
        "owner-warned": 1,
        "owner-called": 1,
    }
    assert [one.kind for one in mine if one.reaches] == ["coordinators", "owner-called"]


async def _has_written(request: Request) -> bool | None:
    return (await request.handle.query("view"))["mentor_has_written"] or None


async def _button(person: Person, *labels: str) -> Message:
    """The introduction of the present pair, whose button changes its name."""
    return await person.see_message(
        " or ".join(labels),
        lambda message: any(message.has_button(label) for label in labels),
        kind="mpim",
    )
