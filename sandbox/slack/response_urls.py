"""The addresses that come with a click or a command, to answer with messages for half an hour."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.content import read_content
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import BOT_USER_ID, TEAM_ID
from sandbox.slack.store import Conversation
from sandbox.slack.workspace import Workspace

USES = 5


@dataclass(frozen=True)
class Source:
    """Where somebody clicked or typed."""

    conversation: Conversation
    user_id: str
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None


@dataclass
class _Address:
    source: Source
    expires: float
    uses: int = 0


class ResponseUrls:
    """Hands out addresses and does what is sent to them; kept in memory.

    Args:
        lives: seconds for which an address works.
        clock: seconds that only go forward.
    """

    def __init__(
        self, workspace: Workspace, *, lives: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._workspace = workspace
        self._lives = lives
        self._clock = clock
        self._addresses: dict[str, _Address] = {}

    def clear(self) -> None:
        self._addresses.clear()

    def new(self, origin: str, source: Source) -> str:
        now = self._clock()
        for key in [key for key, old in self._addresses.items() if old.expires < now - 3600]:
            del self._addresses[key]
        key = secrets.token_urlsafe(18)
        self._addresses[key] = _Address(source, now + self._lives)
        return f"{origin}/actions/{TEAM_ID}/{key}"

    def receive(self, key: str, body: JSON) -> None:
        """Do what the app sent to an address.

        Raises:
            SlackError: `invalid_url`, `expired_url`, `used_url`, or what `chat.postMessage` says
                of a message that can't be shown.
        """
        address = self._addresses.get(key)
        if address is None:
            raise SlackError("invalid_url")
        if self._clock() > address.expires:
            raise SlackError("expired_url")
        if address.uses >= USES:
            raise SlackError("used_url")
        self.answer(address.source, body)
        address.uses += 1

    def answer(self, source: Source, body: JSON) -> None:
        """Show an answer to a click or a command; a body of a command's 200 counts as well."""
        arguments = Arguments(body)
        if arguments.flag("delete_original"):
            self._delete_original(source)
            return
        content = read_content(arguments)
        if arguments.flag("replace_original"):
            if source.ephemeral and source.message_ts:
                self._workspace.replace_ephemeral(
                    source.conversation.id, source.user_id, source.message_ts, content
                )
                return
            original = self._original(source)
            if original:
                self._workspace.edit(source.conversation, original, content)
                return
        thread_ts = arguments.text("thread_ts") or source.thread_ts
        if arguments.text("response_type") == "in_channel":
            self._workspace.post(source.conversation, BOT_USER_ID, content, thread_ts=thread_ts)
        else:
            self._workspace.post_ephemeral(
                source.conversation, source.user_id, content, thread_ts=thread_ts
            )

    def _delete_original(self, source: Source) -> None:
        if source.ephemeral and source.message_ts:
            self._workspace.replace_ephemeral(
                source.conversation.id, source.user_id, source.message_ts, None
            )
            return
        original = self._original(source)
        if original:
            self._workspace.delete(source.conversation, original)

    def _original(self, source: Source) -> JSON | None:
        if source.message_ts is None:
            return None
        return self._workspace.store.message(source.conversation.id, source.message_ts)
