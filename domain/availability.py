"""The state of one mentor's entity workflow: slots, asks, rest, and what became of their asks.

Pure: rules are methods here; waiting, talking and writing live in the workflow. ``at`` is always
the clock of whoever speaks (UTC).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from pydantic import Field

from domain.base import Payload
from domain.mentor_memory import Letter, MentorWord, PastAsk, Rest, RestKind, Slot, WordKind
from domain.mentor_messages import (
    MayAsk,
    MentorProfile,
    No,
    Permit,
    Reserve,
    SaveProfile,
    Terms,
)
from domain.messages import MentorNews, News
from domain.standing import (
    WEEK,
    MentorRow,
    MentorRules,
    MentorStatus,
)

REMEMBERED = timedelta(days=14)
"""How long an ask is remembered: its card may still have live buttons."""
MOST_ASKS = 60
MOST_FREED = 30
ROSTER_LAGS = timedelta(minutes=30)
"""So long what is read of Airtable may be older than what was written: readings live 15 minutes."""
CLAIMS_STAND = timedelta(minutes=5)
"""After so long a claim is hardly undone any more: who waits for them by name hears of it."""
SETTLING = timedelta(hours=1)
"""A slot so young is left alone by the reconciliation: its request may not show it yet."""


class Availability(Payload):
    """Everything that is remembered of one mentor, from one run to the next."""

    slack_id: str
    rules: MentorRules = Field(default_factory=MentorRules)
    terms: Terms | None = None
    looked_up: bool = False
    """The first look at running requests and the roster is over."""
    rest_decided: bool = False
    """They have said themselves whether they want requests at all: newer than any row."""
    marked: bool = False
    """Their row has a status that somebody made up: it stays, until they say something."""
    tell_full_at: datetime | None = None
    """When requests that asked them hear that their last slot is gone."""
    told_full: bool = False
    """They have heard so, and not of room since."""
    row_known: bool = False
    """The roster was read, too: from here on their row is written."""
    slots: dict[str, Slot] = Field(default_factory=dict)
    freed: dict[str, int] = Field(default_factory=dict)
    """Requests that gave their slot back, and in which turn: an older wish comes too late."""
    asks: list[PastAsk] = Field(default_factory=list)
    unanswered: list[str] = Field(default_factory=list)
    """Requests in a row whose ask found no answer."""
    rest: Rest | None = None
    opted_out_at: datetime | None = None
    win_back_at: datetime | None = None
    never_ask_again: bool = False
    account_closed_at: datetime | None = None
    last_asked: datetime | None = None
    last_seen: datetime | None = None
    watched_since: datetime | None = None
    """Dormancy counts from here while nothing was seen of them yet."""
    dormant_noted: datetime | None = None
    """The ``dormant_at`` for which the wake-up has been."""
    profile: MentorProfile | None = None
    profile_saved_at: datetime | None = None
    profile_written: bool = True
    signed_up_at: datetime | None = None
    signing_up: bool = False
    """Their sign-up is not in Airtable yet."""
    active: bool | None = None
    """As it was at the sign-up."""
    words: list[MentorWord] = Field(default_factory=list)
    words_sent: int = 0
    letters: list[Letter] = Field(default_factory=list)
    reconciled_at: datetime | None = None
    look_again_at: datetime | None = None
    """The roster could not be read when they were met."""
    revision: int = 0
    row: MentorRow | None = None
    """What the row was last asked to say, its revision aside: only changes are written."""
    longest_history: int = 2000
    """Events in one run; small in tests."""

    # ---- how they stand ---------------------------------------------------------------------

    @property
    def capacity(self) -> int:
        return self.terms.max_mentees if self.terms else 1

    @property
    def dormant_at(self) -> datetime | None:
        seen = max((at for at in (self.last_seen, self.watched_since) if at), default=None)
        return seen + self.rules.dormant_after if seen else None

    def is_resting(self, at: datetime) -> bool:
        return self.rest is not None and (self.rest.until is None or self.rest.until > at)

    def asked_this_week(self, at: datetime, *, besides: str = "") -> int:
        return sum(ask.at > at - WEEK and ask.request_id != besides for ask in self.asks)

    # ---- slots and asks ---------------------------------------------------------------------

    def learn(self, terms: Terms | None, now: datetime) -> None:
        """What the roster says now; capacity that was lowered revokes nothing.

        A profile that they have just saved is newer than whatever was read of Airtable.
        """
        saved = self.profile_saved_at
        if terms is None or (saved and (not self.profile_written or now - saved < ROSTER_LAGS)):
            return
        known = self.terms.time_zone if self.terms else ""  # perhaps from Slack
        self.terms = terms.model_copy(update={"time_zone": terms.time_zone or known})
        self._tell_of_room()

    def meet(self, row: MentorRow | None, now: datetime) -> None:
        """Muster has not met them before: their row says how they stood until now."""
        self.watched_since = self.watched_since or now
        if row is None or self.row is not None:
            return
        if row.last_seen is not None and row.last_seen > now:  # somebody's slip
            row = row.model_copy(update={"last_seen": None})
        self.row = row
        if self.rest_decided:
            return  # what they have said themselves meanwhile is newer than their row
        self.last_seen = max((at for at in (row.last_seen, self.last_seen) if at), default=None)
        if row.status is MentorStatus.OPTED_OUT:
            # also when a break was the first that they said: this wish is the stronger one
            self.rest, self.opted_out_at = None, row.opted_out_at or now
            self.win_back_at = now + self.rules.win_back_every
        elif row.status is MentorStatus.DORMANT:
            # nothing was seen of them for so long, whoever has written it
            self.watched_since = row.last_seen or now - self.rules.dormant_after
        elif _rests(row, now):
            self._rest_as_in_the_row(row.snoozed_until, now)
        elif row.status is MentorStatus.UNKNOWN and self.rest is None:
            self.marked = True

    def _rest_as_in_the_row(self, until: datetime | None, now: datetime) -> None:
        """A break that they have just wished for does not shorten the one in the row."""
        if self.rest is None:
            self.rest = Rest(kind=RestKind.BREAK, since=now, until=until)
        elif until is not None and self.rest.until is not None:
            self.rest.until = max(until, self.rest.until)

    def reserve(self, wish: Reserve, now: datetime) -> Permit:
        """A slot for this request, if there is one; asked again it has it already."""
        if self.freed.get(wish.request_id, 0) > wish.turn:
            return Permit(no=No.TOO_LATE)
        if wish.request_id not in self.slots and (no := self._why_not(wish.at)):
            return Permit(no=no)
        self._hold(wish.request_id, wish.turn, now)
        if wish.by_themselves:
            self.reacted(wish.at)
        return Permit()

    def may_ask(self, wish: MayAsk) -> Permit:
        """Whether this request may ask them; a yes counts as an ask of this week."""
        no, dormant_at = self._why_not(wish.at), self.dormant_at
        if no is None and dormant_at is not None and dormant_at <= wish.at:
            no = No.DORMANT
        if no is None and not self._wants_one_more(wish):
            no = No.ASKED_ENOUGH
        if no is None and all(ask.request_id != wish.request_id for ask in self.asks):
            self._remember(PastAsk(request_id=wish.request_id, at=wish.at))
        return Permit(no=no)

    def _wants_one_more(self, wish: MayAsk) -> bool:
        """Who wants no asks at all gets none, also once the cap is lifted."""
        cap = self.terms.weekly_asks if self.terms else None
        if cap is None or (wish.cap_lifted and cap > 0):
            return True
        return self.asked_this_week(wish.at, besides=wish.request_id) < cap

    def _remember(self, ask: PastAsk) -> None:
        kept = [one for one in self.asks if one.at > ask.at - REMEMBERED]
        self.asks = [*kept, ask][-MOST_ASKS:]
        self.last_asked = max(ask.at, self.last_asked or ask.at)

    def _why_not(self, at: datetime) -> No | None:
        if self.account_closed_at is not None:
            return No.ACCOUNT_CLOSED
        if self.opted_out_at is not None:
            return No.OPTED_OUT
        if self.is_resting(at):
            return No.ON_A_BREAK
        return No.FULL if len(self.slots) >= self.capacity else None

    def free(self, request_id: str, turn: int) -> None:
        """The request has no use for its slot any more; a wish of it from before is void."""
        slot = self.slots.get(request_id)
        if slot is not None and slot.turn <= turn:
            del self.slots[request_id]
            self._tell_of_room()
        turn = max(turn, self.freed.pop(request_id, 0))
        self.freed[request_id] = turn
        for oldest in list(self.freed)[:-MOST_FREED]:
            del self.freed[oldest]

    def keep(self, request_id: str, turn: int, now: datetime) -> None:
        """A pair that goes on: nobody is turned away for lack of room who is there already."""
        if self.freed.get(request_id, 0) <= turn:
            self._hold(request_id, turn, now)

    def _hold(self, request_id: str, turn: int, now: datetime) -> None:
        if request_id not in self.slots and len(self.slots) + 1 >= self.capacity:
            self.tell_full_at = now + CLAIMS_STAND
        self.slots[request_id] = Slot(turn=turn, held_since=now)

    def reconcile(self, running: Collection[str], now: datetime) -> None:
        """``running`` are the requests that this mentor has, as the requests themselves say.

        A slot whose request has ended (somebody terminated it) is free again; a request that is
        with them and holds no slot (of an earlier release, or after this workflow was terminated)
        gets one.
        """
        for request_id, slot in list(self.slots.items()):
            if request_id not in running and now - slot.held_since > SETTLING:
                del self.slots[request_id]
        for request_id in running:
            if request_id not in self.freed:
                self.slots.setdefault(request_id, Slot(held_since=now))
        self.reconciled_at = now
        self._tell_of_room()

    def _tell_of_room(self) -> None:
        """Requests that asked them had heard that they are full; they are not any more."""
        if self.told_full and len(self.slots) < self.capacity:
            self.told_full = False
            self._tell_those_who_asked(News.ROOM)

    # ---- what they do, and don't ------------------------------------------------------------

    def seen(self, at: datetime) -> None:
        """A sign of life; from a closed account there are none."""
        self.last_seen = max(at, self.last_seen or at)
        if self.account_closed_at is not None and at > self.account_closed_at:
            self.account_open(at)

    def reacted(self, at: datetime) -> None:
        """They answered something: whatever was counted against them is forgotten."""
        self.seen(at)
        self.unanswered.clear()
        self._settle(WordKind.STILL_THERE, "here")

    def not_answered(self, request_id: str, at: datetime, now: datetime) -> None:
        """One more ask in a row without an answer; asked kindly, then paused kindly."""
        asked = any(ask.request_id == request_id for ask in self.asks)
        if not asked or request_id in (*self.unanswered, *self.slots) or self._is_away(at):
            return
        if len(self.slots) >= self.capacity:
            return  # they could not have said yes
        self.unanswered.append(request_id)
        count = len(self.unanswered)
        if count >= self.rules.paused_after:
            self.rest = Rest(kind=RestKind.SILENCE, since=at)
            self._settle(WordKind.STILL_THERE, "paused")
            self._plan(WordKind.PAUSED, now)
            self._tell_those_who_asked(News.AWAY)
        elif count == self.rules.still_there_after:
            self._plan(WordKind.STILL_THERE, now)

    def _is_away(self, at: datetime) -> bool:
        away = self.opted_out_at is not None or self.account_closed_at is not None
        return away or self.is_resting(at)

    # ---- rest, opting out, coming back ------------------------------------------------------

    def snooze(self, until: datetime, at: datetime) -> None:
        """No asks until then. Who has opted out stays so: that wish is the stronger one."""
        self.reacted(at)
        self.marked = False
        if self.opted_out_at is not None:
            return
        if until <= at:
            self._return(at)
            return
        self.rest = Rest(kind=RestKind.BREAK, since=at, until=until)
        self._settle(WordKind.PAUSED, "break")
        self._tell_those_who_asked(News.AWAY)

    def opt_out(self, at: datetime) -> None:
        self.reacted(at)
        self.rest_decided, self.marked = True, False
        if self.opted_out_at is None:
            self.opted_out_at = at
            self.win_back_at = at + self.rules.win_back_every
            self.never_ask_again = False
        self.rest = None
        self._settle(WordKind.PAUSED, "out")
        self._tell_those_who_asked(News.AWAY)

    def come_back(self, at: datetime) -> None:
        self.rest_decided = True
        self._return(at)

    def _return(self, at: datetime) -> None:
        self.reacted(at)
        self.marked = False
        was_away = self.opted_out_at is not None or self.rest is not None
        self.opted_out_at = self.win_back_at = self.rest = None
        self.never_ask_again = False
        self._settle(WordKind.WIN_BACK, "back")
        self._settle(WordKind.PAUSED, "back")
        if was_away:
            self._tell_those_who_asked(News.BACK)

    def not_now(self, at: datetime) -> None:
        """Asked to come back: not yet. The next question comes as long after this answer."""
        self.seen(at)
        if self.opted_out_at is not None and not self.never_ask_again:
            self.win_back_at = at + self.rules.win_back_every
        self._settle(WordKind.WIN_BACK, "not now")

    def never_again(self, at: datetime) -> None:
        self.seen(at)
        if self.opted_out_at is not None:
            self.never_ask_again, self.win_back_at = True, None
        self._settle(WordKind.WIN_BACK, "never")

    def account_closed(self, at: datetime) -> None:
        """They leave the pool; whom they had goes back to the ladder."""
        if self.account_closed_at is not None:
            return
        self.account_closed_at = at
        self.win_back_at = None
        self._settle(None, "closed")
        had = dict.fromkeys([*self.slots, *(ask.request_id for ask in self.asks)])
        self._tell(had, News.GONE)

    def account_open(self, at: datetime) -> None:
        """Open again: they stand as they did before."""
        if self.account_closed_at is None:
            return
        self.account_closed_at = None
        if self.opted_out_at is not None and not self.never_ask_again:
            self.win_back_at = at + self.rules.win_back_every

    def save(self, message: SaveProfile) -> None:
        self.reacted(message.at)
        if self.profile_saved_at and self.profile_saved_at > message.at:
            return
        profile = message.profile
        self.profile, self.profile_saved_at = profile, message.at
        self.profile_written = False
        known = self.terms or Terms()
        if message.signs_up and self._is_new_to(message):
            self.signed_up_at = message.at
            self.signing_up, self.active, self.marked = True, message.active, False
            known = known.model_copy(update={"active": message.active})
        self.terms = known.model_copy(
            update={
                "name": profile.shown_name,
                "max_mentees": profile.max_mentees,
                "weekly_asks": profile.weekly_asks,
                "time_zone": profile.time_zone,
                "quiet_hours": profile.quiet_hours,
            }
        )
        self._tell_of_room()

    def _is_new_to(self, form: SaveProfile) -> bool:
        """A form from before an earlier sign-up makes nobody active; one opened since, when their
        row was gone again, does."""
        signed_up, opened = self.signed_up_at, form.opened_at
        return signed_up is None or self.signing_up or (opened is not None and opened > signed_up)

    # ---- what time brings -------------------------------------------------------------------

    def deadlines(self) -> dict[str, datetime]:
        """When something happens by itself, and what (UTC, the entity's clock)."""
        due: dict[str, datetime | None] = {
            "the end of their break": self.rest.until if self.rest else None,
            "the question whether they come back": self.win_back_at,
            "a look whether their requests still run": self._reconcile_at(),
            "dormant, unless they are seen before": self._dormant_due(),
            "another look at the roster": self.look_again_at,
            "their last slot is gone, and stays so": self.tell_full_at,
        }
        return {what: at for what, at in due.items() if at is not None}

    def needs_look(self, now: datetime) -> bool:
        """What falls due asks for a look at their requests and their row."""
        due = (self._reconcile_at(), self.look_again_at, self.win_back_at)
        return any(at is not None and at <= now for at in due)

    def asks_back(self, now: datetime) -> bool:
        """They are to be asked now whether they come back."""
        return self.win_back_at is not None and self.win_back_at <= now

    def _reconcile_at(self) -> datetime | None:
        """Since the last look, or the oldest slot of those taken after it."""
        if not self.slots:
            return None
        oldest = min(slot.held_since for slot in self.slots.values())
        return max(oldest, self.reconciled_at or oldest) + self.rules.reconcile_every

    def _dormant_due(self) -> datetime | None:
        away = self.opted_out_at is not None or self.account_closed_at is not None
        return None if away or self.dormant_at == self.dormant_noted else self.dormant_at

    def wake(self, now: datetime) -> None:
        """What falls due by ``now``: a break ends, a question goes out."""
        if self.rest and self.rest.until and self.rest.until <= now:
            self.rest = None
            self._tell_those_who_asked(News.BACK)
        if self.win_back_at and self.win_back_at <= now:
            self.win_back_at = now + self.rules.win_back_every
            self._settle(WordKind.WIN_BACK, "not now")
            if self.terms is None or self.terms.active:
                self._plan(WordKind.WIN_BACK, now)
        if self.tell_full_at and self.tell_full_at <= now:
            self.tell_full_at = None
            if len(self.slots) >= self.capacity:
                self.told_full = True
                self._tell_those_who_asked(News.FULL, besides=self.slots)
        if self.dormant_at and self.dormant_at <= now:
            self.dormant_noted = self.dormant_at

    def _plan(self, kind: WordKind, at: datetime) -> None:
        self.words_sent += 1
        self.words.append(MentorWord(kind=kind, number=self.words_sent, due=self.waking(at)))

    def waking(self, at: datetime) -> datetime:
        """The first moment from ``at`` on when they may be pinged (UTC)."""
        terms = self.terms or Terms()
        quiet = terms.quiet_hours or self.rules.quiet_hours
        return quiet.delivery(at, terms.time_zone) if quiet else at

    def _settle(self, kind: WordKind | None, answer: str) -> None:
        """Open words of this kind (None: of all) are answered; those not sent stay unsent."""
        for word in self.words:
            if not word.answer and kind in (None, word.kind):
                word.answer = answer

    def row_written(self, row: MentorRow) -> None:
        """Airtable says this now (or refuses to, and will not be asked again)."""
        if row.profile is not None and row.profile == self.profile:
            self.profile_written = True
            kept = {"full_name": "", "slack_name": "", "email": ""}  # theirs is the row
            self.profile = row.profile.model_copy(update=kept)
            self.signing_up = False  # from here on Active is the coordinators'
        self.row = row.model_copy(update={"profile": None, "signed_up_at": None, "active": None})

    def forget_old_words(self, at_work: Collection[int]) -> None:
        """Those whose message shows its answer, and those answered before they were sent.

        ``at_work`` are the numbers of those on their way: nobody knows yet whether they stand.
        """
        self.words = [
            word
            for word in self.words
            if word.number in at_work
            or not (word.lost or word.is_over or (word.answer and word.place is None))
        ]

    # ---- letters to requests ----------------------------------------------------------------

    def _tell_those_who_asked(self, what: News, *, besides: Collection[str] = ()) -> None:
        """Requests whose card may still stand in their conversation."""
        self._tell([one.request_id for one in self.asks if one.request_id not in besides], what)

    def _tell(self, requests: Iterable[str], what: News) -> None:
        news = MentorNews(
            by=self.slack_id,
            what=what,
            until=self.rest.until if what is News.AWAY and self.rest else None,
            opted_out=what is News.AWAY and self.opted_out_at is not None,
        )
        self.letters += [Letter(request_id=one, news=news) for one in requests]


def _rests(row: MentorRow, now: datetime) -> bool:
    """A break that is not over; without a date it lasts until they come back."""
    if row.snoozed_until is not None:
        return row.snoozed_until > now
    return row.status is MentorStatus.SNOOZED
