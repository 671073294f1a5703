"""Requests to the app, signed as Slack signs them, and the redelivery of events.

Rules: https://docs.slack.dev/authentication/verifying-requests-from-slack and
https://docs.slack.dev/apis/events-api#retries
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.errors import JSON
from sandbox.slack.identity import Timing

Failure = Literal["timeout", "http_status", "no_url"]

EVENTS_AT_ONCE = 10
"""How many events are under way to the app at the same time."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return "v0=" + digest.hexdigest()


@dataclass(frozen=True)
class Answer:
    """What came back from the app."""

    failure: Failure | None = None
    status: int | None = None
    body: str = ""
    retry: bool = True
    """False if the app asked for no redelivery (X-Slack-No-Retry)."""

    @property
    def reason(self) -> str:
        """Slack's word for it in X-Slack-Retry-Reason."""
        if self.failure == "timeout":
            return "http_timeout"
        return "connection_failed" if self.failure == "no_url" else "http_error"

    def json(self) -> JSON | None:
        """The body, if it is a JSON object."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class AppLink:
    """The way to the app. Use as an asynchronous context manager."""

    def __init__(self, app_url: str, signing_secret: str, timing: Timing) -> None:
        self._url = f"{app_url.rstrip('/')}/slack/events" if app_url else ""
        self._secret = signing_secret
        self._timing = timing
        self._session: aiohttp.ClientSession | None = None
        self._deliveries: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(EVENTS_AT_ONCE)

    async def __aenter__(self) -> "AppLink":
        self._session = aiohttp.ClientSession(
            # A connection each: none is found dead by a click after the app was restarted.
            connector=aiohttp.TCPConnector(force_close=True)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._deliveries):
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def form(self, fields: dict[str, str]) -> Answer:
        """Send a form (interactivity and commands) and wait for the answer, 3 s at most."""
        return await self._send(
            urlencode(fields).encode(), "application/x-www-form-urlencoded", headers={}
        )

    async def payload(self, payload: JSON) -> Answer:
        """Send an interaction."""
        return await self.form({"payload": json.dumps(payload)})

    def event(self, envelope: JSON) -> None:
        """Deliver an event in the background, again up to three times if the app fails."""
        task = asyncio.create_task(self._deliver(json.dumps(envelope).encode()))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def verify_url(self, envelope: JSON) -> bool:
        """Slack's handshake when an events address is entered: the challenge must come back."""
        answer = await self._send(json.dumps(envelope).encode(), "application/json", headers={})
        returned = (answer.json() or {}).get("challenge", answer.body.strip())
        return answer.failure is None and returned == envelope["challenge"]

    async def _deliver(self, body: bytes) -> None:
        headers: dict[str, str] = {}
        for attempt, wait in enumerate((*self._timing.event_retries, None), start=1):
            async with self._gate:
                answer = await self._send(body, "application/json", headers=headers)
            if answer.failure is None or not answer.retry or wait is None:
                return
            headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": answer.reason}
            await asyncio.sleep(wait)

    async def _send(self, body: bytes, content_type: str, *, headers: dict[str, str]) -> Answer:
        if not self._url or self._session is None:
            return Answer("no_url")
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
            **headers,
        }
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._timing.answer_within),
            ) as response:
                text = await response.text()
                failure: Failure | None = None if response.status == 200 else "http_status"
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                return Answer(failure, response.status, text, retry=not no_retry)
        except TimeoutError:
            return Answer("timeout")
        except aiohttp.ClientError:
            return Answer("no_url")
