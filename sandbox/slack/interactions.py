"""What a person does to the app: each is sent on, signed, and its answer shown to the person.

When the app is too slow, unreachable or answers with an error, the person is told, in words near
those of Slack's own client, by the answer and as a toast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack import events, inputs, payloads
from sandbox.slack.blocks import checked_options, find_element, options_of
from sandbox.slack.content import Content
from sandbox.slack.errors import JSON, SlackError
from sandbox.slack.identity import APP_NAME, BOT_USER_ID, COMMANDS, SLACKBOT_ID
from sandbox.slack.outbound import Answer, AppLink, Failure
from sandbox.slack.response_urls import ResponseUrls, Source
from sandbox.slack.store import Conversation, User
from sandbox.slack.views import ViewDesk
from sandbox.slack.workspace import Workspace

_CLICK_FAILED: Mapping[Failure, str] = {
    "timeout": f"{APP_NAME} took too long to respond. Try again in a moment.",
    "http_status": f"{APP_NAME} responded with an error. Try again in a moment.",
    "no_url": f"{APP_NAME} is not responding. Try again in a moment.",
}
_FORM_FAILED = "We had some trouble connecting. Try again?"


class RefusedError(Exception):
    """What a person wants to do can't be done.

    Args:
        code: for programs; `words` are for the person.
        status: the HTTP status of the client API's answer.
    """

    def __init__(self, code: str, words: str, status: int = 404) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.status = status


@dataclass(frozen=True)
class Interactions:
    """Everything that makes Slack call the app."""

    workspace: Workspace
    views: ViewDesk
    response_urls: ResponseUrls
    link: AppLink

    # Clicks

    async def act_on_message(
        self,
        user: User,
        conversation: Conversation,
        ts: str,
        *,
        given: JSON,
        state: JSON,
        origin: str,
    ) -> JSON:
        """Press a button or choose something in a message."""
        message, blocks, element = self._element_in_message(user, conversation, ts, given)
        _refuse_unknown_options(element, given)
        source = Source(
            conversation,
            user.id,
            message_ts=ts,
            ephemeral=bool(message.get("ephemeral")),
            thread_ts=message.get("thread_ts"),
        )
        payload = payloads.interaction("block_actions", user) | {
            "container": payloads.message_container(conversation, message),
            "trigger_id": self.views.new_trigger(user.id),
            "channel": payloads.channel(conversation),
            "state": {"values": inputs.state_of(blocks, inputs.with_choice(state, element, given))},
            "response_url": self.response_urls.new(origin, source),
            "actions": [payloads.action(element, given["block_id"], given)],
        }
        if not message.get("ephemeral"):
            payload["message"] = {k: v for k, v in message.items() if k != "metadata"}
        return self._clicked(user, await self.link.payload(payload))

    async def act_on_view(self, user: User, view_id: str, given: JSON, state: JSON) -> JSON:
        """Press a button or choose something in a modal or on the Home tab."""
        blocks = self._view_of(user, view_id)["blocks"]
        element = find_element(blocks, given["block_id"], given["action_id"])
        if element is None:
            raise RefusedError("element_not_found", "This is no longer there.")
        _refuse_unknown_options(element, given)
        view = self._take_input(user, view_id, inputs.with_choice(state, element, given))
        payload = payloads.interaction("block_actions", user) | {
            "container": {"type": "view", "view_id": view_id},
            "trigger_id": self.views.new_trigger(user.id, view_id),
            "view": view,
            "actions": [payloads.action(element, given["block_id"], given)],
        }
        return self._clicked(user, await self.link.payload(payload))

    async def suggest(self, user: User, place: Conversation | str, ts: str, wish: JSON) -> JSON:
        """Ask the app for an external select's options.

        Args:
            place: the conversation of a message, or a view's id.
            wish: block_id, action_id and the text typed so far as `value`.
        """
        payload = payloads.interaction("block_suggestion", user) | {
            "action_id": wish["action_id"],
            "block_id": wish["block_id"],
            "value": wish.get("value", ""),
        }
        if isinstance(place, Conversation):
            message, _, _ = self._element_in_message(user, place, ts, wish)
            payload |= {
                "container": payloads.message_container(place, message),
                "channel": payloads.channel(place),
                "message": {k: v for k, v in message.items() if k != "metadata"},
            }
        else:
            view = self._view_of(user, place)
            payload |= {"container": {"type": "view", "view_id": place}, "view": view}
        answer = await self.link.payload(payload)
        if answer.failure:
            return self._clicked(user, answer)
        try:
            return {"ok": True, **checked_options(answer.json() or {})}
        except SlackError as refused:
            return self._failed(user, "invalid_response", "No results", refused.problems)

    # Forms

    async def submit(self, user: User, view_id: str, state: JSON) -> JSON:
        """Submit a modal; the answer says what became of it."""
        found = self.views.find(view_id)
        if found is None or found[0] != user.id:
            raise RefusedError("view_not_found", "This form is no longer open.")
        view = self.views.remember_input(user.id, found[1], state)
        errors = inputs.complaints(view["blocks"], view["state"]["values"])
        if errors:
            return {"ok": True, "errors": errors}
        payload = payloads.interaction("view_submission", user) | {
            "trigger_id": self.views.new_trigger(user.id, view_id),
            "view": view,
            "response_urls": [],
        }
        answer = await self.link.payload(payload)
        if answer.failure:
            return self._failed(user, answer.failure, _FORM_FAILED)
        found = self.views.find(view_id)
        if found is None:
            return {"ok": True, "closed": True}
        try:
            return self._after_submission(user, found[1], answer)
        except SlackError as refused:
            problems = refused.problems or (refused.code,)
            return self._failed(user, "invalid_response", _FORM_FAILED, problems)

    def _after_submission(self, user: User, view: JSON, answer: Answer) -> JSON:
        if not answer.body.strip():
            self.views.close(user.id, view)
            return {"ok": True, "closed": True}
        wish = answer.json() or {}
        match wish.get("response_action"):
            case "errors":
                return {"ok": True, "errors": _known_errors(view, wish.get("errors"))}
            case "update":
                return {"ok": True, "view": self.views.replace(user.id, view, wish.get("view"))}
            case "push":
                return {"ok": True, "view": self.views.push_for(user.id, wish.get("view"))}
            case "clear":
                self.views.close_all(user.id)
                return {"ok": True, "closed": True}
        raise SlackError("invalid_response", ["unknown response_action"])

    async def close(self, user: User, view_id: str, *, cleared: bool) -> JSON:
        """Close a modal with Cancel, or (cleared) all of them; the app hears of it if it asked."""
        found = self.views.find(view_id)
        if found is None or found[0] != user.id:
            raise RefusedError("view_not_found", "This form is no longer open.")
        everything = cleared or found[1]["clear_on_close"]
        if everything:
            closed = self.views.close_all(user.id)
        else:
            closed = self.views.close(user.id, found[1])
        for view in closed:
            if view["notify_on_close"]:
                payload = payloads.interaction("view_closed", user) | {
                    "view": view,
                    "is_cleared": everything,
                }
                await self.link.payload(payload)
        return {"ok": True}

    # Commands and Home

    async def command(
        self, user: User, conversation: Conversation, typed: str, origin: str
    ) -> JSON:
        """Type a slash command."""
        name, _, text = typed.strip().partition(" ")
        if name not in {command.command for command in COMMANDS}:
            words = f"{name} is not a valid command."
            return self._command_failed(user, conversation, "unknown_command", words)
        source = Source(conversation, user.id)
        form = payloads.command(user, conversation, name, text.strip()) | {
            "response_url": self.response_urls.new(origin, source),
            "trigger_id": self.views.new_trigger(user.id),
        }
        answer = await self.link.form(form)
        if answer.failure:
            code = "operation_timeout" if answer.failure == "timeout" else "dispatch_failed"
            words = f'{name} failed with the error "{code}"'
            return self._command_failed(user, conversation, code, words)
        if answer.body.strip():
            try:
                self.response_urls.answer(source, answer.json() or {"text": answer.body})
            except SlackError as refused:
                words = f'{name} failed with the error "{refused.code}"'
                return self._command_failed(user, conversation, refused.code, words)
        return {"ok": True, "command": True}

    def _command_failed(
        self, user: User, conversation: Conversation, code: str, words: str
    ) -> JSON:
        self.workspace.post_ephemeral(conversation, user.id, Content(words), author=SLACKBOT_ID)
        return {"ok": False, "command": True, "error": code, "message": words}

    def open_home(self, user: User) -> Conversation:
        """Open the app's Home tab; as in Slack, its conversation with the person exists then."""
        conversation, _ = self.workspace.open_among({user.id, BOT_USER_ID}, creator=user.id)
        event = events.app_home_opened(user.id, conversation.id, self.views.home(user.id))
        self.link.event(events.envelope(event))
        return conversation

    # What they have in common

    def _element_in_message(
        self, user: User, conversation: Conversation, ts: str, wish: JSON
    ) -> tuple[JSON, Sequence[JSON], JSON]:
        """The message, the blocks as the person saw them, and the element.

        A message may have been edited since the person's page showed it; a click on what was
        there before still reaches the app, as it does from a phone that lags behind.
        """
        store = self.workspace.store
        message = store.message(conversation.id, ts)
        message = message or self.workspace.ephemeral(conversation.id, user.id, ts)
        if message is None:
            raise RefusedError("message_not_found", "This message is no longer there.")

        def shown() -> Iterator[list[JSON]]:
            yield message.get("blocks", [])
            yield from store.earlier_blocks(conversation.id, ts)

        for blocks in shown():
            element = find_element(blocks, wish["block_id"], wish["action_id"])
            if element is not None:
                return message, blocks, element
        raise RefusedError("element_not_found", "This is no longer there.")

    def _view_of(self, user: User, view_id: str) -> JSON:
        found = self.views.find(view_id)
        if found and found[0] == user.id:
            return found[1]
        home = self.views.home(user.id)
        if home and home["id"] == view_id:
            return home
        raise RefusedError("view_not_found", "This form is no longer open.")

    def _take_input(self, user: User, view_id: str, state: JSON) -> JSON:
        view = self._view_of(user, view_id)
        if view["type"] == "modal":
            return self.views.remember_input(user.id, view, state)
        filled = inputs.merged(view["state"]["values"], state)
        changed = {**view, "state": {"values": inputs.state_of(view["blocks"], filled)}}
        self.views.keep_home(user.id, changed)
        return changed

    def _clicked(self, user: User, answer: Answer) -> JSON:
        if answer.failure is None:
            return {"ok": True}
        return self._failed(user, answer.failure, _CLICK_FAILED[answer.failure])

    def _failed(self, user: User, code: str, words: str, problems: Sequence[str] = ()) -> JSON:
        self.workspace.toast(user.id, words)
        failed: JSON = {"ok": False, "error": code, "message": words}
        return failed | ({"problems": list(problems)} if problems else {})


def _refuse_unknown_options(element: JSON, given: JSON) -> None:
    """A client offers only what the app defined; what an external select may take, nobody knows."""
    if not {"options", "option_groups"} & set(element):
        return
    known = [option.get("value") for option in options_of(element)]
    for option in given.get("selected_options") or [given.get("selected_option")]:
        if option is not None and option.get("value") not in known:
            raise RefusedError("option_not_found", "This choice isn't offered.", 400)


def _known_errors(view: JSON, errors: Any) -> JSON:
    """An app's complaints about inputs.

    Raises:
        SlackError: `invalid_response`: one isn't about an input of this view, which Slack's
            client can't show.
    """
    known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_response", ["errors must be keyed by the block_id of inputs"])
    return errors
