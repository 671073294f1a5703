"""Fifty requests, ten mentors with one slot each, everybody clicks everything at once; and the
worker dies half-way."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from clients.mentors import Mentors
from clients.requests import TemporalAwayError
from domain.messages import Claim
from domain.models import RequestStart, Status
from sandbox.airtable import bases
from sandbox.config import AIRTABLE_BASE_ID
from sandbox.people import PEOPLE
from sandbox.slack.identity import MENTORS_ID
from tests.crash.installation import PAIRING, Installation, mentor_row, request, until

REQUESTS, MENTORS = 50, 10
READY = [
    person.slack_id
    for person in PEOPLE
    if person.mentor and person.mentor.active and person.mentor.status == "Available"
    if PAIRING in person.mentor.services
][:MENTORS]
FAST = 50
"""So many times Slack's limits: they are not what is tried here."""


@pytest.mark.parametrize("killed", [False, True], ids=["as it is", "worker killed half-way"])
async def test_ten_are_assigned_forty_stay_open_and_no_slot_is_given_twice(
    muster: Installation, *, killed: bool
) -> None:
    await only_these_are_mentors(muster)
    worker, mentors = await muster.start_worker(SLACK_PACE=str(FAST)), Mentors(muster.temporal)
    requests = [request("Python") for _ in range(REQUESTS)]
    await muster.send_in(*requests)
    clicks = [(one, mentor) for mentor in READY for one in requests]
    await asyncio.gather(*(click(muster, one, mentor) for one, mentor in clicks))
    if killed:
        await until("some have a mentor", lambda: assigned(mentors, at_least=3))
        await worker.kill()
        await muster.start_worker(SLACK_PACE=str(FAST))

    await until("all clicks are decided", lambda: all_decided(muster, requests), seconds=180)
    states = [await muster.state(one) for one in requests]
    assert Counter(state.status for state in states) == {Status.CLAIMED: 10, Status.OPEN: 40}
    with_one = {state.mentor_id: state.request_id for state in states if state.mentor_id}
    assert sorted(with_one) == sorted(READY)

    standings = await mentors.standings()
    assert {mentor: standings[mentor].load for mentor in READY} == dict.fromkeys(READY, 1)
    for one in requests:
        wanted: dict[str, Any] = {"Status": Status.OPEN.value}
        for mentor in (who for who, has in with_one.items() if has == one.request_id):
            wanted = {"Status": Status.CLAIMED.value, "Mentor_Assigned": [mentor_row(mentor)]}
        await muster.row(one, **wanted)
    await until("the mentors' rows agree", lambda: rows_say_one_mentee(muster))


async def click(muster: Installation, one: RequestStart, mentor: str) -> None:
    """Claim; again if Temporal was too busy, as somebody does whose click was not taken."""
    while True:
        with suppress(TemporalAwayError):
            return await muster.decide(one, Claim(by=mentor, channel=MENTORS_ID))


async def only_these_are_mentors(muster: Installation) -> None:
    """Ten with room for one; everybody else has left."""
    changed = [
        {
            "id": mentor_row(person.slack_id),
            "fields": {"Active": person.slack_id in READY, "Max Mentees": 1},
        }
        for person in PEOPLE
        if person.mentor
    ]
    url = f"{muster.airtable.url}/v0/{AIRTABLE_BASE_ID}/{bases.MENTORS.name}"
    for first in range(0, len(changed), 10):
        async with muster.http.patch(url, json={"records": changed[first : first + 10]}) as answer:
            assert answer.status == 200, await answer.text()


async def assigned(mentors: Mentors, at_least: int) -> bool:
    standings = await mentors.standings()
    return sum(one.load for one in standings.values()) >= at_least


async def all_decided(muster: Installation, requests: list[RequestStart]) -> bool:
    given = 0
    for one in requests:  # one after the other: each question is work for the worker that decides
        state = await muster.state(one)
        if state.inbox or state.reserving or state.tidings:
            return False
        given += bool(state.mentor_id)
    return given == MENTORS


async def rows_say_one_mentee(muster: Installation) -> bool:
    url = f"{muster.airtable.url}/v0/{AIRTABLE_BASE_ID}/{bases.MENTORS.name}"
    async with muster.http.get(url) as answer:
        records = (await answer.json())["records"]
    now = {record["fields"]["Slack ID"]: record["fields"]["Mentees Now"] for record in records}
    return all(now[mentor] == 1 for mentor in READY)
