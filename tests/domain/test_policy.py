"""A policy file is checked before anybody's request depends on it; errors name what to mend."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.policy import EscalationPolicy, PolicyError, Scope, StepKind, load_policy
from settings import PolicySettings


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    return path


def test_the_policy_that_ships_reminds_widens_and_calls_coordinators() -> None:
    policy = load_policy(PolicySettings().escalation_policy)
    taken = [(step.after, step.do, step.scope) for step in policy.steps]
    assert (timedelta(hours=8), StepKind.REMIND, None) in taken
    assert (timedelta(hours=20), StepKind.WIDEN, Scope.ALL) in taken
    assert (timedelta(hours=24), StepKind.COORDINATORS, None) in taken
    assert policy.breach_after == timedelta(hours=48)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps = [", "not valid TOML"),
        ('[[steps]]\nafter = "8h"\ndo = "shout"', 'unknown step "shout"; known are "remind"'),
        ('[[steps]]\nafter = "8h"\ndo = "widen"', 'steps.1: a "widen" step needs scope'),
        ('[[steps]]\nafter = "8h"\ndo = "remind"\nscope = "all"', "takes no scope"),
        ('[[steps]]\nafter = "soon"\ndo = "remind"', "steps.1.after"),
        (
            '[[steps]]\nafter = "20h"\ndo = "bump"\n[[steps]]\nafter = "8h"\ndo = "remind"',
            '"remind" stands after "bump" but is due before it',
        ),
        ("wave_size = 0", "wave_size"),
        ('feedback_closes_after = "1d"', "feedback_closes_after must not be earlier"),
        ('brech_after = "48h"', 'unknown setting "brech_after"'),
    ],
)
def test_a_broken_policy_is_refused_with_the_place_to_mend(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(PolicyError, match=r"policy\.toml") as refusal:
        load_policy(_written(tmp_path, text))
    assert said in str(refusal.value)


def test_a_missing_policy_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="there is no such policy file"):
        load_policy(tmp_path / "nowhere.toml")


def test_a_policy_from_a_newer_release_can_still_be_read() -> None:
    policy = EscalationPolicy.model_validate(
        {"steps": [{"after": 3600, "do": "sing", "volume": 11}], "chorus": True}
    )
    assert policy.steps[0].do is StepKind.UNKNOWN
