"""A request that starts while all sending is paused knows it from its first moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from clients.requests import TemporalAwayError
from domain.models import Person
from domain.sending import SendingState
from settings import CoordinatorSettings
from starter.sending import REMEMBERED, RememberedSending
from tests.starter.house import house


@dataclass
class Switch:
    paused: bool = False
    away: bool = False
    silent: bool = False
    asked: int = 0
    clock: float = 100.0
    sending: RememberedSending = field(init=False)

    def __post_init__(self) -> None:
        self.sending = RememberedSending(self, clock=lambda: self.clock)

    async def state(self) -> SendingState:
        self.asked += 1
        if self.silent:
            await asyncio.Event().wait()
        if self.away:
            raise TemporalAwayError
        return SendingState(paused=self.paused)


@pytest.mark.parametrize("paused", [True, False])
async def test_a_request_starts_with_the_switch_as_it_stands_and_with_the_rota(
    paused: bool,
) -> None:
    rota = [Person(slack_id="U0PAT"), Person(slack_id="U0LUZ")]
    async with house(sending=Switch(paused=paused).sending, rota=rota) as at:
        await at.send()
    [start] = at.requests.started
    assert start.sending_paused is paused
    assert start.rota == rota


async def test_the_switch_is_asked_again_after_five_seconds() -> None:
    switch = Switch()
    assert not await switch.sending.is_paused()
    switch.paused = True
    assert not await switch.sending.is_paused()
    assert switch.asked == 1
    switch.clock += REMEMBERED
    assert await switch.sending.is_paused()
    assert switch.asked == 2


@pytest.mark.parametrize("trouble", ["away", "silent"])
async def test_a_switch_that_can_not_be_read_stands_in_nobodys_way(
    trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starter.sending.PATIENCE", 0.01)
    switch = Switch(paused=True, away=trouble == "away", silent=trouble == "silent")
    assert not await switch.sending.is_paused()
    assert not await switch.sending.is_paused()
    assert switch.asked == 1, "nor is everybody made to wait for it"


def coordinators(**variables: Any) -> CoordinatorSettings:
    return CoordinatorSettings(_env_file=None, **variables)


def test_the_rota_is_a_list_of_slack_ids_or_the_whole_channel() -> None:
    assert [one.slack_id for one in coordinators(rota="U0PAT, W0LUZ,").people()] == [
        "U0PAT",
        "W0LUZ",
    ]
    assert coordinators().people() == coordinators(rota="channel").people() == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("rota", "U0PAT,@luz"),
        ("roll_up_at", "900"),
        ("roll_up_at", "25:00"),
        ("time_zone", "New York"),
    ],
)
def test_a_setting_that_can_not_be_meant_is_refused(setting: str, value: str) -> None:
    with pytest.raises(ValueError, match=setting):
        coordinators(**{setting: value})
