"""What every method works with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import BOT_USER_ID, SLACKBOT_ID
from sandbox.slack.store import Conversation, Store
from sandbox.slack.views import ViewDesk
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """One call's surroundings; the caller is always the app's bot."""

    workspace: Workspace
    views: ViewDesk
    origin: str
    """This server's address as the caller sees it, e.g. `http://127.0.0.1:8610`."""

    @property
    def store(self) -> Store:
        return self.workspace.store

    def conversation(self, conversation_id: str) -> Conversation:
        """One that the bot can see: public, or it is a member.

        Raises:
            SlackError: `channel_not_found`.
        """
        found = self.store.conversation(conversation_id)
        if found is None:
            raise SlackError("channel_not_found")
        if found.kind != "channel" and not self.store.is_member(found.id, BOT_USER_ID):
            raise SlackError("channel_not_found")
        return found

    def joined_conversation(self, conversation_id: str) -> Conversation:
        """One that the bot is in.

        Raises:
            SlackError: `channel_not_found`, `not_in_channel`.
        """
        found = self.conversation(conversation_id)
        if not self.store.is_member(found.id, BOT_USER_ID):
            raise SlackError("not_in_channel")
        return found

    def can_be_written_to(self, user_id: str) -> bool:
        """Apps can't write to other apps nor to Slackbot."""
        user = self.store.user(user_id)
        return user is not None and not user.is_bot and user_id != SLACKBOT_ID

    def refuse_for(self, user_ids: Iterable[str]) -> None:
        """For those to whom tests let nobody write.

        Raises:
            SlackError: with the code that was ordered.
        """
        for user_id in user_ids:
            if code := self.workspace.refusal_of(user_id):
                raise SlackError(code)


Method = Callable[[Context, Arguments], JSON]
"""Returns the members of the answer besides `ok`; raises SlackError."""
