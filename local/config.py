"""One machine's settings: ports and a state directory, and what they mean to each process.

Production code knows nothing of this: it is told base URLs, tokens and ids through the environment,
as it would be with the real Slack and Airtable.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from clients.temporal import DEFAULT_NAMESPACE
from local import policy
from sandbox.config import (
    AIRTABLE_BASE_ID,
    AIRTABLE_COORDINATORS_BASE_ID,
    AirtableStandInConfig,
    SlackStandInConfig,
)
from sandbox.slack.identity import COORDINATORS_ID, MENTORS_ID

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
"""Nothing that is started here can be reached from another machine."""

UNHURRIED = 20
"""Times Slack's usual pace, where the stand-in sets no limits."""

_FORGET = ("SLACK_", "AIRTABLE_", "TEMPORAL_", "SANDBOX_", "LINK_", "PUBLIC_URL")
"""Settings that never pass from the caller's shell into the sandbox: they may be real ones."""


class LocalSettings(BaseSettings):
    """What may differ from machine to machine; from the environment or ``.env``."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    muster_state_dir: Path = Path(".state")
    sandbox_start_port: int = Field(default=8600, gt=0, le=65535)
    web_port: int = Field(default=8601, gt=0, le=65535)
    slack_app_port: int = Field(default=8602, gt=0, le=65535)
    sandbox_slack_port: int = Field(default=8610, gt=0, le=65535)
    sandbox_airtable_port: int = Field(default=8611, gt=0, le=65535)
    temporal_port: int = Field(default=8620, gt=0, le=65535)
    temporal_ui_port: int = Field(default=8621, gt=0, le=65535)
    sandbox_rate_limits: bool = False
    """Whether the stand-ins limit calls as Slack and Airtable do. Off, skipping ahead never waits
    for the minutes that Slack wants for editing the cards of everybody who was asked."""
    escalation_policy: Path | None = None
    """A policy to try; None for the default one by day and night."""

    @property
    def state_dir(self) -> Path:
        return (ROOT / self.muster_state_dir).resolve()

    @property
    def policy_file(self) -> Path:
        """What every process reads; without a choice of one's own it is written at the start."""
        if self.escalation_policy is None:
            return self.state_dir / policy.FILE
        return (ROOT / self.escalation_policy).resolve()

    def ports(self) -> Iterator[tuple[str, int]]:
        """The setting's name and its port, for each."""
        for name in type(self).model_fields:
            if name.endswith("_port"):
                yield name.upper(), getattr(self, name)

    def url(self, port: int) -> str:
        return f"http://{HOST}:{port}"

    @property
    def start_url(self) -> str:
        return self.url(self.sandbox_start_port)

    @property
    def form_url(self) -> str:
        return self.url(self.web_port)

    @property
    def slack_url(self) -> str:
        return self.url(self.sandbox_slack_port)

    @property
    def airtable_url(self) -> str:
        return self.url(self.sandbox_airtable_port)

    @property
    def temporal_address(self) -> str:
        return f"{HOST}:{self.temporal_port}"

    @property
    def temporal_ui_url(self) -> str:
        return self.url(self.temporal_ui_port)


def read_settings() -> LocalSettings:
    """Read the settings; end the process with a line for each that can't be used."""
    try:
        return LocalSettings()
    except ValidationError as error:
        for issue in error.errors():
            name = "_".join(str(part) for part in issue["loc"]).upper()
            sys.stderr.write(f"Setting {name}: {issue['msg']}, not {issue['input']!r}.\n")
        raise SystemExit(2) from None


@dataclass(frozen=True)
class Secrets:
    """Keys of this state directory: made once, so that links survive a restart."""

    link_signing_key: str
    slack_signing_secret: str

    @classmethod
    def of(cls, state_dir: Path) -> Secrets:
        """Read the keys, or make them; only this user can read the file."""
        path = state_dir / "secrets.json"
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls(secrets.token_urlsafe(32), secrets.token_hex(16))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(vars(made), file)
        return made


def environment(
    settings: LocalSettings, keys: Secrets, inherited: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The whole environment of every process that is started here.

    It names each setting of Slack, Airtable, Temporal and links, so that none can come from a
    ``.env`` or a Temporal profile made for the real ones.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith(_FORGET)}
    no_proxy = ",".join(filter(None, [kept.get("NO_PROXY", kept.get("no_proxy", "")), HOST]))
    empty_profile = settings.state_dir / "temporal.toml"
    return kept | {
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "TEMPORAL_ADDRESS": settings.temporal_address,
        "TEMPORAL_NAMESPACE": DEFAULT_NAMESPACE,
        "TEMPORAL_CONFIG_FILE": str(empty_profile),
        "TEMPORAL_VERSION_CHECK_DISABLED": "1",
        "SLACK_BASE_URL": f"{settings.slack_url}/api/",
        "SLACK_BOT_TOKEN": SlackStandInConfig.bot_token,
        "SLACK_SIGNING_SECRET": keys.slack_signing_secret,
        "SLACK_PACE": "1" if settings.sandbox_rate_limits else str(UNHURRIED),
        "SLACK_MENTORS_CHANNEL": MENTORS_ID,
        "SLACK_COORDINATORS_CHANNEL": COORDINATORS_ID,
        "SLACK_ACTIVITY_CHANNELS": "all",  # ids in a .env are those of another Slack
        "SLACK_APP_HOST": HOST,
        "SLACK_APP_PORT": str(settings.slack_app_port),
        "AIRTABLE_ENDPOINT_URL": settings.airtable_url,
        "AIRTABLE_TOKEN": AirtableStandInConfig.token,
        "AIRTABLE_BASE_ID": AIRTABLE_BASE_ID,
        "AIRTABLE_PRIVATE_BASE_ID": AIRTABLE_COORDINATORS_BASE_ID,
        "WEB_HOST": HOST,
        "WEB_PORT": str(settings.web_port),
        "WEB_FRAME_ANCESTORS": f"{settings.start_url} http://localhost:{settings.sandbox_start_port}",
        "PUBLIC_URL": settings.form_url,
        "TEMPORAL_UI_URL": settings.temporal_ui_url,
        "ESCALATION_POLICY": str(settings.policy_file),
        "COORDINATORS_ROTA": "channel",  # ids in a .env are those of another Slack
        "ALERT_WEBHOOK_URL": "off",  # nothing leaves this machine
        "LINK_SIGNING_KEYS": keys.link_signing_key,
        "SANDBOX_HOST": HOST,
        "SANDBOX_STATE_DIR": str(settings.state_dir / "sandbox"),
        "SANDBOX_START_PORT": str(settings.sandbox_start_port),
        "SANDBOX_SLACK_PORT": str(settings.sandbox_slack_port),
        "SANDBOX_AIRTABLE_PORT": str(settings.sandbox_airtable_port),
        "SANDBOX_SLACK_APP_URL": settings.url(settings.slack_app_port),
        "SANDBOX_SLACK_SIGNING_SECRET": keys.slack_signing_secret,
        "SANDBOX_SLACK_BOT_TOKEN": SlackStandInConfig.bot_token,
        "SANDBOX_AIRTABLE_TOKEN": AirtableStandInConfig.token,
        "SANDBOX_FORM_URL": settings.form_url,
        "SANDBOX_TEMPORAL_ADDRESS": settings.temporal_address,
        "SANDBOX_TEMPORAL_NAMESPACE": DEFAULT_NAMESPACE,
        "SANDBOX_TEMPORAL_UI_URL": settings.temporal_ui_url,
        "SANDBOX_RATE_LIMITS": "on" if settings.sandbox_rate_limits else "off",
        "SANDBOX_NOTE": policy.in_words(settings.policy_file),
    }


def busy_ports(settings: LocalSettings) -> list[str]:
    """A sentence for each port that can't be used, with the setting to change."""
    sentences = []
    taken: dict[int, str] = {}
    for name, port in settings.ports():
        if port in taken:
            sentences.append(f"{name} and {taken[port]} are both {port}: give one another number.")
        elif _is_busy(port):
            sentences.append(
                f"Port {port} is in use by another program. Stop that one, or set {name} to "
                f"another number (in .env, or: {name}={port + 1000} make up)."
            )
        taken.setdefault(port, name)
    return sentences


def _is_busy(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return True
    with socket.socket() as visitor:  # a wildcard listener lets macOS bind beside it
        visitor.settimeout(0.2)
        return visitor.connect_ex((HOST, port)) == 0
