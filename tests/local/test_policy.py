"""The sandbox's policy: the shipped one, whatever the hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.policy_file import load_policy
from local import config, policy
from local.config import LocalSettings, Secrets
from settings import PolicySettings

SECRETS = Secrets("link-signing-key-of-a-test", "signing-secret-of-a-test")


def test_a_visitor_at_night_meets_the_default_policy_but_nobody_sleeps(tmp_path: Path) -> None:
    written = tmp_path / policy.FILE
    policy.write_awake(written)
    sandbox, default = load_policy(written), load_policy(policy.DEFAULT)
    assert default.quiet_hours is not None
    assert sandbox.quiet_hours is not None
    assert sandbox.quiet_hours.start == sandbox.quiet_hours.end
    assert sandbox.name == policy.NAME
    same = {"name", "quiet_hours"}
    assert sandbox.model_dump(exclude=same) == default.model_dump(exclude=same)
    assert "Nobody sleeps here" in policy.in_words(written)


def test_every_process_reads_the_policy_that_is_written_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LocalSettings(muster_state_dir=tmp_path, _env_file=None)
    told = config.environment(settings, SECRETS, {"ESCALATION_POLICY": "of/another/place.toml"})
    monkeypatch.setenv("ESCALATION_POLICY", told["ESCALATION_POLICY"])
    assert PolicySettings(_env_file=None).escalation_policy == tmp_path / policy.FILE


def test_a_policy_of_ones_own_can_be_tried_with_its_quiet_hours(tmp_path: Path) -> None:
    settings = LocalSettings(
        muster_state_dir=tmp_path,
        escalation_policy=Path("policies/ten-mentors.toml"),
        _env_file=None,
    )
    told = config.environment(settings, SECRETS, {})
    assert load_policy(Path(told["ESCALATION_POLICY"])).name == "ten mentors"
    assert "from 21:00 to 08:00" in told["SANDBOX_NOTE"]


def test_a_policy_that_cannot_be_read_is_left_to_those_who_need_it(tmp_path: Path) -> None:
    assert policy.in_words(tmp_path / "nowhere.toml") == ""
