"""Slack's events and everybody's clicks, as signs of life; and accounts that close or open.

Messages, reactions, App Home, buttons and forms count (DESIGN §4). No message is read: only that
there is one. Bots, apps and Slackbot don't count.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from clients.requests import TemporalAwayError
from domain.ids import is_slack_id
from domain.mentor_messages import AccountClosed, AccountOpen
from records.errors import RecordsAwayError
from slack_app.clocks import mentor_now
from slack_app.events import from_a_person
from slack_app.lately import Lately
from slack_app.office import Office
from slack_app.payloads import Body

SLACKBOT = "USLACKBOT"
KNOWN_OPEN = 3600.0
"""Seconds: Slack tells of every change of anybody's profile, and most are no news to us."""
_HANDS = frozenset({"block_actions", "view_submission", "view_closed", "block_suggestion"})

_log = logging.getLogger(__name__)


def register(app: AsyncApp, office: Office) -> None:
    async def note(body: Body, next: Callable[[], Awaitable[Any]]) -> None:
        """Beside whatever else is done with it."""
        if slack_id := sign_of_life(body, office.activity_channels):
            office.sightings.note(slack_id)
        await next()

    async def let_be() -> None:
        """Noted already; this says that Slack should send it."""

    accounts = _Accounts(office)
    app.use(note)
    app.event("reaction_added")(let_be)
    app.event("user_change")(accounts.note_change)


def sign_of_life(body: Body, channels: frozenset[str]) -> str:
    """The Slack id of who was seen doing something, "" for nobody.

    Args:
        channels: those whose messages count, empty for all; direct messages always do.
    """
    if body.get("type") in _HANDS:
        return _person((body.get("user") or {}).get("id"))
    if "command" in body:
        return _person(body.get("user_id"))
    event = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(event, dict):
        return ""
    match event.get("type"):
        case "message" if from_a_person(event):
            counts = not channels or event["channel"] in channels
            direct = event.get("channel_type") in ("im", "mpim")
            return _person(event["user"]) if counts or direct else ""
        case "reaction_added" | "app_home_opened":
            return _person(event.get("user"))
    return ""


def _person(slack_id: object) -> str:
    is_one = isinstance(slack_id, str) and slack_id != SLACKBOT and is_slack_id(slack_id)
    return str(slack_id) if is_one else ""


class _Accounts:
    """Tells mentors' workflows when an account closes, or is open again."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._open = Lately(KNOWN_OPEN, office.clock)

    async def note_change(self, event: dict[str, Any]) -> BoltResponse | None:
        """Answered once it stands; else Slack is asked to deliver it again."""
        user = event.get("user")
        slack_id = _person(user.get("id")) if isinstance(user, dict) else ""
        if not isinstance(user, dict) or not slack_id or user.get("is_bot"):
            return None
        try:
            if user.get("deleted"):
                await self._has_closed(slack_id)
            elif slack_id not in self._open:
                await self._is_open(slack_id)
        except TemporalAwayError:
            _log.warning("Temporal is away: a changed account waits for Slack's redelivery")
            return BoltResponse(status=503)
        return None

    async def _has_closed(self, slack_id: str) -> None:
        self._open.discard(slack_id)
        now = await mentor_now(self._office, slack_id)
        closed = AccountClosed(at=now.at)
        known = await self._office.mentors.tell_if_known(slack_id, closed)
        if not known and await self._is_on_the_roster(slack_id):
            await self._office.mentors.tell(slack_id, closed)  # Muster meets them by this

    async def _is_on_the_roster(self, slack_id: str) -> bool:
        try:
            return await self._office.roster.in_row(slack_id) is not None
        except RecordsAwayError:
            return False  # their first ask will find it out

    async def _is_open(self, slack_id: str) -> None:
        overview = await self._office.mentors.overview(slack_id)
        if overview and overview.standing.account_closed:
            now = await mentor_now(self._office, slack_id)
            await self._office.mentors.tell_if_known(slack_id, AccountOpen(at=now.at))
        self._open.add(slack_id)
