"""An ask is written only if the mentor's own workflow says yes at that very moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from temporalio.testing import ActivityEnvironment

from activities.slack import PATIENT_ATTEMPTS, Channels, SlackActivities
from clients.requests import TemporalAwayError
from clients.slack import Slack
from domain.mentor_messages import MayAsk, No, Permit, Terms
from domain.view import CardKind, CardRef
from domain.work import Outgoing, Post, Posted
from tests.activities.community_rows import NOW, Entities
from tests.cards.card_stories import LINKS, asked

REQUEST = "MR-4F6T2QXK5A"
SAM, DANA, KIM = "U0SAM", "U0DANA", "U0KIM"


class Listening(Entities):
    """Mentors' workflows; those of ``deaf`` mentors do not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.deaf: set[str] = set()

    async def may_ask(self, slack_id: str, wish: MayAsk) -> Permit:
        self.asked.append(slack_id)
        if slack_id in self.deaf:
            raise TemporalAwayError("Temporal did not answer in time")
        return await super().may_ask(slack_id, wish)


class Conversations(Slack):
    """What was written to whom, and found again by its key."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient())
        self.written: list[dict[str, Any]] = []

    async def call(self, method: str, *, urgent: bool = False, **params: Any) -> dict[str, Any]:
        if method == "conversations.open":
            return {"channel": {"id": f"D{params['users']}"}}
        if method == "conversations.history":
            person = params["channel"].removeprefix("D")
            return {"messages": [one for one in self.written if one["channel"] == person]}
        assert method == "chat.postMessage"
        self.written.append({**params, "ts": str(len(self.written) + 1)})
        return {"channel": f"D{params['channel']}", "ts": str(len(self.written))}

    @property
    def reached(self) -> list[str]:
        return [message["channel"] for message in self.written]


class House:
    def __init__(self) -> None:
        self.slack, self.mentors = Conversations(), Listening()
        channels = Channels(mentors="C0MENTORS", coordinators="C0COORD")
        self.activities = SlackActivities(self.slack, channels, LINKS, self.mentors)
        self.progress: list[Posted] = []

    async def post(self, *messages: Outgoing, attempt: int = 1) -> Posted:
        """One attempt, which knows of those before it what they last reported."""
        environment = ActivityEnvironment()
        environment.info = replace(
            environment.info, attempt=attempt, heartbeat_details=self.progress[-1:]
        )
        environment.on_heartbeat = lambda *details: self.progress.append(
            details[0].model_copy(deep=True)
        )
        order = Post(view=asked(), messages=list(messages))
        return await environment.run(self.activities.post, order)


@pytest.fixture
def house() -> House:
    return House()


def ask(mentor: str, **wish: Any) -> Outgoing:
    card = CardRef(key=f"{REQUEST}/ask/{mentor}", kind=CardKind.ASK, to=mentor)
    permission = MayAsk(at=NOW, request_id=REQUEST, **wish)
    return Outgoing(card=card, channel=mentor, wish=permission)


def remind(mentor: str) -> Outgoing:
    card = CardRef(key=f"{REQUEST}/reminder/{mentor}", kind=CardKind.REMINDER, to=mentor)
    return Outgoing(card=card, channel=mentor)


def names(posted: Posted) -> list[str]:
    return [card.to for card in posted.cards]


async def test_who_opted_out_since_the_wave_was_planned_gets_no_ask(house: House) -> None:
    house.mentors.of(DANA).opt_out(NOW)
    posted = await house.post(ask(SAM), ask(DANA), ask(KIM))
    assert names(posted) == house.slack.reached == [SAM, KIM]
    assert posted.withheld == {DANA: No.OPTED_OUT}
    assert posted.unreachable == []


async def test_who_was_asked_often_enough_is_left_out_until_the_cap_is_lifted(
    house: House,
) -> None:
    house.mentors.of(SAM).may_ask(MayAsk(at=NOW, request_id="MR-BEFOREHAND"))
    once_a_week = Terms(weekly_asks=1)
    posted = await house.post(ask(SAM, terms=once_a_week))
    assert posted.withheld == {SAM: No.ASKED_ENOUGH}
    house.progress.clear()
    posted = await house.post(ask(SAM, terms=once_a_week, cap_lifted=True))
    assert names(posted) == [SAM]


async def test_a_full_mentor_gets_no_ask(house: House) -> None:
    house.mentors.of(SAM).keep("MR-BEFOREHAND", 1, NOW)
    posted = await house.post(ask(SAM, terms=Terms(max_mentees=1)))
    assert posted.withheld == {SAM: No.FULL}
    assert house.slack.reached == []


async def test_a_message_that_is_no_ask_needs_no_leave(house: House) -> None:
    house.mentors.of(SAM).snooze(NOW + timedelta(days=7), NOW)
    assert names(await house.post(remind(SAM))) == [SAM]
    assert house.mentors.asked == []


async def test_a_mentor_whose_workflow_does_not_answer_holds_up_nobody_else(house: House) -> None:
    house.mentors.deaf = {DANA}
    with pytest.raises(TemporalAwayError):  # and Temporal tries again
        await house.post(ask(SAM), ask(DANA), ask(KIM))
    assert house.slack.reached == [SAM, KIM]


async def test_a_mentor_whose_workflow_answers_later_is_asked_then_and_nobody_twice(
    house: House,
) -> None:
    house.mentors.deaf = {DANA}
    wave = ask(SAM), ask(DANA), ask(KIM)
    with pytest.raises(TemporalAwayError):
        await house.post(*wave)
    house.mentors.deaf = set()
    posted = await house.post(*wave, attempt=2)
    assert sorted(names(posted)) == sorted([SAM, DANA, KIM])
    assert house.slack.reached == [SAM, KIM, DANA]
    assert house.mentors.asked == [SAM, DANA, KIM, DANA]


async def test_a_wave_goes_on_in_the_end_without_a_mentor_whose_workflow_is_silent(
    house: House,
) -> None:
    house.mentors.deaf = {DANA}
    wave = ask(SAM), ask(DANA)
    for attempt in range(1, PATIENT_ATTEMPTS):
        with pytest.raises(TemporalAwayError):
            await house.post(*wave, attempt=attempt)
    posted = await house.post(*wave, attempt=PATIENT_ATTEMPTS)
    assert names(posted) == [SAM]
    assert posted.withheld == {DANA: No.UNKNOWN}


async def test_an_ask_that_stands_already_is_not_withheld_afterwards(house: House) -> None:
    """A worker died after it had written the ask; meanwhile the mentor opts out."""
    await house.post(ask(SAM))
    house.progress.clear()
    house.mentors.of(SAM).opt_out(NOW)
    posted = await house.post(ask(SAM), attempt=2)
    assert names(posted) == [SAM]
    assert posted.withheld == {}
    assert house.slack.reached == [SAM]


async def test_a_no_is_kept_by_the_next_attempt(house: House) -> None:
    house.mentors.of(SAM).opt_out(NOW)
    house.mentors.deaf = {DANA}
    with pytest.raises(TemporalAwayError):
        await house.post(ask(SAM), ask(DANA))
    posted = await house.post(ask(SAM), ask(DANA), attempt=PATIENT_ATTEMPTS)
    assert posted.withheld == {SAM: No.OPTED_OUT, DANA: No.UNKNOWN}
    assert house.mentors.asked.count(SAM) == 1
