"""What others see of a mentor's state: memo, App Home, the row in Airtable. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.availability import ROSTER_LAGS, Availability
from domain.standing import WEEK, MentorOverview, MentorRow, Standing

SEEN_WRITTEN = timedelta(hours=20)
"""Less than a day: what comes daily is written daily."""


def standing(state: Availability, now: datetime) -> Standing:
    resting = state.is_resting(now)
    return Standing(
        slack_id=state.slack_id,
        load=len(state.slots),
        resting=resting,
        rest_until=state.rest.until if resting and state.rest else None,
        opted_out=state.opted_out_at is not None,
        account_closed=state.account_closed_at is not None,
        asked=[ask.at for ask in state.asks if ask.at > now - WEEK],
        last_asked=state.last_asked,
        last_seen=state.last_seen,
        dormant_at=state.dormant_at,
        signed_up_at=state.signed_up_at,
        in_review=state.active is False,
        marked=state.marked,
    )


def overview(state: Availability, now: datetime) -> MentorOverview:
    saved = state.profile_saved_at
    lately = saved is not None and (not state.profile_written or now - saved < ROSTER_LAGS)
    return MentorOverview(
        now=now,
        standing=standing(state, now),
        mentees=list(state.slots),
        asks=[ask.request_id for ask in reversed(state.asks)],
        never_ask_again=state.never_ask_again,
        profile=state.profile if lately else None,
    )


def row(state: Availability, now: datetime) -> MentorRow:
    """The row as it should be; ``revision`` is the newest."""
    stands = standing(state, now)
    writes_profile = not state.profile_written
    signs_up = writes_profile and state.signing_up
    return MentorRow(
        slack_id=state.slack_id,
        revision=state.revision,
        status=stands.status(now, state.capacity),
        mentees_now=stands.load,
        snoozed_until=stands.rest_until,
        opted_out_at=state.opted_out_at,
        last_seen=state.last_seen,
        profile=state.profile if writes_profile else None,
        signed_up_at=state.signed_up_at if signs_up else None,
        active=state.active if signs_up else None,
    )


def owes_row(state: Availability, now: datetime) -> bool:
    """The row in Airtable says something else; Last Seen alone is worth one write a day."""
    known, wanted = state.row, row(state, now)
    if known is None or wanted.profile is not None:
        return True
    seen, wrote = wanted.last_seen, known.last_seen
    if seen is not None and (wrote is None or seen - wrote >= SEEN_WRITTEN):
        return True
    kept = {"revision": 0, "last_seen": None}
    return wanted.model_copy(update=kept) != known.model_copy(update=kept)
