"""Signed links: who opens one may see what it was signed for, and nothing else.

A token names a person and what they may see; its purpose is part of the signature, so that a token
for one page opens no other. The first key signs, all keys verify: that is how keys rotate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

_STATUS = "muster.status"
_ROSTER = "muster.roster"
ROSTER_LINK_LIFE = timedelta(hours=12)
"""A coordinator's link to the roster lasts a working day; App Home has a new one."""


class BadLinkError(ValueError):
    """The token is damaged, forged, or signed with a key that was retired."""


class ExpiredLinkError(BadLinkError):
    """The link was good once."""


@dataclass(frozen=True)
class LinkTarget:
    request_id: str
    slack_id: str


class Links:
    """Builds and reads signed links.

    ``public_url`` is where people's browsers reach the web pages; without it messages carry no
    links and everything works in Slack alone.
    """

    def __init__(self, keys: Sequence[str], public_url: str = "") -> None:
        if not keys or any(len(key) < 16 for key in keys):
            raise ValueError("LINK_SIGNING_KEYS needs at least one key of 16 or more characters")
        self._keys = list(reversed(keys))  # itsdangerous signs with the last one
        self._public_url = public_url.rstrip("/")

    def status_token(self, request_id: str, slack_id: str) -> str:
        return str(self._status.dumps([request_id, slack_id]))

    def status_path(self, request_id: str, slack_id: str) -> str:
        return f"/requests/{self.status_token(request_id, slack_id)}"

    def status_url(self, request_id: str, slack_id: str) -> str | None:
        """The whole address for a message, or None when there is no public address."""
        if not self._public_url:
            return None
        return self._public_url + self.status_path(request_id, slack_id)

    def read_status_token(self, token: str) -> LinkTarget:
        """Raises: BadLinkError."""
        try:
            request_id, slack_id = self._status.loads(token)
        except (BadSignature, ValueError, TypeError) as error:
            raise BadLinkError("this link is not valid") from error
        return LinkTarget(request_id, slack_id)

    def roster_path(self, slack_id: str, now: datetime) -> str:
        """Where this coordinator sees the roster, for ``ROSTER_LINK_LIFE`` from ``now`` on."""
        expires = int((now + ROSTER_LINK_LIFE).timestamp())
        return f"/roster/{self._roster.dumps([slack_id, expires])}"

    def roster_url(self, slack_id: str, now: datetime) -> str | None:
        """The whole address, or None when there is no public address.

        ``now`` is a wall clock: the page compares it with its own.
        """
        return self._public_url + self.roster_path(slack_id, now) if self._public_url else None

    def read_roster_token(self, token: str, now: datetime) -> str:
        """The Slack id of the coordinator whom it was made for.

        Raises: ExpiredLinkError; BadLinkError.
        """
        try:
            slack_id, expires = self._roster.loads(token)
            good_until = datetime.fromtimestamp(expires, UTC)
        except (BadSignature, ValueError, TypeError) as error:
            raise BadLinkError("this link is not valid") from error
        if now >= good_until:
            raise ExpiredLinkError("this link has expired")
        return str(slack_id)

    @property
    def _status(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=_STATUS)

    @property
    def _roster(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=_ROSTER)
