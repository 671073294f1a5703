"""What a method says when it can't do what it was asked."""

from collections.abc import Sequence
from typing import Any

JSON = dict[str, Any]
"""An object of the wire protocol, in Slack's own shape."""


class SlackError(Exception):
    """An answer with `ok: false`.

    Args:
        code: Slack's error code, e.g. `channel_not_found`.
        problems: what exactly is wrong, for `invalid_blocks` and `invalid_arguments`; Slack gives
            them under `response_metadata.messages`.
        extra: further members of the answer.
    """

    def __init__(self, code: str, problems: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.problems = tuple(problems)
        self.extra = extra

    def answer(self) -> JSON:
        body: JSON = {"ok": False, "error": self.code, **self.extra}
        if self.problems:
            if self.code == "invalid_blocks":
                body["errors"] = list(self.problems)
            body["response_metadata"] = {"messages": [f"[ERROR] {p}" for p in self.problems]}
        return body
