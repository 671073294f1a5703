"""Several mentors press Claim at the same moment: one has it, and everybody else is told."""

from __future__ import annotations

import asyncio

from sandbox.people import PEOPLE
from sandbox.slack.identity import MENTORS_ID
from tests.system.people import Message, Person
from tests.system.town import Request, Town

FASTER = "Another mentor was a moment faster"

Press = tuple[Person, Message]
"""Who presses Claim, and on which card."""


async def test_of_two_who_claim_at_the_same_moment_one_has_it_and_the_other_is_told(
    town: Town,
) -> None:
    request = await town.ask(await town.person("Riley Santos"))
    mentors = [await town.person(name) for name in ("Dana Whitfield", "Kenji Mori")]
    presses = [(mentor, await mentor.see_button("Claim")) for mentor in mentors]
    await _claim_at_once(town, request, presses)


async def test_of_twenty_who_claim_at_the_same_moment_one_has_it_and_nineteen_are_told(
    town: Town,
) -> None:
    request = await town.ask(await town.person("Riley Santos"), skills=["Python"])
    asked = await town.has_asked(15)
    presses: list[Press] = []
    for mentor in await _available(town, among=asked, but=[], many=12):
        presses.append((mentor, await mentor.see_button("Claim")))
    others = [*asked, *(mentor.slack_id for mentor, _ in presses)]
    for mentor in await _available(town, among=None, but=others, many=5):
        presses.append((mentor, await _channel_card(mentor)))
    for mentor in await _available(
        town, among=asked, but=[mentor.slack_id for mentor, _ in presses], many=3
    ):  # asked by message, and yet they press in the channel
        presses.append((mentor, await _channel_card(mentor)))
    assert len({mentor.slack_id for mentor, _ in presses}) == 20
    await _claim_at_once(town, request, presses)


async def _claim_at_once(town: Town, request: Request, presses: list[Press]) -> None:
    await asyncio.gather(*(mentor.press(card, "Claim") for mentor, card in presses))
    row = await town.row(request, Status="Claimed")
    winner = _id_of(row["Mentor Assigned"])
    for mentor, card in presses:
        if mentor.slack_id != winner:
            await mentor.was_told(FASTER, card.channel)
    told = [m.slack_id for m, card in presses if await m.private_words(card.channel)]
    assert sorted([*told, winner]) == sorted(mentor.slack_id for mentor, _ in presses)
    await town.no_live_button("claim")
    for post in await town.posts("ask", "channel"):
        assert post.key.endswith(winner) or not post.buttons, post.key
    undo = [post.key for post in await town.posts() if "undo_claim" in post.buttons]
    assert undo == [f"{request.request_id}/ask/{winner}"], "one control card"
    await town.nobody_has_a_card_twice()
    assert len(await town.rows("Mentor Request")) == 1


async def _available(
    town: Town, *, among: list[str] | None, but: list[str], many: int
) -> list[Person]:
    """So many mentors with room."""
    found = [
        one.real_name
        for one in PEOPLE
        if one.mentor and one.mentor.active and one.mentor.status == "Available"
        if one.slack_id not in but and (among is None or one.slack_id in among)
    ]
    return [await town.person(name) for name in found[:many]]


async def _channel_card(mentor: Person) -> Message:
    found = [m for m in await mentor.messages(MENTORS_ID) if m.has_button("Claim")]
    return found[-1]


def _id_of(handle: str) -> str:
    """The Slack id of the mentor whom the row names by their handle."""
    return next(one.slack_id for one in PEOPLE if one.handle == handle)
