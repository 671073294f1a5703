"""What a mentor's entity workflow is told (signals) and asked (updates).

Every message carries ``at``, its sender's clock (UTC): clocks of workflows may differ, and one that
arrives late must not undo what came after it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from domain.base import Instant, Payload, TolerantEnum
from domain.models import WEEKLY_ASKS, Service, Skill
from domain.quiet import QuietHours


class Told(Payload):
    """Something that a mentor's workflow should know."""

    signal: ClassVar[str]
    at: Instant


# ---- what mentors decide --------------------------------------------------------------------


class Snooze(Told):
    """Not this week, or not until a date: no asks before ``until``."""

    signal: ClassVar[str] = "snooze"
    until: Instant


class OptOut(Told):
    """Not at all, until they come back."""

    signal: ClassVar[str] = "opt_out"


class ComeBack(Told):
    """From a break, from silence, or from having opted out."""

    signal: ClassVar[str] = "come_back"


class NotNow(Told):
    """The answer to a win-back: ask me again next time."""

    signal: ClassVar[str] = "not_now"


class NeverAskAgain(Told):
    """The answer to a win-back: no more of these. App Home still takes them back."""

    signal: ClassVar[str] = "never_ask_again"


class StillHere(Told):
    """The answer to "still there?"."""

    signal: ClassVar[str] = "still_here"


class MentorProfile(Payload):
    """What a mentor says of themselves: their row in Airtable is written from it."""

    shown_name: str
    """What mentees read; theirs to choose."""
    full_name: str = ""
    slack_name: str = ""
    email: str = ""
    bio: str = ""
    skills: list[Skill] = Field(default_factory=list)
    services: list[Service] = Field(default_factory=list)
    max_mentees: int = Field(default=1, ge=0, le=20)
    weekly_asks: int = Field(default=WEEKLY_ASKS, ge=0, le=50)
    time_zone: str = ""
    quiet_hours: QuietHours | None = None
    """None: the community's."""
    code_of_conduct: bool = False


class SaveProfile(Told):
    """They have filled in the form: at sign-up, or to change it."""

    signal: ClassVar[str] = "save_profile"
    profile: MentorProfile
    signs_up: bool = False
    """They were no mentor before."""
    opened_at: Instant | None = None
    """When the form was opened."""
    active: bool = True
    """At sign-up: False where a coordinator looks at new mentors first."""


# ---- what Slack says of them ----------------------------------------------------------------


class Seen(Told):
    """They did something in Slack at ``at``."""

    signal: ClassVar[str] = "seen"


class Meet(Told):
    """Muster should know of them from now on; nothing else has happened."""

    signal: ClassVar[str] = "meet"


class AccountClosed(Told):
    signal: ClassVar[str] = "account_closed"


class AccountOpen(Told):
    signal: ClassVar[str] = "account_open"


# ---- what requests say ----------------------------------------------------------------------


class Freed(Told):
    """This request takes a slot no longer; an older wish of its own comes too late now."""

    signal: ClassVar[str] = "freed"
    kind: Literal["freed"] = "freed"
    request_id: str
    turn: int
    """Numbers what a request says of its slots, from 1: signals and updates may overtake each
    other, and their times may be equal."""


class Kept(Told):
    """This request takes a slot again: asked "done?", the pair has said that it is not."""

    signal: ClassVar[str] = "kept"
    kind: Literal["kept"] = "kept"
    request_id: str
    turn: int
    """See ``Freed``."""


class Reacted(Told):
    """They answered this request's ask, one way or the other."""

    signal: ClassVar[str] = "reacted"
    kind: Literal["reacted"] = "reacted"
    request_id: str


class Unanswered(Told):
    """The request was still open at its reminder, and they have not reacted in waking hours."""

    signal: ClassVar[str] = "unanswered"
    kind: Literal["unanswered"] = "unanswered"
    request_id: str


class Terms(Payload):
    """What the roster says of a mentor that decides with their entity's own knowledge."""

    name: str = ""
    max_mentees: int = 1
    weekly_asks: int = WEEKLY_ASKS
    time_zone: str = ""
    quiet_hours: QuietHours | None = None
    active: bool = True
    """Coordinators have ticked them; who is not, is not asked whether they come back."""


class Reserve(Payload):
    """May this request have one of their slots? Said twice it is one slot."""

    signal: ClassVar[str] = "reserve"
    at: Instant
    request_id: str
    turn: int
    """See ``Freed``."""
    by_themselves: bool = True
    """They have claimed it; False: a coordinator wants to give it to them."""
    terms: Terms | None = None
    """None while the roster can't be read: then what was known last counts."""


class MayAsk(Payload):
    """May this request ask them now? A yes counts as an ask; said twice it is one."""

    signal: ClassVar[str] = "may_ask"
    at: Instant
    request_id: str
    terms: Terms | None = None
    cap_lifted: bool = False
    """The weekly cap does not count any more (DESIGN §3: from the 24 h step on)."""


class No(TolerantEnum):
    """Why a mentor can't be asked, or can't have a slot."""

    OPTED_OUT = "opted out"
    ON_A_BREAK = "on a break"
    FULL = "full"
    ASKED_ENOUGH = "asked often enough this week"
    DORMANT = "not seen for a long time"
    ACCOUNT_CLOSED = "their Slack account is closed"
    TOO_LATE = "given back meanwhile"
    UNKNOWN = "unknown"


class Permit(Payload):
    """The answer of a mentor's workflow; ``no`` is None for a yes."""

    no: No | None = None


STANDING_QUERY = "standing"
