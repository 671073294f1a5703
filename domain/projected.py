"""What others see of a request: views for cards and pages, the case file, the row. Pure."""

from __future__ import annotations

from datetime import datetime

from domain import ids
from domain.memory import Answer
from domain.mentor_messages import No
from domain.models import Role
from domain.records import NoteRow, Records, RequestRow
from domain.state import RequestState
from domain.view import AskView, CardKind, CaseFile, RequestDetails, RequestView


def view(state: RequestState, now: datetime) -> RequestView:
    """What cards and pages may show, as the request stands at ``now`` (UTC)."""
    start, contact, policy = state.start, state.contact, state.start.policy
    check_in_open = contact.asked_at is not None
    return RequestView(
        request_id=state.request_id,
        now=now,
        status=state.status,
        mentee=state.mentee,
        service=start.service.name,
        needs_session=start.service.needs_session,
        goal=start.goal,
        skills=start.skills,
        submitted_at=start.submitted_at,
        respond_by=state.wait.respond_by,
        preferred=start.preferred_mentor,
        in_preferred_window=state.preferred_until is not None,
        asked=[ask.mentor.slack_id for ask in state.reached()],
        declined=[a.mentor.slack_id for a in state.asks if a.answer is Answer.DECLINED],
        excluded=state.excluded,
        was_matched=state.first_response_at is not None,
        claim=state.claim,
        group_channel=state.group_channel,
        proposal=state.proposal,
        session_at=state.session_at,
        feedback_from=list(state.feedback),
        outcome=state.outcome,
        breached=state.breached,
        no_candidates=state.no_candidates,
        waiting_for=state.waiting_for,
        waiting_until=state.waiting_until,
        scope=state.scope,
        escalation_step=state.step_label(),
        hold=state.hold,
        owner=state.owner,
        owner_took_it=state.owner_took_it,
        parked=state.parked,
        best_placed=state.best_placed,
        choice=state.choice,
        write_by=contact.write_by,
        mentor_has_written=contact.mentor_wrote_at is not None,
        stands_still=contact.left_to_coordinators,
        check_in=state.check_ins if check_in_open else 0,
        release_at=contact.asked_at + policy.no_contact_release_after
        if contact.asked_at and contact.mentor_wrote_at is None
        else None,
        waits=state.waits,
        words=state.words,
        on_break=state.on_break,
        opted_out=state.opted_out,
        reasons=[ask.mentor.slack_id for ask in state.asks if ask.reason],
        left_by=state.left_by,
        closing_word=state.closing_word,
        sending_paused=state.sending_paused,
        done_asks=state.done_asks,
        done_asks_before=state.done_asks_before,
    )


def details(state: RequestState) -> RequestDetails:
    """What only mentors who may see it are shown."""
    start = state.start
    readers = [ask.mentor.slack_id for ask in state.asks]
    return RequestDetails(
        request_id=state.request_id,
        mentee=state.mentee,
        service=start.service.name,
        goal=start.goal,
        details=start.details,
        skills=[skill.name for skill in start.skills],
        affiliation=start.affiliation.name if start.affiliation else "",
        level=start.level,
        may_read=[*readers, state.mentor_id] if state.claim else readers,
    )


def case(state: RequestState, now: datetime) -> CaseFile:
    """Everything that coordinators may read of the search."""
    preferred = state.start.preferred_mentor
    return CaseFile(
        request_id=state.request_id,
        now=now,
        service=state.start.service.name,
        skills=[skill.name for skill in state.start.skills],
        mentee=state.mentee.slack_id,
        mentor=state.mentor_id,
        scope=state.scope,
        preferred=preferred.slack_id if preferred else "",
        in_preferred_window=state.preferred_until is not None,
        asks=[
            AskView(
                mentor=ask.mentor,
                at=ask.at,
                answer=ask.answer.value,
                reason=ask.reason,
                reminded=ask.reminded,
                away=_away(state, ask.mentor.slack_id, now),
            )
            for ask in state.asks
        ],
        planned={planned.mentor.slack_id: planned.due for planned in state.planned},
        queued=[candidate.slack_id for candidate in state.queue],
        withheld={mentor: one.why.value for mentor, one in state.withheld.items()},
        cap_lifted=state.cap_lifted,
        next_wave_at=state.next_wave_at,
        excluded=state.excluded,
        timeline=state.timeline,
        coordinators_card=state.card(CardKind.COORDINATORS).message,
    )


def _away(state: RequestState, slack_id: str, now: datetime) -> str:
    if not state.is_away(slack_id, now):
        return ""
    return (No.OPTED_OUT if slack_id in state.opted_out else No.ON_A_BREAK).value


def records(state: RequestState, now: datetime) -> Records:
    """The latest snapshot for Airtable, with the notes that were not written yet."""
    notes = [role for role in state.feedback if role not in state.recorded_notes]
    return Records(request=_row(state, now), notes=[_note(state, role) for role in notes])


def _row(state: RequestState, now: datetime) -> RequestRow:
    start, mentee_says = state.start, state.feedback.get(Role.MENTEE)
    preferred, again = start.preferred_mentor, state.waits[-1] if len(state.waits) > 1 else None
    return RequestRow(
        request_id=state.request_id,
        revision=state.revision,
        slack_id=state.mentee.slack_id,
        slack_user=state.mentee.name,
        email=start.email,
        service=start.service.name,
        service_record=start.service.record_id,
        skill_records=[skill.record_id for skill in start.skills if skill.record_id],
        skills=[skill.name for skill in start.skills],
        goal=start.goal,
        details=start.details,
        affiliation_record=start.affiliation.record_id if start.affiliation else "",
        mentor_requested_record=preferred.record_id if preferred else "",
        mentor_assigned_record=state.claim.mentor.record_id if state.claim else "",
        status=state.status,
        created_at=start.submitted_at,
        first_asked_at=state.first_asked_at,
        claimed_at=state.claimed_at,
        first_response_at=state.first_response_at,
        escalation_step=state.step_label(),
        breached=bool(state.waits) and state.waits[0].breached,
        session_at=state.session_at,
        outcome=state.outcome,
        level_before=start.level,
        level_after=mentee_says.feedback.level if mentee_says else None,
        mentors_asked=len(state.reached()),
        declines=sum(ask.answer is Answer.DECLINED for ask in state.asks),
        owner=(state.owner.name or state.owner.slack_id) if state.owner else "",
        rematch_wait=(again.response_at or now) - again.since if again else None,
        rematch_breached=bool(again and again.breached),
        updated_at=now,
    )


def _note(state: RequestState, role: Role) -> NoteRow:
    given = state.feedback[role]
    return NoteRow(
        note_id=ids.note_id(state.request_id, role),
        request_id=state.request_id,
        author=given.feedback.by,
        role=role,
        happened=given.feedback.happened,
        rating=given.feedback.rating,
        level=given.feedback.level,
        note=given.feedback.note,
        created_at=given.at,
    )
