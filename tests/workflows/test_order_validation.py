"""Orders typed by hand: one that can't be carried out is refused in words, and harms nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.messages import Claim
from domain.models import MAX_NOTE, MAX_TEXT, Status
from domain.objections import MAX_NAME, malformed
from domain.orders import (
    Answered,
    AnswerPerson,
    Assign,
    CloseRequest,
    HandBack,
    Nudge,
    Order,
    Take,
    Verdict,
    Widen,
)
from tests.workflows.community import Community
from tests.workflows.harness import SAM, RunningRequest, asking, four_mentors, request
from tests.workflows.pairs import CASEY, RILEY, asked, claimed, met

BY = CASEY.slack_id
SIGN = 'Every order says who gives it: put a Slack id into "by", such as U0123ABCD.'
WHOM = 'Say which mentor gets it: put a Slack id into "mentor", such as U0123ABCD.'
TO = 'Say who is answered: put a Slack id into "to", such as U0123ABCD.'
NAME = 'Put a name of one line and at most 80 characters into "name", or leave it out.'
WHY = 'Say why it is closed: put a sentence or two into "reason".'
TEXT = 'Say what they will read: put a sentence or two into "text".'
ANSWER = {"by": BY, "to": RILEY}


def shorten(field: str, longest: int) -> str:
    return f'Please shorten "{field}" to {longest} characters; it has {longest + 1} now.'


def as_json(sent: Any) -> Payload:
    """What the Web UI sends of what was typed; our own client has another payload for null."""
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(sent).encode())


def typed(kind: type[Order], sent: Any) -> Order:
    """The order as it reaches the workflow. Raises: when it can't be decoded."""
    converter = pydantic_data_converter.payload_converter_class()
    order: Order = converter.from_payloads([as_json(sent)], [kind])[0]
    return order


@pytest.mark.parametrize("kind", [Take, HandBack, Assign, Widen, Nudge, CloseRequest, AnswerPerson])
@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        {"by": None},
        {"by": ""},
        {"by": 5},
        {"By": BY},
        {"by": "Dana"},
        {"by": "u0coord"},
        {"by": f" {BY}"},
        {"by": f"{BY}\n"},
        {"by": "<!channel>"},
        {"by": f"<@{BY}>"},
        {"by": "C0COORD"},
        {"by": "U" + "0" * 3000},
    ],
)
def test_every_order_says_by_slack_id_who_gives_it(kind: type[Order], sent: Any) -> None:
    assert malformed(typed(kind, sent)) == SIGN


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        (Take, {"by": BY, "name": "x" * (MAX_NAME + 1)}, NAME),
        (HandBack, {"by": BY, "name": "Casey\nLin"}, NAME),
        (Widen, {"by": BY, "name": "Casey Lin\n"}, NAME),
        (Assign, {"by": BY}, WHOM),
        (Assign, {"by": BY, "mentor": None}, WHOM),
        (Assign, {"by": BY, "mentor": "Sam"}, WHOM),
        (Assign, {"by": BY, "mentee": SAM}, WHOM),
        (CloseRequest, {"by": BY}, WHY),
        (CloseRequest, {"by": BY, "reason": " \n"}, WHY),
        (CloseRequest, {"by": BY, "reason": "x" * (MAX_NOTE + 1)}, shorten("reason", MAX_NOTE)),
        (
            CloseRequest,
            {"by": BY, "reason": "Helped elsewhere", "word": "x" * (MAX_TEXT + 1)},
            shorten("word", MAX_TEXT),
        ),
        (AnswerPerson, {"by": BY, "text": "Yes!"}, TO),
        (AnswerPerson, {"by": BY, "text": "Yes!", "to": "<!here>"}, TO),
        (AnswerPerson, ANSWER, TEXT),
        (AnswerPerson, {**ANSWER, "text": ""}, TEXT),
        (AnswerPerson, {**ANSWER, "text": "x" * (MAX_TEXT + 1)}, shorten("text", MAX_TEXT)),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_what_to_put_in(
    kind: type[Order], sent: Any, words: str
) -> None:
    assert malformed(typed(kind, sent)) == words


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (Take, {"by": BY}),
        (Take, {"by": "W0123ABCD", "name": "N" * MAX_NAME, "later": {"field": 1}}),
        (HandBack, {"by": BY, "name": None, "kind": None}),
        (Nudge, {"by": BY, "name": 7}),
        (Assign, {"by": BY, "name": "Zoë Ó Briain-Šimić", "mentor": SAM}),
        (CloseRequest, {"by": BY, "reason": "x" * MAX_NOTE, "word": "x" * MAX_TEXT}),
        (AnswerPerson, {**ANSWER, "text": "x" * MAX_TEXT, "answers": None}),
    ],
)
def test_what_can_be_used_is_not_found_fault_with(kind: type[Order], sent: Any) -> None:
    assert malformed(typed(kind, sent)) == ""


async def refused(running: RunningRequest, name: str, sent: Any) -> str:
    """What the Web UI shows of an order that is not even accepted."""
    with pytest.raises(WorkflowUpdateFailedError) as refusal:
        await running.handle.execute_update(name, RawValue(as_json(sent)))
    assert isinstance(refusal.value.cause, ApplicationError)
    return refusal.value.cause.message


async def test_a_malformed_order_is_refused_in_words_and_the_request_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    async with asking(temporal.client, request(), Community(four_mentors())) as running:
        await asked(running)
        for sent in ({"by": "x" * 3000, "name": "d"}, {"by": "Dana"}, {}, None):
            assert await refused(running, "take", sent) == SIGN
        assert await refused(running, "hand_back", {"by": "<!channel>"}) == SIGN
        assert await refused(running, "widen", {"by": BY, "name": "x" * 3000}) == NAME
        assert await refused(running, "nudge", {"by": 5}) == SIGN
        assert await refused(running, "assign", {"by": BY}) == WHOM
        assert await refused(running, "close_request", {"by": BY, "reason": ""}) == WHY
        assert await refused(running, "answer_person", ANSWER) == TEXT
        state = await running.state()
        assert (state.status, state.owner, state.tickets) == (Status.OPEN, None, 0)

        longest = Take(by="U" + "0" * 30, name="ß" * MAX_NAME)
        assert (await running.order(longest)).verdict is Verdict.DONE
        await claimed(running)
        assert (await running.state()).mentor_id == SAM


async def test_a_request_is_not_closed_without_a_mentor_once_one_has_it(
    temporal: WorkflowEnvironment,
) -> None:
    """A form to close it may have been open, or on its way, since before the claim."""
    close = CloseRequest(by=BY, reason="Nobody came forward")
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        checking = community.gate("check_mentor")
        await running.decide(Claim(by=SAM))
        await community.until(lambda: community.attempts["check_mentor"] == 1)
        on_its_way = asyncio.create_task(running.order(close))
        while not (await running.state()).inbox:
            await running.view()
        checking.set()
        has_it = (
            "Sam has this request. Assign it to somebody else, or ask them to give it back; "
            "the mentee can cancel it."
        )
        assert await on_its_way == Answered(verdict=Verdict.REFUSED, words=has_it)
        assert await refused(running, "close_request", close.model_dump()) == has_it
        await met(running)
        assert await refused(running, "close_request", close.model_dump()) == has_it
        state = await running.state()
        assert (state.status, state.mentor_id) == (Status.CLAIMED, SAM)
