"""Payloads lie in histories for months: what an earlier or later release wrote can be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from domain import ids
from domain.memory import Answer
from domain.mentor_messages import Snooze
from domain.messages import AnyDecision, Claim, ProposeTimes
from domain.models import Level, Role, Status
from domain.policy import Scope, StepKind
from domain.state import RequestState
from domain.view import CardKind, Notice


@pytest.mark.parametrize(
    "enum",
    [Status, Level, Role, Scope, StepKind, Answer, CardKind, Notice],
    ids=lambda e: e.__name__,
)
def test_a_word_from_a_newer_release_reads_as_unknown(enum: type[Status]) -> None:
    assert enum("a word of next year") is enum.UNKNOWN


def test_unknown_fields_of_a_decision_are_ignored() -> None:
    decision: AnyDecision = TypeAdapter(AnyDecision).validate_python(
        {"kind": "claim", "by": "U0SAM", "mood": "bright"}
    )
    assert decision == Claim(by="U0SAM")


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="time zone"):
        ProposeTimes.model_validate({"by": "U0SAM", "times": ["2026-03-01T12:00:00"]})


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_time_beyond_all_calendars_is_refused_in_words(at: str) -> None:
    with pytest.raises(ValidationError, match="between the years"):
        Snooze.model_validate({"at": at, "until": at})


def test_a_state_written_by_the_first_release_can_be_read() -> None:
    state = RequestState.model_validate_json(
        '{"start": {"request_id": "MR-AAAAAAAAAA", "submitted_at": "2026-03-01T12:00:00Z",'
        '"mentee": {"slack_id": "U0RILEY"}, "service": {"name": "Pair Programming"},'
        '"goal": "Flask", "policy": {"steps": [{"after": "PT8H", "do": "remind"}]}},'
        '"status": "Open", "asks": [{"mentor": {"slack_id": "U0SAM"},'
        '"at": "2026-03-01T12:00:01Z"}]}'
    )
    assert state.silent(datetime(2026, 3, 2, tzinfo=UTC))[0].mentor.slack_id == "U0SAM"
    assert RequestState.model_validate_json(state.model_dump_json()) == state


def test_ids_hold_no_personal_data_and_do_not_change() -> None:
    request_id = ids.request_id_for("a-submission-token", "U0RILEY")
    assert ids.is_request_id(request_id)
    assert request_id == ids.request_id_for("a-submission-token", "U0RILEY")
    assert request_id != ids.request_id_for("a-submission-token", "U0OTHER")
    assert "RILEY" not in ids.workflow_id(request_id)
    assert ids.card_key("MR-1", CardKind.SESSION_SET, "U1", 2) == "MR-1/session-set/U1/2"
