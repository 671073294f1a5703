"""Words to the coordinators and their answers: typed to the bot, or sent with a form."""

from __future__ import annotations

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.messages import AskCoordinator
    from domain.models import Person
    from domain.orders import AnswerPerson
    from domain.state import RequestState
    from domain.view import CardKind, WordView
    from workflows.background import Background
    from workflows.desk import Desk
    from workflows.escalation import Escalation
    from workflows.projections import Projections

MOST_WORDS = 200
"""Messages passed on in one request: each is kept in the state, and a history has an end."""


class Correspondence:
    """Passes words on, privately: they stand in the thread of the coordinators' card."""

    def __init__(
        self,
        state: RequestState,
        *,
        desk: Desk,
        escalation: Escalation,
        background: Background,
        projections: Projections,
    ) -> None:
        self._state = state
        self._desk = desk
        self._escalation = escalation
        self._background = background
        self._projections = projections
        self._one_at_a_time = asyncio.Lock()

    def pass_on(self, words: AskCoordinator) -> bool:
        """Put somebody's words to the coordinators, once; False when there were too many."""
        state = self._state
        if words.message and words.message in state.heard:
            return True
        if len(state.words) >= MOST_WORDS:
            return False
        if words.message:
            state.heard.append(words.message)
        word = self._keep(words.by, words.text)
        self._projections.changed("wrote to the coordinators", by=words.by)
        self._background.run(self._show(word))
        return True

    def answer(self, order: AnswerPerson) -> str:
        """Send a coordinator's answer; returns why it can't be, "" when it can."""
        state = self._state
        writers = {word.by.slack_id for word in state.words if not word.to}
        if order.to not in writers:
            return "There is nobody to answer: this person has not written about this request."
        if len(state.words) >= MOST_WORDS:
            return "There were too many messages in this request. Please write to them directly."
        answered_by = Person(slack_id=order.by, name=order.name)
        word = self._keep(order.by, order.text, name=order.name, to=order.to, answers=order.answers)
        for earlier in state.words:
            if earlier.number == order.answers and not earlier.to:
                earlier.answered_by = answered_by
                state.mark_card_unpainted(CardKind.PASSED_ON, earlier.by.slack_id, earlier.number)
        self._projections.changed("answered", by=order.by)
        self._desk.send(self._desk.to_person(CardKind.ANSWER, order.to, number=word.number))
        return ""

    def _keep(
        self, by: str, text: str, *, name: str = "", to: str = "", answers: int = 0
    ) -> WordView:
        state = self._state
        word = WordView(
            number=len(state.words) + 1,
            by=Person(slack_id=by, name=name) if to else state.person(by),
            role=None if to else state.role_of(by),
            to=to,
            text=text,
            at=workflow.now(),
            answers=answers,
        )
        state.words.append(word)
        return word

    async def _show(self, word: WordView) -> None:
        """In the thread, in the order in which they were written."""
        async with self._one_at_a_time:
            card = self._state.card(CardKind.COORDINATORS)
            if card.message is None:
                await self._escalation.call_coordinators()
                await workflow.wait_condition(lambda: not self._escalation.is_calling)
            writer, number = word.by.slack_id, word.number
            below = self._desk.under(card, CardKind.PASSED_ON, number=number, to=writer)
            if below:
                await self._desk.post(below)
