"""Everything that a request says in Slack goes over this desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.slack import SlackActivities
    from domain import projected
    from domain.base import Decision
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import LIVING_CARDS, CardKind, CardRef, Notice, RequestView
    from domain.work import Group, Listener, OpenGroup, Outgoing, Post, Posted, Tell
    from workflows.background import Background
    from workflows.calls import CalledOffError, result
    from workflows.profiles import CROWD, OPEN_GROUP, POST, TELL, URGENT

_T = TypeVar("_T")

SAY_AGAIN_AFTER = timedelta(minutes=1)


class Desk:
    """Writes messages once each and remembers where the living cards stand.

    While a coordinator has paused all sending, messages wait here; private answers to clicks and
    orders don't.
    """

    def __init__(self, state: RequestState, background: Background) -> None:
        self._state = state
        self._background = background
        self._recallable: list[workflow.ActivityHandle[Any]] = []
        self._recalls = 0

    async def post(
        self,
        *messages: Outgoing,
        about: str = "",
        recallable: bool = False,
        urgent: bool = False,
    ) -> Posted:
        """Write messages and keep the places of living cards.

        What is ``recallable`` (asks, reminders, an introduction) is worth nothing any more once
        things have taken another turn: ``recall`` stops it, and the answer says whom it had
        reached. It lets answers to clicks pass, unless it is ``urgent`` itself.
        """
        if self._state.sending_paused and not await self._let_go_on(recallable=recallable):
            return Posted(recalled=True)
        recalls = self._recalls
        told = {message.card.key: self._state.as_told(message.card) for message in messages}
        kinds = ", ".join(dict.fromkeys(message.card.kind.value for message in messages))
        handle = workflow.start_activity_method(
            SlackActivities.post,
            Post(view=self._view(), messages=list(messages)),
            summary=f"post: {about or kinds}",
            priority=CROWD if recallable and not urgent else URGENT,
            **POST,
        )
        try:
            if recallable:
                posted = await self._recallably(handle)
            else:
                posted = await result(handle)
        except CalledOffError as called_off:
            # nobody knows whom an interrupted post had reached
            reached = messages if called_off.started else ()
            posted = Posted(cards=[message.card for message in reached])
        except ActivityError:
            workflow.logger.error("Messages were refused for good; see the failed activity")
            posted = Posted()
        posted.recalled = recallable and recalls != self._recalls
        for card in posted.cards:
            self._note(card, as_told=told.get(card.key))
        return posted

    def _note(self, card: CardRef, *, as_told: object) -> None:
        """Keep the place of a living card; painting looks for one that may not stand at all."""
        state = self._state
        unsure = card.message is None and state.rules >= NOTHING_SLIPS
        if not unsure:
            self._count(card)
        if card.kind in LIVING_CARDS:
            state.keep_card(card)
            if unsure or state.as_told(card) != as_told:
                state.mark_stale(card.key)

    async def recall(self) -> None:
        """Stop what is recallable and on its way, and wait until it has stopped.

        In their order: commands must come out the same in a replay, so no set here.
        """
        self._recalls += 1
        for handle in list(self._recallable):
            handle.cancel()
        await workflow.wait_condition(lambda: not self._recallable)

    async def _let_go_on(self, *, recallable: bool) -> bool:
        """Wait until sending goes on; False when what was to be said is recalled before."""
        recalls = self._recalls

        def recalled() -> bool:
            return recallable and recalls != self._recalls

        await workflow.wait_condition(lambda: recalled() or not self._state.sending_paused)
        return not recalled()

    async def _recallably(self, handle: workflow.ActivityHandle[_T]) -> _T:
        self._recallable.append(handle)
        try:
            return await result(handle)
        finally:
            self._recallable.remove(handle)

    async def open_group(self, people: list[str]) -> Group:
        """The group DM of these people and the app.

        Raises:
            CalledOffError: it was recalled.
        """
        if self._state.sending_paused and not await self._let_go_on(recallable=True):
            raise CalledOffError(started=False)
        return await self._recallably(
            workflow.start_activity_method(
                SlackActivities.open_group,
                OpenGroup(people=people),
                summary="open the group DM",
                priority=URGENT,
                **OPEN_GROUP,
            )
        )

    def send(self, *messages: Outgoing, about: str = "", recallable: bool = False) -> None:
        """Write messages without waiting for it."""
        if messages:
            self._background.run(self.post(*messages, about=about, recallable=recallable))

    def tell(self, notice: Notice, *clicks: Decision, words: str = "") -> None:
        """Answer people privately, where they clicked, without waiting for it.

        Who clicks again and again is told the same thing once a minute: each answer costs events,
        and a history has an end. ``words`` are what an answer to an order says.
        """
        now, told = workflow.now(), self._state.told
        fresh: dict[str, Decision] = {}
        for click in clicks:
            key = f"{click.by}/{notice.value}"
            if words or key not in told or now - told[key] >= SAY_AGAIN_AFTER:
                told[key] = now
                fresh[key] = click
        if fresh:
            self._background.run(self._whisper(notice, words, *fresh.values()))

    async def _whisper(self, notice: Notice, words: str, *clicks: Decision) -> None:
        try:
            await workflow.execute_activity_method(
                SlackActivities.tell,
                Tell(
                    view=self._view(),
                    notice=notice,
                    listeners=[Listener(slack_id=c.by, channel=c.channel) for c in clicks],
                    words=words,
                ),
                summary=f"tell {len(clicks)}: {notice.value}",
                priority=URGENT,
                **TELL,
            )
        except ActivityError:
            workflow.logger.warning("Somebody who clicked could not be told: %s", notice.value)

    def _view(self) -> RequestView:
        return projected.view(self._state, workflow.now())

    def _count(self, card: CardRef) -> None:
        """Whom this message has reached, for the message budget."""
        readers = [card.to] if card.to else []
        if card.kind in _TO_THE_PAIR:
            readers = [self._state.mentee.slack_id, self._state.mentor_id]
        if card.kind is CardKind.PASSED_ON:
            readers = []  # it stands in the coordinators' channel
        for reader in readers:
            self._state.sent[reader] = self._state.sent.get(reader, 0) + 1

    # ---- addressing -------------------------------------------------------------------------

    def to_person(self, kind: CardKind, slack_id: str, *, number: int = 0) -> Outgoing:
        """A message by DM."""
        return Outgoing(card=self._state.card(kind, slack_id, number), channel=slack_id)

    def to_channel(self, kind: CardKind, channel: str) -> Outgoing:
        return Outgoing(card=self._state.card(kind), channel=channel)

    def to_group(self, kind: CardKind, *, number: int = 0) -> Outgoing:
        """A message to the pair, in their group DM; the card is marked as this mentor's."""
        card = self._state.card(kind, self._state.mentor_id, number)
        return Outgoing(card=card, channel=self._state.group_channel)

    def under(
        self, card: CardRef, kind: CardKind, *, number: int = 0, to: str = ""
    ) -> Outgoing | None:
        """A reply under a card; None where the card's place is not known.

        ``to`` is who it is about, if that is not who the card is for.
        """
        place = self._state.cards.get(card.key, card).message
        if place is None:
            return None
        reply = self._state.card(kind, to or card.to, number)
        return Outgoing(card=reply, channel=place.channel, thread=place)


_TO_THE_PAIR = frozenset(
    {CardKind.INTRODUCTION, CardKind.PROPOSAL, CardKind.SESSION_SET, CardKind.WITHDRAWN}
)
