"""The sandbox's settings: read from the environment here and nowhere else.

Every setting has a default that works on one machine with nothing to sign up for. The tokens and
secrets are sandbox values with obvious names; they open nothing outside the sandbox.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MEMORY = ":memory:"
"""A database path for tests: state lives as long as the application."""

AIRTABLE_BASE_ID = "appSandboxMuster1"
"""The base with mentors, requests, members and the lists they link to."""

AIRTABLE_COORDINATORS_BASE_ID = "appSandboxCoordin"
"""The base that only coordinators would be invited to: session notes and never-pair."""


class ConfigError(ValueError):
    """A SANDBOX_* setting has a value that can't be used; the message names it."""


@dataclass(frozen=True)
class SlackStandInConfig:
    """What the Slack stand-in needs to know."""

    database: Path | str = MEMORY
    app_url: str = "http://127.0.0.1:8602"
    """The Bolt app; signed requests go to `{app_url}/slack/events`."""
    signing_secret: str = "sandbox-signing-secret"
    bot_token: str = "xoxb-sandbox-muster"
    rate_limits: bool = True


@dataclass(frozen=True)
class AirtableStandInConfig:
    """What the Airtable stand-in needs to know."""

    database: Path | str = MEMORY
    token: str = "patSandbox.muster"
    rate_limits: bool = True


@dataclass(frozen=True)
class SandboxConfig:
    """All settings of the sandbox; see README.md for the list."""

    host: str = "127.0.0.1"
    slack_port: int = 8610
    airtable_port: int = 8611
    start_port: int = 8600
    state_dir: Path = Path(".state/sandbox")
    slack: SlackStandInConfig = field(default_factory=SlackStandInConfig)
    airtable: AirtableStandInConfig = field(default_factory=AirtableStandInConfig)
    form_url: str = "http://127.0.0.1:8601"
    temporal_ui_url: str = "http://127.0.0.1:8233"
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "muster-sandbox"
    note: str = ""
    """A sentence for the start page, from whoever started the sandbox."""

    @property
    def slack_url(self) -> str:
        return f"http://{self.host}:{self.slack_port}"

    @property
    def airtable_url(self) -> str:
        return f"http://{self.host}:{self.airtable_port}"

    @property
    def start_url(self) -> str:
        return f"http://{self.host}:{self.start_port}"


def load(environ: Mapping[str, str] = os.environ) -> SandboxConfig:
    """Read the SANDBOX_* settings.

    Raises:
        ConfigError: a port or a switch can't be understood.
    """

    def text(name: str, default: str) -> str:
        return environ.get(f"SANDBOX_{name}", "").strip() or default

    state_dir = Path(text("STATE_DIR", str(SandboxConfig.state_dir)))
    rate_limits = _switch("SANDBOX_RATE_LIMITS", text("RATE_LIMITS", "on"))
    return SandboxConfig(
        host=text("HOST", SandboxConfig.host),
        slack_port=_port("SANDBOX_SLACK_PORT", text("SLACK_PORT", str(SandboxConfig.slack_port))),
        airtable_port=_port(
            "SANDBOX_AIRTABLE_PORT", text("AIRTABLE_PORT", str(SandboxConfig.airtable_port))
        ),
        start_port=_port("SANDBOX_START_PORT", text("START_PORT", str(SandboxConfig.start_port))),
        state_dir=state_dir,
        slack=SlackStandInConfig(
            database=state_dir / "slack.sqlite3",
            app_url=text("SLACK_APP_URL", SlackStandInConfig.app_url).rstrip("/"),
            signing_secret=text("SLACK_SIGNING_SECRET", SlackStandInConfig.signing_secret),
            bot_token=text("SLACK_BOT_TOKEN", SlackStandInConfig.bot_token),
            rate_limits=rate_limits,
        ),
        airtable=AirtableStandInConfig(
            database=state_dir / "airtable.sqlite3",
            token=text("AIRTABLE_TOKEN", AirtableStandInConfig.token),
            rate_limits=rate_limits,
        ),
        form_url=text("FORM_URL", SandboxConfig.form_url),
        temporal_ui_url=text("TEMPORAL_UI_URL", SandboxConfig.temporal_ui_url),
        temporal_address=text("TEMPORAL_ADDRESS", SandboxConfig.temporal_address),
        temporal_namespace=text("TEMPORAL_NAMESPACE", SandboxConfig.temporal_namespace),
        note=text("NOTE", ""),
    )


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) <= 65535:
        raise ConfigError(f"{name} must be a port number from 0 to 65535, not {value!r}")
    return int(value)


def _switch(name: str, value: str) -> bool:
    words = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if value.lower() not in words:
        raise ConfigError(f"{name} must be on or off, not {value!r}")
    return words[value.lower()]
