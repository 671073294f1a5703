"""A community in memory: Slack and Airtable as the workflow meets them, with faults on demand.

The activities have the names of the real ones; messages are drawn by the real ``cards``. Gates hold
an activity until the test lets it go, so that no test has to sleep.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

import cards
from activities.heartbeat import is_recalled
from cards.ids import Action
from domain.links import Links
from domain.matching import Pair, Wish, best_placed, cannot_claim
from domain.models import Mentor, Person
from domain.records import Records, RequestRow
from domain.skills import SkillIndex
from domain.view import CardKind, CardRef, MessageRef, Notice, RequestView
from domain.work import (
    Candidates,
    CheckMentor,
    FindCandidates,
    FindOwner,
    Group,
    LookUpPeople,
    MentorCheck,
    OpenGroup,
    Outgoing,
    Owner,
    PauseMentor,
    People,
    Post,
    Posted,
    Repaint,
    Repainted,
    Tell,
)

LINKS = Links(["a key for the tests only"], "http://127.0.0.1:1")


ALWAYS = {Action.REST, Action.NOT_THIS_WEEK}
"""A mentor can take a break or stop at any moment, whatever became of the request."""


class Message:
    """One message as it stands in Slack now."""

    def __init__(self, ref: CardRef, channel: str, view: RequestView) -> None:
        self.ref = ref
        self.channel = channel
        self.written = view
        """The request as it stood when this was written, with its own clock's time."""
        self.card = _draw(ref, view)
        self.edits = 0

    @property
    def at(self) -> datetime:
        """When it was written, on the request's clock (UTC)."""
        return self.written.now

    @property
    def buttons(self) -> list[str]:
        """The action ids of its live buttons, but those that are about the mentor alone."""
        return [one for one in _buttons(self.card) if one not in ALWAYS]

    def as_of(self, view: RequestView) -> Message:
        """As it should stand there now."""
        return Message(self.ref, self.channel, view)


class Community:
    """Mentors, and everything that was posted, told and recorded."""

    def __init__(self, mentors: list[Mentor]) -> None:
        self.mentors = {mentor.slack_id: mentor for mentor in mentors}
        self.messages: dict[str, Message] = {}
        self.posts: list[str] = []
        self.twice: list[str] = []
        """Keys of messages that a real Slack would show twice: nobody looked for the first."""
        self.told: list[tuple[str, Notice]] = []
        self.rows: dict[str, RequestRow] = {}
        self.row_history: list[RequestRow] = []
        self.notes: dict[str, Any] = {}
        self.never_pairs: set[frozenset[str]] = set()
        self.zones: dict[str, str] = {}
        """What Slack knows of people's time zones."""
        self.coordinators = [Person(slack_id="U0COORD", name="Casey Lin")]
        self.words: list[tuple[str, str]] = []
        """What orders were answered privately: (who, words)."""
        self.unreachable: set[str] = set()
        self.gone: set[str] = set()
        self.failing: dict[str, str] = {}
        """Activities that fail and are tried again; those in ``refusing`` fail for good."""
        self.refusing: dict[str, str] = {}
        self.retry_after: timedelta | None = None
        self.roster_is_away = False
        """Airtable can't be read: checks know no more than what requests tell them."""
        self.attempts: defaultdict[str, int] = defaultdict(int)
        self.gates: dict[str, asyncio.Event] = {}
        self._happened = asyncio.Condition()

    def gate(self, name: str) -> asyncio.Event:
        """Hold the named activity (or "post:KIND") from now on until the event is set."""
        self.gates[name] = asyncio.Event()
        return self.gates[name]

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something has happened that makes the condition true."""
        async with self._happened:
            async with asyncio.timeout(seconds):
                await self._happened.wait_for(condition)

    def of(self, kind: CardKind) -> list[Message]:
        return [message for message in self.messages.values() if message.ref.kind is kind]

    def ask_card(self, mentor: str) -> Message:
        return next(m for m in self.of(CardKind.ASK) if m.ref.to == mentor)

    def asked(self) -> set[str]:
        return {message.ref.to for message in self.of(CardKind.ASK)}

    def notices(self, notice: Notice) -> list[str]:
        return [who for who, what in self.told if what is notice]

    @property
    def activities(self) -> list[Callable[..., Any]]:
        return [
            self.post,
            self.repaint,
            self.tell,
            self.open_group,
            self.look_up_people,
            self.find_owner,
            self.pause_mentor,
            self.record,
            self.find_candidates,
            self.check_mentor,
        ]

    # ---- Slack ------------------------------------------------------------------------------

    @activity.defn(name="post")
    async def post(self, order: Post) -> Posted:
        posted = Posted()
        try:
            for message in order.messages:
                activity.heartbeat()
                await self._enter("post", f"post:{message.card.kind.value}")
                await self._write(order.view, message, posted)
        except asyncio.CancelledError:
            if not is_recalled():  # a worker that stops: the next one goes on with it
                raise
            return posted
        return posted

    async def _write(self, view: RequestView, message: Outgoing, posted: Posted) -> None:
        ref = message.card
        if ref.to in self.unreachable:
            posted.unreachable.append(ref.to)
            return
        if ref.key in self.messages and not (message.may_stand or activity.info().attempt > 1):
            self.twice.append(ref.key)
        if ref.key not in self.messages:
            channel = f"D{ref.to}" if message.channel == ref.to else message.channel
            self.messages[ref.key] = Message(ref, channel, view)
            self.posts.append(ref.key)
        place = MessageRef(channel=self.messages[ref.key].channel, ts=ref.key)
        posted.cards.append(ref.model_copy(update={"message": place}))
        await self._notify()

    @activity.defn(name="repaint")
    async def repaint(self, order: Repaint) -> Repainted:
        painted = Repainted()
        try:
            for ref in order.cards:
                activity.heartbeat()
                await self._enter("repaint", f"repaint:{ref.kind.value}")
                if message := self.messages.get(ref.key):
                    message.card = _draw(ref, order.view)
                    message.edits += 1
                else:
                    painted.missing.append(ref.key)
                painted.keys.append(ref.key)
                await self._notify()
        except asyncio.CancelledError:
            if not is_recalled():
                raise
            return painted
        return painted

    @activity.defn(name="tell")
    async def tell(self, order: Tell) -> None:
        await self._enter("tell")
        for listener in order.listeners:
            cards.notice(order.notice, order.view, listener.slack_id, words=order.words)
            self.told.append((listener.slack_id, order.notice))
            if order.words:
                self.words.append((listener.slack_id, order.words))
        await self._notify()

    @activity.defn(name="open_group")
    async def open_group(self, order: OpenGroup) -> Group:
        await self._enter("open_group")
        if gone := [person for person in order.people if person in self.gone]:
            return Group(unreachable=gone)
        return Group(channel="G-" + "-".join(sorted(order.people)))

    @activity.defn(name="look_up_people")
    async def look_up_people(self, order: LookUpPeople) -> People:
        await self._enter("look_up_people")
        known = [one for one in order.slack_ids if one not in self.gone]
        zones = self.zones.get
        return People(found=[Person(slack_id=one, time_zone=zones(one, "")) for one in known])

    @activity.defn(name="find_owner")
    async def find_owner(self, order: FindOwner) -> Owner:
        await self._enter("find_owner")
        turns = sorted(
            order.rota or self.coordinators, key=lambda one: one.slack_id in order.involved
        )
        return Owner(person=turns[0] if turns else None)

    # ---- Airtable ---------------------------------------------------------------------------

    @activity.defn(name="record")
    async def record(self, records: Records) -> None:
        await self._enter("record")
        row = records.request
        self.rows[row.request_id] = row
        self.row_history.append(row)
        for note in records.notes:
            self.notes[note.note_id] = note
        await self._notify()

    @activity.defn(name="find_candidates")
    async def find_candidates(self, order: FindCandidates) -> Candidates:
        await self._enter("find_candidates")
        wish = wish_of(order, self.never_pairs)
        return Candidates(found=best_placed(self.mentors.values(), wish))

    @activity.defn(name="check_mentor")
    async def check_mentor(self, order: CheckMentor) -> MentorCheck:
        await self._enter("check_mentor")
        if self.roster_is_away:
            known = order.known if order.wish else None
            return MentorCheck(mentor=known, refusal=None if known else Notice.CANNOT_CHECK)
        mentor = self.mentors.get(order.slack_id)
        if mentor is None:
            return MentorCheck(refusal=Notice.NOT_A_MENTOR)
        if cannot_claim(mentor, order.now):
            return MentorCheck(refusal=Notice.NO_ROOM)
        if frozenset({order.slack_id, order.mentee}) in self.never_pairs:
            return MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
        return MentorCheck(mentor=mentor)

    @activity.defn(name="pause_mentor")
    async def pause_mentor(self, order: PauseMentor) -> None:
        await self._enter("pause_mentor")
        status = "Snoozed" if order.until else "Available"
        changes = {"status": status, "snoozed_until": order.until}
        mentor = self.mentors[order.slack_id]
        self.mentors[order.slack_id] = mentor.model_copy(update=changes)

    # ---- faults -----------------------------------------------------------------------------

    async def _enter(self, *names: str) -> None:
        for name in names:
            self.attempts[name] += 1
            await self._notify()
            if gate := self.gates.get(name):
                await self._wait_at(gate)
            if why := self.refusing.get(name):
                raise ApplicationError(why, non_retryable=True)
            if why := self.failing.get(name):
                raise ApplicationError(why, next_retry_delay=self.retry_after)

    @staticmethod
    async def _wait_at(gate: asyncio.Event) -> None:
        """Heartbeat while held, as the real activities do: a cancellation is heard."""
        while not gate.is_set():
            if activity.info().heartbeat_timeout:
                activity.heartbeat()
            try:
                await asyncio.wait_for(asyncio.shield(gate.wait()), 0.2)
            except TimeoutError:
                continue

    async def _notify(self) -> None:
        async with self._happened:
            self._happened.notify_all()


def wish_of(order: FindCandidates, never_pairs: Collection[Pair]) -> Wish:
    """In a community without aliases of skills."""
    return Wish(
        service=order.service,
        skills=order.skills,
        index=SkillIndex([]),
        mentee=order.mentee,
        excluded=order.excluded,
        never_pairs=never_pairs,
        now=order.now,
        cap_lifted=order.cap_lifted,
    )


def _buttons(card: cards.Card) -> list[str]:
    found = [
        element["action_id"]
        for block in card.blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button" and "url" not in element
    ]
    return [str(action_id) for action_id in found]


def _draw(ref: CardRef, view: RequestView) -> cards.Card:
    return cards.render(ref.kind, view, to=ref.to, links=LINKS, number=ref.number)
