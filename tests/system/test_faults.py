"""Slack or Airtable fail in the middle of it: nobody is asked twice, and the row is right."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.people import by_name
from tests.system.people import Person
from tests.system.town import Town


async def test_an_answer_of_slack_that_is_lost_in_a_wave_gives_nobody_a_card_twice(
    town: Town,
) -> None:
    sam = by_name("Sam Okafor").slack_id
    await town.break_slack("chat.postMessage", "drop_after", count=1, match={"channel": sam})
    await town.ask(await town.person("Riley Santos"), skills=["Python"])
    assert sam in await town.has_asked(15)
    await town.nobody_has_a_card_twice()


async def test_an_answer_of_airtable_that_is_lost_leaves_one_row(town: Town) -> None:
    await town.only_mentors("Sam Okafor")
    await town.break_airtable(
        "PATCH records (upsert)", "drop_after", count=2, match={"table": "Mentor Request"}
    )
    riley, sam = await town.person("Riley Santos"), await town.person("Sam Okafor")
    request = await town.ask(riley)
    await sam.press(await sam.see_button("Claim"), "Claim")
    await town.row(request, Status="Claimed", Mentor_Assigned="sam")
    assert len(await town.rows("Mentor Request")) == 1


async def test_slack_asks_for_rest_in_a_wave_and_everybody_gets_their_card(town: Town) -> None:
    await town.break_slack(
        "chat.postMessage", "status", status=429, headers={"Retry-After": "1"}, count=3
    )
    await town.ask(await town.person("Riley Santos"), skills=["Python"])
    await town.has_asked(15)
    await town.nobody_has_a_card_twice()


async def test_while_airtable_is_down_a_pair_meets_and_the_row_catches_up_with_one_write(
    town: Town,
) -> None:
    await town.only_mentors("Sam Okafor")
    riley, sam = await town.person("Riley Santos"), await town.person("Sam Okafor")
    request = await town.ask(riley)
    ask = await sam.see_button("Claim")
    await town.row(request, Mentors_Asked="1")
    await town.break_airtable("*", "status", status=503)
    before = await town.row_writes(request)

    await sam.press(ask, "Claim")
    await sam.see_button("Undo")
    await request.clock.skip(timedelta(minutes=2, seconds=5))
    await riley.see_text("meet", kind="mpim")
    assert await town.row_writes(request) > before, "it was tried"
    await request.clock.skip(timedelta(minutes=10))

    await town.mend()
    tried = await town.row_writes(request)
    await request.clock.skip(timedelta(minutes=10))
    row = await town.row(request, Status="Claimed", Mentor_Assigned="sam")
    assert await town.row_writes(request) == tried + 1
    met = datetime.fromisoformat(row["First Response At"])
    assert met - datetime.fromisoformat(row["Claimed At"]) < timedelta(minutes=3)
    assert len(await town.rows("Mentor Request")) == 1


async def test_edits_that_fail_while_something_else_happens_are_made_all_the_same(
    town: Town,
) -> None:
    await town.only_mentors("Sam Okafor", "Kenji Mori", "Priya Raman")
    sam = await town.person("Sam Okafor")
    await town.ask(await town.person("Riley Santos"))
    await town.has_asked(3)
    slow, broken = await _dms_of_others(town, but=sam)
    await town.break_slack("chat.update", "latency", seconds=0.5, match={"channel": slow})
    await town.break_slack("chat.update", "status", status=503, count=1, match={"channel": broken})
    await sam.press(await sam.see_button("Claim"), "Claim")
    await sam.press(await sam.see_button("Edit hello"), "Edit hello")
    await sam.fill("Your hello", {"Your hello": "Hi Riley!"})
    await town.no_live_button("claim")


async def test_a_claim_while_a_wave_fails_leaves_no_live_button(town: Town) -> None:
    await town.only_mentors("Sam Okafor", "Kenji Mori", "Priya Raman")
    names = ("Sam Okafor", "Kenji Mori", "Priya Raman")
    first, second, third = sorted(by_name(name).slack_id for name in names)
    winner = await town.person(next(n for n in names if by_name(n).slack_id == first))
    await town.break_slack("chat.postMessage", "latency", seconds=0.5, match={"channel": second})
    await town.break_slack("chat.postMessage", "status", status=503, match={"channel": third})
    request = await town.ask(await town.person("Riley Santos"))
    await winner.press(await winner.see_button("Claim"), "Claim")
    await town.row(request, Status="Claimed")
    await winner.see_button("Undo")
    await town.no_live_button("claim")
    await town.nobody_has_a_card_twice()


async def _dms_of_others(town: Town, *, but: Person) -> list[str]:
    """The conversations of those who were asked besides, in the order of the asks."""
    asks = sorted(await town.posts("ask"), key=lambda post: post.key)
    return [post.channel for post in asks if not post.key.endswith(but.slack_id)]
