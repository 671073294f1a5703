"""What should not be sent, is sent all the same: a clear word, nothing lost, nothing broken."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from cards.values import RequestRef
from domain.links import Links
from domain.models import Outcome
from sandbox.people import by_name
from tests.system.people import Message, Person
from tests.system.town import KEYS, Request, Town

WILD = "<script>alert(1)</script> <!channel> *bold* 🚀 שלום"
"""A goal that would run, shout or turn the line around if it were not shown as text."""
FINISHED = "This request is finished, so nothing was changed."


async def test_whatever_people_write_is_shown_as_text(town: Town) -> None:
    riley, sam = await town.person("Riley Santos"), await town.person("Sam Okafor")
    details = f"{WILD}\n<!here> <@{sam.slack_id}> & <https://example.org|a bank>"
    request = await town.ask(riley, goal=WILD, details=details)
    ask = await sam.see_button("Claim")
    await sam.press(ask, "Details")
    assert details in await sam.modal("Request"), "word for word, without formatting"
    await sam.press(ask, "Claim")
    await sam.press(await sam.see_button("Edit hello"), "Edit hello")
    await sam.fill("Your hello", {"Your hello": f"{WILD} <!everyone>"})
    await request.clock.skip(timedelta(minutes=3))
    introduction = await riley.see_button("Propose a time", kind="mpim")
    assert "&lt;!everyone&gt;" in introduction.text
    assert "🚀 שלום" in introduction.text

    for post in await town.posts():
        for live in ("<!channel", "<!here", "<!everyone", "<script", "<https://example.org"):
            assert live not in post.text, f"{live} in {post.key}"
    async with town.http.get(request.status_url) as answer:
        page = await answer.text()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    row = await town.row(request, Status="Claimed")
    assert (row["Goal"], row["Additional Details"]) == (WILD, details), "the records keep the words"


async def test_a_late_click_on_a_finished_request_gets_a_clear_word(town: Town) -> None:
    await town.only_mentors("Sam Okafor", "Kenji Mori")
    riley = await town.person("Riley Santos")
    sam, kenji = await town.person("Sam Okafor"), await town.person("Kenji Mori")
    request = await town.ask(riley)
    at_sam, at_kenji = await sam.see_button("Claim"), await kenji.see_button("Claim")
    at_riley = await riley.see_button("Cancel my request")

    await town.break_airtable("*", "status", status=503)  # it can't close before its row is right
    await town.cancel_on_status_page(request)
    await kenji.press(at_kenji, "Claim")
    await kenji.was_told("This request was cancelled, so nothing was changed.", at_kenji.channel)
    await town.mend()
    assert await town.ends_well(request) is Outcome.CANCELLED

    # phones lag: these buttons have gone from the cards, and are pressed all the same
    for person, card, label in (
        (sam, at_sam, "Claim"),
        (sam, at_sam, "Not this one"),
        (riley, at_riley, "Cancel my request"),
    ):
        before = len(await person.private_words(card.channel))
        await person.press(card, label)
        assert (await person.private_words(card.channel))[before:] == [FINISHED]
    await sam.press(at_sam, "Details")  # looking at it is still allowed
    await sam.modal("Request")
    await town.row(request, Status="Cancelled", Outcome="Cancelled")


async def test_an_unsigned_forged_or_replayed_click_does_nothing(town: Town) -> None:
    riley, sam = await town.person("Riley Santos"), await town.person("Sam Okafor")
    request = await town.ask(riley)
    ask = await sam.see_button("Claim")
    click = _claim_as_slack_sends_it(sam, ask, request)
    now = int(time.time())
    secret = KEYS.slack_signing_secret
    assert await _send(town, click, {}) == 401
    assert await _send(town, click, _signed(click, "a guess at the secret", now)) == 401
    assert await _send(town, click, _signed(click, secret, now - 360)) == 401
    assert await _send(town, click + "&more=1", _signed(click, secret, now)) == 401
    row = await town.row(request, Status="Open")
    assert "Claimed At" not in row
    assert (await sam.see_button("Claim")).text == ask.text
    assert await sam.private_words(ask.channel) == []

    assert await _send(town, click, _signed(click, secret, now)) == 200, "the very same, rightly"
    await sam.see_button("Undo")


async def test_a_link_opens_the_request_that_it_was_sent_for_and_no_other(town: Town) -> None:
    mine = await town.ask(await town.person("Riley Santos"))
    theirs = await town.ask(await town.person("Jordan Ellery"), goal="Get through an interview")
    links = Links([KEYS.link_signing_key], town.settings.form_url)
    riley = by_name("Riley Santos").slack_id
    path, signature = mine.status_url.rsplit(".", 1)
    other_path, other_signature = theirs.status_url.rsplit(".", 1)
    for address in (
        f"{other_path}.{signature}",  # theirs, with my signature
        f"{path}.{other_signature}",
        links.status_url(theirs.request_id, riley),  # well signed, but I am not their mentee
        links.status_url("MR-AAAAAAAAAA", riley),
        f"{town.settings.form_url}/requests/guess",
    ):
        async with town.http.get(str(address)) as answer:
            page = await answer.text()
        assert answer.status in (404, 410), address
        assert "interview" not in page
        assert "Traceback" not in page
        async with town.http.post(f"{address}/cancel") as answer:
            await answer.text()
    await town.row(theirs, Status="Open")
    assert "Get through an interview" in await town.status_page(theirs)


def _claim_as_slack_sends_it(mentor: Person, ask: Message, request: Request) -> str:
    payload = {
        "type": "block_actions",
        "user": {"id": mentor.slack_id},
        "channel": {"id": ask.channel},
        "actions": [
            {
                "type": "button",
                "action_id": "claim",
                "block_id": "actions",
                "value": RequestRef(request_id=request.request_id).write(),
            }
        ],
        "trigger_id": "1.2.3",
    }
    return urlencode({"payload": json.dumps(payload)})


def _signed(body: str, secret: str, at: int) -> dict[str, str]:
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=body)
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": str(signature)}


async def _send(town: Town, body: str, headers: dict[str, str]) -> int:
    url = f"{town.settings.url(town.settings.slack_app_port)}/slack/events"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with town.http.post(url, data=body, headers=form | headers) as answer:
        await answer.read()
        return answer.status
