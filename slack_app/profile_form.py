"""A mentor's profile, at sign-up and for changes: sent to their workflow, which writes the row."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from cards import modals
from cards.ids import Action, Callback, Field
from cards.modals import profiles as form_of
from cards.values import ProfileContext
from clients.slack_user import Account
from domain.mentor_messages import MentorProfile, SaveProfile
from domain.models import Mentor, Service, Skill
from domain.quiet import QuietHours
from domain.skills import SkillIndex
from records.errors import RecordsAwayError
from slack_app import fields, home
from slack_app.clocks import mentor_now
from slack_app.home_data import Known, known
from slack_app.office import Office
from slack_app.payloads import Body, Click, Submission
from slack_app.profile_search import is_time_zone
from slack_app.refusals import FormError
from slack_app.slack_errors import error_name

CATALOG_WITHIN = 1.2
"""Seconds for skills and services: whoever has sent a form waits three at most."""

NOT_KNOWN = (
    "Your profile can't be shown just now, because the community's records do not answer. Please "
    "try again in a few minutes; nothing is lost."
)
_TRY_AGAIN = "We could not look this up just now. Please send the form once more."

_log = logging.getLogger(__name__)
_T = TypeVar("_T", Skill, Service)


def register(app: AsyncApp, office: Office) -> None:
    async def open_form(ack: AsyncAck, body: Body) -> None:
        click = Click.read(body)
        opened = await office.slack.views_open(
            trigger_id=click.by.trigger_id, view=form_of.one_moment()
        )
        office.errands.run(_fill(office, click.user, str(opened["view"]["id"])))
        await ack()

    async def take_form(ack: AsyncAck, body: Body) -> None:
        sent = Submission.read(body)
        form = sent.about(ProfileContext)
        filled = _Filled.read(sent, signs_up=form.signs_up)
        account, offered = await asyncio.gather(office.people.account(sent.user), _offered(office))
        if offered is None:
            raise FormError({Field.SKILLS: _TRY_AGAIN})
        profile = filled.profile(account, offered)
        message = SaveProfile(
            at=max(datetime.now(UTC), form.opened_at),
            profile=profile,
            signs_up=form.signs_up,
            opened_at=form.opened_at,
            active=not office.review_new_mentors,
        )
        await office.mentors.tell(sent.user, message)
        office.errands.run(home.follow(office, sent.user))
        words = form_of.saved(signed_up=form.signs_up, active=message.active)
        await ack(response_action="update", view=modals.word(words))

    app.action(Action.BECOME_MENTOR.value)(open_form)
    app.action(Action.EDIT_PROFILE.value)(open_form)
    app.view(Callback.PROFILE.value)(take_form)


@dataclass(frozen=True)
class Offered:
    """What a mentor can choose from."""

    skills: list[Skill]
    services: list[Service]


async def _offered(office: Office) -> Offered | None:
    """None when the records do not answer in time."""
    try:
        async with asyncio.timeout(CATALOG_WITHIN):
            return Offered(
                *await asyncio.gather(office.catalog.skills(), office.catalog.services())
            )
    except (TimeoutError, RecordsAwayError) as error:
        _log.warning("Skills and services can't be read: %s", error_name(error))
        return None


# ---- opening it ---------------------------------------------------------------------------------


async def _fill(office: Office, slack_id: str, view_id: str) -> None:
    """Put the form in the place of "one moment"."""
    person, now, account = await asyncio.gather(
        known(office, slack_id), mentor_now(office, slack_id), office.people.account(slack_id)
    )
    offered = await _offered(office) if person.complete else None
    if offered is None or not offered.services:
        view = modals.word(NOT_KNOWN)
    else:
        form = ProfileContext(opened_at=now.at, signs_up=not person.is_mentor)
        profile = as_known(person, account, offered)
        view = form_of.profile(
            profile, offered.services, form, code_of_conduct_url=office.code_of_conduct_url
        )
    await office.slack.views_update(view_id=view_id, view=view)


def as_known(person: Known, account: Account, offered: Offered) -> MentorProfile:
    """What the form is filled in with: saved lately, else the row, else what Slack says."""
    if person.overview and person.overview.profile:
        return person.overview.profile
    row = person.row
    if row is None:
        zone = account.person.time_zone
        return MentorProfile(
            shown_name=account.person.name, time_zone=zone if is_time_zone(zone) else ""
        )
    zone = row.time_zone or account.person.time_zone
    services = {one.name: one for one in offered.services}
    return MentorProfile(
        shown_name=row.name or account.person.name,
        bio=row.bio,
        skills=_by_name(row, offered.skills),
        services=[services[name] for name in row.services if name in services],
        max_mentees=min(max(row.max_mentees, 0), 20),
        weekly_asks=min(max(row.weekly_asks, 0), 50),
        time_zone=zone if is_time_zone(zone) else "",
        quiet_hours=row.quiet_hours,
    )


def _by_name(row: Mentor, skills: Sequence[Skill]) -> list[Skill]:
    """Their skills as rows; a skill that was typed by an alias is the row that has it."""
    index = SkillIndex(skills)
    by_key = {index.canonical(one.name): one for one in reversed(skills)}
    exact = {one.name: one for one in skills}
    found = [exact.get(name) or by_key.get(index.canonical(name)) for name in row.skills]
    return list({one.record_id or one.name: one for one in found if one}.values())


# ---- sending it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Filled:
    """What was filled in, as far as it can be looked at without the catalogue."""

    shown_name: str
    skills: list[str]
    services: list[str]
    max_mentees: int
    weekly_asks: int
    time_zone: str
    quiet_hours: QuietHours | None
    bio: str
    accepted: bool

    @classmethod
    def read(cls, sent: Submission, *, signs_up: bool) -> _Filled:
        """Raises: FormError, with everything that is wrong at once."""
        problems: dict[str, str] = {}
        name = " ".join(sent.text(Field.SHOWN_NAME).split())
        if not name:
            problems[Field.SHOWN_NAME] = "Please say by which name mentees know you."
        services = sent.choices(Field.SERVICES)
        if not services:
            problems[Field.SERVICES] = "Please choose at least one."
        zone = sent.choice(Field.TIME_ZONE, Action.FIND_TIME_ZONE)
        if not is_time_zone(zone):
            problems[Field.TIME_ZONE] = "Please choose one from the list; searching by city helps."
        accepted = form_of.ACCEPTED in sent.choices(Field.CODE_OF_CONDUCT)
        if signs_up and not accepted:
            problems[Field.CODE_OF_CONDUCT] = "Mentors need to accept it."
        room = _number(sent, Field.MAX_MENTEES, 0, 20, problems)
        asks = _number(sent, Field.WEEKLY_ASKS, 0, 50, problems)
        quiet = _quiet_hours(sent, zone, problems)
        if problems:
            raise FormError(problems)
        fields.check_length(name, Field.SHOWN_NAME, form_of.MAX_NAME)
        return cls(
            shown_name=name,
            skills=sent.choices(Field.SKILLS, Action.FIND_SKILL),
            services=services,
            max_mentees=room,
            weekly_asks=asks,
            time_zone=zone,
            quiet_hours=quiet,
            bio=fields.optional(sent, Field.BIO, form_of.MAX_BIO),
            accepted=accepted,
        )

    def profile(self, account: Account, offered: Offered) -> MentorProfile:
        """Raises: FormError: a choice is not in the records any more."""
        return MentorProfile(
            shown_name=self.shown_name,
            full_name=account.full_name,
            slack_name=account.handle,
            email=account.email,
            bio=self.bio,
            skills=_chosen(
                self.skills,
                {form_of.skill_value(one): one for one in offered.skills},
                Field.SKILLS,
            ),
            services=_chosen(
                self.services,
                {form_of.service_value(one): one for one in offered.services},
                Field.SERVICES,
            ),
            max_mentees=self.max_mentees,
            weekly_asks=self.weekly_asks,
            time_zone=self.time_zone,
            quiet_hours=self.quiet_hours,
            code_of_conduct=self.accepted,
        )


def _chosen(values: Sequence[str], known: dict[str, _T], field: Field) -> list[_T]:
    if any(value not in known for value in values):
        raise FormError({field: "One of these is not offered any more. Please choose again."})
    return [known[value] for value in values]


def _number(sent: Submission, field: Field, least: int, most: int, problems: dict[str, str]) -> int:
    """Slack keeps to the form's own bounds; these are the last resort."""
    number = sent.number(field)
    if number is None or not least <= number <= most:
        problems[field] = f"Please give a whole number from {least} to {most}."
        return 0
    return number


def _quiet_hours(sent: Submission, zone: str, problems: dict[str, str]) -> QuietHours | None:
    start, end = sent.time(Field.QUIET_FROM), sent.time(Field.QUIET_UNTIL)
    if start is None and end is None:
        return None
    if start is None or end is None:
        missing = Field.QUIET_FROM if start is None else Field.QUIET_UNTIL
        problems[missing] = "Please give both times, or leave both empty."
        return None
    return QuietHours(start=start, end=end, time_zone=zone or "UTC")
