"""A look at a row in the Airtable stand-in, as somebody with the token would take it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from local.actors import PATIENCE, NotSeenError
from sandbox.config import AIRTABLE_BASE_ID, AirtableStandInConfig

REQUESTS = ("Mentor Request", "Request ID")
MENTORS = ("Mentors", "Slack ID")
MEMBERS = ("Members", "Slack ID")
_LOOK_AGAIN = 0.5

Row = dict[str, str]


async def row_of(
    http: aiohttp.ClientSession,
    airtable_url: str,
    key: str,
    fits: Callable[[Row], bool],
    *,
    table: tuple[str, str] = REQUESTS,
    patience: float = PATIENCE,
) -> Row:
    """Wait until the row with this key is as it should be. Every cell as its text.

    Args:
        table: its name, and that of the column with the key.

    Raises:
        NotSeenError: there is no such row, or it is otherwise.
    """
    name, column = table
    url = f"{airtable_url}/v0/{AIRTABLE_BASE_ID}/{name}"
    query = {
        "filterByFormula": f"{{{column}}} = '{key}'",
        "cellFormat": "string",
        "timeZone": "UTC",
        "userLocale": "en",
    }
    headers = {"Authorization": f"Bearer {AirtableStandInConfig.token}"}
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        async with http.get(url, params=query, headers=headers) as answer:
            found = (await answer.json()).get("records", []) if answer.status == 200 else []
        rows: list[Row] = [record["fields"] for record in found]
        if len(rows) == 1 and fits(rows[0]):
            return rows[0]
        if asyncio.get_running_loop().time() > deadline:
            raise NotSeenError(f"{len(rows)} rows for {key} in “{name}”: {rows}")
        await asyncio.sleep(_LOOK_AGAIN)
