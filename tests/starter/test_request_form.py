"""From the empty form to an accepted request, over real HTTP."""

from __future__ import annotations

from datetime import timedelta

from domain import ids
from domain.models import Level, Mentor
from tests.starter.house import DANA, LEO, NOW, OLA, PAIRING, POLICY, RIA, SAM, House


async def test_the_form_offers_what_the_records_offer(house: House) -> None:
    page = await house.get("/")
    assert page.status == 200
    assert page.fields.offered["service"] == ["Pair Programming", "Code Review"]
    assert "Solve it together. You agree on a time to meet" in page.text
    assert "Written comments. In writing, no meeting" in page.text
    assert page.fields.offered["skills"] == ["not-sure", "C++", "JavaScript", "Python", "React"]
    assert "Prefer not to say" in page.text
    assert ids.is_submission(page.value("submission"))


async def test_the_form_says_who_reads_what_why_it_asks_and_where_to_turn_in_a_crisis(
    house: House,
) -> None:
    text = (await house.get("/")).text
    assert "Who reads what All mentors Your Slack name, the service, your goal" in text
    assert "So that your mentor starts where you are" in text
    assert "So that we know whom we reach" in text
    assert text.count("call or text 988") == 1


async def test_only_mentors_with_room_can_be_chosen_and_no_e_mail_is_shown(house: House) -> None:
    page = await house.get("/")
    assert page.fields.offered["mentor"] == ["", SAM.record_id]
    assert page.value("mentor") == "", "nobody in particular unless one says so"
    assert "Sam Okafor JavaScript, React Pair Programming" in page.text
    assert DANA.name not in page.text
    assert OLA.name not in page.text
    assert "@" not in page.text.replace("name@example.com", "")


async def test_eighty_two_mentors_are_all_there_by_name(house: House) -> None:
    house.catalog.all_mentors = [
        Mentor(slack_id=f"U{number:03}", record_id=f"rec{number:03}", name=f"Mentor {number:03}")
        for number in range(82, 0, -1)
    ]
    page = await house.get("/")
    assert page.fields.offered["mentor"][1:] == [f"rec{number:03}" for number in range(1, 83)]
    assert "82 can take someone now" in page.text


async def test_a_sent_form_becomes_a_request_with_everything_in_it(house: House) -> None:
    page = await house.send(
        skills=["JavaScript", "C++"], mentor=SAM.record_id, affiliation="Veteran", level="Beginner"
    )
    assert page.status == 303
    [start] = house.requests.started
    assert start.mentee == RIA
    assert start.email == "ria@example.com"
    assert start.service == PAIRING
    assert start.goal == "Get my first React app ready to show"
    assert start.details == "It works on my machine, but nowhere else."
    assert [skill.name for skill in start.skills] == ["JavaScript", "C++"]
    assert start.skills[0].record_id == "recJS"
    assert start.preferred_mentor is not None
    assert start.preferred_mentor.slack_id == SAM.slack_id
    assert start.preferred_mentor.record_id == SAM.record_id
    assert start.affiliation is not None
    assert start.affiliation.record_id == "recVET"
    assert start.level is Level.BEGINNER
    assert start.policy == POLICY
    assert start.submitted_at == NOW
    assert ids.is_request_id(start.request_id)


async def test_skills_affiliation_level_and_mentor_may_be_left_out(house: House) -> None:
    assert (await house.send()).status == 303
    [start] = house.requests.started
    assert (start.skills, start.affiliation, start.level, start.preferred_mentor) == (
        [],
        None,
        None,
        None,
    )


async def test_not_sure_yet_is_an_answer_about_skills(house: House) -> None:
    assert (await house.send(skills="not-sure")).status == 303
    assert house.requests.started[0].skills == []


async def test_a_skill_is_understood_by_any_of_its_names_and_counted_once(house: House) -> None:
    assert (await house.send(skills=["js", "Javascript", "reactjs", "cpp"])).status == 303
    assert [skill.name for skill in house.requests.started[0].skills] == [
        "JavaScript",
        "React",
        "C++",
    ]


async def test_the_received_page_says_by_when_and_gives_no_status_link(house: House) -> None:
    sent = await house.send()
    page = await house.get(sent.answer.headers["Location"])
    assert page.status == 200
    assert "Your request has arrived" in page.text
    assert "within 48 hours: by Thursday 12 March, 14:00 (UTC) at the latest" in page.text
    assert '<time datetime="2026-03-12T14:00Z">' in page.html
    for secret in ("/requests/", RIA.name, RIA.slack_id, "New York", "ria@example.com"):
        assert secret not in page.html, "anybody can type anybody's e-mail"


async def test_the_received_page_ignores_a_date_that_no_request_can_have(house: House) -> None:
    for by in ("", "soon", "-5", "1", "99999999999999999999", "²", "9999999999"):
        page = await house.get(f"/received?by={by}")
        assert page.status == 200
        assert "within 48 hours of sending it" in page.text


async def test_a_double_submit_is_one_request_and_shows_the_same_page(house: House) -> None:
    token = (await house.get("/")).value("submission")
    first = await house.send(submission=token)
    second = await house.send(submission=token)
    assert (first.status, second.status) == (303, 303)
    assert first.answer.headers["Location"] == second.answer.headers["Location"]
    assert len(house.requests.started) == 1


async def test_a_double_submit_that_cannot_be_looked_at_is_still_received(house: House) -> None:
    token = (await house.get("/")).value("submission")
    await house.send(submission=token)
    house.requests.views.clear()
    again = await house.send(submission=token)
    assert again.answer.headers["Location"] == "/received"


async def test_a_changed_form_under_a_used_token_is_asked_about_instead_of_swallowed(
    house: House,
) -> None:
    token = (await house.get("/")).value("submission")
    await house.send(submission=token)
    page = await house.send(submission=token, details="Another thing altogether.")
    assert page.status == 409
    assert "You have already sent a request with this form" in page.text
    assert page.value("details") == "Another thing altogether."
    again = await house.send(
        submission=page.value("submission"), details="Another thing altogether."
    )
    assert again.status == 303
    assert len(house.requests.started) == 2


async def test_the_same_form_by_another_person_is_another_request(house: House) -> None:
    token = (await house.get("/")).value("submission")
    await house.send(submission=token)
    await house.send(submission=token, email="leo@example.com")
    assert [start.mentee for start in house.requests.started] == [RIA, LEO]
    assert len({start.request_id for start in house.requests.started}) == 2


async def test_the_promise_counts_from_the_policy(house: House) -> None:
    await house.send()
    [start] = house.requests.started
    assert start.respond_by - start.submitted_at == POLICY.breach_after == timedelta(hours=48)


async def test_health_answers_whatever_else_is_down(house: House) -> None:
    house.requests.away = house.catalog.away = house.directory.away = True
    page = await house.get("/health")
    assert page.status == 200
