"""One request, told in every state it can be in: the stories that cards are drawn from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cards import Card, render
from domain.links import Links
from domain.models import Outcome, Person, Role, Skill, Status
from domain.view import CardKind, ClaimView, ProposalView, RequestView

RILEY = Person(slack_id="U0RILEY", name="Riley Santos", time_zone="America/Chicago")
SAM = Person(slack_id="U0SAM", name="Sam Okafor", time_zone="America/New_York")
DANA = Person(slack_id="U0DANA", name="Dana Whitfield", time_zone="Asia/Tokyo")
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


def claim(by: Person = SAM, *, introduced: bool = True, hello: str = "") -> ClaimView:
    at = SUBMITTED + HOUR
    return ClaimView(
        mentor=by,
        at=at,
        undo_until=at + timedelta(minutes=2),
        introduced=introduced,
        hello=hello,
    )


def matched(status: Status = Status.CLAIMED, **more: Any) -> RequestView:
    """Sam has it, and the two know of each other."""
    return asked(status, **{"claim": claim(), "group_channel": SAMS_GROUP} | more)


def proposal(by: Person, *, number: int = 1, accepted: datetime | None = None) -> ProposalView:
    times = [SESSION, SESSION + 25 * HOUR]
    return ProposalView(number=number, by=by.slack_id, times=times, accepted=accepted)


_AGREED = {"session_at": SESSION, "proposal": proposal(SAM, accepted=SESSION)}

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
    "closed unfulfilled": asked(Status.CLOSED_UNFULFILLED),
    "not eligible": asked(Status.NOT_ELIGIBLE, asked=[]),
    "a status of a later version": asked(Status.UNKNOWN),
}

FINAL = {name: view for name, view in STATES.items() if view.status.is_final}

LIVING: dict[str, tuple[CardKind, str]] = {
    "received, to Riley": (CardKind.RECEIVED, RILEY.slack_id),
    "channel": (CardKind.CHANNEL, ""),
    "ask, to Sam": (CardKind.ASK, SAM.slack_id),
    "ask, to Dana": (CardKind.ASK, DANA.slack_id),
    "coordinators": (CardKind.COORDINATORS, ""),
    "introduction, of Riley and Sam": (CardKind.INTRODUCTION, SAMS_GROUP),
    "proposal, to Riley and Sam": (CardKind.PROPOSAL, SAMS_GROUP),
    "feedback, to Riley": (CardKind.FEEDBACK, RILEY.slack_id),
    "feedback, to Sam": (CardKind.FEEDBACK, SAM.slack_id),
}

SAID_ONCE: dict[str, tuple[CardKind, str, tuple[str, ...]]] = {
    "reminder, to Sam": (
        CardKind.REMINDER,
        SAM.slack_id,
        ("open", "open, Sam asked by name first"),
    ),
    "bump": (CardKind.BUMP, "", ("open, 30 hours later",)),
    "reopened": (CardKind.REOPENED, "", ("open again, released by Sam",)),
    "update, to Riley": (
        CardKind.UPDATE,
        RILEY.slack_id,
        ("open, 30 hours later", "open, promise broken"),
    ),
    "released, to Riley": (
        CardKind.RELEASED,
        RILEY.slack_id,
        ("open again, released by Sam",),
    ),
    "session set, to Riley and Sam": (CardKind.SESSION_SET, SAMS_GROUP, ("scheduled",)),
    "withdrawn, to Riley and Sam": (
        CardKind.WITHDRAWN,
        SAMS_GROUP,
        ("cancelled after the introduction",),
    ),
    "feedback reminder, to Riley": (
        CardKind.FEEDBACK_REMINDER,
        RILEY.slack_id,
        ("awaiting feedback",),
    ),
    "feedback reminder, to Sam": (
        CardKind.FEEDBACK_REMINDER,
        SAM.slack_id,
        ("awaiting feedback",),
    ),
}

READERS = {**LIVING, **{name: (kind, to) for name, (kind, to, _) in SAID_ONCE.items()}}


def draw(reader: str, view: RequestView, *, links: Links = LINKS, number: int = 0) -> Card:
    kind, to = READERS[reader]
    return render(kind, view, to=to, links=links, number=number)
