"""Turns that a request may take: declined, cancelled, given back, nobody there, no answer."""

from __future__ import annotations

from datetime import timedelta

from domain.models import Outcome
from sandbox.slack.identity import MENTORS_ID
from tests.system.people import Message, Person
from tests.system.town import Request, Town

SAM, KENJI = "Sam Okafor", "Kenji Mori"


async def test_a_mentor_declines_and_the_mentee_cancels_from_the_message(town: Town) -> None:
    await town.only_mentors(SAM, KENJI)
    riley, kenji = await town.person("Riley Santos"), await town.person(KENJI)
    request = await town.ask(riley)
    await kenji.press(await kenji.see_button("Not this one"), "Not this one")
    await kenji.see_text("Thanks for saying so")
    await town.row(request, Declines="1", Status="Open")

    await riley.press(await riley.see_button("Cancel my request"), "Cancel my request")
    await riley.see_text("Your request is cancelled")
    assert await town.ends_well(request) is Outcome.CANCELLED
    await town.row(request, Status="Cancelled", Outcome="Cancelled")
    await town.no_live_button("claim")
    assert all(not post.buttons for post in await town.posts())
    await (await town.person(SAM)).see_text("cancelled by the person who asked")


async def test_a_mentee_cancels_on_the_status_page_and_the_mentor_reads_it_in_their_group(
    town: Town,
) -> None:
    await town.only_mentors(SAM)
    riley, sam = await town.person("Riley Santos"), await town.person(SAM)
    request = await town.ask(riley)
    await _claim_and_meet(request, sam, riley)
    await town.cancel_on_status_page(request)
    await sam.see_text("has cancelled this request", kind="mpim")
    assert await town.ends_well(request) is Outcome.CANCELLED
    assert "This request is cancelled" in await town.status_page(request)
    await town.row(request, Status="Cancelled", Outcome="Cancelled")
    assert all(not post.buttons for post in await town.posts())


async def test_a_released_request_is_open_to_all_others_again(town: Town) -> None:
    await town.only_mentors(SAM, KENJI)
    riley = await town.person("Riley Santos")
    sam, kenji = await town.person(SAM), await town.person(KENJI)
    request = await town.ask(riley)
    await _claim_and_meet(request, sam, riley)
    await kenji.see_text("Taken, thank you")

    await sam.press(await sam.see_button("Release"), "Release")
    await sam.see_text("You gave this request back")
    await riley.see_text("can't take this on after all")
    await riley.see_text("This conversation is closed", kind="mpim")
    assert "Mentor Assigned" not in await town.row(request, Status="Open")
    assert "looking" in await town.status_page(request)

    channel_card = await _channel_card(town, sam)
    await sam.press(channel_card, "Claim")
    await sam.was_told("You gave this request back before", MENTORS_ID)
    await kenji.press(await kenji.see_button("Claim"), "Claim")
    await request.clock.skip(timedelta(minutes=3))
    await riley.see_text(f"<@{kenji.slack_id}>, your mentor", kind="mpim")
    await town.row(request, Status="Claimed", Mentor_Assigned="kenji")
    await town.nobody_has_a_card_twice()


async def test_with_nobody_to_ask_the_coordinators_are_called_and_a_mentor_may_still_claim(
    town: Town,
) -> None:
    await town.only_mentors("Grace Adeyemi")  # who knows no Rust
    riley, grace = await town.person("Riley Santos"), await town.person("Grace Adeyemi")
    request = await town.ask(riley, skills=["Rust"])
    card = await grace.see_text("No mentor can be asked", kind="private")
    assert request.request_id in card.text
    assert await town.asked() == []
    await grace.press(await _channel_card(town, grace), "Claim")
    await town.row(request, Status="Claimed", Mentor_Assigned="grace")
    await grace.see_text("It's yours, thank you")
    await grace.see_text("Claimed by Grace Adeyemi", kind="private")


async def test_words_typed_to_the_app_and_the_command_are_answered(town: Town) -> None:
    riley = await town.person("Riley Santos")
    await town.ask(riley)
    (dm,) = await riley.conversations("im")
    before = len(await riley.messages(dm["id"]))
    await riley.write(dm["id"], "Hello? Is anybody there? <!channel>")
    await town.until("an answer", lambda: _more_than(riley, dm["id"], before + 1))
    assert (await riley.write(dm["id"], "/mentor-request"))["ok"]
    await riley.was_told(town.settings.form_url, dm["id"])


async def _claim_and_meet(request: Request, mentor: Person, mentee: Person) -> None:
    await mentor.press(await mentor.see_button("Claim"), "Claim")
    await mentor.see_button("Undo")
    await request.clock.skip(timedelta(minutes=3))
    await mentee.see_text(f"<@{mentor.slack_id}>, your mentor", kind="mpim")


async def _channel_card(town: Town, mentor: Person) -> Message:
    async def look() -> Message | None:
        found = [m for m in await mentor.messages(MENTORS_ID) if m.has_button("Claim")]
        return found[-1] if found else None

    return await town.until("a card in the mentors' channel", look)


async def _more_than(person: Person, channel: str, many: int) -> bool | None:
    return True if len(await person.messages(channel)) > many else None
