"""The whole state of one request: serialisable, and the only thing its workflow remembers."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain import ids, ladder
from domain.base import Payload, TolerantEnum
from domain.ladder import LadderProgress
from domain.messages import GiveFeedback, Received
from domain.models import LATEST_SESSION, Candidate, Outcome, Person, RequestStart, Role, Status
from domain.policy import Scope
from domain.records import NoteRow, Records, RequestRow
from domain.view import (
    CardKind,
    CardRef,
    ClaimView,
    ProposalView,
    RequestDetails,
    RequestView,
)


class Answer(TolerantEnum):
    """What came of asking one mentor."""

    WAITING = "waiting"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class Ask(Payload):
    """One mentor who was asked (or is being asked just now)."""

    mentor: Candidate
    at: datetime
    answer: Answer = Answer.WAITING
    reminded: bool = False


class FeedbackGiven(Payload):
    at: datetime
    feedback: GiveFeedback


class TimelineEntry(Payload):
    """Something that happened, for operators; ``by`` is a Slack id or "" for Muster itself."""

    at: datetime
    what: str
    by: str = ""


class RequestState(Payload):
    """One request. Rules live here as pure methods; waiting and talking live in the workflow."""

    start: RequestStart
    status: Status = Status.OPEN
    inbox: list[Received] = Field(default_factory=list)
    progress: LadderProgress = Field(default_factory=LadderProgress)
    scope: Scope = Scope.FULL
    asks: list[Ask] = Field(default_factory=list)
    queue: list[Candidate] = Field(default_factory=list)
    """Mentors of the present scope whose wave is still to come."""
    next_wave_at: datetime | None = None
    preferred_until: datetime | None = None
    no_candidates: bool = False
    excluded: list[str] = Field(default_factory=list)
    claim: ClaimView | None = None
    claimed_at: datetime | None = None
    group_channel: str = ""
    introductions: int = 0
    introduced_at: datetime | None = None
    """When the present pair met; ``first_response_at`` may be an earlier mentor's."""
    proposal: ProposalView | None = None
    proposals_made: int = 0
    session_at: datetime | None = None
    feedback: dict[Role, FeedbackGiven] = Field(default_factory=dict)
    feedback_reminder_at: datetime | None = None
    feedback_closes_at: datetime | None = None
    first_asked_at: datetime | None = None
    first_response_at: datetime | None = None
    breached: bool = False
    outcome: Outcome | None = None
    cards: dict[str, CardRef] = Field(default_factory=dict)
    """Living cards by their key."""
    unpainted: dict[str, int] = Field(default_factory=dict)
    """Cards that don't show the present state yet, with the revision that made them stale."""
    revision: int = 0
    recorded: int = 0
    """The newest revision that the row in Airtable shows."""
    recorded_notes: list[Role] = Field(default_factory=list)
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

    def role_of(self, slack_id: str) -> Role | None:
        """Which side of the pair somebody is on, None for everybody else."""
        if slack_id == self.mentee.slack_id:
            return Role.MENTEE
        if self.claim and slack_id == self.claim.mentor.slack_id:
            return Role.MENTOR
        return None

    def ask_of(self, slack_id: str) -> Ask | None:
        return next((ask for ask in self.asks if ask.mentor.slack_id == slack_id), None)

    def silent(self) -> list[Ask]:
        """Asked, reachable, and neither answered, reminded nor gone so far."""
        return [
            ask
            for ask in self.asks
            if ask.answer is Answer.WAITING
            and not ask.reminded
            and ask.mentor.slack_id not in self.excluded
        ]

    @property
    def is_searching(self) -> bool:
        return self.status is Status.OPEN and self.claim is None

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
        )

    def mark_card_unpainted(self, kind: CardKind, to: str) -> None:
        """One person's card; one that is still on its way is looked after when it stands."""
        key = self.card(kind, to).key
        if key in self.cards:
            self.unpainted[key] = self.revision

    def mark_control_unpainted(self) -> None:
        """The card of the mentor who has the request."""
        if self.mentor_id:
            self.mark_card_unpainted(CardKind.ASK, self.mentor_id)

    def mark_unpainted(self, *kinds: CardKind) -> None:
        """These kinds of cards no longer show the truth."""
        for card in self.cards.values():
            if card.kind in kinds:
                self.unpainted[card.key] = self.revision

    def mark_painted(self, keys: list[str], revision: int) -> None:
        for key in keys:
            if self.unpainted.get(key, revision + 1) <= revision:
                del self.unpainted[key]

    # ---- transitions ------------------------------------------------------------------------

    def changed(self, now: datetime, what: str, by: str = "") -> None:
        """Write down that something happened: the row is behind from here on."""
        self.revision += 1
        self.timeline.append(TimelineEntry(at=now, what=what, by=by))

    def open(self, now: datetime) -> None:
        self.status = Status.OPEN
        self.claim = None
        self.progress.resume(now)

    def assign(self, mentor: Person, now: datetime) -> None:
        self.progress.pause(now)
        self.status = Status.CLAIMED
        self.claimed_at = now
        self.preferred_until = None
        self.claim = ClaimView(
            mentor=mentor, at=now, undo_until=now + self.start.policy.undo_window
        )

    def introduce(self, now: datetime) -> None:
        """The pair has met. The first time it is the promised response, in time or late."""
        if self.claim:
            self.claim.introduced = True
        self.introduced_at = now
        if self.first_response_at is None:
            self.first_response_at = now
            self.breached = self.breached or now > self.start.respond_by

    def give_back(self, now: datetime, *, excluded: bool) -> None:
        """The claim is withdrawn or released; an excluded mentor is not asked again."""
        if excluded and self.claim:
            self.excluded.append(self.claim.mentor.slack_id)
        self.claimed_at = None
        self.group_channel = ""
        self.introduced_at = None
        self.session_at = None
        self.proposal = None
        self.open(now)

    def close(self, status: Status, outcome: Outcome) -> None:
        self.status = status
        self.outcome = outcome
        self.progress.open_since = None
        self.next_wave_at = None
        self.preferred_until = None

    def judge_outcome(self) -> Outcome:
        """What the feedback says; the mentee's word counts before the mentor's."""
        for role in (Role.MENTEE, Role.MENTOR):
            if given := self.feedback.get(role):
                return Outcome.MET if given.feedback.happened else Outcome.DID_NOT_MEET
        return Outcome.NO_FEEDBACK

    # ---- deadlines --------------------------------------------------------------------------

    @property
    def breach_at(self) -> datetime | None:
        """When the promise is broken (response clock); None once it is kept or broken."""
        if self.first_response_at or self.breached or self.status.is_final:
            return None
        return self.start.respond_by

    @property
    def feedback_due(self) -> datetime:
        """When to ask how it went: some days after the session, or this mentor's first word."""
        since = self.session_at or self.introduced_at or self.start.submitted_at
        return since + self.start.policy.feedback_after

    def step_label(self) -> str:
        return ladder.current_step(self.start.policy, self.progress)

    # ---- what others see --------------------------------------------------------------------

    def view(self, now: datetime) -> RequestView:
        return RequestView(
            request_id=self.request_id,
            now=now,
            status=self.status,
            mentee=self.mentee,
            service=self.start.service.name,
            needs_session=self.start.service.needs_session,
            goal=self.start.goal,
            skills=self.start.skills,
            submitted_at=self.start.submitted_at,
            respond_by=self.start.respond_by,
            preferred=self.start.preferred_mentor,
            in_preferred_window=self.preferred_until is not None,
            asked=[ask.mentor.slack_id for ask in self.asks],
            declined=[a.mentor.slack_id for a in self.asks if a.answer is Answer.DECLINED],
            excluded=self.excluded,
            was_matched=self.first_response_at is not None,
            claim=self.claim,
            group_channel=self.group_channel,
            proposal=self.proposal,
            session_at=self.session_at,
            feedback_from=list(self.feedback),
            outcome=self.outcome,
            breached=self.breached,
            no_candidates=self.no_candidates,
            waiting_for=self.waiting_for,
            waiting_until=self.waiting_until,
        )

    def details(self) -> RequestDetails:
        start = self.start
        readers = [ask.mentor.slack_id for ask in self.asks]
        return RequestDetails(
            request_id=self.request_id,
            mentee=self.mentee,
            service=start.service.name,
            goal=start.goal,
            details=start.details,
            skills=[skill.name for skill in start.skills],
            affiliation=start.affiliation.name if start.affiliation else "",
            level=start.level,
            may_read=[*readers, self.mentor_id] if self.claim else readers,
        )

    def records(self, now: datetime) -> Records:
        """The latest snapshot for Airtable, with the notes that were not written yet."""
        notes = [role for role in self.feedback if role not in self.recorded_notes]
        return Records(request=self._row(now), notes=[self._note(role) for role in notes])

    def _row(self, now: datetime) -> RequestRow:
        start, mentee_says = self.start, self.feedback.get(Role.MENTEE)
        preferred = start.preferred_mentor
        return RequestRow(
            request_id=self.request_id,
            revision=self.revision,
            slack_id=self.mentee.slack_id,
            slack_user=self.mentee.name,
            email=start.email,
            service=start.service.name,
            service_record=start.service.record_id,
            skill_records=[skill.record_id for skill in start.skills if skill.record_id],
            skills=[skill.name for skill in start.skills],
            goal=start.goal,
            details=start.details,
            affiliation_record=start.affiliation.record_id if start.affiliation else "",
            mentor_requested_record=preferred.record_id if preferred else "",
            mentor_assigned_record=self.claim.mentor.record_id if self.claim else "",
            status=self.status,
            created_at=start.submitted_at,
            first_asked_at=self.first_asked_at,
            claimed_at=self.claimed_at,
            first_response_at=self.first_response_at,
            escalation_step=self.step_label(),
            breached=self.breached,
            session_at=self.session_at,
            outcome=self.outcome,
            level_before=start.level,
            level_after=mentee_says.feedback.level if mentee_says else None,
            mentors_asked=sum(ask.answer is not Answer.UNREACHABLE for ask in self.asks),
            declines=sum(ask.answer is Answer.DECLINED for ask in self.asks),
            updated_at=now,
        )

    def _note(self, role: Role) -> NoteRow:
        given = self.feedback[role]
        return NoteRow(
            note_id=ids.note_id(self.request_id, role),
            request_id=self.request_id,
            author=given.feedback.by,
            role=role,
            happened=given.feedback.happened,
            rating=given.feedback.rating,
            level=given.feedback.level,
            note=given.feedback.note,
            created_at=given.at,
        )


def usable_times(times: list[datetime], now: datetime) -> bool:
    """Every proposed time lies in the future and within half a year of the request's now."""
    return all(timedelta(0) < time - now <= LATEST_SESSION for time in times)
