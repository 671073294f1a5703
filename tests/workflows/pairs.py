"""Steps that many stories take: asked, claimed, introduced, scheduled; and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.messages import AcceptTime, Claim, ProposeTimes, Word
from domain.models import Person, Service, Status
from domain.view import CardKind, TimelineEntry
from tests.workflows.community import Message
from tests.workflows.harness import MENTEE, SAM, RunningRequest

RILEY = MENTEE.slack_id
CASEY = Person(slack_id="U0COORD", name="Casey Lin")
"""The coordinator of the community in memory."""
CHAT = Service(name="General Guidance – Slack Chat", needs_session=False)


async def asked(running: RunningRequest) -> None:
    """Everybody in the roster has their ask."""
    community = running.community
    await community.until(lambda: community.asked() == set(community.mentors))


async def claimed(running: RunningRequest, mentor: str = SAM) -> None:
    """They have it, and can still undo it."""
    await running.decide(Claim(by=mentor))
    await running.reaches(Status.CLAIMED)


async def met(running: RunningRequest) -> datetime:
    """The time to undo is over and the two are introduced; returns when that was."""
    community = running.community
    before = len(community.of(CardKind.INTRODUCTION))
    await running.pass_time(minutes=3)
    await community.until(lambda: len(community.of(CardKind.INTRODUCTION)) == before + 1)
    view = await running.view()
    assert view.claim
    assert view.claim.introduced
    return community.of(CardKind.INTRODUCTION)[-1].at


async def introduced(
    running: RunningRequest, mentor: str = SAM, *, writes: bool = False
) -> datetime:
    """Claimed and met; with ``writes`` the mentor has said hello in the group, too."""
    await asked(running)
    await claimed(running, mentor)
    at = await met(running)
    if writes:
        await running.decide(Word(by=mentor))
    return at


async def scheduled(running: RunningRequest, mentor: str = SAM, **ahead: float) -> None:
    """The mentor proposes one time, and the mentee takes it."""
    time = (await running.view()).now + timedelta(**ahead)
    await running.decide(ProposeTimes(by=mentor, times=[time]))
    number = (await running.state()).proposals_made
    await running.decide(AcceptTime(by=RILEY, proposal=number, time=time))
    await running.reaches(Status.SCHEDULED)


async def timeline(running: RunningRequest) -> list[TimelineEntry]:
    return (await running.state()).timeline


async def happened(running: RunningRequest, what: str) -> TimelineEntry:
    """The latest entry of the timeline that begins so."""
    return [one for one in await timeline(running) if one.what.startswith(what)][-1]


def near(at: datetime, expected: datetime) -> bool:
    """Within a minute: what happens by itself is due to the second."""
    return abs(at - expected) <= timedelta(minutes=1)


def live(messages: Iterable[Message]) -> list[Message]:
    """Those that still offer a button."""
    return [message for message in messages if message.buttons]


def words_of(message: Message) -> str:
    return f"{message.card.text} {message.card.blocks}"
