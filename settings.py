"""All configuration: one class per concern, read from the environment and ``.env`` here only.

Temporal's own variables (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, …) are read by temporalio.envconfig.
"""

from __future__ import annotations

import re
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote, urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain import ids
from domain.links import Links
from domain.models import Person
from domain.policy import EscalationPolicy
from domain.policy_file import load_policy
from domain.quiet import QuietHours
from domain.roll_up import RollUpPlan
from domain.standing import MentorRules
from domain.task_queues import WorkerRole


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)


class SlackSettings(_Settings):
    """SLACK_*: the workspace and the app in it."""

    model_config = SettingsConfigDict(env_prefix="SLACK_")

    bot_token: SecretStr
    signing_secret: SecretStr
    mentors_channel: str
    """Channel id, e.g. C0123ABCD."""
    coordinators_channel: str
    base_url: str = "https://slack.com/api/"
    pace: float = Field(default=1, ge=0.1, le=100)
    """How many times Slack's usual rate limits this workspace allows."""
    app_host: str = "127.0.0.1"
    app_port: int = 8602
    activity_channels: str = ""
    """Channel ids, separated by commas: messages there tell that somebody is still around. Empty,
    or "all": every channel in which the app is."""

    @field_validator("base_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    def channels_of_activity(self) -> frozenset[str]:
        """Empty for all in which the app is."""
        return frozenset(_listed(self.activity_channels)) - {_ALL_CHANNELS}


_ALL_CHANNELS = "all"
"""Unlike an empty variable it also covers what ``.env`` says."""


class AirtableSettings(_Settings):
    """AIRTABLE_*: the base, and the coordinators-only base for notes and the never-pair list."""

    model_config = SettingsConfigDict(env_prefix="AIRTABLE_")

    token: SecretStr
    base_id: str
    private_base_id: str = ""
    """Base for Session Notes and Never Pair; the same base if empty (then mentors with access can
    read them)."""
    endpoint_url: str = "https://api.airtable.com"


class WebSettings(_Settings):
    """WEB_*: the request form and the status pages."""

    model_config = SettingsConfigDict(env_prefix="WEB_")

    host: str = "127.0.0.1"
    port: int = 8601
    frame_ancestors: str = "'none'"
    """Who may show the pages in a frame: a Content-Security-Policy source list."""
    community: str = "Operation Code"
    code_of_conduct_url: str = ""
    """Where it can be read by those who sign up to mentor."""
    crisis_line: str = (
        "If you are in crisis, call or text 988 and press 1 (Veterans Crisis Line, US), any time."
    )

    api_origins: str = ""
    """Sites whose pages may read /api from people's browsers (CORS), separated by commas."""

    @field_validator("code_of_conduct_url")
    @classmethod
    def _on_the_web(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("give an address that starts with https:// or http://")
        return value

    @field_validator("frame_ancestors")
    @classmethod
    def _one_directive(cls, value: str) -> str:
        if not value.isprintable() or ";" in value or "," in value:
            raise ValueError("name sources with spaces between them, e.g. https://example.org")
        return value

    @field_validator("api_origins")
    @classmethod
    def _of_origins(cls, value: str) -> str:
        for one in _listed(value):
            if not _ORIGIN.fullmatch(one):
                raise ValueError(
                    f'"{one}" is no origin: name sites as https://example.org, in small letters, '
                    "without a path, with commas between them"
                )
        return value

    def origins(self) -> frozenset[str]:
        """Those that may read /api; empty for none."""
        return frozenset(_listed(self.api_origins))


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")


class LinkSettings(_Settings):
    """PUBLIC_URL and LINK_SIGNING_KEYS (comma-separated, newest first)."""

    public_url: str = ""
    link_signing_keys: SecretStr

    @field_validator("link_signing_keys")
    @classmethod
    def _can_sign(cls, value: SecretStr) -> SecretStr:
        Links(_keys(value))
        return value

    def links(self) -> Links:
        return Links(_keys(self.link_signing_keys), self.public_url)


def _keys(value: SecretStr) -> list[str]:
    return _listed(value.get_secret_value())


def _listed(text: str) -> list[str]:
    return [one for part in text.split(",") if (one := part.strip())]


class OperatorSettings(_Settings):
    """TEMPORAL_UI_URL: where operators' browsers reach Temporal's Web UI; "" for nowhere."""

    temporal_ui_url: str = ""

    def workflow_link(self, namespace: str, workflow_id: str) -> str:
        """The page of one workflow, or "" without a Web UI."""
        page = self.workflows_page(namespace)
        return f"{page}/{quote(workflow_id, safe='')}" if page else ""

    def workflows_page(self, namespace: str) -> str:
        """The page that lists workflows and takes queries, or "" without a Web UI."""
        if not self.temporal_ui_url:
            return ""
        return f"{self.temporal_ui_url.rstrip('/')}/namespaces/{namespace}/workflows"


class PolicySettings(_Settings):
    """ESCALATION_POLICY: a TOML file."""

    escalation_policy: Path = Path(__file__).parent / "policies" / "default.toml"

    def policy(self) -> EscalationPolicy:
        return load_policy(self.escalation_policy)


class MentorSettings(_Settings):
    """MENTORS_*: when mentors are asked whether they are still there, and how they join."""

    model_config = SettingsConfigDict(env_prefix="MENTORS_")

    win_back_days: int = Field(default=182, ge=1, le=3650)
    """Those who opted out are asked so often whether they come back."""
    still_there_after: int = Field(default=5, ge=1, le=1000)
    """Asks in a row without an answer: "still there?"."""
    paused_after: int = Field(default=8, ge=2, le=1000)
    """Asks in a row without an answer: paused, with a kind note."""
    dormant_days: int = Field(default=90, ge=1, le=3650)
    """Nothing was seen of them in Slack for so long: not asked until they are seen again."""
    reconcile_hours: float = Field(default=12, ge=0.1, le=24)
    """How often a mentor's mentees are compared with the requests that run."""
    review_new: bool = False
    """Who signs up is active only when somebody has ticked Active in their row."""

    @model_validator(mode="after")
    def _asked_before_paused(self) -> Self:
        if self.still_there_after >= self.paused_after:
            raise ValueError(
                "MENTORS_STILL_THERE_AFTER must be less than MENTORS_PAUSED_AFTER: the question "
                "comes before the pause"
            )
        return self

    def rules(self, quiet_hours: QuietHours | None) -> MentorRules:
        """Thresholds for mentors' own workflows; the quiet hours are the policy's."""
        return MentorRules(
            win_back_every=timedelta(days=self.win_back_days),
            still_there_after=self.still_there_after,
            paused_after=self.paused_after,
            dormant_after=timedelta(days=self.dormant_days),
            reconcile_every=timedelta(hours=self.reconcile_hours),
            quiet_hours=quiet_hours,
        )


class CoordinatorSettings(_Settings):
    """COORDINATORS_*: who takes turns, and when their daily roll-up comes."""

    model_config = SettingsConfigDict(env_prefix="COORDINATORS_")

    rota: str = ""
    """Slack ids, separated by commas: a week each. Empty, or "channel": whoever is in theirs."""
    roll_up_at: time = time(9)
    time_zone: str = "America/New_York"

    @field_validator("rota")
    @classmethod
    def _of_slack_ids(cls, value: str) -> str:
        wrong = [one for one in _listed(value) if not ids.is_slack_id(one)]
        if wrong and value != _THE_CHANNEL:
            raise ValueError(f'"{wrong[0]}" is no Slack id, like U0123ABCD; "channel" for all')
        return value

    @field_validator("roll_up_at", mode="before")
    @classmethod
    def _on_the_clock(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"\d\d:\d\d", value):
            raise ValueError("give hours and minutes, like 09:00")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f'"{value}" is no time zone; use an IANA name like America/New_York')
        return value

    def people(self) -> list[Person]:
        """The rota in its order; empty for whoever is in the coordinators' channel."""
        if self.rota == _THE_CHANNEL:
            return []
        return [Person(slack_id=one) for one in _listed(self.rota)]

    def roll_up(self) -> RollUpPlan:
        return RollUpPlan(at=self.roll_up_at, time_zone=self.time_zone)


_THE_CHANNEL = "channel"
"""Unlike an empty variable it also covers what ``.env`` says."""


class AlertSettings(_Settings):
    """ALERT_*: the web process's watch for requests that nobody works on."""

    model_config = SettingsConfigDict(env_prefix="ALERT_")

    webhook_url: SecretStr = SecretStr("")
    """Takes a POST of ``{"text": …}``, as Slack's incoming webhooks do; "off" for none."""
    overdue_after_minutes: float = Field(default=5, gt=0, le=24 * 60)
    check_every_seconds: float = Field(default=60, ge=0, le=3600)
    """0: this process doesn't watch."""

    @field_validator("webhook_url")
    @classmethod
    def _can_be_called(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() in ("", _OFF):
            return SecretStr("")
        try:
            parts = urlsplit(value.get_secret_value())
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError('give an address that starts with https:// or http://, or "off"')
        return value


_OFF = "off"
"""Unlike an empty variable it also covers what ``.env`` says."""


class WorkerSettings(_Settings):
    """WORKER_*: what this worker process serves, and how it stops."""

    model_config = SettingsConfigDict(env_prefix="WORKER_")

    role: WorkerRole = WorkerRole.ALL
    graceful_shutdown_seconds: float = Field(default=10, gt=0)


_S = TypeVar("_S", bound=_Settings)


def read(settings: type[_S]) -> _S:
    """Read one class of settings; end the process with a line per wrong variable."""
    try:
        return settings()
    except ValidationError as error:
        prefix = str(settings.model_config.get("env_prefix") or "")
        for issue in error.errors():
            name = (prefix + "_".join(str(part) for part in issue["loc"])).upper()
            sys.stderr.write(
                f"Setting {name}: {issue['msg']}. Set it in .env or the environment.\n"
            )
        raise SystemExit(2) from None
