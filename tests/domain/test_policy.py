"""The policies that ship say what the design says; what older requests carry means the same."""

from __future__ import annotations

import json
from datetime import time, timedelta
from pathlib import Path

import pytest

from domain import ladder
from domain.policy import EscalationPolicy, Scope, Step, StepKind, parse_duration, written
from domain.policy_file import load_policy
from domain.policy_rules import contradictions
from settings import PolicySettings

POLICIES = Path(__file__).parents[2] / "policies"
SMALL = POLICIES / "ten-mentors.toml"


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def on_the_ladder(policy: EscalationPolicy) -> list[tuple[float, str]]:
    return [(rung.after / hours(1), rung.step.label) for rung in ladder.rungs(policy)]


# ---- what ships -----------------------------------------------------------------------------


def test_the_default_policy_is_the_designs_table() -> None:
    policy = load_policy(PolicySettings().escalation_policy)
    assert on_the_ladder(policy) == [
        (0, "wave (full)"),
        (8, "remind"),
        (8, "wave (partial)"),
        (20, "bump"),
        (20, "wave (all)"),
        (24, "coordinators"),
        (24, "update mentee"),
        (44, "warn owner"),
        *((at, "remind owner") for at in (72, 96, 120, 144, 168)),
        (168, "park"),
    ]
    assert (policy.target_after, policy.breach_after) == (hours(24), hours(48))
    waves = [step for step in policy.steps if step.do is StepKind.WAVE]
    assert [(wave.size, wave.spacing) for wave in waves] == [(15, hours(2))] * 3


def test_by_default_a_mentor_asked_by_name_has_eight_waking_hours_and_twenty_in_all() -> None:
    preferred = load_policy(PolicySettings().escalation_policy).preferred
    assert preferred is not None
    assert (preferred.waking, preferred.at_most) == (hours(8), hours(20))


def test_the_default_policy_has_the_designs_quiet_hours_and_patience() -> None:
    policy = load_policy(PolicySettings().escalation_policy)
    assert policy.quiet_hours is not None
    assert (policy.quiet_hours.start, policy.quiet_hours.end) == (time(21), time(8))
    assert policy.undo_window == timedelta(minutes=2)
    assert policy.no_contact_after == hours(72)
    assert policy.no_contact_release_after == hours(24)
    assert policy.stalled_after == timedelta(days=7)
    assert policy.feedback_after == timedelta(days=7)
    assert policy.feedback_reminder_after == timedelta(days=3)
    assert policy.feedback_closes_after == timedelta(days=7)


def test_ten_mentors_are_all_asked_at_once_and_people_take_over_sooner() -> None:
    usual, small = load_policy(PolicySettings().escalation_policy), load_policy(SMALL)

    def reaches_all(policy: EscalationPolicy) -> timedelta:
        return next(step.after for step in policy.steps if step.scope is Scope.ALL)

    def pings(policy: EscalationPolicy) -> int:
        kinds = (StepKind.REMIND, StepKind.BUMP, StepKind.REMIND_OWNER)
        return sum(step.repeat for step in policy.steps if step.do in kinds)

    assert {step.size for step in small.steps if step.do is StepKind.WAVE} == {"all"}
    assert reaches_all(small) < reaches_all(usual)
    assert small.target_after < usual.target_after
    assert small.breach_after == usual.breach_after
    assert pings(small) < pings(usual)
    assert not any(step.do is StepKind.BUMP for step in small.steps)


def test_a_setting_chooses_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_POLICY", str(SMALL))
    assert PolicySettings().policy().name == "ten mentors"


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_policy_that_ships_survives_the_way_into_a_request(path: Path) -> None:
    policy = load_policy(path)
    snapshot = EscalationPolicy.model_validate_json(policy.model_dump_json())
    assert snapshot == policy
    assert ladder.rungs(snapshot) == ladder.rungs(policy)


# ---- what requests carry --------------------------------------------------------------------

OF_RELEASE_0_1 = json.loads(
    '{"name":"default","wave_size":12,"wave_spacing":"PT3H","preferred_window":"PT8H",'
    '"undo_window":"PT2M","breach_after":"P2D","steps":['
    '{"after":"PT8H","do":"remind","scope":null},'
    '{"after":"PT8H","do":"widen","scope":"partial"},{"after":"PT20H","do":"bump","scope":null},'
    '{"after":"PT20H","do":"widen","scope":"all"},{"after":"P1D","do":"coordinators",'
    '"scope":null},{"after":"P1D","do":"update mentee","scope":null}],"feedback_after":"P7D",'
    '"feedback_reminder_after":"P3D","feedback_closes_after":"P7D"}'
)
"""As the first release wrote it, but for a wave's size and spacing."""


def test_the_first_releases_policy_keeps_its_steps_and_their_times() -> None:
    policy = EscalationPolicy.model_validate(OF_RELEASE_0_1)
    assert on_the_ladder(policy) == [
        (0, "wave (full)"),
        (8, "remind"),
        (8, "wave (partial)"),
        (20, "bump"),
        (20, "wave (all)"),
        (24, "coordinators"),
        (24, "update mentee"),
    ]
    assert (policy.target_after, policy.breach_after) == (hours(24), hours(48))


def test_the_first_releases_waves_keep_their_size_and_spacing() -> None:
    policy = EscalationPolicy.model_validate(OF_RELEASE_0_1)
    waves = [step for step in policy.steps if step.do is StepKind.WAVE]
    assert [(wave.size, wave.spacing) for wave in waves] == [(12, hours(3))] * 3


def test_the_first_releases_window_counts_every_hour() -> None:
    preferred = EscalationPolicy.model_validate(OF_RELEASE_0_1).preferred
    assert preferred is not None
    assert (preferred.waking, preferred.at_most) == (None, hours(8))


def test_what_the_first_release_did_not_know_stays_off() -> None:
    policy = EscalationPolicy.model_validate(OF_RELEASE_0_1)
    assert policy.quiet_hours is None
    assert policy.no_contact_after is None
    assert policy.stalled_after is None
    assert policy.undo_window == timedelta(minutes=2)


def test_the_first_releases_policy_is_read_once_and_then_stays_as_it_is() -> None:
    policy = EscalationPolicy.model_validate_json(json.dumps(OF_RELEASE_0_1))
    assert EscalationPolicy.model_validate_json(policy.model_dump_json()) == policy


def test_a_policy_from_a_newer_release_can_still_be_read() -> None:
    policy = EscalationPolicy.model_validate(
        {"steps": [{"after": 3600, "do": "sing", "volume": 11}], "chorus": True}
    )
    assert policy.steps[0].do is StepKind.UNKNOWN
    assert ladder.rungs(policy) == []


def test_coordinators_may_be_called_at_once() -> None:
    steps = [
        Step(after=hours(0), do=StepKind.WAVE, scope=Scope.ALL),
        Step(after=hours(0), do=StepKind.COORDINATORS),
        Step(after=hours(12), do=StepKind.BREACH),
    ]
    policy = EscalationPolicy(steps=steps)
    assert contradictions(policy) == []
    assert (policy.target_after, policy.breach_after) == (hours(0), hours(12))


@pytest.mark.parametrize("text", ["90m", "8h", "0m", "1441m"])
def test_durations_are_written_as_they_are_read(text: str) -> None:
    length = parse_duration(text)
    assert isinstance(length, timedelta)
    assert parse_duration(written(length)) == length


def test_a_whole_number_of_hours_is_written_in_hours() -> None:
    assert [written(one) for one in (hours(8), hours(168), hours(1.5))] == ["8h", "168h", "90m"]
