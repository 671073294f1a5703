"""What time it is for a request or a mentor: their clocks may run ahead of ours, never behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from cards.values import FormContext
from clients.requests import RequestError
from domain.standing import MentorOverview
from domain.view import RequestView
from slack_app.office import Office

WITHIN = 0.7
"""Seconds: whoever has clicked waits three at most, and the click itself is still to be saved."""


def present(view: RequestView) -> datetime:
    return max(datetime.now(UTC), view.now)


def since_opened(form: FormContext) -> datetime:
    """Now, for a form: no earlier than when it was opened."""
    now = datetime.now(UTC)
    return max(now, form.opened_at or now)


@dataclass(frozen=True)
class MentorNow:
    """A mentor's present, and what it was read from; None for what did not answer in time."""

    at: datetime
    overview: MentorOverview | None = None
    view: RequestView | None = None
    """The request on whose card they have clicked."""

    @property
    def has_opted_out(self) -> bool:
        return self.overview is not None and self.overview.standing.opted_out

    @property
    def rests_until(self) -> datetime | None:
        """The end of a break that they are taking, if it has one (UTC)."""
        return self.overview.standing.rest_until if self.overview else None


async def mentor_now(
    office: Office, slack_id: str, request_id: str = "", *, no_earlier: datetime | None = None
) -> MentorNow:
    """Never raises: without an answer in time our own clock counts."""
    overview, view = await asyncio.gather(_overview(office, slack_id), _view(office, request_id))
    clocks = [datetime.now(UTC), no_earlier, overview and overview.now, view and view.now]
    return MentorNow(max(at for at in clocks if at), overview, view)


async def _overview(office: Office, slack_id: str) -> MentorOverview | None:
    try:
        async with asyncio.timeout(WITHIN):
            return await office.mentors.overview(slack_id)
    except (TimeoutError, RequestError):
        return None


async def _view(office: Office, request_id: str) -> RequestView | None:
    if not request_id:
        return None
    try:
        async with asyncio.timeout(WITHIN):
            return await office.requests.view(request_id)
    except (TimeoutError, RequestError):
        return None
