"""Buttons: each press is a decision on Temporal's disk before Slack hears "done"."""

from __future__ import annotations

import asyncio
import logging

import pytest

from cards.values import RequestRef
from clients.requests import RequestGoneError, TemporalAwayError
from domain.base import Decision
from domain.messages import AcceptTime, Cancel, Claim, Decline, Release, UndoClaim
from domain.models import Person
from domain.view import CardKind, RequestView
from sandbox.slack.identity import MENTORS_ID
from tests.cards import card_stories
from tests.slack_app.slack_app_harness import (
    REQUEST_ID,
    RILEY,
    SAM,
    World,
    asked,
    claimed,
    click_body,
)

PRESSES: dict[str, tuple[CardKind, RequestView, Person, type[Decision]]] = {
    "Claim": (CardKind.ASK, asked(), SAM, Claim),
    "Not this one": (CardKind.ASK, asked(), SAM, Decline),
    "Undo": (CardKind.ASK, claimed(introduced=False), SAM, UndoClaim),
    "Release": (CardKind.ASK, claimed(), SAM, Release),
    "Cancel my request": (CardKind.RECEIVED, asked(), RILEY, Cancel),
}


@pytest.mark.parametrize("label", PRESSES)
async def test_a_press_is_a_decision_that_says_who_and_where(world: World, label: str) -> None:
    kind, view, who, decision = PRESSES[label]
    message = await world.show(kind, view, who)
    assert (await world.press(who, message, label))["ok"]
    assert world.requests.decisions == [decision(by=who.slack_id, channel=message["channel"])]


async def test_accepting_a_time_says_which_one_of_which_proposal(world: World) -> None:
    offer = card_stories.proposal(RILEY, number=3)
    message = await world.show(CardKind.PROPOSAL, claimed(proposal=offer), SAM)
    assert (await world.press(SAM, message, "Accept"))["ok"]
    assert world.requests.decisions == [
        AcceptTime(
            by=SAM.slack_id, channel=message["channel"], proposal=3, time=card_stories.SESSION
        )
    ]


async def test_slack_hears_done_only_after_the_decision_is_taken(world: World) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    world.requests.gate.clear()
    press = asyncio.create_task(world.press(SAM, message, "Claim"))
    await world.requests.asked.wait()
    done, _ = await asyncio.wait({press}, timeout=0.05)
    assert not done
    world.requests.gate.set()
    assert (await press)["ok"]
    assert len(world.requests.decisions) == 1


async def test_a_double_click_sends_both_and_the_workflow_decides(world: World) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    await asyncio.gather(*(world.press(SAM, message, "Claim") for _ in range(2)))
    assert len(world.requests.decisions) == 2


async def test_a_click_on_a_finished_request_is_answered_privately(world: World) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    world.requests.failure = RequestGoneError("finished")
    assert (await world.press(SAM, message, "Claim"))["ok"]
    assert await world.whispers(SAM, MENTORS_ID) == [
        "This request is finished, so nothing was changed."
    ]


async def test_with_temporal_away_slack_shows_an_error_and_the_person_is_told(world: World) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    world.requests.failure = TemporalAwayError("no answer")
    answer = await world.press(SAM, message, "Claim")
    assert (answer["ok"], answer["error"]) == (False, "http_status")
    (told,) = await world.whispers(SAM, MENTORS_ID)
    assert "try again in a moment" in told


async def test_when_slack_takes_no_private_answer_the_click_still_fails_honestly(
    world: World,
) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    world.requests.failure = TemporalAwayError("no answer")
    for kind in ("status", "drop_after"):
        await world.break_slack("chat.postEphemeral", kind=kind, status=500, count=1)
        assert (await world.press(SAM, message, "Claim"))["error"] == "http_status"


async def test_an_unknown_error_has_a_reference_for_both_sides_and_no_words_of_people(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = await world.show(CardKind.CHANNEL, asked())
    world.requests.failure = RuntimeError("Riley Santos wrote something private")
    with caplog.at_level(logging.INFO):
        assert not (await world.press(SAM, message, "Claim"))["ok"]
    (told,) = await world.whispers(SAM, MENTORS_ID)
    reference = told.rsplit(" ", 1)[-1]
    (record,) = [record for record in caplog.records if reference in record.getMessage()]
    logged = record.getMessage()
    assert "action claim" in logged
    assert "RuntimeError" in logged
    assert "slack_app_fakes.py" in logged, "where it happened"
    assert "Riley" not in caplog.text
    assert REQUEST_ID not in told


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("approve_v0", RequestRef(request_id=REQUEST_ID).write()),
        ("claim", ""),
        ("claim", "not json"),
        ("claim", '{"request_id": "MR-1 or other"}'),
        ("accept_time", RequestRef(request_id=REQUEST_ID).write()),
    ],
)
async def test_a_button_that_is_not_known_any_more_says_so(
    world: World, action_id: str, value: str
) -> None:
    answer = await world.send(click_body(action_id, value))
    assert answer.status == 200
    (told,) = await world.whispers(SAM, MENTORS_ID)
    assert "older version" in told
    assert world.requests.decisions == []
