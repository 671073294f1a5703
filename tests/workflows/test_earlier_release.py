"""Requests that began under release 0.1 go on by its rules, and take what people can do today."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from domain import ids
from domain.messages import (
    AnotherMentor,
    AskCoordinator,
    Claim,
    Decline,
    Hold,
    PauseSending,
    PromiseToWrite,
    SayWhy,
    TakeBreak,
    UndoClaim,
    Word,
)
from domain.models import Outcome, Person, RequestStart, Status
from domain.orders import AnswerPerson, Assign, CloseRequest, HandBack, Nudge, Take, Verdict, Widen
from domain.policy import EscalationPolicy
from domain.state import FIRST_RULES
from domain.view import CardKind, Notice
from tests.workflows.community import Community
from tests.workflows.harness import DANA, KENJI, PRIYA, SAM, asking, four_mentors
from tests.workflows.pairs import CASEY, RILEY, asked, met

FIRST_RELEASE = Path(__file__).parent / "histories" / "0.1" / "happy_path.json"
BY_CASEY = {"by": CASEY.slack_id, "name": CASEY.name}


def as_it_began() -> RequestStart:
    """What release 0.1 put into its histories, sent in now."""
    history = json.loads(FIRST_RELEASE.read_text(encoding="utf-8"))
    started = history["events"][0]["workflowExecutionStartedEventAttributes"]
    start = RequestStart.model_validate_json(
        base64.b64decode(started["input"]["payloads"][0]["data"])
    )
    request_id = ids.request_id_for(uuid4().hex, start.mentee.slack_id)
    return start.model_copy(update={"request_id": request_id, "submitted_at": datetime.now(UTC)})


async def test_a_request_of_the_first_release_takes_signals_and_orders_that_came_later(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "patched", lambda patch: False)  # as in a replay of its history
    community = Community(four_mentors())
    start = as_it_began()
    assert start.policy.no_contact_after is None
    async with asking(temporal.client, start, community) as running:
        await asked(running)
        now = (await running.view()).now
        await running.decide(
            Decline(by=KENJI),
            SayWhy(by=KENJI, reason="Exams"),
            TakeBreak(by=KENJI, until=now + timedelta(days=7)),
            Hold(by=PRIYA, until=now + timedelta(hours=30)),
            AskCoordinator(by=RILEY, text="How long?", message="1"),
            PauseSending(by=CASEY.slack_id, paused=True),
            PauseSending(by=CASEY.slack_id, paused=False),
        )
        await community.until(lambda: len(community.of(CardKind.PASSED_ON)) == 1)
        await community.until(lambda: community.notices(Notice.HOLD_KEPT) == [PRIYA])
        state = await running.state()
        assert state.rules == FIRST_RULES
        assert state.on_break.keys() == {KENJI}
        await running.pass_time(hours=3)
        reply = AnswerPerson(**BY_CASEY, to=RILEY, text="By noon", answers=1)
        for order in (Take(**BY_CASEY), Nudge(**BY_CASEY), Widen(**BY_CASEY), reply):
            assert (await running.order(order)).verdict is Verdict.DONE
        assert (await running.order(Assign(**BY_CASEY, mentor=SAM))).verdict is Verdict.DONE
        await running.reaches(Status.CLAIMED)
        await running.decide(PromiseToWrite(by=SAM, by_when=now + timedelta(days=1)))
        await met(running)
        await running.pass_time(days=5)
        await running.decide(Word(by=RILEY))
        assert not community.of(CardKind.CHECK_IN), "it goes on by the rules it began with"

        assert (await running.order(Assign(**BY_CASEY, mentor=DANA))).verdict is Verdict.DONE
        await met(running)
        await running.decide(AnotherMentor(by=RILEY))
        await running.reaches(Status.OPEN)
        await running.decide(Claim(by=PRIYA))
        await running.reaches(Status.CLAIMED)
        assert (await running.order(HandBack(**BY_CASEY))).verdict is Verdict.DONE
        await running.decide(UndoClaim(by=PRIYA))
        await running.reaches(Status.OPEN)
        close = CloseRequest(**BY_CASEY, reason="Helped elsewhere")
        assert (await running.order(close)).verdict is Verdict.DONE
        assert await running.outcome() is Outcome.UNFULFILLED
    buttons = {button for one in community.of(CardKind.ASK) for button in one.buttons}
    assert buttons <= {Action.END_BREAK}


async def test_after_the_window_of_the_first_release_a_wave_is_as_large_as_its_policy_said(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "patched", lambda patch: False)
    community = Community(four_mentors())
    one_by_one = {"wave_size": 1, "wave_spacing": "2h", "preferred_window": "8h", "steps": []}
    kenji = Person(slack_id=KENJI, name="Kenji Mori")
    policy = EscalationPolicy.model_validate({"name": "one by one", **one_by_one})
    start = as_it_began().model_copy(update={"policy": policy, "preferred_mentor": kenji})
    async with asking(temporal.client, start, community) as running:
        await community.until(lambda: community.asked() == {KENJI})
        await running.pass_time(hours=8, minutes=1)
        await community.until(lambda: len(community.asked()) == 2)
        await running.pass_time(minutes=1)
        assert len(community.asked()) == 2
