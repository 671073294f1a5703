"""The worker dies while a mentor gets a request: one winner, and everybody knows."""

from __future__ import annotations

from datetime import timedelta

from cards.ids import Action
from domain.messages import Claim
from domain.models import RequestStart, Status
from domain.view import CardKind
from sandbox.airtable import bases
from sandbox.slack.identity import MENTORS_ID
from tests.crash.installation import (
    Installation,
    card_metadata,
    mentor_row,
    mentors_for,
    request,
    until,
)

SKILL = "CSS"
WINNER, LOSER, OTHER, *_ = mentors_for(SKILL)


async def test_after_a_kill_while_cards_are_edited_the_claim_stands_and_a_pair_meets_once(
    muster: Installation,
) -> None:
    """One request has just been claimed; the undo window of another has just passed."""
    claimed = request(SKILL)
    introduced = request(SKILL, undo_window=timedelta(0))
    worker = await muster.start_worker()
    await muster.send_in(claimed, introduced)
    for one in (claimed, introduced):
        await muster.row(one, Mentors_Asked=len(mentors_for(SKILL)))

    card = next(c for c in await muster.cards(claimed, CardKind.ASK) if c.key.endswith(WINNER))
    edit = muster.slack.hold("chat.update", channel=card.channel, ts=card.ts)
    hello = muster.slack.hold(
        "chat.postMessage",
        metadata=card_metadata(introduced, CardKind.INTRODUCTION, OTHER, 1),
    )
    await muster.decide(introduced, Claim(by=OTHER))
    await hello.arrives()
    await muster.decide(claimed, *(Claim(by=one, channel=MENTORS_ID) for one in (WINNER, LOSER)))
    await edit.arrives()
    await until("the loser is told", lambda: told(muster))
    await until("Temporal knows that", lambda: is_known(muster, claimed))
    await worker.kill()
    await hello.is_done()

    await muster.start_worker()
    await settled(muster, claimed, WINNER)
    assert muster.slack.calls("chat.postEphemeral") == 1, "nobody is told twice"
    await until("the mentee has a word", lambda: first_word(muster, introduced))
    await settled(muster, introduced, OTHER)
    assert len(await muster.cards(introduced, CardKind.INTRODUCTION)) == 1


async def test_after_a_kill_while_a_claim_is_checked_the_first_who_clicked_wins(
    muster: Installation,
) -> None:
    one = request(SKILL)
    roster = muster.airtable.hold("GET records", table=bases.MENTORS.name)
    worker = await muster.start_worker()
    await muster.send_in(one)
    await roster.arrives()
    await muster.decide(one, *(Claim(by=mentor, channel=MENTORS_ID) for mentor in (WINNER, LOSER)))
    await until("the claim is checked", lambda: is_checked(muster, one))
    await worker.kill()

    await muster.start_worker()
    await settled(muster, one, WINNER)
    await until("the loser is told", lambda: told(muster))
    assert muster.slack.calls("chat.postEphemeral", user=LOSER) == 1


async def told(muster: Installation) -> bool:
    return muster.slack.calls("chat.postEphemeral") > 0


async def is_known(muster: Installation, one: RequestStart) -> bool:
    return "tell" not in await muster.under_way(one)


async def is_checked(muster: Installation, one: RequestStart) -> bool:
    return "check_mentor" in await muster.under_way(one)


async def first_word(muster: Installation, one: RequestStart) -> bool:
    return "First Response At" in await muster.row(one)


async def settled(muster: Installation, one: RequestStart, winner: str) -> None:
    """The winner has the control card and the row; nobody else can claim any more."""
    row = await muster.row(one, Status=Status.CLAIMED.value)
    assert row["Mentor Assigned"] == [mentor_row(winner)]

    async def only_the_winner_has_it() -> bool:
        live = await muster.can_be_claimed(one)
        cards = await muster.cards(one, CardKind.ASK)
        control = [c for c in cards if {Action.UNDO_CLAIM, Action.RELEASE} & set(c.buttons)]
        return not live and [card.key.split("/")[2] for card in control] == [winner]

    await until("only the winner's card is live", only_the_winner_has_it)
    assert not await muster.has_two(one)
