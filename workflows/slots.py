"""What a request says to mentors' own workflows: slots held and freed, asks answered or not."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.memory import Tidings
    from domain.mentor_messages import Freed, Kept, Reacted, Reserve, Unanswered
    from domain.state import MENTORS_ROOM, RequestState


class Slots:
    """Follows the state, as row and cards do: whoever has the request holds one slot for it.

    Whatever way a request takes, by the end every slot that may have been held is free again.
    Release 0.2 counted the mentees of a mentor, and held nothing.
    """

    def __init__(self, state: RequestState) -> None:
        self._state = state

    @property
    def settled(self) -> bool:
        """Mentors' workflows know everything."""
        return not self._state.tidings and not self._stray()

    async def follow(self) -> None:
        """Say what is to be said, in its order; never returns."""
        state = self._state
        while True:
            await workflow.wait_condition(lambda: not self.settled)
            for mentor in self._stray():
                state.slots.remove(mentor)
                state.slot_turns += 1
                self._free(mentor)
            while state.tidings:
                await self._send(state.tidings[0])
                state.tidings.pop(0)

    def wish(self, mentor: str, *, by_themselves: bool) -> Reserve:
        """For the check of a claim: hold a slot, too. Until ``decided`` nobody frees it."""
        state = self._state
        if state.rules < MENTORS_ROOM:  # held all the same; the reconciliation frees it
            at, request_id = workflow.now(), state.request_id
            return Reserve(at=at, request_id=request_id, turn=0, by_themselves=by_themselves)
        state.slot_turns += 1
        state.reserving = mentor
        if by_themselves:
            state.forget_silence(mentor)
        if mentor not in state.slots:
            state.slots.append(mentor)
        return Reserve(
            at=workflow.now(),
            request_id=state.request_id,
            turn=state.slot_turns,
            by_themselves=by_themselves,
        )

    def decided(self) -> None:
        """The claim was given or refused: a slot that nobody has use for is free again."""
        self._state.reserving = ""

    def keep(self) -> None:
        """Asked "done?", the pair is not: their mentor's slot is taken again, room or not."""
        state, mentor = self._state, self._state.mentor_id
        if state.rules < MENTORS_ROOM or mentor in state.slots:
            return
        state.slots.append(mentor)
        state.slot_turns += 1
        kept = Kept(at=workflow.now(), request_id=state.request_id, turn=state.slot_turns)
        state.tidings.append(Tidings(mentor=mentor, message=kept))

    def reacted(self, mentor: str) -> None:
        """They answered their ask, one way or the other: nothing is counted against them."""
        self._state.forget_silence(mentor)
        if self._state.rules >= MENTORS_ROOM and self._state.ask_of(mentor):
            news = Reacted(at=workflow.now(), request_id=self._state.request_id)
            self._state.tidings.append(Tidings(mentor=mentor, message=news))

    def unanswered(self, mentor: str) -> None:
        """Their reminder has reached them, in waking hours, and the request is still open."""
        if self._state.rules >= MENTORS_ROOM:
            news = Unanswered(at=workflow.now(), request_id=self._state.request_id)
            self._state.tidings.append(Tidings(mentor=mentor, message=news))

    def _stray(self) -> list[str]:
        """Mentors whose slot we may hold without having use for it."""
        state = self._state
        used = (state.reserving, state.takes_slot_of)
        return [mentor for mentor in state.slots if mentor not in used]

    def _free(self, mentor: str) -> None:
        state = self._state
        freed = Freed(at=workflow.now(), request_id=state.request_id, turn=state.slot_turns)
        state.tidings.append(Tidings(mentor=mentor, message=freed))

    async def _send(self, tidings: Tidings) -> None:
        mentor = workflow.get_external_workflow_handle(ids.availability_id(tidings.mentor))
        try:
            await mentor.signal(tidings.message.signal, tidings.message)
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            # an operator has ended the mentor's workflow; the next one begins with a look at us
            workflow.logger.warning("A mentor's workflow could not be told")
