"""Finding a person by e-mail, with the official client against the Slack stand-in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from clients.slack import open_client
from domain.models import Person
from sandbox.people import by_name
from starter.directory import DirectoryAwayError, NotAMemberError, SlackDirectory
from tests.sandbox.slack_harness import Slack, running

RILEY = by_name("Riley Santos")
LOOKUP = "users.lookupByEmail"


@dataclass
class Looking:
    """The directory under test, and the workspace behind it."""

    slack: Slack
    directory: SlackDirectory

    async def up(self, email: str) -> Person:
        return await self.directory.person_by_email(email)

    async def goes_wrong(self, **fault: Any) -> None:
        await self.slack.control("POST", "faults", {"method": LOOKUP, **fault})

    async def finds(self, **changes: Any) -> None:
        """Slack answers the lookups with a user of this shape."""
        user = {"id": "U0", "name": "riley", "deleted": False, "is_bot": False, **changes}
        await self.goes_wrong(kind="status", status=200, body={"ok": True, "user": user})

    async def calls(self) -> int:
        log = await self.slack.control("GET", "requests")
        return int(log["counts"].get(LOOKUP, 0))


@pytest_asyncio.fixture
async def looking() -> AsyncIterator[Looking]:
    async with (
        running() as slack,
        open_client(str(slack.client.token), slack.client.base_url, seconds=3) as client,
    ):
        yield Looking(slack, SlackDirectory(client))


async def test_a_member_is_found_with_name_and_time_zone(looking: Looking) -> None:
    person = await looking.up(RILEY.email)
    assert person.slack_id == RILEY.slack_id
    assert person.name
    assert person.time_zone == RILEY.tz


async def test_capitals_in_the_address_do_not_matter(looking: Looking) -> None:
    assert (await looking.up(RILEY.email.upper())).slack_id == RILEY.slack_id


async def test_an_unknown_address_is_said_to_be_unknown(looking: Looking) -> None:
    with pytest.raises(NotAMemberError, match="We can’t find this e-mail in the Slack workspace"):
        await looking.up("nobody@example.com")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_bot": True}, "belongs to an app"),
        ({"is_workflow_bot": True}, "belongs to an app"),
        ({"id": "USLACKBOT"}, "belongs to an app"),
        ({"deleted": True}, "deactivated"),
    ],
)
async def test_apps_and_deactivated_accounts_are_refused_with_the_reason(
    looking: Looking, changes: dict[str, Any], words: str
) -> None:
    await looking.finds(**changes)
    with pytest.raises(NotAMemberError, match=words):
        await looking.up(RILEY.email)


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ({"display_name": "Ri", "real_name": "Riley Santos"}, "Ri"),
        ({"display_name": "", "real_name": "Riley Santos"}, "Riley Santos"),
        ({}, "riley"),
    ],
)
async def test_people_are_called_as_they_call_themselves_in_slack(
    looking: Looking, profile: dict[str, str], name: str
) -> None:
    await looking.finds(profile=profile)
    person = await looking.up(RILEY.email)
    assert (person.name, person.time_zone) == (name, "")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 429, "headers": {"Retry-After": "30"}},
        {"kind": "status", "status": 200, "body": {"ok": False, "error": "ratelimited"}},
        {"kind": "status", "status": 200, "body": {"ok": False, "error": "invalid_auth"}},
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"},
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "latency", "seconds": 30},
    ],
    ids=[
        "429",
        "ratelimited",
        "invalid_auth",
        "503",
        "a proxy",
        "drop before",
        "drop after",
        "too slow",
    ],
)
async def test_slack_that_does_not_answer_is_away_and_logged_without_the_address(
    looking: Looking, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="starter")
    await looking.goes_wrong(**fault)
    with pytest.raises(DirectoryAwayError):
        await looking.up(RILEY.email)
    ours = [record for record in caplog.records if record.name == "starter.directory"]
    assert len(ours) == 1
    assert RILEY.email not in caplog.text


async def test_a_rate_limited_lookup_is_not_tried_again_by_the_client(looking: Looking) -> None:
    await looking.goes_wrong(kind="status", status=429, headers={"Retry-After": "1"})
    with pytest.raises(DirectoryAwayError):
        await looking.up(RILEY.email)
    assert await looking.calls() == 1
