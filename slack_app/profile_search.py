"""The two searches of the profile: skills by any of their names, time zones by city. Pure but for
the reading of the skills."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards.ids import Action
from cards.modals import profiles as form
from domain.models import Skill
from domain.skills import distinct, skill_key
from records.errors import RecordsAwayError
from slack_app.office import Office
from slack_app.payloads import Body, Search
from slack_app.slack_errors import error_name

WITHIN = 2.2
"""Seconds: Slack shows what it has within three; an empty list can be searched again."""
REGIONS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)
"""IANA's areas; names outside them are old ones that mean the same."""
EVERYDAY = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "arizona": "America/Phoenix",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
"""What people in the United States call theirs; also what an empty search offers first."""
UTC_ZONE = "UTC"

_log = logging.getLogger(__name__)


def register(app: AsyncApp, office: Office) -> None:
    async def find_skill(ack: AsyncAck, body: Body) -> None:
        typed = Search.read(body).typed
        try:
            async with asyncio.timeout(WITHIN):
                skills = distinct(await office.catalog.skills())
        except (TimeoutError, RecordsAwayError) as error:
            _log.warning("The list of skills stays empty: %s", error_name(error))
            skills = []
        await ack(options=form.skill_options(matching_skills(typed, skills)))

    async def find_time_zone(ack: AsyncAck, body: Body) -> None:
        search = Search.read(body)
        theirs = (await office.people.find(search.by.user)).time_zone
        found = matching_time_zones(search.typed, first=theirs)
        await ack(options=form.time_zone_options(found))

    app.options(Action.FIND_SKILL.value)(find_skill)
    app.options(Action.FIND_TIME_ZONE.value)(find_time_zone)


def matching_skills(typed: str, skills: Iterable[Skill]) -> list[tuple[Skill, str]]:
    """Skills with a name that has what was typed, best first, and the alias that it was found by
    ("" where it is the name itself)."""
    key = skill_key(typed)
    ranked = []
    for skill in sorted(skills, key=lambda one: one.name.casefold()):
        names = [skill.name, *skill.aliases]
        found = [(_rank(key, skill_key(name)), place) for place, name in enumerate(names)]
        rank, place = min(found)
        if rank < _NOT_AT_ALL:
            ranked.append((rank, skill, names[place] if place else ""))
    ranked.sort(key=lambda entry: entry[0])
    return [(skill, alias) for _, skill, alias in ranked]


_NOT_AT_ALL = 3


def _rank(typed: str, name: str) -> int:
    """0: the name itself, 1: its beginning, 2: inside, 3: not at all."""
    if typed == name:
        return 0
    if name.startswith(typed):
        return 1
    return 2 if typed in name else _NOT_AT_ALL


def matching_time_zones(typed: str, *, first: str = "") -> list[str]:
    """IANA names whose city or region has what was typed, best first; ``first`` leads a list for
    which nothing was typed."""
    key = _plain(typed)
    if not key:
        offered = [first] if is_time_zone(first) else []
        return list(dict.fromkeys([*offered, *EVERYDAY.values(), *_time_zones()]))
    everyday = [name for word, name in EVERYDAY.items() if word.startswith(key)]
    ranked = [(_zone_rank(key, name), name) for name in _time_zones()]
    found = [name for rank, name in sorted(ranked) if rank < _NOT_AT_ALL]
    return list(dict.fromkeys([*everyday, *found]))


def is_time_zone(name: str) -> bool:
    """Whether this is a name that IANA knows; older ones count."""
    return name in _all_names()


def _zone_rank(typed: str, name: str) -> int:
    by_city = _rank(typed, _plain(name.rsplit("/", 1)[-1]))
    return by_city if by_city < _NOT_AT_ALL else (2 if typed in _plain(name) else _NOT_AT_ALL)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


@cache
def _all_names() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory"}  # a machine's, nobody's


@cache
def _time_zones() -> tuple[str, ...]:
    current = (name for name in _all_names() if name.split("/", 1)[0] in REGIONS)
    return (*sorted(current), UTC_ZONE)
