"""The request form, and the page that says that it arrived."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from aiohttp import web

from clients.requests import RequestError, RequestGoneError, TemporalAwayError
from domain import ids
from domain.models import MAX_DETAILS, MAX_GOAL, Level, Person, RequestStart
from domain.view import RequestView
from records.errors import RecordsAwayError
from starter.clock import moment, span
from starter.directory import DirectoryAwayError, NotAMemberError
from starter.form import Answers, Typed, check
from starter.offer import Offer, offer
from starter.pages import page
from starter.parts import PARTS, Parts

_log = logging.getLogger(__name__)

MAX_FIELDS = 500
"""Fields in one posted form; every skill ticked is a field."""

_FORM_TYPE = "application/x-www-form-urlencoded"


async def show_form(request: web.Request) -> web.Response:
    """The empty form; ``?mentor=`` names somebody who is chosen already, if they can be."""
    parts = request.app[PARTS]
    choices = await offer(parts.catalog, parts.roster, parts.now())
    wanted = request.query.get("mentor", "")
    found = choices.mentor(wanted)
    typed = replace(Typed.blank(), mentor=found.record_id if found else "")
    word = _in_their_place(choices, wanted) if wanted and not found else ""
    return _form(request, typed, choices, word=word)


async def submit(request: web.Request) -> web.Response:
    """Check, find the person, start the request: success is only said once Temporal has it."""
    parts = request.app[PARTS]
    fields = await _posted(request)
    typed = Typed.read(fields)
    try:
        choices = await offer(parts.catalog, parts.roster, parts.now())
    except RecordsAwayError:
        return page(request, "retry.html", {"fields": fields}, status=503)
    if not ids.is_submission(typed.submission):
        notice = "Part of the form was missing, so nothing was sent. Check it and press Send again."
        _, problems = check(typed, choices)
        return _form(
            request, typed.renewed(), choices, problems=problems, notice=notice, status=422
        )

    answers, problems = check(typed, choices)
    person = None
    if "email" not in problems:
        try:
            person = await parts.directory.person_by_email(typed.email)
        except NotAMemberError as error:
            problems = {"email": str(error), **problems}
        except DirectoryAwayError:
            if not problems:
                notice = (
                    "We can’t reach Slack right now to see who you are. "
                    "Nothing was sent, and everything you typed is still here: "
                    "wait a minute, then press Send again."
                )
                return _form(request, typed, choices, notice=notice, status=503)
    wanted = choices.known_mentor(typed.mentor)
    if person and wanted and wanted.slack_id == person.slack_id:
        problems["mentor"] = "You can’t be your own mentor. Choose someone else."
    if answers is None or person is None or problems:
        return _form(request, typed, choices, problems=problems, status=422)
    start = _request(parts, typed, answers, person, paused=await parts.sending.is_paused())
    return await _start(request, typed, choices, start)


async def _start(
    request: web.Request, typed: Typed, choices: Offer, start: RequestStart
) -> web.Response:
    parts = request.app[PARTS]
    try:
        is_new = await parts.requests.start(start)
    except TemporalAwayError as error:
        _log.warning("request %s not started: %s", start.request_id, error.__cause__ or error)
        notice = (
            "Nothing was sent: our system isn’t answering right now. "
            "Everything you typed is still here. Wait a minute, then press Send again."
        )
        return _form(request, typed, choices, notice=notice, status=503)
    if is_new:
        _log.info("request %s started", start.request_id)
        raise _received(start.respond_by)
    earlier = await _earlier(parts, start)
    if earlier is None:
        raise _received(None)
    if await _differs(parts, start):
        notice = (
            "You have already sent a request with this form, and it is under way. Is this "
            "another one? Then press Send again. To change the first, cancel it in Slack."
        )
        return _form(request, typed.renewed(), choices, notice=notice, status=409)
    raise _received(earlier.respond_by)


async def show_received(request: web.Request) -> web.Response:
    """Says nothing about whom the request is for: anybody can type anybody's e-mail."""
    parts = request.app[PARTS]
    by = _read_moment(request.query.get("by", ""), parts.now())
    context = {
        "by": moment(by, "UTC") if by else None,
        "within": span(parts.policy.breach_after),
    }
    return page(request, "received.html", context)


async def _posted(request: web.Request) -> list[tuple[str, str]]:
    """The form's fields. Raises: 400, 413 and 415 as aiohttp's exceptions."""
    if request.content_type != _FORM_TYPE:
        raise web.HTTPUnsupportedMediaType
    try:
        body = await request.read()
    except ConnectionResetError:  # somebody's phone has lost its network: nobody is left to read it
        raise web.HTTPBadRequest from None
    try:
        return parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:  # not UTF-8, or too many fields
        raise web.HTTPBadRequest from None


def _form(
    request: web.Request,
    typed: Typed,
    choices: Offer,
    *,
    problems: dict[str, str] | None = None,
    notice: str = "",
    word: str = "",
    status: int = 200,
) -> web.Response:
    """The form as ``typed``; ``notice`` is about what went wrong, ``word`` about anything else."""
    mentor = choices.mentor(typed.mentor)
    skills = {skill.name for name in typed.skills if (skill := choices.skill(name))}
    context = {
        "typed": typed,
        "offer": choices,
        "chosen_skills": skills,
        "problems": problems or {},
        "chosen_mentor": mentor.record_id if mentor else "",
        "notice": notice,
        "word": word,
        "levels": Level.choices(),
        "max_goal": MAX_GOAL,
        "max_details": MAX_DETAILS,
        "within": span(request.app[PARTS].policy.breach_after),
    }
    return page(request, "form.html", context, status=status)


def _in_their_place(choices: Offer, wanted: str) -> str:
    """A kind word when the mentor of a link can't be chosen now."""
    mentor = choices.known_mentor(wanted)
    who = f"{mentor.name} can’t take anyone new right now" if mentor else _NO_LONGER_LISTED
    return f"{who}. Send your request to anyone who fits, or choose somebody else below."


_NO_LONGER_LISTED = "The mentor this link named isn’t on our list any more"


def _request(
    parts: Parts, typed: Typed, answers: Answers, person: Person, *, paused: bool
) -> RequestStart:
    mentor = answers.mentor
    return RequestStart(
        request_id=ids.request_id_for(typed.submission, person.slack_id),
        submitted_at=parts.now(),
        mentee=person,
        email=answers.email,
        service=answers.service,
        goal=answers.goal,
        details=answers.details,
        skills=answers.skills,
        preferred_mentor=mentor and Person.model_validate(mentor.model_dump()),
        affiliation=answers.affiliation,
        level=answers.level,
        policy=parts.policy,
        rota=list(parts.rota),
        sending_paused=paused,
    )


async def _earlier(parts: Parts, start: RequestStart) -> RequestView | None:
    """The request that this submission started before; None when it can't be looked at."""
    try:
        return await parts.requests.view(start.request_id)
    except (RequestGoneError, TemporalAwayError):
        return None


async def _differs(parts: Parts, start: RequestStart) -> bool:
    """Whether the form was changed (after going back, say) since it was sent the first time."""
    try:
        sent = await parts.requests.details(start.request_id)
    except RequestError:
        return False
    return (sent.service, sent.goal, sent.details, sorted(sent.skills)) != (
        start.service.name,
        start.goal,
        start.details,
        sorted(skill.name for skill in start.skills),
    )


def _received(by: datetime | None) -> web.HTTPSeeOther:
    query = f"?by={int(by.timestamp())}" if by else ""
    return web.HTTPSeeOther(f"/received{query}")


def _read_moment(seconds: str, now: datetime) -> datetime | None:
    """A moment from UNIX seconds; None for one that no request sent lately can have."""
    if not seconds.isascii() or not seconds.isdigit() or len(seconds) > 10:
        return None
    at = datetime.fromtimestamp(int(seconds), UTC)
    return at if abs(at - now) < timedelta(days=30) else None
