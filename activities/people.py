"""Who somebody is in Slack, and whose turn it is to look after requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from temporalio import activity

from activities.errors import HourlyAlerts, from_slack
from activities.heartbeat import heartbeats
from clients.slack import Slack, SlackError, SlackRecipientError
from clients.slack_user import read_person
from domain.models import Person
from domain.rota import in_turn
from domain.work import FindOwner, LookUpPeople, Owner, People


class PeopleActivities:
    """Looks people up; ``coordinators`` is the id of their channel."""

    def __init__(
        self, slack: Slack, coordinators: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slack = slack
        self._coordinators = coordinators
        self._hourly = HourlyAlerts(clock)

    def all(self) -> list[Callable[..., Any]]:
        """Every activity of this class, for the worker."""
        return [self.look_up_people, self.find_owner]

    @activity.defn
    async def look_up_people(self, order: LookUpPeople) -> People:
        """Slack's name and time zone for each; closed and unknown accounts are left out."""
        people = People()
        async with heartbeats():
            for slack_id in order.slack_ids:
                if person := await self._look_up(slack_id):
                    people.found.append(person)
        return people

    @activity.defn
    async def find_owner(self, order: FindOwner) -> Owner:
        """Whose turn it is, a week each: of the rota, else of the coordinators' channel."""
        async with heartbeats():
            members = [one.slack_id for one in order.rota] or await self._members()
            for on_duty in in_turn(members, order.now, last=order.involved):
                if person := await self._look_up(on_duty):
                    return Owner(person=person)
        return Owner()

    async def _members(self) -> list[str]:
        """Everybody in the coordinators' channel, in an order that stays."""
        members: list[str] = []
        cursor = ""
        while True:
            page = await self._call(
                "conversations.members", channel=self._coordinators, limit=200, cursor=cursor
            )
            members.extend(str(member) for member in page.get("members", []))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return sorted(members)

    async def _look_up(self, slack_id: str) -> Person | None:
        """A person who has an account; None for bots and closed accounts."""
        try:
            user = (await self._call("users.info", user=slack_id)).get("user") or {}
        except SlackRecipientError:
            return None
        if user.get("deleted") or user.get("is_bot"):
            return None
        return read_person({"id": slack_id, **user})

    async def _call(self, method: str, **params: Any) -> dict[str, Any]:
        """Raises: SlackRecipientError; every other trouble as Temporal should see it."""
        try:
            return await self._slack.call(method, **params)
        except SlackRecipientError:
            raise
        except SlackError as error:
            raise from_slack(error, self._hourly) from error
