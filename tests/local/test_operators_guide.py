"""docs/operators.md says what is so: attributes, queries and orders, each tried."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import ids, search_attributes
from domain.mentor_messages import AccountClosed, ComeBack, OptOut, Snooze, Told
from domain.messages import AnyDecision, PauseSending
from domain.orders import Order
from local.config import ROOT
from workflows.contact import AN_ANSWER, FIRST_WORD, THE_PROMISE
from workflows.mentor_availability import MentorAvailability
from workflows.mentorship_request import MentorshipRequest
from workflows.search import SENDING, THE_HOLD
from workflows.switchboard import Switchboard

GUIDE = (ROOT / "docs" / "operators.md").read_text()
QUERIES = [query.strip() for query in re.findall(r"```sql\n(.*?)```", GUIDE, re.S)]
ORDERS = {one.signal: one for one in get_args(get_args(AnyDecision)[0]) if issubclass(one, Order)}


def test_it_tells_every_search_attribute_and_its_type() -> None:
    told = dict(re.findall(r"^\| `(Muster\w+)` \| (\w+) \|", GUIDE, re.M))
    kinds = {"KEYWORD_LIST": "KeywordList"}
    assert told == {
        key.name: kinds.get(key.indexed_value_type.name, key.indexed_value_type.name.title())
        for key in search_attributes.ALL
    }


@pytest.mark.parametrize("query", QUERIES)
async def test_every_query_is_one_that_the_server_takes(
    temporal: WorkflowEnvironment, query: str
) -> None:
    await temporal.client.count_workflows(query)


@pytest.mark.parametrize("words", [FIRST_WORD, THE_PROMISE, AN_ANSWER, THE_HOLD, SENDING])
def test_queries_look_for_what_requests_say_that_they_wait_for(words: str) -> None:
    assert f"'{words}'" in GUIDE or f'"{words}"' in GUIDE


@pytest.mark.parametrize("name", ORDERS)
def test_every_order_has_an_example_that_can_be_sent_as_it_stands(name: str) -> None:
    [example] = re.findall(rf"^\| `{name}` \|.*\| `(.*)` \|$", GUIDE, re.M)
    sent = json.loads(example)
    assert set(sent) <= set(ORDERS[name].model_fields)
    assert ORDERS[name].model_validate(sent).by == sent["by"]


def test_every_update_is_told() -> None:
    told = set(re.findall(r"^\| `(\w+)` \| (?!Keyword|Bool|Datetime|Int)", GUIDE, re.M))
    for kind in (MentorshipRequest, Switchboard):
        assert set(vars(kind)["__temporal_workflow_definition"].updates) <= told


def test_the_switch_and_the_schedule_are_called_by_their_names() -> None:
    [example] = re.findall(r"pause_sending --input '(.*)'", GUIDE)
    assert PauseSending.model_validate(json.loads(example)).paused
    assert f"--workflow-id {ids.SWITCHBOARD}" in GUIDE
    assert f"--schedule-id {ids.ROLL_UP}" in GUIDE
    assert ids.workflow_id("MR-") in GUIDE


@pytest.mark.parametrize("message", [Snooze, OptOut, ComeBack, AccountClosed])
def test_every_signal_for_a_mentor_has_an_example_that_can_be_sent(message: type[Told]) -> None:
    [example] = re.findall(rf"^\| `{message.signal}` \|.*\| `(.*)` \|$", GUIDE, re.M)
    sent = json.loads(example)
    assert set(sent) <= set(message.model_fields)
    assert message.model_validate(sent)
    assert message.signal in vars(MentorAvailability)["__temporal_workflow_definition"].signals
