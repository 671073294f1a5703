"""What each process on one machine is told."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from local import config
from local.config import LocalSettings, Secrets
from sandbox.config import load
from settings import AirtableSettings, AlertSettings, LinkSettings, SlackSettings

SECRETS = Secrets("link-signing-key-of-a-test", "signing-secret-of-a-test")


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return LocalSettings(muster_state_dir=tmp_path, _env_file=None)


@pytest.mark.parametrize("kind", [SlackSettings, AirtableSettings, LinkSettings])
def test_no_setting_of_the_real_slack_or_airtable_can_reach_the_sandbox(
    settings: LocalSettings, kind: type[BaseSettings]
) -> None:
    told = config.environment(settings, SECRETS, {})
    prefix = str(kind.model_config.get("env_prefix") or "")
    assert {(prefix + field).upper() for field in kind.model_fields} <= set(told)


def test_real_settings_in_the_shell_are_forgotten(settings: LocalSettings) -> None:
    shell = {
        "PATH": "/bin",
        "TEMPORAL_API_KEY": "genuine",
        "SLACK_BOT_TOKEN": "xoxb-genuine",
        "AIRTABLE_TOKEN": "pat-genuine",
        "TEMPORAL_TLS": "true",
    }
    told = config.environment(settings, SECRETS, shell)
    assert told["PATH"] == "/bin"
    assert not [name for name, value in told.items() if "genuine" in value]
    assert "TEMPORAL_API_KEY" not in told
    assert "TEMPORAL_TLS" not in told


def test_alerts_of_the_sandbox_never_reach_a_real_webhook(
    settings: LocalSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = "https://hooks.example.org/genuine"
    (tmp_path / ".env").write_text(f"ALERT_WEBHOOK_URL={genuine}\n")
    told = config.environment(settings, SECRETS, {"ALERT_WEBHOOK_URL": genuine})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALERT_WEBHOOK_URL", told["ALERT_WEBHOOK_URL"])
    assert AlertSettings().webhook_url.get_secret_value() == ""


def test_a_proxy_never_stands_between_the_parts(settings: LocalSettings) -> None:
    shell = {"HTTP_PROXY": "http://proxy.example:3128", "NO_PROXY": "intranet.example"}
    told = config.environment(settings, SECRETS, shell)
    assert told["NO_PROXY"] == told["no_proxy"] == "intranet.example,127.0.0.1"


def test_without_limits_nobody_waits_for_the_pace_that_slack_allows(
    settings: LocalSettings,
) -> None:
    limited = settings.model_copy(update={"sandbox_rate_limits": True})
    for one, pace in ((settings, config.UNHURRIED), (limited, 1)):
        told = config.environment(one, SECRETS, {})
        sandbox = load(told)
        assert float(told["SLACK_PACE"]) == pace
        assert sandbox.slack.rate_limits is one.sandbox_rate_limits
        assert sandbox.airtable.rate_limits is one.sandbox_rate_limits


def test_both_sides_agree_on_ports_and_secrets(settings: LocalSettings) -> None:
    told = config.environment(settings, SECRETS, {})
    sandbox = load(told)
    assert told["SLACK_BASE_URL"] == f"{sandbox.slack_url}/api/"
    assert told["AIRTABLE_ENDPOINT_URL"] == sandbox.airtable_url
    assert told["SLACK_BOT_TOKEN"] == sandbox.slack.bot_token
    assert told["SLACK_SIGNING_SECRET"] == sandbox.slack.signing_secret
    assert told["AIRTABLE_TOKEN"] == sandbox.airtable.token
    assert sandbox.slack.app_url.endswith(told["SLACK_APP_PORT"])
    assert sandbox.form_url.endswith(told["WEB_PORT"])
    assert sandbox.temporal_address == told["TEMPORAL_ADDRESS"]


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    made = Secrets.of(tmp_path)
    assert Secrets.of(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_busy_port_is_named_with_the_setting_to_change(settings: LocalSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        busy = config.busy_ports(settings.model_copy(update={"web_port": port}))
    [line] = [line for line in busy if str(port) in line]
    assert line.startswith(f"Port {port} is in use")
    assert "WEB_PORT" in line


def test_a_port_that_is_given_twice_is_named(settings: LocalSettings) -> None:
    twice = settings.model_copy(update={"web_port": settings.sandbox_start_port})
    assert any(
        line.startswith("WEB_PORT and SANDBOX_START_PORT are both")
        for line in config.busy_ports(twice)
    )
