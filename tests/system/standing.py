"""How a mentor stands, for tests that look: their row, what coordinators find, their clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from temporalio.testing import TimeSkipper

from clients.mentors import Mentors
from domain import ids
from domain.standing import MentorStatus
from local.rows import MEMBERS, MENTORS, Row, row_of
from sandbox.people import PEOPLE
from tests.system.people import PATIENCE, Person
from tests.system.record import at_rest
from tests.system.town import Request, Town

LAST_SEEN = "Last Seen"
_NAMES = {one.slack_id: one.real_name for one in PEOPLE}


async def mentors_row(town: Town, mentor: Person, **cells: str) -> Row:
    """Wait until a mentor's row has these cells (as text); "" for an empty one."""
    wanted = {name.replace("_", " "): value for name, value in cells.items()}

    def fits(row: Row) -> bool:
        return all(row.get(name, "") == value for name, value in wanted.items())

    return await _row(town, mentor, MENTORS, fits)


async def last_seen(town: Town, person: Person) -> datetime:
    """Wait until it stands in their row, as a mentor or else as a member."""
    table = MENTORS if person.profile.is_mentor else MEMBERS
    row = await _row(town, person, table, lambda row: LAST_SEEN in row)
    return datetime.fromisoformat(row[LAST_SEEN])


async def was_never_seen(town: Town, person: Person) -> bool:
    table = MENTORS if person.profile.is_mentor else MEMBERS
    return LAST_SEEN not in await _row(town, person, table, lambda row: True)


async def _row(
    town: Town, person: Person, table: tuple[str, str], fits: Callable[[Row], bool]
) -> Row:
    return await row_of(
        town.http,
        town.settings.airtable_url,
        person.slack_id,
        fits,
        table=table,
        patience=PATIENCE,
    )


async def stands(town: Town, mentor: Person, status: MentorStatus) -> None:
    """Wait until whoever looks for mentors finds them like this."""

    async def look() -> bool | None:
        found = (await Mentors(town.client).standings()).get(mentor.slack_id)
        return (found is not None and found.status(datetime.now(UTC), 1000) is status) or None

    await town.until(f"{mentor.name}: {status.value}", look)


async def asked_about(town: Town, request: Request) -> list[str]:
    """The names of those who hold an ask about this request, once the wave is out."""
    await at_rest(town, request)
    keys = [post.key.split("/") for post in await town.posts("ask")]
    return sorted(_NAMES[key[2]] for key in keys if key[0] == request.request_id)


async def skip(town: Town, workflow_id: str, by: timedelta) -> None:
    """Move the clock of a workflow that is no request's; what falls due has happened then."""
    handle = town.client.get_workflow_handle(workflow_id)
    async with asyncio.timeout(PATIENCE):
        await TimeSkipper(town.client).fast_forward(handle, by)


async def skip_mentor(town: Town, mentor: Person, by: timedelta) -> None:
    await skip(town, ids.availability_id(mentor.slack_id), by)
