"""Mentors' rest and return over the real wires: what they press, what rows and others then say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from domain.standing import MentorStatus
from local.web import read_page
from tests.system.people import Message, Person
from tests.system.standing import asked_about, mentors_row, skip_mentor, stands
from tests.system.town import Request, Town

RILEY, JORDAN, KIANA = "Riley Santos", "Jordan Ellery", "Kiana Makoa"
SAM, KENJI, DANA = "Sam Okafor", "Kenji Mori", "Dana Whitfield"
NO_MORE = "You get no requests any more"
ON_A_BREAK = "You are taking a break until"
NO_ROOM_OR_REST = "They have no room just now, are taking a break, or want no requests."
HALF_A_YEAR = timedelta(days=182)
_ROSTER_LINK = re.compile(r"<(http[^|>]+)\|Open the roster>")


async def test_who_says_not_at_all_is_asked_and_given_nothing_until_they_come_back(
    town: Town,
) -> None:
    await town.only_mentors(SAM, KENJI)
    sam, dana = await town.person(SAM), await town.person(DANA)
    first = await town.ask(await town.person(RILEY))
    form = await _opens_assign(dana)
    [option] = await dana.search(form, "Mentor", "sam")

    await _stops(sam, await _ask_about(sam, first))
    card = await _card_says(sam, first, NO_MORE)
    assert not card.has_button("Claim")
    row = await mentors_row(town, sam, Status="Opted out")
    assert datetime.now(UTC) - datetime.fromisoformat(row["Opted Out At"]) < timedelta(minutes=2)
    assert await dana.try_choice(form, "Mentor", option) == NO_ROOM_OR_REST
    await stands(town, sam, MentorStatus.OPTED_OUT)
    assert await dana.search(form, "Mentor", "sam") == []
    second = await town.ask(await town.person(JORDAN))
    assert await asked_about(town, second) == [KENJI]

    home = await sam.open_home("*You get no requests")
    await sam.press_in(home, "I'm back")
    await sam.open_home("*You are available.*")
    assert (await _card_says(sam, first, "is looking for a mentor")).has_button("Claim")
    await mentors_row(town, sam, Status="Available", Opted_Out_At="")
    await stands(town, sam, MentorStatus.AVAILABLE)
    third = await town.ask(await town.person(KIANA))
    assert await asked_about(town, third) == [KENJI, SAM]


async def test_not_this_week_is_one_tap_and_says_no_to_no_request(town: Town) -> None:
    await town.only_mentors(SAM, KENJI)
    sam = await town.person(SAM)
    requests = [await town.ask(await town.person(name)) for name in (RILEY, JORDAN)]
    before = datetime.now(UTC)
    await sam.press(await _ask_about(sam, requests[0]), "Not this week")
    for one in requests:
        card = await _card_says(sam, one, ON_A_BREAK)
        assert [button.label for button in card.buttons] == ["I'm back", "Pause or stop…"]
    row = await mentors_row(town, sam, Status="Snoozed")
    until = datetime.fromisoformat(row["Snoozed Until"]).replace(tzinfo=UTC)
    assert timedelta(0) <= until - (before + timedelta(days=7)) < timedelta(days=1, minutes=2)
    for one in requests:
        assert (await town.row(one, Status="Open"))["Declines"] == "0"

    await sam.press(await _card_says(sam, requests[1], ON_A_BREAK), "I'm back")
    for one in requests:
        await _ask_about(sam, one)
    await mentors_row(town, sam, Status="Available", Snoozed_Until="")


async def test_half_a_year_after_they_stopped_they_are_asked_and_come_back_in_one_tap(
    town: Town,
) -> None:
    await town.only_mentors(SAM)
    sam = await town.person(SAM)
    home = await sam.open_home("*You are available.*")
    await _stops(sam, home)
    await mentors_row(town, sam, Status="Opted out")
    await skip_mentor(town, sam, HALF_A_YEAR - timedelta(days=1))
    assert not await sam.direct_messages(), "not a day too early"
    await skip_mentor(town, sam, timedelta(days=1, minutes=1))

    question = await sam.see_text("Would you like to mentor again?")
    labels = [button.label for button in question.buttons]
    assert labels == ["Come back", "Not now", "Never ask again"]
    await sam.press(question, "Come back")
    answered = await sam.see_text("Welcome back!")
    assert not answered.buttons
    await mentors_row(town, sam, Status="Available", Opted_Out_At="")
    await stands(town, sam, MentorStatus.AVAILABLE)
    request = await town.ask(await town.person(RILEY))
    assert await asked_about(town, request) == [SAM]


async def test_when_a_mentors_account_closes_their_mentee_gets_another_one(town: Town) -> None:
    await town.only_mentors(SAM, KENJI)
    riley, sam, kenji = [await town.person(name) for name in (RILEY, SAM, KENJI)]
    request = await town.ask(riley)
    await kenji.see_button("Claim")
    await sam.press(await sam.see_button("Claim"), "Claim")
    await request.clock.skip(timedelta(minutes=3))
    await riley.see_text(f"<@{sam.slack_id}>, your mentor", kind="mpim")
    await kenji.see_text("Taken, thank you")
    await mentors_row(town, sam, Mentees_Now="1")

    closed = {"deactivated": True}
    await town.control(town.settings.slack_url, "POST", f"people/{sam.slack_id}", closed)
    await riley.see_text("*We are looking for another mentor for you.*")
    assert (await _ask_about(kenji, request)).has_button("Claim")
    await mentors_row(town, sam, Status="Dormant", Mentees_Now="0")
    assert "Mentor Assigned" not in await town.row(request, Status="Open")
    assert "Sam" not in await town.status_page(request)
    await stands(town, sam, MentorStatus.DORMANT)
    other = await town.ask(await town.person(JORDAN))
    assert await asked_about(town, other) == [KENJI]


async def test_a_claim_in_app_home_counts_and_the_coordinators_roster_shows_it(town: Town) -> None:
    await town.only_mentors(SAM)
    sam, dana = await town.person(SAM), await town.person(DANA)
    request = await town.ask(await town.person(RILEY))
    await sam.see_button("Claim")
    home = await sam.open_home("These are waiting for an answer of yours")
    assert "0 of 2 mentees · asked 1 of at most 20 times this week" in home.text
    await sam.press_in(home, "Claim")
    await town.row(request, Status="Claimed", Mentor_Assigned="sam")
    home = await sam.open_home("1 of 2 mentees")
    assert "*You are mentoring:*" in home.text
    assert not home.has_button("Claim")
    await stands(town, sam, MentorStatus.AVAILABLE)

    desk = await dana.open_home("Open the roster")
    assert "*Mentors:* 1 available." in desk.text
    link = _ROSTER_LINK.search(desk.text)
    assert link
    roster = await read_page(town.http, f"{link[1]}?name=sam+okafor")
    assert "Sam Okafor Available 1 of 2 1 of 20 Python, JavaScript" in roster


# ---- looking and doing --------------------------------------------------------------------------


async def _ask_about(mentor: Person, request: Request) -> Message:
    """Wait until they can claim it."""
    return await mentor.see_message(
        "the ask",
        lambda message: message.concerns(request.request_id) and message.has_button("Claim"),
    )


async def _card_says(mentor: Person, request: Request, words: str) -> Message:
    return await mentor.see_message(
        f"a card with “{words}”",
        lambda message: message.concerns(request.request_id) and words in message.text,
    )


async def _stops(mentor: Person, where: Message) -> None:
    """Press "Pause or stop…" on a card or in App Home, and choose "Not at all"."""
    if where.channel:
        await mentor.press(where, "Pause or stop…")
    else:
        await mentor.press_in(where, "Pause or stop…")
    await mentor.fill("Pause or stop", {"For how long?": "Not at all"})
    await mentor.see_modal("Muster", "You get no more requests.")
    await mentor.close_modals()


async def _opens_assign(coordinator: Person) -> Message:
    """From the queue: the one request's card, and there the form."""
    home = await coordinator.open_home("Open requests: 1")
    await coordinator.press_in(home, "Open")
    card = await coordinator.see_modal("Request")
    await coordinator.press_in(card, "Assign…")
    return await coordinator.see_modal("Assign a mentor")
