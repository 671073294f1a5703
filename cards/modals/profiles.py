"""What a mentor says of themselves: the form for sign-up and for changes, and its two searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

from cards.blocks import Block, View, field, option, plain, section
from cards.ids import Action, Callback, Field
from cards.modals.frame import modal, written
from cards.text import clean, escape
from cards.values import ProfileContext
from domain.mentor_messages import MentorProfile
from domain.models import Service, Skill
from domain.text import shortened

MAX_NAME = 80
MAX_BIO = 1000
MOST_MENTEES = 10
MOST_ASKS = 10
MAX_OPTION = 75
"""Characters in an option's text and value (Slack)."""
MAX_OPTIONS = 100
MOST_CHECKBOXES = 10
"""Options in a group of checkboxes (Slack); more services than that become a list."""
ACCEPTED = "accepted"


def one_moment() -> View:
    """Shown at once: a form must open within three seconds, and what it says is looked up first."""
    return modal(Callback.WORD, "Your profile", [section("One moment, please…")])


def profile(
    known: MentorProfile,
    services: Sequence[Service],
    form: ProfileContext,
    *,
    code_of_conduct_url: str = "",
) -> View:
    """The form as it is filled in so far; the code of conduct is asked at sign-up only.

    Args:
        known: with ``record_id`` (or else the name) of skills and services as in ``services``.
    """
    blocks = [
        field(
            Field.SHOWN_NAME,
            "Your name, as mentees read it",
            _line(known.shown_name, MAX_NAME),
        ),
        _skills(known),
        field(Field.SERVICES, "How would you like to help?", _services(known, services)),
        field(
            Field.MAX_MENTEES,
            "How many mentees at once?",
            _number(known.max_mentees, 0, MOST_MENTEES),
            hint="0 means none just now: you stay on the list, and nobody asks you.",
        ),
        field(
            Field.WEEKLY_ASKS,
            "How many requests a week may we ask you about?",
            _number(known.weekly_asks, 1, MOST_ASKS),
            hint="At most. You are free to say no to any of them.",
        ),
        _time_zone(known.time_zone),
        *_quiet_hours(known),
        field(
            Field.BIO,
            "A few words about you",
            written(MAX_BIO, initial=clean(known.bio)),
            hint="What you do, and what you like to help with. Mentees may read it.",
            optional=True,
        ),
    ]
    if form.signs_up:
        blocks += _code_of_conduct(code_of_conduct_url)
    return modal(
        Callback.PROFILE,
        "Become a mentor" if form.signs_up else "Your profile",
        blocks,
        submit="Sign up" if form.signs_up else "Save",
        form=form,
    )


def _line(text: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    if words := " ".join(clean(text).split())[:most]:
        element["initial_value"] = words
    return element


def _number(value: int, least: int, most: int) -> Block:
    """Bounds give way to what somebody has already (in Airtable): it stays as it is."""
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(value),
        "min_value": str(min(least, value)),
        "max_value": str(max(most, value)),
    }


def _searched(search: Action, kind: str, placeholder: str) -> Block:
    return {
        "type": kind,
        "min_query_length": 0,
        "placeholder": plain(placeholder),
        "action_id": search.value,
    }


def _skills(known: MentorProfile) -> Block:
    chooser = _searched(Action.FIND_SKILL, "multi_external_select", "Search, e.g. js or Python")
    if known.skills:
        chooser["initial_options"] = [skill_option(skill) for skill in known.skills][:MAX_OPTIONS]
    return _with_search(
        field(
            Field.SKILLS,
            "Your skills",
            chooser,
            hint="Requests for these come to you first.",
            optional=True,
        ),
        Action.FIND_SKILL,
    )


def _time_zone(name: str) -> Block:
    chooser = _searched(Action.FIND_TIME_ZONE, "external_select", "Search by city, e.g. Chicago")
    if name:
        chooser["initial_option"] = time_zone_option(name)
    return _with_search(
        field(
            Field.TIME_ZONE,
            "Your time zone",
            chooser,
            hint="Type the nearest big city. Sessions and quiet hours go by it.",
        ),
        Action.FIND_TIME_ZONE,
    )


def _with_search(block: Block, search: Action) -> Block:
    block["element"]["action_id"] = search.value
    return block


def _services(known: MentorProfile, services: Sequence[Service]) -> Block:
    options = [option(shortened(one.name, MAX_OPTION), service_value(one)) for one in services]
    chosen = {service_value(one) for one in known.services}
    initial = [one for one in options if one["value"] in chosen]
    element: Block = {"type": "checkboxes", "options": options}
    if len(options) > MOST_CHECKBOXES:
        element = {
            "type": "multi_static_select",
            "options": options[:MAX_OPTIONS],
            "placeholder": plain("Choose at least one"),
        }
    if initial:
        element["initial_options"] = initial
    return element


def _quiet_hours(known: MentorProfile) -> list[Block]:
    quiet = known.quiet_hours
    return [
        field(
            Field.QUIET_FROM,
            "Quiet hours: from",
            _clock(quiet.start if quiet else None),
            hint="We ask and remind you at no time between the two. Empty: the community's hours.",
            optional=True,
        ),
        field(
            Field.QUIET_UNTIL,
            "Quiet hours: until",
            _clock(quiet.end if quiet else None),
            hint="The same time in both means that you have no quiet hours.",
            optional=True,
        ),
    ]


def _clock(at: time | None) -> Block:
    element: Block = {"type": "timepicker", "placeholder": plain("Choose a time")}
    if at:
        element["initial_time"] = f"{at:%H:%M}"
    return element


def _code_of_conduct(url: str) -> list[Block]:
    link = [section(f"Please read our <{escape(url)}|code of conduct> first.")] if url else []
    consent: Block = {
        "type": "checkboxes",
        "options": [option("I have read and accept the community's code of conduct", ACCEPTED)],
    }
    return [*link, field(Field.CODE_OF_CONDUCT, "Code of conduct", consent)]


# ---- options ------------------------------------------------------------------------------------


def skill_value(skill: Skill) -> str:
    return skill.record_id or skill.name[:MAX_OPTION]


def service_value(service: Service) -> str:
    return service.record_id or service.name[:MAX_OPTION]


def skill_option(skill: Skill, alias: str = "") -> Block:
    """``alias`` is what the search has found it by, e.g. "JavaScript (js)"."""
    text = f"{skill.name} ({alias})" if alias else skill.name
    return option(shortened(text, MAX_OPTION), skill_value(skill))


def skill_options(found: Iterable[tuple[Skill, str]]) -> list[Block]:
    return [skill_option(skill, alias) for skill, alias in list(found)[:MAX_OPTIONS]]


def time_zone_option(name: str) -> Block:
    """The city first: "Chicago (America/Chicago)"."""
    city = name.rsplit("/", 1)[-1].replace("_", " ")
    text = f"{city} ({name})" if "/" in name else name
    return option(shortened(text, MAX_OPTION), name[:MAX_OPTION])


def time_zone_options(found: Iterable[str]) -> list[Block]:
    return [time_zone_option(name) for name in list(found)[:MAX_OPTIONS]]


# ---- afterwards ---------------------------------------------------------------------------------


def saved(*, signed_up: bool, active: bool) -> str:
    """What is said once the form is on its way."""
    if not signed_up:
        return "Your profile is saved. It counts from now on."
    if not active:
        return (
            "Thank you for signing up. A coordinator looks at your profile first; requests may "
            "come to you after that. Whenever you like, change it in App Home."
        )
    return (
        "Welcome, and thank you! Requests that fit come to you by direct message. Say no to any of "
        "them, or “Not this week” to all, in one tap. App Home shows how you stand."
    )
