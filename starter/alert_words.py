"""What the watch for overdue requests says: what is wrong, and what to do next.

Request ids are all that they tell of a request. Without "<", ">" and "&", which Slack would show
escaped where people want to copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from clients.overdue import LookError, Overdue

NAMED = 5
"""Request ids in one text."""


def overdue(
    stuck: Sequence[Overdue], news: Sequence[str], now: datetime, query: str, web_ui: str
) -> str:
    """Requests that nobody works on, the longest overdue first; ``news`` of them untold so far."""
    longest = f"{'' if len(stuck) == 1 else 'the longest '}for {_span(now - stuck[0].since)}"
    everything = [one.request_id for one in stuck]
    if not news:
        head = f"Still overdue: {_requests(len(stuck))}, {longest}: {_some(everything)}."
    elif len(news) < len(stuck):
        head = f"{_are(len(stuck))} overdue, {longest}. New among them: {_some(news)}."
    else:
        head = f"{_are(len(stuck))} overdue, {longest}: {_some(everything)}."
    where = f" ({web_ui})" if web_ui else ""
    return (
        f"{head} Their next step should have come by itself. Nothing is lost: once what holds them "
        "up is gone, they go on where they stopped.\n"
        "For whoever runs Muster: is the worker running? If not, start it. If it is, its log says "
        "what holds it up, and so do the pending activities on a request's page in Temporal's "
        f"Web UI{where}. To list them there, paste this query:\n{query}"
    )


def moved(request_ids: Sequence[str]) -> str:
    """For the log: these are fine again."""
    verb = "moves" if len(request_ids) == 1 else "move"
    return f"No longer overdue: {_some(request_ids)} {verb} again."


def cannot_look(error: LookError, since: datetime, now: datetime) -> str:
    """Nobody would notice an overdue request."""
    head = f"Temporal {error}, for {_span(now - since)} now, so overdue requests go unnoticed."
    if error.refused:
        return (
            f"{head}\nFor whoever runs Muster: check TEMPORAL_NAMESPACE and TEMPORAL_API_KEY; "
            "“python -m clients.namespace” creates the namespace and search attributes that are "
            "missing, and may be run at any time."
        )
    return (
        f"{head} No request moves on and the form takes none until it answers; what was accepted "
        "is safe.\nFor whoever runs Muster: is the Temporal server running? If it is, check "
        "TEMPORAL_ADDRESS and the network between."
    )


def can_look_again(since: datetime, now: datetime) -> str:
    return (
        f"Temporal answers again, after {_span(now - since)}. Requests go on where they stopped; "
        "nothing needs to be done."
    )


def _are(number: int) -> str:
    return f"{_requests(number)} {'is' if number == 1 else 'are'}"


def _requests(number: int) -> str:
    return "1 request" if number == 1 else f"{number} requests"


def _some(request_ids: Sequence[str]) -> str:
    named, more = request_ids[:NAMED], len(request_ids) - NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    told = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(told[:2])
