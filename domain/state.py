"""The whole state of one request: serialisable, and the only thing its workflow remembers."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain import ids, ladder
from domain.base import Payload
from domain.ladder import LadderProgress
from domain.memory import (
    Answer,
    Ask,
    Contact,
    FeedbackGiven,
    Later,
    PlannedAsk,
    Silence,
    Tidings,
    Withheld,
)
from domain.messages import Received
from domain.models import LATEST_SESSION, Candidate, Outcome, Person, RequestStart, Role, Status
from domain.orders import Answered
from domain.policy import Scope, Step, StepKind
from domain.view import (
    CardKind,
    CardRef,
    ClaimView,
    HoldView,
    ProposalView,
    TimelineEntry,
    Wait,
    WordView,
)

FIRST_RULES = 1
"""Requests of release 0.1: they go on by the rules they started with."""
NOTHING_SLIPS = 2
"""Quiet hours, holds, contact, coordinators' orders (release 0.2)."""
MENTORS_ROOM = 3
"""Mentors' own workflows hold slots and hear of asks (release 0.3)."""


KEEP_WAITING, ASK_MORE = "keep waiting", "ask more"
"""What the mentee chose when nobody had claimed it by the target."""


class RequestState(Payload):
    """One request. Rules live here as pure methods; waiting and talking live in the workflow."""

    start: RequestStart
    rules: int = FIRST_RULES
    status: Status = Status.OPEN
    inbox: list[Received] = Field(default_factory=list)
    deciding: Received | None = None
    """What ``run`` has taken out of the inbox last."""
    tickets: int = 0
    answers: dict[int, Answered] = Field(default_factory=dict)
    """Answers to updates that are still waiting for them, by ticket."""
    sending_paused: bool = False
    # asking
    progress: LadderProgress = Field(default_factory=LadderProgress)
    scope: Scope = Scope.FULL
    wave: Step = Step(after=timedelta(0), do=StepKind.WAVE, scope=Scope.FULL)
    """The latest wave's step: how many at once, and how far apart."""
    asks: list[Ask] = Field(default_factory=list)
    queue: list[Candidate] = Field(default_factory=list)
    """Mentors of the present scope whose wave is still to come."""
    planned: list[PlannedAsk] = Field(default_factory=list)
    next_wave_at: datetime | None = None
    preferred_until: datetime | None = None
    preferred_check_at: datetime | None = None
    hold: HoldView | None = None
    holds_over: int = 0
    """Numbers what is said when a hold is over."""
    no_candidates: bool = False
    excluded: list[str] = Field(default_factory=list)
    left_by: list[str] = Field(default_factory=list)
    """Of those: the mentee asked for another mentor, or they were silent too long."""
    on_break: dict[str, datetime | None] = Field(default_factory=dict)
    """Asked mentors who can't be asked now, and until when; None: until they come back."""
    opted_out: list[str] = Field(default_factory=list)
    """Of those: who wants no asks at all."""
    full: list[str] = Field(default_factory=list)
    """Asked mentors whose last slot has gone elsewhere since."""
    withheld: dict[str, Withheld] = Field(default_factory=dict)
    """Mentors whose ask was about to go out when their own workflow said no."""
    silences: list[Silence] = Field(default_factory=list)
    """Reminders that are not answered yet, and when each counts."""
    # slots
    slots: list[str] = Field(default_factory=list)
    """Mentors of whom we may hold a slot."""
    reserving: str = ""
    """Of those: the one whose claim is being looked at."""
    slot_turns: int = 0
    tidings: list[Tidings] = Field(default_factory=list)
    """What mentors' own workflows are still to be told, in its order."""
    # what is shown to coordinators
    best_placed: list[Person] = Field(default_factory=list)
    choice: str = ""
    widening_owed: bool = False
    """The mentee has asked for more mentors while a claim could still be undone."""
    updates: int = 0
    """How many honest updates the mentee had."""
    # coordinators
    owner: Person | None = None
    owner_took_it: bool = False
    parked: bool = False
    nudges: int = 0
    words: list[WordView] = Field(default_factory=list)
    heard: list[str] = Field(default_factory=list)
    """Slack ``ts`` of typed messages that were passed on."""
    closing_word: str = ""
    # the pair
    claim: ClaimView | None = None
    claimed_at: datetime | None = None
    mentor_gone_untold: bool = False
    """The mentor whom the mentee has met is gone, and they have not heard of it yet."""
    group_channel: str = ""
    introductions: int = 0
    introduced_at: datetime | None = None
    """When the present pair met; ``first_response_at`` may be an earlier mentor's."""
    contact: Contact = Field(default_factory=Contact)
    check_ins: int = 0
    """Of all mentors together: numbers the cards."""
    proposal: ProposalView | None = None
    proposals_made: int = 0
    session_at: datetime | None = None
    # how it went
    feedback: dict[Role, FeedbackGiven] = Field(default_factory=dict)
    feedback_reminder_at: datetime | None = None
    feedback_closes_at: datetime | None = None
    done_asks: int = 0
    done_asks_before: int = 0
    """Of earlier pairs: each may say "not done yet" as often."""
    not_done_at: datetime | None = None
    # the clocks
    first_asked_at: datetime | None = None
    first_response_at: datetime | None = None
    waits: list[Wait] = Field(default_factory=list)
    outcome: Outcome | None = None
    # what stands outside
    cards: dict[str, CardRef] = Field(default_factory=dict)
    """Living cards by their key."""
    unpainted: dict[str, int] = Field(default_factory=dict)
    """Cards that don't show the present state yet, with the mark that made them stale."""
    marks: int = 0
    """Counts the marks: what becomes stale while it is being painted is painted once more."""
    revision: int = 0
    recorded: int = 0
    """The newest revision that the row in Airtable shows."""
    recorded_notes: list[Role] = Field(default_factory=list)
    later: list[Later] = Field(default_factory=list)
    sent: dict[str, int] = Field(default_factory=dict)
    """Messages that reached somebody, by Slack id; edits are not counted."""
    unprompted: dict[str, datetime] = Field(default_factory=dict)
    """When somebody last had a message that nobody's click brought about."""
    timeline: list[TimelineEntry] = Field(default_factory=list)
    told: dict[str, datetime] = Field(default_factory=dict)
    """When somebody was last told something privately, by ``person/notice``."""
    waiting_for: str = ""
    waiting_until: datetime | None = None

    # ---- who is who -------------------------------------------------------------------------

    @property
    def request_id(self) -> str:
        return self.start.request_id

    @property
    def mentee(self) -> Person:
        return self.start.mentee

    @property
    def mentor_id(self) -> str:
        return self.claim.mentor.slack_id if self.claim else ""

    @property
    def takes_slot_of(self) -> str:
        """The mentor whose slot this takes; it frees when feedback begins (DESIGN §4)."""
        return self.mentor_id if self.status in (Status.CLAIMED, Status.SCHEDULED) else ""

    @property
    def cap_lifted(self) -> bool:
        """The target is missed: who was asked often this week may be asked all the same."""
        return ladder.has_taken(StepKind.COORDINATORS, self.start.policy, self.progress)

    def role_of(self, slack_id: str) -> Role | None:
        """Which side of the pair somebody is on, None for everybody else."""
        if slack_id == self.mentee.slack_id:
            return Role.MENTEE
        if self.claim and slack_id == self.claim.mentor.slack_id:
            return Role.MENTOR
        return None

    def person(self, slack_id: str) -> Person:
        """What is known of somebody in this request."""
        known = [self.mentee, *(ask.mentor for ask in self.asks)]
        known += [self.claim.mentor] if self.claim else []
        return next((one for one in known if one.slack_id == slack_id), Person(slack_id=slack_id))

    def ask_of(self, slack_id: str) -> Ask | None:
        return next((ask for ask in self.asks if ask.mentor.slack_id == slack_id), None)

    def reached(self) -> list[Ask]:
        """Those who were asked; who could not be written to was not."""
        return [ask for ask in self.asks if ask.answer is not Answer.UNREACHABLE]

    def is_away(self, slack_id: str, now: datetime) -> bool:
        """They want no asks now, as their own workflow has told us (release 0.3)."""
        until = self.on_break.get(slack_id)
        resting = slack_id in self.on_break and (until is None or until > now)
        return slack_id in self.opted_out or (self.rules >= MENTORS_ROOM and resting)

    def may_still_answer(self, ask: Ask, now: datetime) -> bool:
        """They have not answered, want requests, and have room for one."""
        mentor = ask.mentor.slack_id
        waits = ask.answer is Answer.WAITING and mentor not in self.excluded
        return waits and mentor not in self.full and not self.is_away(mentor, now)

    def silent(self, now: datetime) -> list[Ask]:
        """Those who may still answer and were not reminded so far."""
        return [ask for ask in self.asks if not ask.reminded and self.may_still_answer(ask, now)]

    def forget_silence(self, slack_id: str) -> None:
        """They have answered since they were reminded."""
        self.silences = [one for one in self.silences if one.mentor != slack_id]

    def everybody_declined(self, now: datetime) -> bool:
        """Of those asked so far nobody is left who could still say yes, and nobody sleeps."""
        hopes = any(self.may_still_answer(ask, now) for ask in self.asks)
        return bool(self.asks) and not hopes and not self.planned

    @property
    def nobody_is_left(self) -> bool:
        """There were candidates, but by their turn each of them wanted or had no room any more."""
        waits = self.asks or self.queue or self.planned or self.sending_paused
        return self.rules >= MENTORS_ROOM and not waits and not self.no_candidates

    @property
    def is_searching(self) -> bool:
        return self.status is Status.OPEN and self.claim is None

    @property
    def one_has_first_say(self) -> bool:
        """A mentor was asked by name, or holds the request: nobody else is turned to."""
        return self.preferred_until is not None or self.hold is not None

    # ---- cards ------------------------------------------------------------------------------

    def card(self, kind: CardKind, to: str = "", number: int = 0) -> CardRef:
        """The card of this kind, with its place if it is known already."""
        key = ids.card_key(self.request_id, kind, to, number)
        return self.cards.get(key) or CardRef(key=key, kind=kind, to=to, number=number)

    def keep_card(self, card: CardRef) -> None:
        self.cards[card.key] = card

    def forget_card(self, key: str) -> bool:
        """A card that was to be written and stands nowhere: whoever it was for was not asked.

        False if it is known to stand by now, or is just being written to who has the request.
        """
        card = self.cards.get(key)
        if card is None or card.message is not None or card.to == self.mentor_id:
            return False
        del self.cards[key]
        self.unpainted.pop(key, None)
        if card.kind is CardKind.ASK and (ask := self.ask_of(card.to)):
            self.asks.remove(ask)
            self.queue.append(ask.mentor)
        return True

    def as_told(self, card: CardRef) -> tuple[object, ...]:
        """What a card written now says; when this changes meanwhile, the card is stale at once."""
        claim, ask = self.claim, self.ask_of(card.to)
        return (
            self.status,
            claim and claim.mentor.slack_id,
            claim and claim.hello,
            self.preferred_until,
            self.no_candidates,
            self.breached,
            ask and ask.answer,
            self.proposal and (self.proposal.number, self.proposal.accepted),
            card.to in [given.feedback.by for given in self.feedback.values()],
            self.hold and self.hold.mentor.slack_id,
            self.choice,
            self.owner and self.owner.slack_id,
            self.contact.asked_at,
            self.done_asks,
            [word.answered_by is not None for word in self.words],
        )

    def mark_card_unpainted(self, kind: CardKind, to: str, number: int = 0) -> None:
        """One person's card; one that is still on its way is looked after when it stands."""
        key = self.card(kind, to, number).key
        if key in self.cards:
            self.mark_stale(key)

    def mark_control_unpainted(self) -> None:
        """The card of the mentor who has the request."""
        if self.mentor_id:
            self.mark_card_unpainted(CardKind.ASK, self.mentor_id)

    def mark_unpainted(self, *kinds: CardKind) -> None:
        """These kinds of cards no longer show the truth."""
        for card in self.cards.values():
            if card.kind in kinds:
                self.mark_stale(card.key)

    def mark_stale(self, key: str) -> None:
        self.marks += 1
        self.unpainted[key] = self.latest_mark

    def mark_painted(self, keys: list[str], mark: int) -> None:
        """These were drawn as the state was at ``latest_mark`` then."""
        for key in keys:
            if self.unpainted.get(key, mark + 1) <= mark:
                del self.unpainted[key]

    @property
    def latest_mark(self) -> int:
        """Release 0.1 went by the revision, which several marks may share."""
        return self.marks if self.rules >= NOTHING_SLIPS else self.revision

    # ---- transitions ------------------------------------------------------------------------

    def changed(self, now: datetime, what: str, by: str = "", why: str = "") -> None:
        """Write down that something happened: the row is behind from here on."""
        self.revision += 1
        self.timeline.append(TimelineEntry(at=now, what=what, by=by, why=why))

    def open(self, now: datetime) -> None:
        self.status = Status.OPEN
        self.claim = None
        self.progress.resume(now)
        if not self.waits:
            self.waits.append(Wait(since=self.start.submitted_at, respond_by=self.start.respond_by))

    def assign(self, mentor: Person, now: datetime, *, by: Person | None = None) -> None:
        """``by`` is the coordinator who gave it to them, None for a claim."""
        asked = self.ask_of(mentor.slack_id)
        if asked and not mentor.time_zone:  # Slack's, where the roster knows none
            mentor = mentor.model_copy(update={"time_zone": asked.mentor.time_zone})
        self.progress.pause(now)
        self.silences.clear()  # somebody was quicker: that counts against nobody
        self.status = Status.CLAIMED
        self.claimed_at = now
        if self.rules < NOTHING_SLIPS:
            self.preferred_until = None
        self.contact = Contact()
        self.claim = ClaimView(
            mentor=mentor,
            at=now,
            undo_until=now + self.start.policy.undo_window,
            assigned_by=by,
        )

    def introduce(self, now: datetime) -> None:
        """The pair has met: the promised response of this wait, in time or late."""
        if self.claim:
            self.claim.introduced = True
        self.introduced_at = now
        self.mentor_gone_untold = False
        self.widening_owed = False
        self.hold = None
        self.preferred_until = self.preferred_check_at = None
        self.first_response_at = self.first_response_at or now
        if self.waits and self.wait.response_at is None:
            self.wait.response_at = now
            self.wait.breached = self.wait.breached or now > self.wait.respond_by

    def give_back(self, now: datetime, *, excluded: bool, left: bool = False) -> None:
        """The claim is withdrawn or released; an excluded mentor is not asked again.

        Once the pair had met, a second wait begins, with a promise of its own. ``left``: the mentee
        wished it, or the mentor was silent.
        """
        if self.claim and self.claim.introduced:
            self.mentor_gone_untold = True
        if excluded and self.claim:
            self.excluded.append(self.claim.mentor.slack_id)
            if left:
                self.left_by.append(self.claim.mentor.slack_id)
            self.preferred_until = self.preferred_check_at = None
            if self.hold and self.hold.mentor.slack_id == self.claim.mentor.slack_id:
                self.hold = None
        if self.introduced_at and self.rules >= NOTHING_SLIPS:
            promised = now + self.start.policy.breach_after
            self.waits.append(Wait(since=now, respond_by=promised))
        self.claimed_at = None
        self.group_channel = ""
        self.introduced_at = None
        self.session_at = None
        self.not_done_at = None
        self.done_asks_before = self.done_asks
        self.proposal = None
        self.contact = Contact()
        self.open(now)

    def close(self, status: Status, outcome: Outcome) -> None:
        self.status = status
        self.outcome = outcome
        self.progress.open_since = None
        self.next_wave_at = None
        self.preferred_until = None
        self.hold = None
        self.planned.clear()
        self.later.clear()
        self.silences.clear()

    def judge_outcome(self) -> Outcome:
        """What the feedback says; the mentee's word counts before the mentor's."""
        for role in (Role.MENTEE, Role.MENTOR):
            if given := self.feedback.get(role):
                return Outcome.MET if given.feedback.happened else Outcome.DID_NOT_MEET
        return Outcome.NO_FEEDBACK

    # ---- deadlines --------------------------------------------------------------------------

    @property
    def wait(self) -> Wait:
        """The present (or latest) stretch of waiting for a mentor."""
        if not self.waits:
            return Wait(since=self.start.submitted_at, respond_by=self.start.respond_by)
        return self.waits[-1]

    @property
    def breached(self) -> bool:
        """The promise of the present wait is broken."""
        return self.wait.breached

    @property
    def breach_at(self) -> datetime | None:
        """When the promise is broken (response clock); None once it is kept or broken."""
        wait = self.wait
        if wait.response_at or wait.breached or self.status.is_final:
            return None
        return wait.respond_by

    @property
    def feedback_due(self) -> datetime:
        """When to ask how it went: some days after the session, or this mentor's first word."""
        first_word = self.contact.mentor_wrote_at or self.introduced_at
        since = self.not_done_at or self.session_at or first_word or self.start.submitted_at
        return since + self.start.policy.feedback_after

    def step_label(self) -> str:
        """The rung it has reached, for row and search attribute."""
        return "parked" if self.parked else ladder.current_step(self.start.policy, self.progress)


def usable_times(times: list[datetime], now: datetime) -> bool:
    """Every proposed time lies in the future and within half a year of the request's now."""
    return all(timedelta(0) < time - now <= LATEST_SESSION for time in times)
