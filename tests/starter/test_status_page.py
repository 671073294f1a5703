"""The status page behind its signed link, and cancelling from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.links import Links
from domain.messages import Cancel
from domain.models import Outcome, Person, Role, Status
from domain.view import HoldView, ProposalView, RequestView, Wait
from tests.starter.house import (
    LEO,
    LINKS,
    NOW,
    REVIEW,
    RIA,
    SAM,
    House,
    Page,
    a_view,
    claimed_by_sam,
)

CHOSEN = Person(slack_id=SAM.slack_id, name=SAM.name)


def path_of(view: RequestView) -> str:
    return LINKS.status_path(view.request_id, view.mentee.slack_id)


async def page_of(house: House, view: RequestView) -> Page:
    house.requests.views[view.request_id] = view
    page = await house.get(path_of(view))
    assert page.status == 200
    return page


def here(page: Page) -> str:
    """The step that is marked as the one where the request is."""
    _, _, rest = page.html.partition('aria-current="step"')
    return rest.partition('class="name">')[2].partition("<")[0]


async def test_an_open_request_says_by_when_in_the_mentees_own_time(house: House) -> None:
    page = await page_of(house, a_view())
    assert "We’re looking for your mentor" in page.text
    assert (
        "You’ll hear from a mentor by Thursday 12 March, 10:00 (New York time) at the latest."
        in page.text
    )
    assert '<time datetime="2026-03-12T14:00Z">' in page.html
    assert here(page) == "Asked"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus_Mons", "../etc/passwd", "UTC"])
async def test_a_mentee_without_a_known_zone_reads_utc(house: House, zone: str) -> None:
    page = await page_of(house, a_view(mentee=RIA.model_copy(update={"time_zone": zone})))
    assert "Thursday 12 March, 14:00 (UTC)" in page.text


async def test_a_chosen_mentor_is_said_to_be_asked_first_and_then_others_too(
    house: House,
) -> None:
    first, others = "We’ve asked Sam Okafor first, as you wished.", "so we’re asking other mentors"
    page = await page_of(house, a_view(preferred=CHOSEN, in_preferred_window=True))
    assert first in page.text
    assert others not in page.text
    for declined in ([], [SAM.slack_id]):  # silent or not: the same words
        later = await page_of(house, a_view(preferred=CHOSEN, declined=declined, asked=["USAM"]))
        assert f"Sam Okafor may not be free just now, {others}, too." in later.text
        assert first not in later.text


async def test_a_chosen_mentor_who_will_do_it_on_sunday_is_still_the_one_who_was_asked(
    house: House,
) -> None:
    hold = HoldView(mentor=CHOSEN, until=NOW + timedelta(hours=30))
    page = await page_of(house, a_view(preferred=CHOSEN, hold=hold, asked=[SAM.slack_id]))
    assert "We’ve asked Sam Okafor first, as you wished." in page.text
    assert "in mind" not in page.text, "whose mind would be plain"


async def test_a_request_on_hold_says_so_but_never_by_whom(house: House) -> None:
    hold = HoldView(mentor=CHOSEN, until=NOW + timedelta(hours=30))
    page = await page_of(house, a_view(hold=hold, asked=["USAM", "UDANA"]))
    assert "A mentor has it in mind for later; others can still take it sooner." in page.text
    assert SAM.name not in page.text


async def test_coordinators_who_know_of_it_or_look_after_it_are_mentioned(house: House) -> None:
    known = await page_of(house, a_view(owner=LEO))
    assert "The coordinators know of your request and help to find someone." in known.text
    taken = await page_of(house, a_view(owner=LEO, owner_took_it=True))
    assert "A coordinator looks after your request in person." in taken.text
    for page in (known, taken):
        assert LEO.name not in page.text


async def test_nobody_sees_how_many_were_asked_or_declined(house: House) -> None:
    quiet = await page_of(house, a_view())
    busy = await page_of(
        house,
        a_view(
            asked=["UA", "UB"],
            declined=["UC"],
            no_candidates=True,
            waiting_for="the first reminder",
        ),
    )
    assert busy.text == quiet.text
    once = await page_of(house, a_view(excluded=["UD"], was_matched=True))
    twice = await page_of(house, a_view(excluded=["UD", "UE"], was_matched=True))
    assert once.text == twice.text
    unheard_of = await page_of(house, a_view(excluded=["UD"]))
    assert unheard_of.text == quiet.text, "somebody who was never introduced"


async def test_a_claim_that_can_still_be_undone_is_not_shown(house: House) -> None:
    undecided = await page_of(
        house, a_view(status=Status.CLAIMED, claim=claimed_by_sam(introduced=False))
    )
    assert undecided.text == (await page_of(house, a_view())).text


async def test_an_introduced_mentor_is_named_and_the_next_step_told(house: House) -> None:
    page = await page_of(house, a_view(status=Status.CLAIMED, claim=claimed_by_sam()))
    assert "You have a mentor: Sam Okafor" in page.text
    assert "Next, agree on a time for your session." in page.text
    assert here(page) == "Matched"


async def test_offered_times_are_listed_in_the_mentees_time(house: House) -> None:
    times = [NOW + timedelta(days=2), NOW + timedelta(days=3)]
    for by, words in (
        (SAM.slack_id, "Sam Okafor offers these times. Choose one in Slack."),
        (RIA.slack_id, "You’ve offered these times. Sam Okafor answers in Slack."),
    ):
        proposal = ProposalView(number=1, by=by, times=times)
        page = await page_of(
            house, a_view(status=Status.CLAIMED, claim=claimed_by_sam(), proposal=proposal)
        )
        assert words in page.text
        assert "Friday 13 March, 10:00 (New York time)" in page.text


async def test_a_service_in_writing_has_no_session_step(house: House) -> None:
    page = await page_of(
        house,
        a_view(
            status=Status.CLAIMED,
            claim=claimed_by_sam(),
            service=REVIEW.name,
            needs_session=False,
        ),
    )
    assert "Sam Okafor writes to you there." in page.text
    assert "No meeting is needed" in page.text
    assert "Session set" not in page.text
    assert here(page) == "Matched"


async def test_work_in_writing_is_followed_from_the_first_word_to_done(house: House) -> None:
    working = a_view(
        status=Status.CLAIMED,
        claim=claimed_by_sam(),
        service=REVIEW.name,
        needs_session=False,
        mentor_has_written=True,
    )
    page = await page_of(house, working)
    assert "You work together in writing" in page.text
    assert "7 days after Sam Okafor’s first words we’ll ask you both whether you’re done." in (
        page.text
    )

    asked = working.model_copy(update={"status": Status.AWAITING_FEEDBACK})
    page = await page_of(house, asked)
    assert "Are you and Sam Okafor done?" in page.text
    assert "Not yet? Say so there, and we’ll ask again later." in page.text
    assert here(page) == "How did it go"

    page = await page_of(house, working.model_copy(update={"done_asks": 1}))
    assert "Not done yet: that’s fine." in page.text
    assert "In 7 days we’ll ask you both again." in page.text
    assert here(page) == "Matched"


async def test_a_set_session_shows_when_and_what_follows(house: House) -> None:
    session = a_view(
        status=Status.SCHEDULED, claim=claimed_by_sam(), session_at=NOW + timedelta(days=1)
    )
    page = await page_of(house, session)
    assert "You meet Sam Okafor on Wednesday 11 March, 10:00 (New York time)." in page.text
    assert "Around Wednesday 18 March we’ll ask you both how it went." in page.text
    assert here(page) == "Session set"
    assert "Cancel this request" in page.text

    past = session.model_copy(update={"now": NOW + timedelta(days=2)})
    page = await page_of(house, past)
    assert "We hope you had a good session" in page.text
    assert "Cancel this request" not in page.text


async def test_feedback_is_asked_for_and_then_thanked_for(house: House) -> None:
    asked = a_view(status=Status.AWAITING_FEEDBACK, claim=claimed_by_sam())
    page = await page_of(house, asked)
    assert "We’ve asked you in Slack." in page.text
    assert "closes by itself within 7 days" in page.text
    assert here(page) == "How did it go"
    given = asked.model_copy(update={"feedback_from": [Role.MENTEE]})
    assert "Thank you for telling us how it went" in (await page_of(house, given)).text


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (Status.COMPLETED, Outcome.MET, "We’re glad that you and Sam Okafor found each other."),
        (Status.COMPLETED, Outcome.DID_NOT_MEET, "It didn’t come about this time"),
        (Status.COMPLETED, Outcome.NO_FEEDBACK, "All done"),
        (Status.CANCELLED, Outcome.CANCELLED, "This request is cancelled"),
        (Status.NOT_ELIGIBLE, None, "We can’t take up this request"),
        (Status.CLOSED_UNFULFILLED, None, "We didn’t find a mentor for this one"),
    ],
)
async def test_every_end_is_told_and_leads_on(
    house: House, status: Status, outcome: Outcome | None, words: str
) -> None:
    page = await page_of(house, a_view(status=status, outcome=outcome, claim=claimed_by_sam()))
    assert words in page.text
    assert "Cancel this request" not in page.text
    assert "Ask for something else" in page.text
    assert "status.js" not in page.html, "an end does not change any more"


@pytest.mark.parametrize("status", list(Status))
async def test_no_state_leaves_the_page_without_words(house: House, status: Status) -> None:
    for claim in (None, claimed_by_sam()):
        page = await page_of(house, a_view(status=status, claim=claim))
        assert page.html.count("<h1>") == 1


async def test_a_late_request_is_honest(house: House) -> None:
    late = a_view(now=NOW + timedelta(hours=50), breached=True)
    page = await page_of(house, late)
    assert "You should have heard from a mentor by Thursday 12 March, 10:00" in page.text
    assert "We’re sorry to be late." in page.text


async def test_a_request_that_was_given_back_after_an_answer_is_not_called_late(
    house: House,
) -> None:
    page = await page_of(
        house, a_view(now=NOW + timedelta(days=4), excluded=[SAM.slack_id], was_matched=True)
    )
    assert "We’re looking for another mentor" in page.text
    assert "It didn’t work out with your mentor, so we’re asking others." in page.text
    assert "sorry to be late" not in page.text


async def test_a_second_wait_has_a_promise_of_its_own(house: House) -> None:
    released = NOW + timedelta(days=4)
    first = Wait(since=NOW, respond_by=NOW + timedelta(hours=48), response_at=NOW)
    second = Wait(since=released, respond_by=released + timedelta(hours=48))
    waiting = a_view(
        now=released + timedelta(hours=1),
        respond_by=second.respond_by,
        excluded=[SAM.slack_id],
        was_matched=True,
        waits=[first, second],
    )
    page = await page_of(house, waiting)
    assert "We’re looking for another mentor" in page.text
    assert "You’ll hear from one by Monday 16 March, 10:00 (New York time) at the latest." in (
        page.text
    )
    late = waiting.model_copy(update={"now": released + timedelta(hours=50), "breached": True})
    page = await page_of(house, late)
    assert "We’re still looking for another mentor" in page.text
    assert "You should have heard from another mentor by Monday 16 March, 10:00" in page.text


async def test_a_coordinators_close_is_told_with_their_own_word(house: House) -> None:
    closed = a_view(status=Status.CLOSED_UNFULFILLED, closing_word="Try again in <April>.\nLeo")
    page = await page_of(house, closed)
    assert "We didn’t find a mentor for this one" in page.text
    assert "They write: Try again in <April>. Leo" in page.text.replace("&lt;", "<")
    assert '<blockquote dir="auto">Try again in &lt;April&gt;.' in page.html

    matched = await page_of(house, a_view(status=Status.CLOSED_UNFULFILLED, was_matched=True))
    assert "A coordinator has closed this request" in matched.text
    assert "didn’t find" not in matched.text
    assert "They write" not in matched.text


async def test_progress_reads_well_without_colour(house: House) -> None:
    page = await page_of(house, a_view(status=Status.CLAIMED, claim=claimed_by_sam()))
    assert (
        "✓ Asked done 2 Matched now 3 Session set to come 4 How did it go to come 5 Done to come"
        in page.text
    )


async def test_the_goal_is_escaped(house: House) -> None:
    page = await page_of(house, a_view(goal="<b>&</b>", mentee=RIA))
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in page.html
    named = claimed_by_sam().model_copy(update={"mentor": Person(slack_id="U1", name="<i>Sam")})
    assert "<i>Sam" not in (await page_of(house, a_view(status=Status.CLAIMED, claim=named))).html


async def test_someone_elses_or_a_broken_link_opens_nothing_in_the_same_words(
    house: House,
) -> None:
    view = a_view()
    house.requests.views[view.request_id] = view
    right = path_of(view)
    wrong = [
        LINKS.status_path(view.request_id, LEO.slack_id),
        Links(["another community's key"]).status_path(view.request_id, RIA.slack_id),
        right[:-1],
        right + "x",
        "/requests/nothing",
    ]
    pages = [await house.get(path) for path in wrong]
    assert {page.status for page in pages} == {404}
    assert {page.html for page in pages} == {pages[0].html}
    assert "This link doesn’t open a request" in pages[0].text
    for path in wrong:
        assert (await house.post(f"{path}/cancel")).status == 404
    assert house.requests.decided == []


async def test_a_link_signed_with_the_older_key_still_opens(house: House) -> None:
    view = a_view()
    house.requests.views[view.request_id] = view
    rotated = Links(["the newest key of them all", "a key that only tests know"])
    old = LINKS.status_token(view.request_id, RIA.slack_id)
    assert rotated.read_status_token(old).slack_id == RIA.slack_id


async def test_a_request_gone_from_temporal_is_said_to_be_finished_long_ago(house: House) -> None:
    page = await house.get(path_of(a_view()))
    assert page.status == 410
    assert "This request was finished long ago" in page.text


async def test_temporal_away_is_a_friendly_503(house: House) -> None:
    view = a_view()
    house.requests.away = True
    for page in (await house.get(path_of(view)), await house.post(f"{path_of(view)}/cancel")):
        assert page.status == 503
        assert "We’ll be back in a moment" in page.text
        assert int(page.answer.headers["Retry-After"]) > 0


async def test_looking_never_changes_anything(house: House) -> None:
    view = a_view()
    page = await page_of(house, view)
    assert "Yes, cancel it" in page.text
    assert (await house.get(f"{path_of(view)}/cancel")).status == 405
    await house.client.head(path_of(view))
    assert house.requests.decided == []


async def test_cancelling_sends_the_decision_and_comes_back_with_a_word(house: House) -> None:
    view = a_view()
    await page_of(house, view)
    answer = await house.post(f"{path_of(view)}/cancel")
    assert answer.status == 303
    assert house.requests.decided == [(view.request_id, Cancel(by=RIA.slack_id))]
    back = await house.get(answer.answer.headers["Location"])
    assert "We have your cancellation." in back.text

    house.requests.views[view.request_id] = a_view(status=Status.CANCELLED)
    back = await house.get(answer.answer.headers["Location"])
    assert "This request is cancelled" in back.text
    assert "We have your cancellation." not in back.text


async def test_cancelling_a_finished_request_says_that_it_was_finished(house: House) -> None:
    view = a_view(status=Status.COMPLETED)
    await page_of(house, view)
    house.requests.finished.add(view.request_id)
    answer = await house.post(f"{path_of(view)}/cancel")
    back = await house.get(answer.answer.headers["Location"])
    assert "already finished, so there was nothing to cancel" in back.text


async def test_an_open_page_brings_the_script_that_keeps_it_fresh(house: House) -> None:
    page = await page_of(house, a_view())
    assert "status.js" in page.html
    assert page.html.count("data-live") == 3
