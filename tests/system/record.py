"""Who was told what, and when on a request's own clock.

What was said comes from the Slack stand-in's record, whose times are those of the clock on the
wall. When it was said shows by looking just before and just after a moment of the skipped clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.models import Status
from local.rows import Row
from sandbox.people import PEOPLE
from sandbox.slack.identity import BOT_USER_ID
from tests.system.people import NotSeenError
from tests.system.town import Request, Town
from tests.workflows.community import ALWAYS

COORDINATORS, MENTORS = "#mentor-coordinators", "#mentors-internal"
WORD = "word"
"""The kind of a message that is no card of a request: an answer to a click, or to typed words."""

_NAMES = {one.slack_id: one.real_name for one in PEOPLE}
JSON = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One message of the app's, thread replies and private words included."""

    kind: str
    """The card's kind, as in its key: "ask", "reminder", …"""
    to: str
    """Whose DM, "A & B" for a group message, or the channel."""
    entry: JSON
    """As the stand-in has it (sandbox/slack/README.md)."""

    @property
    def words(self) -> str:
        """As it was posted."""
        return str(self.entry["posted"]["words"])

    @property
    def buttons(self) -> list[str]:
        return [one for one in self.entry["posted"]["buttons"] if one not in ALWAYS]

    @property
    def words_now(self) -> str:
        return str(self.entry["now"]["words"])

    @property
    def buttons_now(self) -> list[str]:
        return [one for one in self.entry["now"]["buttons"] if one not in ALWAYS]

    @property
    def reaches(self) -> list[str]:
        """The names of those for whom it is: who reads the DM, or is mentioned in the channel."""
        return sorted(_NAMES[one] for one in self.entry["to"])


def summary(told: list[Told]) -> dict[str, list[str]]:
    """By kind, to whom: ``{"reminder": ["Sam Okafor"]}``."""
    found: dict[str, list[str]] = {}
    for one in sorted(told, key=lambda one: (one.kind, one.to)):
        found.setdefault(one.kind, []).append(one.to)
    return found


def the(kind: str, told: list[Told]) -> Told:
    """The one message of this kind."""
    [found] = [one for one in told if one.kind == kind]
    return found


async def everything(town: Town) -> list[Told]:
    """All that was ever said in this town, as it stands now."""
    found = await town.control(town.settings.slack_url, "GET", "messages")
    return [_told(entry) for entry in found["messages"]]


class Chronicle:
    """Reads the record from one moment of a request's clock to the next.

    Moments are counted from its submission, until ``starts_anew`` counts them from now.
    """

    def __init__(self, town: Town, request: Request, begin: datetime) -> None:
        self._town = town
        self._request = request
        self._begin = begin
        self._seen = 0

    @property
    def begin(self) -> datetime:
        return self._begin

    @classmethod
    async def of(cls, town: Town, request: Request) -> Chronicle:
        view = await request.handle.query("view")
        return cls(town, request, datetime.fromisoformat(view["submitted_at"]))

    async def starts_anew(self) -> None:
        """What comes is counted from this moment of the request's clock."""
        self._begin = await self._request.clock.now()

    async def until(self, **elapsed: float) -> list[Told]:
        """Let the request's clock run to so long after the beginning; what was said on the way."""
        return await self.at(self._begin + timedelta(**elapsed))

    async def at(self, moment: datetime) -> list[Told]:
        """Let the request's clock run to this moment; what was said since the last look."""
        await self._request.clock.skip_to(moment)
        return await self.news()

    async def news(self) -> list[Told]:
        """What was said since the last look, once everything that is under way is done."""
        await at_rest(self._town, self._request)
        told = await everything(self._town)
        fresh, self._seen = told[self._seen :], len(told)
        return fresh


async def at_rest(town: Town, request: Request) -> None:
    """Wait until the request does nothing any more but wait.

    Raises:
        NotSeenError: it is still at work; says at what.
    """
    busy: list[str] = []

    async def look() -> bool | None:
        described = (await request.handle.describe()).raw_description
        busy[:] = [
            f"{one.activity_type.name} (attempt {one.attempt}: {one.last_failure.message})"
            for one in described.pending_activities
        ]
        if described.HasField("pending_workflow_task"):
            busy.append("a decision")
        return None if busy else True

    try:
        await town.until("a request at rest", look)
    except NotSeenError as error:
        raise NotSeenError(f"{error}; still under way: {', '.join(busy)}") from None


async def row_of(town: Town, request: Request, status: Status) -> Row:
    """The row, once it shows the present state."""
    await at_rest(town, request)
    return await town.row(request, Status=status.value)


def _told(entry: JSON) -> Told:
    key = str(entry["key"] or "")
    kind = key.split("/")[1] if "/" in key else WORD
    match entry["channel_type"]:
        case "im" | "mpim":
            to = " & ".join(sorted(_NAMES[one] for one in entry["to"] if one != BOT_USER_ID))
        case _ if entry["ephemeral"]:
            to = _NAMES[entry["to"][0]]
        case _:
            to = f"#{entry['channel_name']}"
    return Told(kind=kind, to=to, entry=entry)
