"""Who may take a request, and what becomes of a mentor's row: answered even when others don't."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities import mentors as module
from activities.mentors import MentorActivities
from clients.airtable import Airtable
from clients.requests import TemporalAwayError
from clients.workload import Workload
from domain import mentor_projected
from domain.availability import Availability
from domain.mentor_messages import (
    ComeBack,
    MentorProfile,
    Reserve,
    SaveProfile,
    Snooze,
)
from domain.mentor_work import LookAround, Surroundings
from domain.models import Person
from domain.quiet import QuietHours
from domain.standing import MentorRow, MentorRules, MentorStatus, Standing
from domain.view import Notice
from domain.work import CheckMentor, MentorCheck, PauseMentor
from records.catalog import Catalog
from records.mentor_rows import MentorRows
from records.roster import Roster
from records.writer import Writer
from tests.activities.community_rows import NOW, Entities, fill, mentor
from tests.records.airtable_fake import RATE_LIMITED, Clock, FakeAirtable, error, serve

REQUEST, ANOTHER, A_THIRD = "MR-AAAAAAAAAA", "MR-BBBBBBBBBB", "MR-CCCCCCCCCC"
RULES = MentorRules(paused_after=12)
SAM_WAS_ASKED = Person(slack_id="SAM", name="Sam", record_id="recSAM")
UNTIL = NOW + timedelta(days=14)


class Running(Workload):
    """The requests that mentors have, as tests set them."""

    def __init__(self) -> None:
        self.of: dict[str, list[str]] = {}
        self.looked_at: list[str] = []

    async def requests_of(self, slack_id: str, known: Iterable[str] = ()) -> list[str]:
        self.looked_at = list(known)
        return self.of.get(slack_id, [])


class House:
    """The activities with their parts, the Airtable behind them, mentors' workflows in memory."""

    def __init__(
        self, fake: FakeAirtable, airtable: Airtable, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.fake = fake
        self.caplog = caplog
        self.workload = Running()
        self.entities = Entities()
        self.writer = Writer(airtable, clock=fake.clock, sleep=fake.clock.sleep)
        catalog = Catalog(airtable, "appMain", private_base_id="appPrivate", clock=fake.clock)
        self.entities.roster = Roster(catalog, self.entities)
        self.activities = MentorActivities(
            self.entities,
            self.workload,
            self.entities.roster,
            MentorRows(catalog, self.writer, "appMain"),
            RULES,
            clock=fake.clock,
        )

    async def check(self, slack_id: str, mentee: str = "RILEY") -> MentorCheck:
        """May they take it, as far as anybody can say?"""
        return await self._check(CheckMentor(slack_id=slack_id, now=NOW, mentee=mentee))

    async def claim(
        self,
        slack_id: str,
        request: str = REQUEST,
        *,
        known: Person | None = None,
        attempt: int = 1,
    ) -> MentorCheck:
        """The same, with a slot held for it."""
        wish = Reserve(at=NOW, request_id=request, turn=1)
        check = CheckMentor(slack_id=slack_id, now=NOW, mentee="RILEY", wish=wish, known=known)
        return await self._check(check, attempt)

    async def _check(self, check: CheckMentor, attempt: int = 1) -> MentorCheck:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        return await environment.run(self.activities.check_mentor, check)

    def slots(self, slack_id: str) -> list[str]:
        return list(self.entities.met[slack_id].slots) if slack_id in self.entities.met else []

    async def look_around(self, slack_id: str, *slots: str) -> Surroundings:
        order = LookAround(slack_id=slack_id, slots=list(slots))
        return await ActivityEnvironment().run(self.activities.look_around, order)

    async def record(self, slack_id: str = "SAM", **changes: object) -> None:
        row = MentorRow(
            slack_id=slack_id, revision=1, status=MentorStatus.AT_CAPACITY, mentees_now=2
        )
        await ActivityEnvironment().run(
            self.activities.record_mentor, row.model_copy(update=changes)
        )

    def cells(self, slack_id: str) -> dict[str, object]:
        rows = {row["id"]: row["fields"] for row in self.fake.lists["Mentors"]}
        return dict(rows[f"rec{slack_id}"])

    @property
    def alerts(self) -> list[str]:
        return [one.getMessage() for one in self.caplog.records if one.name == "muster.alerts"]


@pytest.fixture
async def house(caplog: pytest.LogCaptureFixture) -> AsyncIterator[House]:
    fake = FakeAirtable(Clock())
    fill(fake)
    async with serve(fake) as airtable:
        house = House(fake, airtable, caplog)
        yield house
        await house.writer.close()


@pytest.fixture
def kept_apart(house: House) -> House:
    """Riley is never paired with Sam, nor with others who could not be asked anyway."""
    house.fake.lists["Never Pair"] = [
        {"id": f"rec{n}", "fields": {"A": one, "B": other}}
        for n, (one, other) in enumerate(
            [("SAM", "RILEY"), ("riley ", "Full"), ("RETIRED", "RILEY"), ("STRANGER", "RILEY")]
        )
    ]
    return house


# ---- who may take a request -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("slack_id", "refusal"),
    [
        ("SAM", None),
        ("DANA", None),
        ("STRANGER", Notice.NOT_A_MENTOR),
        ("RETIRED", Notice.NOT_A_MENTOR),
        ("FULL", Notice.NO_ROOM),
        ("AWAY", Notice.NO_ROOM),
        ("OUT", Notice.NO_ROOM),
    ],
)
async def test_of_mentors_never_met_their_row_says_who_may_take_a_request(
    house: House, slack_id: str, refusal: Notice | None
) -> None:
    answer = await house.check(slack_id)
    assert answer.refusal is refusal
    assert (answer.mentor is not None) == (refusal is None)
    assert house.entities.met == {}, "a look starts nobody's workflow"


async def test_a_mentor_who_may_claim_comes_with_name_and_record_but_no_profile(
    house: House,
) -> None:
    answer = await house.check("SAM")
    assert answer.mentor is not None
    assert answer.mentor.model_dump() == {
        "slack_id": "SAM",
        "name": "Sam",
        "time_zone": "",
        "record_id": "recSAM",
        "quiet_hours": None,
    }


async def test_a_claim_holds_slots_as_long_as_the_roster_grants_room(house: House) -> None:
    assert (await house.claim("SAM", REQUEST)).refusal is None
    assert (await house.claim("SAM", ANOTHER)).refusal is None
    assert (await house.claim("SAM", A_THIRD)).refusal is Notice.NO_ROOM
    assert house.slots("SAM") == [REQUEST, ANOTHER]


async def test_a_claim_whose_answer_was_lost_is_not_refused_for_the_slot_that_it_holds(
    house: House,
) -> None:
    house.fake.lists["Mentors"] = [mentor("SAM", **{"Max Mentees": 1})]
    assert (await house.claim("SAM")).refusal is None
    assert (await house.claim("SAM", attempt=2)).refusal is None
    assert house.slots("SAM") == [REQUEST]


def full(sam: Availability) -> None:
    for request_id in (ANOTHER, A_THIRD):
        sam.keep(request_id, 1, NOW)


@pytest.mark.parametrize(
    ("happened", "refusal"),
    [
        (full, Notice.NO_ROOM),
        (lambda sam: sam.snooze(UNTIL, NOW), Notice.NO_ROOM),
        (lambda sam: sam.opt_out(NOW), Notice.NO_ROOM),
        (lambda sam: sam.account_closed(NOW), Notice.NOT_A_MENTOR),
        (lambda sam: sam.free(REQUEST, 2), Notice.CANNOT_CHECK),
    ],
    ids=["full", "resting", "opted out", "gone from Slack", "given back meanwhile"],
)
async def test_what_a_mentors_own_workflow_says_counts_before_anybody_else_can_know(
    house: House, happened: Callable[[Availability], None], refusal: Notice
) -> None:
    house.entities.listed = {"SAM": Standing(slack_id="SAM")}
    happened(house.entities.of("SAM"))
    answer = await house.claim("SAM")
    assert answer == MentorCheck(refusal=refusal)
    assert REQUEST not in house.slots("SAM")


@pytest.mark.parametrize(
    "a_moment_ago",
    [
        Standing(slack_id="SAM", load=2),
        Standing(slack_id="SAM", resting=True, rest_until=UNTIL),
        Standing(slack_id="SAM", opted_out=True),
    ],
    ids=["full", "resting", "opted out"],
)
async def test_who_came_back_a_moment_ago_can_claim_at_once(
    house: House, a_moment_ago: Standing
) -> None:
    house.entities.listed = {"SAM": a_moment_ago}
    house.entities.of("SAM")
    assert (await house.check("SAM")).refusal is Notice.NO_ROOM
    assert (await house.claim("SAM")).refusal is None
    assert house.slots("SAM") == [REQUEST]


@pytest.mark.parametrize("slack_id", ["OUT", "AWAY"])
async def test_who_is_away_by_their_row_and_was_never_met_gets_no_slot(
    house: House, slack_id: str
) -> None:
    assert (await house.claim(slack_id)).refusal is Notice.NO_ROOM
    assert house.slots(slack_id) == []


async def test_who_is_no_active_mentor_gets_no_slot(house: House) -> None:
    for slack_id in ("RETIRED", "STRANGER"):
        assert (await house.claim(slack_id)).refusal is Notice.NOT_A_MENTOR
    assert house.entities.met == {}


async def test_a_status_that_somebody_made_up_keeps_a_mentor_from_requests(house: House) -> None:
    house.fake.lists["Mentors"] = [mentor("SAM", Status="Moved on")]
    assert (await house.claim("SAM")).refusal is Notice.NO_ROOM
    assert house.entities.met == {}


# ---- people who are never paired ------------------------------------------------------------


async def test_a_claim_of_somebody_never_paired_is_refused_without_a_word_of_the_list(
    kept_apart: House,
) -> None:
    answer = await kept_apart.check("SAM")
    assert answer == MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
    assert (await kept_apart.check("SAM", mentee="MORGAN")).refusal is None


async def test_for_somebody_never_paired_no_slot_is_held(kept_apart: House) -> None:
    answer = await kept_apart.claim("SAM")
    assert answer == MentorCheck(refusal=Notice.ANOTHER_MENTOR_TAKES_IT)
    assert kept_apart.entities.met == {}


@pytest.mark.parametrize(
    ("slack_id", "refusal"),
    [
        ("FULL", Notice.NO_ROOM),
        ("RETIRED", Notice.NOT_A_MENTOR),
        ("STRANGER", Notice.NOT_A_MENTOR),
    ],
)
async def test_who_would_be_refused_anyway_hears_what_anybody_would_hear(
    kept_apart: House, slack_id: str, refusal: Notice
) -> None:
    assert (await kept_apart.check(slack_id)).refusal is refusal
    assert (await kept_apart.claim(slack_id)).refusal is refusal
    assert kept_apart.slots(slack_id) == []


# ---- somebody waits for the answer ----------------------------------------------------------


async def test_while_airtable_is_away_who_was_asked_gets_a_slot(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    answer = await house.claim("SAM", known=SAM_WAS_ASKED)
    assert answer == MentorCheck(mentor=SAM_WAS_ASKED)
    assert house.slots("SAM") == [REQUEST]


async def test_while_airtable_is_away_a_mentors_own_workflow_still_says_no(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    house.entities.of("SAM").opt_out(NOW)
    answer = await house.claim("SAM", known=SAM_WAS_ASKED)
    assert answer == MentorCheck(refusal=Notice.NO_ROOM)


async def test_while_airtable_is_away_nobody_else_can_be_checked(house: House) -> None:
    house.fake.refuse = lambda call: (503, {})
    assert await house.claim("SAM") == MentorCheck(refusal=Notice.CANNOT_CHECK)
    assert await house.check("SAM") == MentorCheck(refusal=Notice.CANNOT_CHECK)
    assert house.entities.met == {}


async def test_nobody_who_clicks_waits_for_a_slow_airtable(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_PATIENCE", 0.05)
    house.entities.of("SAM")
    house.fake.gate.clear()
    assert (await house.check("SAM")).refusal is Notice.CANNOT_CHECK
    assert (await house.claim("SAM", known=SAM_WAS_ASKED)).mentor == SAM_WAS_ASKED
    assert house.slots("SAM") == [REQUEST]


async def test_while_nobody_can_list_mentors_who_was_asked_gets_a_slot(house: House) -> None:
    house.entities.listing_fails = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")
    assert (await house.claim("SAM", known=SAM_WAS_ASKED)).mentor == SAM_WAS_ASKED
    assert (await house.claim("DANA")).refusal is Notice.CANNOT_CHECK


async def test_without_the_never_pair_list_nobody_can_be_checked_and_operators_are_told(
    house: House,
) -> None:
    house.fake.refuse = lambda call: (
        error(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND") if call.base == "appPrivate" else None
    )
    assert (await house.claim("SAM")).refusal is Notice.CANNOT_CHECK
    [alert] = house.alerts
    assert "AIRTABLE_PRIVATE_BASE_ID" in alert


async def test_a_mentors_workflow_that_does_not_answer_is_asked_again(house: House) -> None:
    house.entities.away = True
    with pytest.raises(TemporalAwayError):  # and Temporal tries again
        await house.claim("SAM")


# ---- breaks that requests of an earlier release still send ----------------------------------


async def pause(house: House, order: PauseMentor, *, attempt: int = 1) -> None:
    environment = ActivityEnvironment()
    environment.info = replace(
        environment.info,
        attempt=attempt,
        scheduled_time=NOW,
        current_attempt_scheduled_time=NOW + timedelta(hours=attempt),
    )
    await environment.run(house.activities.pause_mentor, order)


async def test_a_break_and_its_end_reach_the_mentors_workflow(house: House) -> None:
    at = NOW - timedelta(minutes=1)
    await pause(house, PauseMentor(slack_id="SAM", until=UNTIL, at=at))
    await pause(house, PauseMentor(slack_id="SAM", at=at))
    assert house.entities.told == [
        ("SAM", Snooze(at=at, until=UNTIL)),
        ("SAM", ComeBack(at=at)),
    ]


async def test_a_break_without_a_moment_is_as_old_as_its_first_try(house: House) -> None:
    await pause(house, PauseMentor(slack_id="SAM", until=UNTIL), attempt=5)
    assert house.entities.told == [("SAM", Snooze(at=NOW, until=UNTIL))]


async def test_a_break_is_sent_again_once_temporal_is_back(house: House) -> None:
    house.entities.away = True
    with pytest.raises(TemporalAwayError):
        await pause(house, PauseMentor(slack_id="SAM", until=UNTIL))


# ---- what a mentor's workflow learns --------------------------------------------------------


async def test_a_mentors_workflow_learns_of_requests_rules_and_row(house: House) -> None:
    house.fake.lists["Mentors"] = [
        mentor(
            "SAM",
            **{
                "Shown Name": "Sammy",
                "Max Mentees": 4,
                "Asks A Week": 1,
                "Time Zone": "America/Chicago",
                "Quiet Hours": "22:00–07:30",
                "Mentees Now": 3,
                "Last Seen": "2026-04-30T08:00:00.000Z",
            },
        )
    ]
    house.workload.of["SAM"] = [REQUEST, ANOTHER]
    house.entities.listed = {"SAM": Standing(slack_id="SAM", load=1, opted_out=True)}
    found = await house.look_around("SAM", REQUEST)
    assert house.workload.looked_at == [REQUEST], "the slots are looked at by name"
    assert found.running == [REQUEST, ANOTHER]
    assert found.rules == RULES
    assert found.terms is not None
    assert found.terms.model_dump() == {
        "name": "Sammy",
        "max_mentees": 4,
        "weekly_asks": 1,
        "time_zone": "America/Chicago",
        "quiet_hours": found.terms.quiet_hours and found.terms.quiet_hours.model_dump(),
        "active": True,
    }
    assert found.terms.quiet_hours is not None
    assert f"{found.terms.quiet_hours.end:%H:%M}" == "07:30"
    assert found.row == MentorRow(
        slack_id="SAM",
        revision=0,
        status=MentorStatus.AVAILABLE,
        mentees_now=3,
        last_seen=datetime(2026, 4, 30, 8, tzinfo=UTC),
    ), "what the row says, whatever their workflow does"


async def test_what_somebody_wrote_as_a_status_by_hand_stops_no_workflow(house: House) -> None:
    house.fake.lists["Mentors"] = [mentor("SAM", Status="Moved on"), mentor("DANA", Status="")]
    sam, dana = await house.look_around("SAM"), await house.look_around("DANA")
    assert sam.row is not None
    assert dana.row is not None
    assert (sam.row.status, dana.row.status) == (MentorStatus.UNKNOWN, MentorStatus.AVAILABLE)


async def test_while_airtable_is_away_a_mentors_workflow_goes_on_with_their_requests(
    house: House,
) -> None:
    house.fake.refuse = lambda call: (503, {})
    house.workload.of["SAM"] = [REQUEST]
    assert await house.look_around("SAM") == Surroundings(
        running=[REQUEST], rules=RULES, roster_read=False
    )


async def test_of_somebody_without_a_row_only_requests_are_known(house: House) -> None:
    assert await house.look_around("STRANGER") == Surroundings(rules=RULES)


# ---- their row ------------------------------------------------------------------------------


async def test_what_a_mentors_workflow_owns_is_written_into_their_row(house: House) -> None:
    before = house.cells("SAM")
    await house.record()
    assert house.cells("SAM") == {**before, "Status": "At capacity", "Mentees Now": 2}


async def test_a_row_is_written_once_airtable_is_back(house: House) -> None:
    await house.check("SAM")
    house.fake.refuse = lambda call: (503, {})
    with pytest.raises(ApplicationError) as failure:
        await house.record()
    assert failure.value.type == "AirtableAwayError"
    assert not failure.value.non_retryable
    house.fake.refuse = lambda call: None
    await house.record()
    assert house.cells("SAM")["Status"] == "At capacity"


async def test_without_a_roster_a_row_waits_for_it(house: House) -> None:
    house.fake.refuse = lambda call: RATE_LIMITED
    with pytest.raises(ApplicationError) as failure:
        await house.record()
    assert failure.value.next_retry_delay == timedelta(seconds=30)
    assert not failure.value.non_retryable


async def test_a_row_that_cannot_be_mended_is_given_up_with_an_alert(house: House) -> None:
    house.fake.refuse = lambda call: (
        error(422, "INVALID_REQUEST_UNKNOWN", "Invalid request.") if call.rows else None
    )
    with pytest.raises(ApplicationError) as failure:
        await house.record()
    assert failure.value.non_retryable
    [alert] = house.alerts
    assert "SAM" in alert


async def test_a_revoked_token_is_tried_hourly_and_alerted_once_for_all_mentors(
    house: House,
) -> None:
    await house.check("SAM")
    house.fake.refuse = lambda call: error(401, "AUTHENTICATION_REQUIRED")
    for slack_id in ("SAM", "DANA", "FULL"):
        with pytest.raises(ApplicationError) as failure:
            await house.record(slack_id)
        assert failure.value.next_retry_delay == timedelta(hours=1)
    assert len(house.alerts) == 1


async def test_whoever_signs_up_gets_a_row_and_is_found(house: House) -> None:
    newcomer = Availability(slack_id="KIM")
    profile = MentorProfile(
        shown_name="Kim", max_mentees=2, quiet_hours=QuietHours(), code_of_conduct=True
    )
    newcomer.save(SaveProfile(at=NOW, profile=profile, signs_up=True))
    assert (await house.check("KIM")).refusal is Notice.NOT_A_MENTOR
    await ActivityEnvironment().run(
        house.activities.record_mentor, mentor_projected.row(newcomer, NOW)
    )
    answer = await house.claim("KIM")
    assert answer.mentor is not None
    assert answer.mentor.name == "Kim"
