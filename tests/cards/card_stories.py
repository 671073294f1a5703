"""One request, told in every state it can be in: the stories that cards are drawn from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cards import Card, render
from cards.wording import DEFAULT, Wording
from domain.links import Links
from domain.models import Outcome, Person, Role, Skill, Status
from domain.policy import Scope
from domain.view import (
    CardKind,
    ClaimView,
    HoldView,
    ProposalView,
    RequestView,
    Wait,
    WordView,
)

RILEY = Person(slack_id="U0RILEY", name="Riley Santos", time_zone="America/Chicago")
SAM = Person(slack_id="U0SAM", name="Sam Okafor", time_zone="America/New_York")
DANA = Person(slack_id="U0DANA", name="Dana Whitfield", time_zone="Asia/Tokyo")
ALEX = Person(slack_id="U0ALEX", name="Alex Moreno", time_zone="America/Denver")
"""A coordinator."""
SAMS_GROUP, DANAS_GROUP = "G0SAM", "G0DANA"

SUBMITTED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SESSION = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

LINKS = Links(["a-key-for-tests-only-0123"], "https://mentors.example.org")
NO_LINKS = Links(["a-key-for-tests-only-0123"])


def asked(status: Status = Status.OPEN, **more: Any) -> RequestView:
    """Riley's request an hour after it was sent; Sam and Dana have been asked."""
    facts: dict[str, Any] = {
        "request_id": "MR-4F6T2QXK5A",
        "now": SUBMITTED + HOUR,
        "status": status,
        "mentee": RILEY,
        "service": "Pair Programming",
        "needs_session": True,
        "goal": "Get my first Flask app to talk to a database",
        "skills": [Skill(name="Python"), Skill(name="SQL")],
        "submitted_at": SUBMITTED,
        "respond_by": SUBMITTED + 48 * HOUR,
        "asked": [SAM.slack_id, DANA.slack_id],
        "waiting_for": "a claim, or the next step",
        "waiting_until": SUBMITTED + 8 * HOUR,
    }
    return RequestView(**facts | more)


def claim(
    by: Person = SAM,
    *,
    introduced: bool = True,
    hello: str = "",
    assigned_by: Person | None = None,
) -> ClaimView:
    at = SUBMITTED + HOUR
    return ClaimView(
        mentor=by,
        at=at,
        undo_until=at + timedelta(minutes=2),
        introduced=introduced,
        hello=hello,
        assigned_by=assigned_by,
    )


def matched(status: Status = Status.CLAIMED, **more: Any) -> RequestView:
    """Sam has it, and the two know of each other."""
    return asked(status, **{"claim": claim(), "group_channel": SAMS_GROUP} | more)


def proposal(by: Person, *, number: int = 1, accepted: datetime | None = None) -> ProposalView:
    times = [SESSION, SESSION + 25 * HOUR]
    return ProposalView(number=number, by=by.slack_id, times=times, accepted=accepted)


def words(*, answered: bool = False) -> list[WordView]:
    """Riley has written to the coordinators; perhaps Alex has answered."""
    asked_about = WordView(
        number=1,
        by=RILEY,
        role=Role.MENTEE,
        text="Is <this> still *going*?\nI would rather not say why.",
        at=SUBMITTED + 26 * HOUR,
        answered_by=ALEX if answered else None,
    )
    reply = WordView(
        number=2,
        by=ALEX,
        to=RILEY.slack_id,
        text="Yes & we are on it.",
        at=SUBMITTED + 27 * HOUR,
        answers=1,
    )
    return [asked_about, reply] if answered else [asked_about]


def first_wait(**more: Any) -> Wait:
    return Wait(since=SUBMITTED, respond_by=SUBMITTED + 48 * HOUR, **more)


def second_wait(**more: Any) -> list[Wait]:
    """Sam answered after an hour; released four days later."""
    again = SUBMITTED + 96 * HOUR
    waits = [
        first_wait(response_at=SUBMITTED + HOUR),
        Wait(since=again, respond_by=again + 48 * HOUR),
    ]
    return [*waits[:-1], waits[-1].model_copy(update=more)]


_ESCALATED: dict[str, Any] = {
    "now": SUBMITTED + 24 * HOUR,
    "owner": ALEX,
    "scope": Scope.ALL,
    "escalation_step": "coordinators",
    "best_placed": [DANA, SAM],
    "waits": [first_wait()],
}
_NO_SESSION: dict[str, Any] = {"service": "Code Review", "needs_session": False}

_AGREED: dict[str, Any] = {"session_at": SESSION, "proposal": proposal(SAM, accepted=SESSION)}

STATES: dict[str, RequestView] = {
    "in review": asked(Status.IN_REVIEW, asked=[]),
    "open": asked(),
    "open, Sam asked by name first": asked(
        preferred=SAM, in_preferred_window=True, asked=[SAM.slack_id]
    ),
    "open, Sam asked by name, others now too": asked(preferred=SAM),
    "open, declined by Sam": asked(declined=[SAM.slack_id]),
    "open, nobody can be asked": asked(asked=[], no_candidates=True),
    "open, 30 hours later": asked(now=SUBMITTED + 30 * HOUR),
    "open, promise broken": asked(now=SUBMITTED + 50 * HOUR, breached=True),
    "claimed by Sam, who can undo it": asked(Status.CLAIMED, claim=claim(introduced=False)),
    "claimed by Sam, who wrote a hello": asked(
        Status.CLAIMED, claim=claim(introduced=False, hello="Hello Riley!\nI love Flask.")
    ),
    "introduced": matched(),
    "introduced, times proposed by Sam": matched(proposal=proposal(SAM)),
    "introduced, times proposed by Riley": matched(proposal=proposal(RILEY)),
    "introduced, no session needed": matched(service="Code Review", needs_session=False),
    "scheduled": matched(Status.SCHEDULED, **_AGREED),
    "scheduled, another time proposed": matched(
        Status.SCHEDULED, session_at=SESSION, proposal=proposal(RILEY, number=2)
    ),
    "awaiting feedback": matched(Status.AWAITING_FEEDBACK, **_AGREED),
    "awaiting feedback, Riley has answered": matched(
        Status.AWAITING_FEEDBACK, **_AGREED, feedback_from=[Role.MENTEE]
    ),
    "awaiting feedback, Sam has answered": matched(
        Status.AWAITING_FEEDBACK, **_AGREED, feedback_from=[Role.MENTOR]
    ),
    "completed": matched(
        Status.COMPLETED, **_AGREED, outcome=Outcome.MET, feedback_from=[Role.MENTEE, Role.MENTOR]
    ),
    "completed without feedback": matched(Status.COMPLETED, **_AGREED, outcome=Outcome.NO_FEEDBACK),
    "cancelled before a claim": asked(Status.CANCELLED, outcome=Outcome.CANCELLED),
    "cancelled after the introduction": matched(Status.CANCELLED, outcome=Outcome.CANCELLED),
    "open again, released by Sam": asked(excluded=[SAM.slack_id], was_matched=True),
    "released by Sam, now with Dana": asked(
        Status.CLAIMED,
        excluded=[SAM.slack_id],
        was_matched=True,
        claim=claim(DANA),
        group_channel=DANAS_GROUP,
    ),
    "open, Sam takes it on Tuesday": asked(hold=HoldView(mentor=SAM, until=SUBMITTED + 30 * HOUR)),
    "open, the time that Sam named has come": asked(
        now=SUBMITTED + 30 * HOUR, hold=HoldView(mentor=SAM, until=SUBMITTED + 30 * HOUR)
    ),
    "open, an hour before the promised time": asked(now=SUBMITTED + 47 * HOUR),
    "open, declined by Sam, who said why": asked(declined=[SAM.slack_id], reasons=[SAM.slack_id]),
    "open, declined by Sam, who takes a break": asked(
        declined=[SAM.slack_id], on_break={SAM.slack_id: SUBMITTED + 14 * 24 * HOUR}
    ),
    "open, declined by Sam, whose break is over": asked(
        now=SUBMITTED + 20 * 24 * HOUR,
        declined=[SAM.slack_id],
        on_break={SAM.slack_id: SUBMITTED + 14 * 24 * HOUR},
    ),
    "open, Sam has been paused": asked(on_break={SAM.slack_id: None}),
    "open, declined by Sam, who wants no more requests": asked(
        declined=[SAM.slack_id], on_break={SAM.slack_id: None}, opted_out=[SAM.slack_id]
    ),
    "introduced, and Sam takes a break": matched(
        on_break={SAM.slack_id: SUBMITTED + 14 * 24 * HOUR}
    ),
    "open, Sam asked by name and was free for nobody": asked(preferred=SAM, asked=[DANA.slack_id]),
    "open, it is Alex's turn": asked(**_ESCALATED),
    "open, Alex looks after it": asked(**_ESCALATED, owner_took_it=True, declined=[SAM.slack_id]),
    "open, everybody has declined": asked(**_ESCALATED, declined=[SAM.slack_id, DANA.slack_id]),
    "open, Riley keeps waiting": asked(**_ESCALATED, choice="keep waiting"),
    "open, Riley wants more to be asked": asked(**_ESCALATED, choice="ask more"),
    "open, words of Riley's": asked(**_ESCALATED, words=words()),
    "open, words of Riley's that Alex answered": asked(**_ESCALATED, words=words(answered=True)),
    "open, parked": asked(
        **_ESCALATED | {"now": SUBMITTED + 170 * HOUR},
        owner_took_it=True,
        breached=True,
        parked=True,
    ),
    "open, all sending paused": asked(**_ESCALATED, sending_paused=True),
    "assigned to Sam by Alex, who can undo it": asked(
        Status.CLAIMED, claim=claim(introduced=False, assigned_by=ALEX), owner=ALEX
    ),
    "assigned to Sam by Alex": matched(claim=claim(assigned_by=ALEX), owner=ALEX),
    "claimed by Sam, Dana takes a break": asked(
        Status.CLAIMED,
        claim=claim(),
        declined=[DANA.slack_id],
        on_break={DANA.slack_id: SUBMITTED + 14 * 24 * HOUR},
    ),
    "introduced, Sam has said when": matched(write_by=SUBMITTED + 30 * HOUR),
    "introduced, Sam wanted to write by now": matched(
        write_by=SUBMITTED + 30 * HOUR, now=SUBMITTED + 30 * HOUR
    ),
    "introduced, Sam has written": matched(mentor_has_written=True),
    "introduced, Sam is silent": matched(
        now=SUBMITTED + 73 * HOUR, check_in=1, release_at=SUBMITTED + 97 * HOUR
    ),
    "introduced, Sam was silent and will write": matched(
        now=SUBMITTED + 74 * HOUR, write_by=SUBMITTED + 96 * HOUR
    ),
    "introduced, no session is set": matched(
        now=SUBMITTED + 240 * HOUR,
        mentor_has_written=True,
        check_in=1,
    ),
    "open, Sam asked by name takes it on Tuesday": asked(
        preferred=SAM,
        asked=[SAM.slack_id],
        hold=HoldView(mentor=SAM, until=SUBMITTED + 30 * HOUR),
    ),
    "no session needed, Sam has said how it went": matched(
        Status.AWAITING_FEEDBACK, **_NO_SESSION, feedback_from=[Role.MENTOR]
    ),
    "closed by Alex after the introduction": matched(
        Status.CLOSED_UNFULFILLED, closing_word="You two know best.", owner=ALEX
    ),
    "open again, Sam changed": asked(
        now=SUBMITTED + 97 * HOUR,
        excluded=[SAM.slack_id],
        left_by=[SAM.slack_id],
        was_matched=True,
        waits=second_wait(),
        owner=ALEX,
    ),
    "open again, the second wait is too long": asked(
        now=SUBMITTED + 145 * HOUR,
        excluded=[SAM.slack_id],
        was_matched=True,
        waits=second_wait(breached=True),
        owner=ALEX,
    ),
    "scheduled, then moved": matched(
        Status.SCHEDULED,
        session_at=SESSION + 25 * HOUR,
        proposal=proposal(RILEY, number=2, accepted=SESSION + 25 * HOUR),
    ),
    "no session needed, asked whether it is done": matched(Status.AWAITING_FEEDBACK, **_NO_SESSION),
    "no session needed, not done yet": matched(**_NO_SESSION, done_asks=1),
    "no session needed, asked for the last time": matched(
        Status.AWAITING_FEEDBACK, **_NO_SESSION, done_asks=3
    ),
    "closed by Alex with a word": asked(
        Status.CLOSED_UNFULFILLED,
        closing_word="I looked hard, Riley.\nLet's talk on Friday.",
        owner=ALEX,
        owner_took_it=True,
        words=words(),
    ),
    "closed unfulfilled": asked(Status.CLOSED_UNFULFILLED),
    "not eligible": asked(Status.NOT_ELIGIBLE, asked=[]),
    "a status of a later version": asked(Status.UNKNOWN),
}

FINAL = {name: view for name, view in STATES.items() if view.status.is_final}

LIVING: dict[str, tuple[CardKind, str, int]] = {
    "received, to Riley": (CardKind.RECEIVED, RILEY.slack_id, 0),
    "update, to Riley": (CardKind.UPDATE, RILEY.slack_id, 0),
    "channel": (CardKind.CHANNEL, "", 0),
    "ask, to Sam": (CardKind.ASK, SAM.slack_id, 0),
    "ask, to Dana": (CardKind.ASK, DANA.slack_id, 0),
    "check-in, to Sam": (CardKind.CHECK_IN, SAM.slack_id, 1),
    "coordinators": (CardKind.COORDINATORS, "", 0),
    "passed on, from Riley": (CardKind.PASSED_ON, RILEY.slack_id, 1),
    "introduction, of Riley and Sam": (CardKind.INTRODUCTION, SAMS_GROUP, 0),
    "proposal, to Riley and Sam": (CardKind.PROPOSAL, SAMS_GROUP, 0),
    "session set, to Riley and Sam": (CardKind.SESSION_SET, SAMS_GROUP, 1),
    "feedback, to Riley": (CardKind.FEEDBACK, RILEY.slack_id, 0),
    "feedback, to Sam": (CardKind.FEEDBACK, SAM.slack_id, 0),
    "feedback asked for the last time, to Riley": (CardKind.FEEDBACK, RILEY.slack_id, 3),
}

SAID_ONCE: dict[str, tuple[CardKind, str, int, tuple[str, ...]]] = {
    "reminder, to Sam": (
        CardKind.REMINDER,
        SAM.slack_id,
        0,
        ("open", "open, Sam asked by name first"),
    ),
    "hold due, to Sam": (
        CardKind.HOLD_DUE,
        SAM.slack_id,
        0,
        ("open, the time that Sam named has come",),
    ),
    "nudge, to Sam": (
        CardKind.NUDGE,
        SAM.slack_id,
        1,
        ("introduced, Sam wanted to write by now", "introduced"),
    ),
    "bump": (CardKind.BUMP, "", 0, ("open, 30 hours later",)),
    "reopened": (CardKind.REOPENED, "", 1, ("open again, released by Sam",)),
    "released, to Riley": (
        CardKind.RELEASED,
        RILEY.slack_id,
        1,
        ("open again, released by Sam", "open again, Sam changed"),
    ),
    "opened wider, to Riley": (
        CardKind.OPENED_WIDER,
        RILEY.slack_id,
        0,
        ("open, Sam asked by name, others now too",),
    ),
    "closed, to Riley": (
        CardKind.CLOSED_WORD,
        RILEY.slack_id,
        0,
        ("closed by Alex with a word", "closed unfulfilled"),
    ),
    "answer, to Riley": (
        CardKind.ANSWER,
        RILEY.slack_id,
        2,
        ("open, words of Riley's that Alex answered",),
    ),
    "owner warned": (CardKind.OWNER_WARNED, "", 0, ("open, it is Alex's turn",)),
    "owner called": (CardKind.OWNER_CALLED, "", 0, ("open, it is Alex's turn",)),
    "withdrawn, to Riley and Sam": (
        CardKind.WITHDRAWN,
        SAMS_GROUP,
        0,
        ("cancelled after the introduction",),
    ),
    "feedback reminder, to Riley": (
        CardKind.FEEDBACK_REMINDER,
        RILEY.slack_id,
        0,
        ("awaiting feedback",),
    ),
    "feedback reminder, to Sam": (
        CardKind.FEEDBACK_REMINDER,
        SAM.slack_id,
        0,
        ("awaiting feedback",),
    ),
}

READERS = {**LIVING, **{name: entry[:3] for name, entry in SAID_ONCE.items()}}


def draw(
    reader: str,
    view: RequestView,
    *,
    links: Links = LINKS,
    number: int | None = None,
    wording: Wording = DEFAULT,
) -> Card:
    kind, to, usual = READERS[reader]
    number = usual if number is None else number
    return render(kind, view, to=to, links=links, number=number, wording=wording)
