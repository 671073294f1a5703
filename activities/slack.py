"""What requests do in Slack. Every message is written once, however often its activity runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from temporalio import activity

import cards
from activities import keys
from activities.errors import HourlyAlerts, from_slack
from activities.heartbeat import heartbeats, is_recalled
from activities.voice import Voice, finish
from cards.roll_up import roll_up
from cards.wording import Reworded
from clients.requests import TemporalAwayError
from clients.slack import (
    Slack,
    SlackError,
    SlackGoneError,
    SlackPayloadError,
    SlackRecipientError,
    SlackSystemError,
)
from domain.links import Links
from domain.mentor_messages import MayAsk, No, Permit
from domain.roll_up import PostRollUp
from domain.view import CardRef, MessageRef, RequestView
from domain.work import (
    COORDINATORS,
    MENTORS,
    Group,
    Listener,
    OpenGroup,
    Outgoing,
    Post,
    Posted,
    Repaint,
    Repainted,
    Tell,
    Told,
)

PATIENT_ATTEMPTS = 4
"""From this attempt on a wave goes on without mentors whose own workflows do not answer."""
GIVE_UP_AFTER = 2
"""Of those before it: when so many do not answer, it is not about one mentor."""

_T = TypeVar("_T")
_P = TypeVar("_P", Posted, Repainted, Told)


@dataclass(frozen=True)
class Channels:
    """Ids of the configured conversations."""

    mentors: str
    coordinators: str

    def resolve(self, name: str) -> str:
        return {MENTORS: self.mentors, COORDINATORS: self.coordinators}.get(name, name)


class MentorDoors(Protocol):
    """Asks mentors' own workflows; see ``clients.mentors``."""

    async def may_ask(self, slack_id: str, wish: MayAsk) -> Permit: ...


@dataclass(frozen=True)
class _Refusal:
    """A message that Slack did not take, and why."""

    message: Outgoing
    error: SlackPayloadError | SlackSystemError


class SlackActivities:
    """Posts, edits and private words; the words themselves come from ``cards``."""

    def __init__(
        self,
        slack: Slack,
        channels: Channels,
        links: Links,
        mentors: MentorDoors,
        *,
        texts: Callable[[], Mapping[str, str]] = dict,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``texts`` are the coordinators' own words (Message Text), as far as they are known."""
        self._hourly = HourlyAlerts(clock)
        self._voice = Voice(slack, self._hourly)
        self._mentors = mentors
        self._channels = channels
        self._links = links
        self._wording = Reworded(texts, self._hourly.error)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [
            self.post,
            self.repaint,
            self.tell,
            self.open_group,
            self.post_roll_up,
        ]

    @activity.defn
    async def post(self, order: Post) -> Posted:
        """Write each message once; on a cancellation, answer with those that were written.

        Of several messages, one that Slack refuses doesn't hold up the others.
        """
        posted = _progress(Posted) or Posted()
        refused: list[_Refusal] = []
        unanswered: list[Outgoing] = []
        settled = {*(card.key for card in posted.cards), *posted.unreachable, *posted.withheld}
        retried = activity.info().attempt > 1
        try:
            async with heartbeats(posted):
                for message in order.messages:
                    if settled & {message.card.key, message.card.to}:
                        continue
                    look = retried or message.may_stand
                    try:
                        await finish(self._write(order.view, message, posted, look_first=look))
                    except TemporalAwayError:
                        unanswered.append(message)
                        if len(unanswered) == GIVE_UP_AFTER and not _is_patient():
                            break
                    except (SlackPayloadError, SlackSystemError) as error:
                        if len(order.messages) == 1 or _concerns_all(error):
                            raise
                        refused.append(_Refusal(message, error))
                self._put_aside(refused, posted)
                self._do_without(unanswered, posted)
        except asyncio.CancelledError:
            if not is_recalled():
                raise
            return posted
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
        return posted

    @activity.defn
    async def repaint(self, order: Repaint) -> Repainted:
        """Edit cards to what they should show now; one that is gone counts as done."""
        painted = _progress(Repainted) or Repainted()
        try:
            async with heartbeats(painted):
                for card in order.cards:
                    if card.key not in painted.keys:
                        if not await finish(self._edit(order.view, card)):
                            painted.missing.append(card.key)
                        painted.keys.append(card.key)
        except asyncio.CancelledError:
            if not is_recalled():
                raise
            return painted
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
        return painted

    @activity.defn
    async def tell(self, order: Tell) -> None:
        """Answer people who clicked, where they clicked, visible to them alone."""
        told = _progress(Told) or Told()
        async with heartbeats(told):
            for listener in order.listeners[told.listeners :]:
                card = self._notice(order, listener.slack_id)
                try:
                    await finish(self._whisper(listener, card))
                except SlackError as error:
                    activity.logger.warning("Somebody could not be told: %s", error.code)
                told.listeners += 1

    @activity.defn
    async def open_group(self, order: OpenGroup) -> Group:
        """Open (or find) a group DM; where Slack refuses somebody, say whom."""
        try:
            async with heartbeats():
                answer = await self._voice.call("conversations.open", users=",".join(order.people))
        except SlackRecipientError as error:
            unreachable = [person for person in order.people if not await self._can_reach(person)]
            if not unreachable:
                raise from_slack(error, self._hourly) from error
            return Group(unreachable=unreachable)
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
        return Group(channel=str(answer["channel"]["id"]))

    @activity.defn
    async def post_roll_up(self, order: PostRollUp) -> bool:
        """Write it to the coordinators' channel, one a day; False when there is nothing to say."""
        found = order.roll_up
        card = roll_up(found.entries, found.now, found.more, found.new_mentors)
        if card is None:
            return False
        channel = self._channels.coordinators

        async def write() -> None:
            if not await keys.find(self._voice.call, order.key, channel):
                await self._voice.say(card, order.key, channel)

        try:
            async with heartbeats():
                await finish(write())
        except asyncio.CancelledError:
            if not is_recalled():
                raise
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
        return True

    async def _can_reach(self, person: str) -> bool:
        try:
            await self._voice.call("conversations.open", users=person)
        except SlackRecipientError:
            return False
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
        return True

    def _put_aside(self, refused: list[_Refusal], posted: Posted) -> None:
        """Go on without those that only one message or one person stands in the way of.

        Raises:
            SlackSystemError: it is no one person's trouble, so it will be tried again: a channel
                refuses, or nobody at all could be written to.
        """
        people: list[_Refusal] = []
        for one in refused:
            key = one.message.card.key
            if isinstance(one.error, SlackPayloadError):
                self._voice.alert(key, f"as it is, so it was left out ({one.error.code})")
            elif posted.cards and _is_direct(self._channels.resolve(one.message.channel)):
                people.append(one)
            else:
                raise one.error
        for one in people:
            key = one.message.card.key
            self._voice.alert(key, f"to this person, who was left out ({one.error.code})")
            posted.unreachable.append(one.message.card.to)

    def _do_without(self, unanswered: list[Outgoing], posted: Posted) -> None:
        """Mentors whose own workflows don't answer: tried again at first, then left out.

        Raises:
            TemporalAwayError: it will be tried again.
        """
        if not unanswered:
            return
        if not _is_patient():
            raise TemporalAwayError(f"{len(unanswered)} mentors' workflows do not answer")
        for message in unanswered:
            posted.withheld[message.card.to] = No.UNKNOWN

    # ---- one message ------------------------------------------------------------------------

    async def _write(
        self, view: RequestView, message: Outgoing, posted: Posted, *, look_first: bool
    ) -> None:
        channel = self._channels.resolve(message.channel)
        key, thread = message.card.key, message.thread
        try:
            place = await keys.find(self._voice.call, key, channel, thread) if look_first else None
            if place is None and message.wish is not None:
                permit = await self._mentors.may_ask(message.card.to, message.wish)
                if permit.no is not None:
                    posted.withheld[message.card.to] = permit.no
                    return
            place = place or await self._post(view, message, channel)
        except SlackRecipientError as error:
            activity.logger.warning("Nobody can be reached there: %s", error.code)
            posted.unreachable.append(message.card.to)
            return
        posted.cards.append(message.card.model_copy(update={"message": place}))

    async def _post(self, view: RequestView, message: Outgoing, channel: str) -> MessageRef:
        card = self._render(message.card, view)
        return await self._voice.say(card, message.card.key, channel, message.thread)

    async def _edit(self, view: RequestView, ref: CardRef) -> bool:
        """False if no such card was ever written."""
        try:
            place = ref.message or await keys.find(self._voice.call, ref.key, ref.to)
            if place is None:
                return False
            card = self._render(ref, view)
            await self._voice.redraw(card, place)
        except SlackPayloadError as error:  # plain text would take away buttons that still work
            self._voice.alert(
                ref.key, f"as it should look now, so it stays as it was ({error.code})"
            )
        except (SlackGoneError, SlackRecipientError) as error:
            activity.logger.warning("A card can't be edited any more: %s", error.code)
        return True

    def _render(self, card: CardRef, view: RequestView) -> cards.Card:
        return cards.render(
            card.kind,
            view,
            to=card.to,
            links=self._links,
            number=card.number,
            wording=self._wording(),
        )

    def _notice(self, order: Tell, to: str) -> cards.Card:
        wording = self._wording()
        return cards.notice(order.notice, order.view, to, words=order.words, wording=wording)

    async def _whisper(self, listener: Listener, card: cards.Card) -> None:
        message = {"text": card.text, "blocks": card.blocks}
        if listener.channel:
            try:
                await self._voice.call(
                    "chat.postEphemeral",
                    channel=listener.channel,
                    user=listener.slack_id,
                    **message,
                )
                return
            except SlackError as error:
                activity.logger.warning("No private word there, writing a DM: %s", error.code)
        await self._voice.call("chat.postMessage", channel=listener.slack_id, **message)


def _progress(kind: type[_P]) -> _P | None:
    """What an earlier attempt of this activity had got done, as far as it could report."""
    details = activity.info().heartbeat_details
    return kind.model_validate(details[0]) if details else None


def _is_patient() -> bool:
    return activity.info().attempt >= PATIENT_ATTEMPTS


def _concerns_all(error: SlackError) -> bool:
    return isinstance(error, SlackSystemError) and error.concerns_all


def _is_direct(channel: str) -> bool:
    """A person's id, or the DM with one; a group DM begins with C or G."""
    return channel.startswith(("U", "W", "D"))
