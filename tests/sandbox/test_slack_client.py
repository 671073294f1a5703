"""What a person's page is told and can do."""

import asyncio

import pytest

from sandbox.slack.identity import GENERAL_ID, MENTORS_ID
from sandbox.slack.typed import as_sent
from tests.sandbox.slack_harness import DANA, KENJI, RILEY, SAM, Slack, card


async def test_the_page_starts_with_people_the_app_and_its_commands(slack: Slack) -> None:
    async with slack.http.get("/client/bootstrap") as response:
        start = await response.json()
    assert start["app"]["bot_user_id"] == "U0MUSTERBT"
    assert [command["command"] for command in start["commands"]] == ["/mentor-request"]
    people = {user["id"]: user for user in start["users"]}
    assert (people[DANA]["is_coordinator"], people[RILEY]["is_mentor"]) == (True, False)
    async with slack.http.get(start["app"]["icon"]) as picture:
        assert picture.content_type == "image/svg+xml"


async def test_a_person_sees_their_conversations_and_the_channels_to_join(slack: Slack) -> None:
    listed = (await slack.as_(RILEY).get("conversations"))["conversations"]
    seen = {conversation["name"]: conversation["is_member"] for conversation in listed}
    assert seen == {"general": True, "random": True, "mentors-internal": False}
    names = [c["name"] for c in (await slack.as_(DANA).get("conversations"))["conversations"]]
    assert "mentor-coordinators" in names


async def test_others_conversations_stay_closed(slack: Slack) -> None:
    posted = await slack.client.chat_postMessage(channel=SAM, text="Only for Sam")
    peek = await slack.as_(RILEY).get(f"conversations/{posted['channel']}/messages")
    assert peek["error"] == "channel_not_found"
    typed = await slack.as_(RILEY).type(MENTORS_ID, "Let me in")
    assert (typed["error"], typed["message"]) == (
        "not_in_channel",
        "Join #mentors-internal first.",
    )
    joined = await slack.as_(RILEY).post(f"conversations/{MENTORS_ID}/join")
    assert joined["conversation"]["is_member"] is True
    assert (await slack.as_(RILEY).type(MENTORS_ID, "Hello"))["ok"] is True


async def test_news_arrive_in_the_order_in_which_things_happen(slack: Slack) -> None:
    sam = slack.as_(SAM)
    async with sam.watching() as news:
        assert await news.next() == {"type": "hello", "resumed": False}
        posted = await slack.client.chat_postMessage(channel=SAM, text="Python", blocks=card())
        channel, ts = posted["channel"], posted["ts"]
        made = await news.next()
        assert made["conversation"]["id"] == channel
        assert made["conversation"]["name"] == "Muster"
        shown = await news.next()
        assert (shown["type"], shown["message"]["ts"]) == ("message", ts)
        unread = {"type": "unread", "channel": channel, "unread": 1, "mentions": 0}
        assert await news.next() == unread
        await slack.client.chat_update(channel=channel, ts=ts, text="Taken")
        assert (await news.next())["message"]["text"] == "Taken"
        await slack.client.chat_postMessage(channel=channel, text="Thread", thread_ts=ts)
        assert (await news.next())["message"]["thread_ts"] == ts
        parent = await news.next()
        assert (parent["type"], parent["message"]["reply_count"]) == ("message_changed", 1)
        await sam.post(f"conversations/{channel}/read", {"ts": ts})
        assert await news.next() == {**unread, "unread": 0}
        other = await slack.client.chat_postMessage(channel=channel, text="Oops")
        await slack.client.chat_delete(channel=channel, ts=other["ts"])
        gone = await news.until("message_deleted")
        assert gone == {"type": "message_deleted", "channel": channel, "ts": other["ts"]}


async def test_a_page_that_comes_back_gets_what_it_missed(slack: Slack) -> None:
    sam = slack.as_(SAM)
    async with sam.watching() as news:
        await news.next()
        await slack.client.chat_postMessage(channel=MENTORS_ID, text="one")
        await news.until("message")
        last_seen = news.last_id
    await slack.client.chat_postMessage(channel=MENTORS_ID, text="two")
    async with sam.watching(last_seen) as news:
        assert await news.next() == {"type": "hello", "resumed": True}
        assert (await news.until("message"))["message"]["text"] == "two"
    async with sam.watching("another-boot-7") as news:
        assert await news.next() == {"type": "hello", "resumed": False}


async def test_one_person_may_watch_on_two_pages(slack: Slack) -> None:
    sam = slack.as_(SAM)
    async with sam.watching() as here, sam.watching() as there:
        await asyncio.gather(here.next(), there.next())
        await slack.client.chat_postMessage(channel=MENTORS_ID, text="Hello")
        first, second = await asyncio.gather(here.until("message"), there.until("message"))
    assert first == second


async def test_unread_counts_others_messages_outside_threads(slack: Slack) -> None:
    async def unread(user: str) -> int:
        listed = (await slack.as_(user).get("conversations"))["conversations"]
        return int(next(c["unread"] for c in listed if c["id"] == MENTORS_ID))

    typed = await slack.as_(KENJI).type(MENTORS_ID, "Anyone for Rust?")
    await slack.as_(SAM).type(MENTORS_ID, "Me", thread_ts=typed["message"]["ts"])
    assert (await unread(SAM), await unread(KENJI)) == (1, 0)


async def test_mentions_count_until_they_are_read_and_not_for_who_wrote_them(slack: Slack) -> None:
    async def mentions(user: str) -> int:
        listed = (await slack.as_(user).get("conversations"))["conversations"]
        return int(next(c["mentions"] for c in listed if c["id"] == MENTORS_ID))

    dana = slack.as_(DANA)
    parent = (await slack.as_(KENJI).type(MENTORS_ID, "@dana @sam @kenji look"))["message"]["ts"]
    await slack.as_(SAM).type(MENTORS_ID, "@dana here, @channel", thread_ts=parent)
    last = (await slack.as_(SAM).type(MENTORS_ID, "@channel"))["message"]["ts"]
    assert [await mentions(user) for user in (DANA, SAM, KENJI)] == [3, 0, 1]
    await dana.post(f"conversations/{MENTORS_ID}/read", {"ts": last})
    assert await mentions(DANA) == 1  # the reply
    await dana.post(f"conversations/{MENTORS_ID}/read", {"ts": last, "thread_ts": parent})
    assert await mentions(DANA) == 0
    by_bot = await slack.client.chat_postMessage(channel=MENTORS_ID, text=f"<@{DANA}>")
    assert await mentions(DANA) == 1
    await slack.client.chat_delete(channel=MENTORS_ID, ts=by_bot["ts"])
    assert await mentions(DANA) == 0


async def test_people_write_to_each_other_without_the_bot(slack: Slack) -> None:
    opened = await slack.as_(RILEY).post("dms", {"users": [SAM]})
    again = await slack.as_(SAM).post("dms", {"users": [RILEY]})
    assert opened["conversation"]["id"] == again["conversation"]["id"]
    assert (opened["conversation"]["name"], again["conversation"]["name"]) == (
        "Sam Okafor",
        "Riley Santos",
    )
    await slack.as_(RILEY).type(opened["conversation"]["id"], "Thanks for today!")
    (shown,) = await slack.as_(SAM).messages(opened["conversation"]["id"])
    assert shown["text"] == "Thanks for today!"


async def test_older_messages_come_page_by_page(slack: Slack) -> None:
    riley = slack.as_(RILEY)
    for number in range(5):
        await riley.type(GENERAL_ID, str(number))
    newest = await riley.get(f"conversations/{GENERAL_ID}/messages?limit=2")
    assert [m["text"] for m in newest["messages"]] == ["3", "4"]
    assert newest["has_more"] is True
    before = newest["messages"][0]["ts"]
    older = await riley.get(f"conversations/{GENERAL_ID}/messages?limit=5&before={before}")
    assert [m["text"] for m in older["messages"]] == ["0", "1", "2"]
    assert older["has_more"] is False


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("U0NOBODY/conversations", None, 404, "user_not_found"),
        (f"{SAM}/conversations/C0NOWHERE/messages", {"text": "x"}, 404, "channel_not_found"),
        (f"{SAM}/conversations/{MENTORS_ID}/messages", {"text": "  "}, 400, "no_text"),
        (f"{SAM}/conversations/{MENTORS_ID}/messages", {}, 400, "invalid_arguments"),
        (f"{SAM}/actions", {"container": {}}, 400, "invalid_arguments"),
        (f"{SAM}/views/V0NONE/submit", {}, 404, "view_not_found"),
        (f"{SAM}/dms", {"users": ["U0NOBODY"]}, 404, "user_not_found"),
    ],
)
async def test_what_cannot_be_done_is_said_with_a_status_and_words(
    slack: Slack, path: str, body: dict[str, object] | None, status: int, code: str
) -> None:
    method = "GET" if body is None else "POST"
    async with slack.http.request(method, f"/client/{path}", json=body) as response:
        answer = await response.json()
    assert (response.status, answer["error"]) == (status, code)
    assert answer["message"].endswith(".")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<!channel> & co", "&lt;!channel&gt; &amp; co"),
        ("@channel look", "<!channel> look"),
        ("ask @sam, or @nobody.", "ask <@U1>, or @nobody."),
        ("in #general", "in <#C1|general>"),
        ("me@sam.org", "me@sam.org"),
        ("see https://example.org/?a=1&b=2.", "see <https://example.org/?a=1&amp;b=2>."),
        ("שלום 👋 <b>", "שלום 👋 &lt;b&gt;"),
    ],
)
def test_typed_text_is_escaped_and_marked_as_slack_does(typed: str, sent: str) -> None:
    people, channels = {"sam": "U1"}, {"general": "C1"}
    assert as_sent(typed, person=people.get, channel=channels.get) == sent
