"""Typed words reach the coordinators, once and in order; their answer reaches the writer."""

from __future__ import annotations

import pytest
from temporalio.testing import WorkflowEnvironment

from cards.ids import Action
from clients.requests import RequestGoneError
from domain.messages import AskCoordinator, Cancel
from domain.models import Outcome
from domain.orders import AnswerPerson, Verdict
from domain.view import CardKind
from tests.workflows.community import Community, Message
from tests.workflows.harness import DANA, SAM, asking, four_mentors, request
from tests.workflows.pairs import CASEY, RILEY, asked, happened, introduced, words_of


def answer(to: str, text: str, answers: int = 0) -> AnswerPerson:
    return AnswerPerson(by=CASEY.slack_id, name=CASEY.name, to=to, text=text, answers=answers)


def passed_on(community: Community) -> list[Message]:
    """In the order in which they were written to the thread."""
    return community.of(CardKind.PASSED_ON)


async def test_typed_words_are_passed_on_once_in_their_order_under_one_card(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await introduced(running)
        assert not community.of(CardKind.COORDINATORS), "nothing needed their eyes so far"
        await running.decide(
            AskCoordinator(by=RILEY, text="Is Thursday fine?", message="1.1"),
            AskCoordinator(by=RILEY, text="Is Thursday fine?", message="1.1"),
            AskCoordinator(by=RILEY, text="Or Friday?", message="1.2"),
            AskCoordinator(by=SAM, text="I may be late.", message="1.1b"),
            AskCoordinator(by=DANA, text="Who has it?"),
        )
        await community.until(lambda: len(passed_on(community)) == 4)
        assert len(community.of(CardKind.COORDINATORS)) == 1
        texts = ["Is Thursday fine?", "Or Friday?", "I may be late.", "Who has it?"]
        for card, text in zip(passed_on(community), texts, strict=True):
            assert text in words_of(card)
            assert Action.ANSWER_PERSON in card.buttons
        assert "(mentee) writes" in words_of(passed_on(community)[0])
        assert "(mentor) writes" in words_of(passed_on(community)[2])
        assert "Riley Santos" in words_of(passed_on(community)[0])
        others = [one for one in community.messages.values() if one not in passed_on(community)]
        assert not any(text in words_of(one) for one in others for text in texts), "privately"
        sent = (await running.state()).sent
        assert sent[RILEY] == 2, "their own words cost them nothing of the budget"


async def test_an_answer_reaches_the_writer_with_the_coordinators_name(
    temporal: WorkflowEnvironment,
) -> None:
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        stranger = await running.order(answer(SAM, "Hello?"))
        assert stranger.verdict is Verdict.REFUSED
        assert "has not written about this request" in stranger.words

        await running.decide(
            AskCoordinator(by=RILEY, text="How long?", message="1"),
            AskCoordinator(by=RILEY, text="And who?", message="2"),
        )
        await community.until(lambda: len(passed_on(community)) == 2)
        assert (await running.order(answer(RILEY, "By noon.", answers=2))).verdict is Verdict.DONE
        await community.until(lambda: len(community.of(CardKind.ANSWER)) == 1)
        (dm,) = community.of(CardKind.ANSWER)
        assert dm.channel == f"D{RILEY}"
        assert "*Casey Lin*, a coordinator, writes:" in words_of(dm)
        assert "By noon." in words_of(dm)
        first, second = passed_on(community)
        await community.until(lambda: not second.buttons)
        assert "Answered by Casey Lin" in words_of(second)
        assert Action.ANSWER_PERSON in first.buttons, "the other question is still open"
        assert (await happened(running, "wrote to the coordinators")).by == RILEY
        assert (await happened(running, "answered")).by == CASEY.slack_id


async def test_words_and_answers_at_the_very_end_still_arrive_and_later_ones_have_no_request(
    temporal: WorkflowEnvironment,
) -> None:
    """Where a request is gone, the Slack app puts the words into the coordinators' channel."""
    community = Community(four_mentors())
    async with asking(temporal.client, request(), community) as running:
        await asked(running)
        writing = community.gate("record")
        await running.decide(
            Cancel(by=RILEY), AskCoordinator(by=RILEY, text="Thanks anyway!", message="1")
        )
        await community.until(lambda: len(passed_on(community)) == 1)
        (words,) = passed_on(community)
        assert "Thanks anyway!" in words_of(words)
        assert (await running.order(answer(RILEY, "Any time."))).verdict is Verdict.DONE
        await community.until(lambda: len(community.of(CardKind.ANSWER)) == 1)
        writing.set()
        assert await running.outcome() is Outcome.CANCELLED
        assert not words.buttons
        with pytest.raises(RequestGoneError):
            await running.decide(AskCoordinator(by=RILEY, text="One more thing"))
