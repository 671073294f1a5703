"""What a caller sent, whatever the encoding; and cursors, which are sent back and forth."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.slack.errors import JSON, SlackError


class Arguments:
    """A method's arguments. Form fields and JSON members are read alike, as Slack does."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key: value for key, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        if isinstance(value, list):
            return ",".join(str(member) for member in value)
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, *names: str) -> list[str]:
        """The values of these arguments.

        Raises:
            SlackError: `invalid_arguments`, naming those that are missing.
        """
        missing = [name for name in names if not self.text(name)]
        if missing:
            problems = [f"missing required field: {name}" for name in missing]
            raise SlackError("invalid_arguments", problems)
        return [self.text(name) for name in names]

    def one(self, name: str) -> str:
        """A single required argument; raises as `required` does."""
        return self.required(name)[0]

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._values.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in {"1", "true"}

    def count(self, name: str, *, default: int, most: int) -> int:
        """A page's size.

        Raises:
            SlackError: `invalid_limit` if it is no number from 1 to `most`.
        """
        value = self.text(name)
        if not value or value == "0":
            return default
        if not value.isdecimal() or int(value) > most:
            raise SlackError("invalid_limit")
        return int(value)

    def object(self, name: str, error: str) -> Any:
        """A structured argument, in a form sent as JSON text; None if it wasn't sent.

        Raises:
            SlackError: `error` if the text isn't JSON.
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def loggable(self) -> JSON:
        """For the request log: everything but the token."""
        return {key: value for key, value in self._values.items() if key != "token"}


async def read(request: web.Request) -> tuple[Arguments, str | None]:
    """The arguments of a request and its token.

    As in Slack, a token in a JSON body doesn't count: JSON wants it in the Authorization header.

    Raises:
        SlackError: `invalid_json`, `json_not_object` or `invalid_form_data`.
    """
    values: dict[str, Any] = dict(request.query)
    token = values.get("token")
    if request.method == "POST":
        if request.content_type == "application/json":
            values |= _json_object(await request.text())
        elif request.content_type in {
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        }:
            form = await request.post()
            values |= {key: value for key, value in form.items() if isinstance(value, str)}
            token = values.get("token", token)
        elif request.can_read_body:
            raise SlackError("invalid_post_type")
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = credentials.strip()
    return Arguments(values), token


def _json_object(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body or "{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def cursor(kind: str, value: str) -> str:
    """An opaque mark for the next page."""
    return base64.b64encode(f"{kind}:{value}".encode()).decode()


def read_cursor(arguments: Arguments, kind: str) -> str:
    """The mark that the caller sent back; empty for the first page.

    Raises:
        SlackError: `invalid_cursor` if it isn't one of this kind.
    """
    sent = arguments.text("cursor")
    if not sent:
        return ""
    try:
        found, _, value = base64.b64decode(sent, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != kind or not value:
        raise SlackError("invalid_cursor")
    return value


def paged(next_cursor: str = "") -> JSON:
    return {"response_metadata": {"next_cursor": next_cursor}}
