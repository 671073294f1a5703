"""A coordinator's day, by clicks: what is theirs to decide, whose words reach them, the switch."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

from cards.values import RequestRef
from domain.models import Outcome, Status
from sandbox.people import by_name
from sandbox.slack.identity import COORDINATORS_ID
from slack_app.coordinators import NOT_FOR_YOU
from tests.system.people import Message, Person
from tests.system.record import (
    COORDINATORS,
    MENTORS,
    WORD,
    Chronicle,
    Told,
    at_rest,
    everything,
    row_of,
    summary,
    the,
)
from tests.system.town import Request, Town

RILEY, JORDAN, KIANA = "Riley Santos", "Jordan Ellery", "Kiana Makoa"
SAM, KENJI, DANA = "Sam Okafor", "Kenji Mori", "Dana Whitfield"
PARTLY, NEITHER = "Anneliese Vogt", "Malia Fonoti"
WORDS = "Hello? Is *anybody* there? <!channel>"
ANSWER = "We are on it: three mentors know of you."


async def test_a_coordinator_takes_nudges_widens_and_assigns_and_the_timeline_says_who(
    town: Town,
) -> None:
    await town.only_mentors(SAM, KENJI, PARTLY, NEITHER)
    await _sam_has_a_mentee(town)
    riley, dana = await town.person(RILEY), await town.person(DANA)
    request = await town.ask(riley)
    told = await Chronicle.of(town, request)
    await told.until(hours=3)
    (dm,) = await riley.conversations("im")
    await riley.write(dm["id"], "Is anybody there?")  # brings it to the coordinators
    card = await _card(town, dana, "Still without a mentor")
    await told.news()

    await _a_mentor_presses_take_and_is_refused(town, request)
    await dana.press(card, "Take")
    card = await _card(town, dana, f"<@{dana.slack_id}> looks after it.")
    assert card.has_button("Hand back")
    await dana.press(card, "Nudge")
    await dana.was_told("Reminding 2, in their waking hours.", COORDINATORS_ID)
    assert summary(_cards(await told.news())) == {"reminder": [KENJI, SAM]}
    await dana.press(card, "Widen")
    await dana.was_told("Asking everybody with at least one of the skills", COORDINATORS_ID)
    assert summary(_cards(await told.news())) == {"ask": [PARTLY]}

    await _assigns_best_placed_first(dana, card)
    malia = await town.person(NEITHER)
    control = await malia.see_button("Undo")
    assert f"{DANA}, a coordinator, has given you this request" in control.text
    await request.clock.skip(timedelta(minutes=3))
    await riley.see_text(f"<@{malia.slack_id}>, your mentor", kind="mpim")
    row = await town.row(request, Status="Claimed", Owner=DANA)
    assert row["Mentor Assigned"] == by_name(NEITHER).handle
    await _the_timeline_says_who_did_what(town, dana)


async def _sam_has_a_mentee(town: Town) -> None:
    sam = await town.person(SAM)
    other = await town.ask(await town.person(JORDAN))
    await sam.press(await sam.see_button("Claim"), "Claim")
    await town.row(other, Status="Claimed")


async def _a_mentor_presses_take_and_is_refused(town: Town, request: Request) -> None:
    sam = await town.person(SAM)
    (dm,) = await sam.conversations("im")
    value = RequestRef(request_id=request.request_id).write()
    for action in ("take", "assign", "widen", "nudge", "close_request", "timeline"):
        before = len(await sam.private_words(dm["id"]))
        assert await town.click(sam.slack_id, dm["id"], action, value) == 200
        await town.until("a refusal", partial(_more_words, sam, dm["id"], before))
        assert (await sam.private_words(dm["id"]))[before:] == [NOT_FOR_YOU], action
    view = await request.handle.query("view")
    assert (view["owner_took_it"], view["scope"], view["status"]) == (False, "full", "Open")


async def _assigns_best_placed_first(dana: Person, card: Message) -> None:
    await dana.press(card, "Assign…")
    form = await dana.see_modal("Assign a mentor")
    found = [one["text"]["text"] for one in await dana.search(form, "Mentor")]
    expected = [  # both skills before one of them, and who has no mentee before who has one
        f"{KENJI} · 0 of {_room(KENJI)} mentees",
        f"{SAM} · 1 of {_room(SAM)} mentees",
        f"{PARTLY} · 0 of {_room(PARTLY)} mentees",
        f"{NEITHER} · 0 of {_room(NEITHER)} mentees",
    ]
    assert [one.rsplit(" · ", 1)[0] for one in found] == expected
    [malia] = await dana.search(form, "Mentor", "mali")
    await dana.send_choice(form, "Mentor", malia)


def _room(name: str) -> int:
    profile = by_name(name).mentor
    assert profile is not None
    return profile.max_mentees


async def _the_timeline_says_who_did_what(town: Town, dana: Person) -> None:
    card = await _card(town, dana, f"Assigned to {NEITHER} by {DANA}.")
    await dana.press(card, "Timeline")
    timeline = await dana.modal("Timeline")
    for line in (
        f"submitted ({RILEY})",
        f"wrote to the coordinators ({RILEY})",
        f"taken ({DANA})",
        f"nudged 2 ({DANA})",
        f"widened ({DANA})",
        f"assigned ({DANA})",
        f"introduced ({NEITHER})",
    ):
        assert f": {line}" in timeline, line
    await dana.close_modals()
    await dana.press(card, "Who was asked?")
    asked = await dana.modal("Who was asked?")
    assert f"*{NEITHER}*" in asked
    assert "has this request" in asked
    assert asked.count(", reminded, no answer yet") == 2


async def test_words_of_mentee_and_mentor_reach_the_coordinators_and_are_answered(
    town: Town,
) -> None:
    await town.only_mentors(SAM)
    riley, sam, dana = [await town.person(name) for name in (RILEY, SAM, DANA)]
    request = await town.ask(riley)
    (dm,) = await riley.conversations("im")
    await riley.write(dm["id"], WORDS)
    await riley.see_text("I am a bot, so I have passed your words on to the coordinators")
    passed_on = await _passed_on(town, dana, RILEY)
    assert "(mentee) writes:" in passed_on.text
    assert WORDS in passed_on.text, "word for word, without formatting"
    await dana.press(passed_on, "Answer…")
    await dana.fill("Answer", {"Your answer": ANSWER})
    answer = await riley.see_text(f"*{DANA}*, a coordinator, writes:")
    assert ANSWER in answer.text
    await town.until("an answered card", lambda: _answered(town))

    await sam.press(await sam.see_button("Claim"), "Claim")
    for person, mine, side in ((sam, "It's yours", "mentor"), (riley, "we have your", "mentee")):
        card = await person.see_text(mine)
        await person.press(card, "Talk to a coordinator")
        await person.fill("Talk to a coordinator", {"What is on your mind?": f"As a {side}."})
        await person.see_modal("Muster", "passed your words on")
        await _passed_on(town, dana, person.name, f"As a {side}.")
    told = await everything(town)
    assert len([one for one in told if one.kind == "coordinators"]) == 1
    threads = {one.entry["thread_ts"] for one in told if one.kind == "passed-on"}
    assert threads == {the("coordinators", told).entry["ts"]}
    for one in told:
        if one.to in (MENTORS, SAM):
            assert "anybody" not in one.words_now, "only coordinators read it"
    await at_rest(town, request)


async def test_while_sending_is_paused_clocks_and_claims_go_on_and_then_everything_comes_once(
    town: Town,
) -> None:
    await town.only_mentors(SAM, KENJI)
    sam, dana = await town.person(SAM), await town.person(DANA)
    late = await town.ask(await town.person(RILEY))
    claimed = await town.ask(await town.person(JORDAN), goal="Get through an interview")
    waiting = await town.ask(await town.person(KIANA), goal="Understand my first regex")
    requests = (late, claimed, waiting)
    told = await Chronicle.of(town, late)
    await town.until("six asks", lambda: _six_asks(town))
    home = await dana.open_home("Sending is on.")
    await dana.press_in(home, "Pause all sending")
    for one in requests:
        await town.until("a pause", partial(_is_paused, one))
        await at_rest(town, one)
    await told.news()
    edits = await _edits(town)

    assert await told.until(hours=49) == []
    row = await row_of(town, late, Status.OPEN)
    assert row["SLA Breached"] == "1"
    await sam.press(await _ask_about(sam, claimed), "Claim")
    await town.row(claimed, Status="Claimed", Mentor_Assigned="sam")
    await claimed.clock.skip(timedelta(minutes=3))
    await at_rest(town, claimed)
    assert await told.news() == []
    assert await _edits(town) == edits, "no card is drawn anew either"

    home = await dana.open_home(f"with <@{sam.slack_id}>")
    assert f"*All sending is paused* by <@{dana.slack_id}>" in home.text
    assert "past the promised time by" in home.text
    assert _queue(home) == [late.request_id, waiting.request_id, claimed.request_id]
    await dana.press_in(home, "Go on")
    await town.until("an introduction", lambda: _introduced(town))
    for one in requests:
        await at_rest(town, one)
    news = await told.news()
    assert summary(news) == {
        "reminder": [KENJI, SAM],
        "bump": [MENTORS],
        "coordinators": [COORDINATORS],
        "update": [RILEY],
        "introduction": [f"{JORDAN} & {SAM}"],
    }
    assert await told.until(hours=71) == [], "nothing comes a second time"
    await _closes_from_home(town, dana, waiting)


async def _closes_from_home(town: Town, dana: Person, request: Request) -> None:
    home = await dana.open_home("Sending is on.")  # it was drawn anew by the click
    place = _queue(home).index(request.request_id) + 1
    await dana.press_in(home, "Open", number=place)
    card = await dana.see_modal("Request", "Understand my first regex")
    await dana.press_in(card, "Close…")
    await dana.fill(
        "Close this request",
        {"Why is it closed?": "A friend helps", "A personal word to the mentee": "Good luck!"},
    )
    assert await town.ends_well(request) is Outcome.UNFULFILLED
    kiana = await town.person(KIANA)
    closed = await kiana.see_text("A coordinator has closed your request")
    assert "Good luck!" in closed.text
    assert "A friend helps" not in str([one.words_now for one in await everything(town)])
    await town.row(request, Status="Closed unfulfilled")
    row_mentors = [one for one in await everything(town) if one.to in (SAM, KENJI)]
    closed_asks = [one for one in row_mentors if "This request is closed" in one.words_now]
    assert len(closed_asks) == 2
    assert not any(one.buttons_now for one in closed_asks)


# ---- looking ------------------------------------------------------------------------------------


def _cards(told: list[Told]) -> list[Told]:
    """Without private answers to clicks."""
    return [one for one in told if one.kind != WORD]


async def _card(town: Town, dana: Person, words: str) -> Message:
    """The one living card, once it says so."""
    return await dana.see_message(
        f"a coordinators' card with “{words}”",
        lambda message: words in message.text and message.has_button("Timeline"),
        kind="private",
    )


async def _passed_on(town: Town, dana: Person, writer: str, words: str = "") -> Message:
    """Somebody's words, in the thread of the coordinators' card."""

    async def look() -> Message | None:
        for card in await dana.messages(COORDINATORS_ID):
            for reply in await dana.thread(card):
                if f"<@{by_name(writer).slack_id}>" in reply.text and words in reply.text:
                    return reply
        return None

    return await dana.see(f"words of {writer}", look)


async def _answered(town: Town) -> bool | None:
    card = the("passed-on", await everything(town))
    return (f"Answered by {DANA}" in card.words_now and not card.buttons_now) or None


async def _more_words(person: Person, channel: str, many: int) -> bool | None:
    return len(await person.private_words(channel)) > many or None


async def _six_asks(town: Town) -> bool | None:
    return len(await town.asked()) == 6 or None


async def _is_paused(request: Request) -> bool | None:
    return (await request.handle.query("view"))["sending_paused"] or None


async def _introduced(town: Town) -> bool | None:
    return "introduction" in summary(await everything(town)) or None


async def _edits(town: Town) -> int:
    return sum(one.entry["edits"] for one in await everything(town))


async def _ask_about(mentor: Person, request: Request) -> Message:
    return await mentor.see_message(
        "the ask",
        lambda message: message.concerns(request.request_id) and message.has_button("Claim"),
    )


def _queue(home: Message) -> list[str]:
    """The requests in the queue, from the top."""
    opening = [button for button in home.buttons if button.label == "Open"]
    return [json.loads(button.action["value"])["request_id"] for button in opening]
