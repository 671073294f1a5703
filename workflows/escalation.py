"""The steps of the ladder that ask nobody new: reminders, words, coordinators, the breach."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.people import PeopleActivities
    from domain import ladder
    from domain.memory import Answer
    from domain.models import Candidate, Person
    from domain.policy import StepKind
    from domain.state import NOTHING_SLIPS, RequestState
    from domain.view import CardKind
    from domain.work import COORDINATORS, FindOwner
    from workflows.asking import Asking
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.outbox import Outbox
    from workflows.profiles import LOOK_UP, ORDINARY
    from workflows.projections import Projections

BEST_PLACED = 3
"""Names in the warning before the breach."""
TOO_FRESH = timedelta(hours=2)
"""Who was asked so lately is not reminded yet."""


class Escalation:
    """Takes steps; whether and when they are due is the ladder's matter."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        outbox: Outbox,
        asking: Asking,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._outbox = outbox
        self._asking = asking
        self._background = background
        self._projections = projections
        self._calling = False

    @property
    def is_calling(self) -> bool:
        """The coordinators' card is being written just now."""
        return self._calling

    async def take(self, rung: ladder.Rung) -> None:
        """Do one step; waves are the search's own."""
        state = self._state
        match rung.step.do:
            case StepKind.REMIND:
                await self._remind()
            case StepKind.BUMP:
                await self._bump()
            case StepKind.COORDINATORS:
                await self.call_coordinators()
            case StepKind.UPDATE_MENTEE:
                await self._update_mentee()
            case StepKind.WARN_OWNER:
                await self._warn_owner()
            case StepKind.REMIND_OWNER:
                # the daily roll-up reads this from the step; the card shows it, too
                state.mark_unpainted(CardKind.COORDINATORS)
            case StepKind.PARK:
                await self._park()
            case _:
                workflow.logger.error("The policy names a step that this release does not know")

    # ---- mentors and mentee -----------------------------------------------------------------

    def remind_silent(self, *, by: str = "") -> int:
        """One reminder to those asked who have not answered, each in their waking hours.

        Who gives the order (``by``) has the request before their eyes already.
        """
        state, now = self._state, workflow.now()
        holder = state.hold.mentor.slack_id if state.hold else ""
        standing = [
            ask
            for ask in state.silent(now)
            if now - ask.at >= TOO_FRESH
            and ask.mentor.slack_id not in (holder, by)
            and state.card(CardKind.ASK, ask.mentor.slack_id).message is not None
        ]
        reached = self._outbox.send(CardKind.REMINDER, *(ask.mentor for ask in standing))
        for ask in standing:
            ask.reminded = ask.mentor.slack_id in reached
        return len(reached)

    async def _remind(self) -> None:
        if self._state.rules >= NOTHING_SLIPS:
            self.remind_silent()
            return
        silent = self._state.silent(workflow.now())
        reminders = []
        for ask in silent:
            card = self._state.card(CardKind.ASK, ask.mentor.slack_id)
            if reminder := self._desk.under(card, CardKind.REMINDER):
                reminders.append(reminder)
        if not reminders:
            return
        about = f"remind {len(reminders)}"
        posted = await self._desk.post(*reminders, about=about, recallable=True)
        reached = {card.to for card in posted.cards}
        for ask in silent:
            ask.reminded = ask.mentor.slack_id in reached

    async def _bump(self) -> None:
        channel_card = self._state.card(CardKind.CHANNEL)
        number = self._steps_taken()
        if bump := self._desk.under(channel_card, CardKind.BUMP, number=number):
            await self._desk.post(bump, recallable=True)

    async def _update_mentee(self) -> None:
        state = self._state
        state.updates += 1
        state.choice = ""
        if state.rules >= NOTHING_SLIPS:
            self._outbox.send(CardKind.UPDATE, state.mentee, number=state.updates)
            return
        number = self._steps_taken()
        update = self._desk.to_person(CardKind.UPDATE, state.mentee.slack_id, number=number)
        await self._desk.post(update, recallable=True)

    def _steps_taken(self) -> int:
        """Steps behind it, the first wave aside: numbers what may be said more than once."""
        state = self._state
        start = {rung.number for rung in ladder.rungs(state.start.policy) if not rung.after}
        return len([number for number in state.progress.taken if number not in start])

    # ---- coordinators -----------------------------------------------------------------------

    async def call_coordinators(self, *, nobody: bool = False) -> None:
        """Bring the request to the coordinators' eyes: one card, however often it is called."""
        state = self._state
        state.no_candidates = state.no_candidates or nobody
        self._projections.changed("coordinators called")
        card = state.card(CardKind.COORDINATORS)
        if card.message:
            state.mark_unpainted(CardKind.COORDINATORS)
            await self._find_owner()
        elif not self._calling:
            self._calling = True
            await self._find_owner()
            await self._desk.post(self._desk.to_channel(CardKind.COORDINATORS, COORDINATORS))
            self._calling = False

    def breach(self) -> None:
        """The promised time has passed without a response: recorded, and the owner called."""
        state = self._state
        if not state.waits:
            return
        state.wait.breached = True
        stale = [CardKind.COORDINATORS]
        if state.rules >= NOTHING_SLIPS:
            stale += [CardKind.RECEIVED, CardKind.CHANNEL, CardKind.UPDATE]
        self._projections.changed("the promised time has passed", *stale)
        if state.rules >= NOTHING_SLIPS:
            self._background.run(self._call_owner())

    async def _call_owner(self) -> None:
        """A named ping under the card; where there is no card yet, the card itself is one."""
        if self._state.card(CardKind.COORDINATORS).message is None:
            await self.call_coordinators()
            return
        await self._find_owner()
        await self._under_card(CardKind.OWNER_CALLED, number=len(self._state.waits))

    async def _warn_owner(self) -> None:
        """Before the breach, with the names best placed to help; after it, it is too late."""
        state = self._state
        if state.breached:
            return
        found = await self._asking.candidates()
        if not state.is_searching:
            return
        state.best_placed = self._best(found)
        await self._find_owner()
        self._projections.changed("owner warned", CardKind.COORDINATORS)
        await self._under_card(CardKind.OWNER_WARNED, number=len(state.waits))

    def _best(self, found: list[Candidate]) -> list[Person]:
        declined = {
            ask.mentor.slack_id for ask in self._state.asks if ask.answer is not Answer.WAITING
        }
        fitting = [one for one in found if one.slack_id not in declined]
        kept = set(Person.model_fields)
        return [Person(**one.model_dump(include=kept)) for one in fitting[:BEST_PLACED]]

    async def _park(self) -> None:
        await self._find_owner()
        self._state.parked = True
        owner = self._state.owner
        self._projections.changed(
            f"parked, owned by {owner.slack_id if owner else 'nobody'}", CardKind.COORDINATORS
        )

    def hand_back(self) -> None:
        """Who took it looks after it no more: it is somebody's turn again."""
        self._state.owner, self._state.owner_took_it = None, False
        self._background.run(self._find_owner())

    async def _find_owner(self) -> None:
        """Whoever took it, else whose turn it is: somebody by name, and not one of the pair."""
        state = self._state
        involved = [state.mentee.slack_id, *([state.mentor_id] if state.claim else [])]
        fits = state.owner and (state.owner_took_it or state.owner.slack_id not in involved)
        if fits or state.rules < NOTHING_SLIPS:
            return
        try:
            found = await workflow.execute_activity_method(
                PeopleActivities.find_owner,
                FindOwner(now=workflow.now(), rota=state.start.rota, involved=involved),
                summary="whose turn is it?",
                priority=ORDINARY,
                **LOOK_UP,
            )
        except ActivityError:
            workflow.logger.error("Nobody's turn: the coordinators' channel could not be read")
            return
        if found.person and not state.owner_took_it and found.person != state.owner:
            state.owner = found.person
            self._projections.changed(
                "owner by rota", CardKind.COORDINATORS, by=found.person.slack_id
            )

    async def _under_card(self, kind: CardKind, *, number: int) -> None:
        if self._state.card(CardKind.COORDINATORS).message is None:
            await self.call_coordinators()  # both fell due together, or it is being written
            await workflow.wait_condition(lambda: not self._calling)
        card = self._state.card(CardKind.COORDINATORS)
        if reply := self._desk.under(card, kind, number=number):
            await self._desk.post(reply)
