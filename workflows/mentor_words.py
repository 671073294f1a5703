"""What a mentor's workflow says: words to the mentor, letters to the requests that asked them."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.mentor_words import MentorWordActivities
    from activities.program import ProgramActivities
    from domain import ids
    from domain.availability import Availability
    from domain.mentor_memory import MentorWord
    from domain.mentor_work import WordWritten, WriteWord
    from workflows.background import Background
    from workflows.profiles import ASK_SWITCH, ORDINARY, WRITE_WORD

LOOK_AGAIN = timedelta(hours=1)
"""While all sending is paused, or Slack refuses."""


class MentorWords:
    """Each word is written once, in waking hours, and redrawn once it is answered."""

    def __init__(self, state: Availability, background: Background) -> None:
        self._state = state
        self._background = background
        self._at_work: list[MentorWord] = []

    # ---- words to the mentor -----------------------------------------------------------------

    def deadlines(self) -> dict[str, datetime]:
        """When the next word is to be written (UTC)."""
        waiting = [word.due for word in self._state.words if self._waits(word)]
        return {"a message to them": min(waiting)} if waiting else {}

    @property
    def situation(self) -> object:
        """What is to be written or redrawn."""
        at_work = [word.number for word in self._at_work]
        return at_work, [(word.number, word.answer, word.due) for word in self._state.words]

    def write_due(self) -> None:
        """Write what is due, and redraw what has been answered."""
        now = workflow.now()
        self._state.forget_old_words([word.number for word in self._at_work])
        for word in self._state.words:
            stale = word.place is not None and word.answer != word.drawn
            if word not in self._at_work and (stale or (self._waits(word) and word.due <= now)):
                self._at_work.append(word)
                self._background.run(self._write(word))

    def _waits(self, word: MentorWord) -> bool:
        unsent = word.place is None and not word.lost and not word.answer
        return unsent and word not in self._at_work

    async def _write(self, word: MentorWord) -> None:
        try:
            await self._write_once(word)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            workflow.logger.error("A message to a mentor could not be written; trying again later")
            word.due = workflow.now() + LOOK_AGAIN
            word.drawn = word.answer if word.place else word.drawn
        finally:
            self._at_work.remove(word)

    async def _write_once(self, word: MentorWord) -> None:
        state, now = self._state, workflow.now()
        if word.place is None and (waking := state.waking(now)) > now:
            word.due = waking  # it may be their next evening by now
            return
        if word.place is None and await self._is_paused():
            word.due = workflow.now() + LOOK_AGAIN
            return
        answer = word.answer
        if answer and word.place is None:
            return  # settled meanwhile, and never sent
        written: WordWritten = await workflow.execute_activity_method(
            MentorWordActivities.write_word,
            WriteWord(
                slack_id=state.slack_id,
                key=ids.mentor_word_key(state.slack_id, word.kind.value, word.number),
                kind=word.kind,
                answer=answer,
                until=state.rest.until if state.rest else None,
                place=word.place,
            ),
            summary=f"{word.kind.value}: {answer or 'asked'}",
            priority=ORDINARY,
            **WRITE_WORD,
        )
        word.drawn = answer
        word.place = written.place or word.place
        word.lost = word.place is None

    async def _is_paused(self) -> bool:
        return await workflow.execute_activity_method(
            ProgramActivities.is_sending_paused, summary="is all sending paused?", **ASK_SWITCH
        )

    # ---- letters to requests -----------------------------------------------------------------

    async def deliver_letters(self) -> None:
        """One after the other, in their order; never returns."""
        letters = self._state.letters
        while True:
            await workflow.wait_condition(lambda: bool(self._state.letters))
            letters = self._state.letters
            letter = letters[0]
            request = workflow.get_external_workflow_handle(ids.workflow_id(letter.request_id))
            try:
                await request.signal(letter.news.signal, letter.news)
            except FailureError as error:
                if is_cancelled_exception(error):
                    raise
                # the request has ended: nobody there whom it would concern
            letters.pop(0)
