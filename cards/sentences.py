"""What Muster says in Slack: the sentences that coordinators may reword, as they come with it.

Names in braces are filled in when a message is written. Texts are mrkdwn; ``needs`` names what
must not be left out, because the reader would miss a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True)
class Sentence:
    """One message, or the main line of a card."""

    where: str
    """Who reads it, and when."""
    text: str
    needs: tuple[str, ...] = ()

    @property
    def placeholders(self) -> list[str]:
        """What may be filled in, in the order of the text."""
        names = [name for _, name, _, _ in Formatter().parse(self.text) if name]
        return list(dict.fromkeys(names))


SENTENCES = {
    # ---- to the mentee --------------------------------------------------------------------------
    "mentee.received": Sentence(
        "First message, while we look for a mentor",
        "*You asked for a mentor, and we have your request.*",
    ),
    "mentee.asking": Sentence(
        "First message: what happens now",
        "We are asking mentors now. You should hear from one by {date}: as soon as a mentor says "
        "yes, a group message opens here with the two of you.",
        needs=("date",),
    ),
    "mentee.asked-by-name": Sentence(
        "First message, while the mentor they named is asked alone",
        "We have asked {mentor} first, as you wished; if they can't make it, we ask others. You "
        "should hear from a mentor by {date}, in a group message that opens here.",
        needs=("mentor", "date"),
    ),
    "mentee.others-too": Sentence(
        "The mentor they named has not said yes, and others are asked",
        "{mentor} may not be free just now. So that you needn't wait longer, we are asking other "
        "mentors, too. You should hear from one by {date}.",
        needs=("mentor", "date"),
    ),
    "mentee.overdue": Sentence(
        "First message, once the promised time has passed",
        "It is taking longer than we promised, and we are sorry. We are still looking, and the "
        "coordinators know of it.",
    ),
    "mentee.update": Sentence(
        "The honest update while the promise still holds",
        "*No mentor yet, and we are still looking for you.*\n"
        "We promised you an answer by {date}, and that still holds. The coordinators know of your "
        "request.",
        needs=("date",),
    ),
    "mentee.update-late": Sentence(
        "The honest update when it takes too long",
        "*No mentor yet, and we are still looking for you.*\n"
        "It takes longer than it should, and we are sorry. The coordinators know of your request.",
    ),
    "mentee.keeps-waiting": Sentence(
        "Thanks for “Keep waiting”",
        "Thank you for your patience. We keep looking, and you hear from us here.",
    ),
    "mentee.asks-more": Sentence(
        "Thanks for “Ask more mentors”",
        "Thank you for telling us. We turn to more mentors, and you hear from us here.",
    ),
    "mentee.matched": Sentence(
        "A mentor has said yes",
        "*You have a mentor: {mentor}.*",
        needs=("mentor",),
    ),
    "mentee.released": Sentence(
        "The mentor has given the request back",
        "*Your mentor can't take this on after all.*\n"
        "That happens, and it is not about you. We are already looking for another one, and you "
        "hear from us here. There is nothing you need to do.",
    ),
    "mentee.changed": Sentence(
        "Another mentor is looked for, at their wish or because the mentor stayed silent",
        "*We are looking for another mentor for you.*\n"
        "Your request keeps its place, and you hear from us here. There is nothing you need to do.",
    ),
    "mentee.completed": Sentence(
        "The end",
        "*This request is completed.*\nWe wish you well. You can ask again at any time.",
    ),
    "mentee.cancelled": Sentence(
        "They have cancelled",
        "Your request is cancelled, and nobody is asked any more. You can ask again at any time.",
    ),
    "mentee.closed": Sentence(
        "It was closed without a mentor; a coordinator's personal word may follow",
        "We are sorry: we found no mentor for this request. That says nothing about you. You can "
        "ask again at any time.",
    ),
    # ---- to mentors who are asked ---------------------------------------------------------------
    "mentor.asked": Sentence(
        "An ask",
        "*{mentee} is looking for a mentor.* Could it be you?",
        needs=("mentee",),
    ),
    "mentor.asked-by-name": Sentence(
        "An ask to the mentor whom the mentee has named",
        "*{mentee} asked for you.* You are the first to be asked; if you can't, say so in one tap "
        "and others are asked at once.",
        needs=("mentee",),
    ),
    "mentor.reminder": Sentence(
        "A reminder under the ask, once",
        "Still waiting for an answer. Could you take this one? If not, saying so above is just as "
        "helpful.",
    ),
    "mentor.declined": Sentence(
        "They have said “Not this one”",
        "*Not this one: that is fine. Thanks for saying so.* You will not be asked about this "
        "request again.",
    ),
    "mentor.holding": Sentence(
        "They have said “I'll do it on a day”",
        "*Thank you: we come back to you on {date}.* Until you claim it, others still can.",
        needs=("date",),
    ),
    "mentor.hold-due": Sentence(
        "Under the ask, when the moment they named has come",
        "This is the time you named for this request. Could you take it now? If not, saying so "
        "above is just as helpful.",
    ),
    "mentor.taken": Sentence(
        "Somebody else has it",
        "Taken, thank you. Nothing more for you to do.",
    ),
    # ---- to mentors, outside any request --------------------------------------------------------
    "mentor.win-back": Sentence(
        "Half a year after they opted out, and every half a year",
        "*Would you like to mentor again?*\n"
        "You asked us a while ago not to send you requests, and we kept to that. If you have some "
        "time again, people would be glad of you. Every answer is fine.",
    ),
    "mentor.welcome-back": Sentence(
        "They have come back",
        "*Welcome back!* You may be asked again from now on.",
    ),
    "mentor.not-now": Sentence(
        "Asked whether they come back, they said “not now”",
        "Thank you for telling us. We ask you again in half a year or so.",
    ),
    "mentor.never-again": Sentence(
        "Asked whether they come back, they said “never ask again”",
        "We won't ask again. Thank you for what you have done. Should you ever want to come back, "
        "App Home has a button for it.",
    ),
    "mentor.still-there": Sentence(
        "Some asks in a row without an answer",
        "*Are you still there?*\n"
        "The last few requests found no answer from you. That happens, and it is no problem: tell "
        "us you are there, or take a break, so that nobody waits for you.",
    ),
    "mentor.here": Sentence(
        "Asked whether they are still there, they answered",
        "Thank you for letting us know.",
    ),
    "mentor.paused": Sentence(
        "More asks in a row without an answer: they are paused",
        "*We have paused requests to you for now.*\n"
        "It looks as if there is no time at the moment, and that is fine. Those you mentor stay "
        "yours. Whenever you like, one click and you are back.",
    ),
    # ---- to the mentor who has it ---------------------------------------------------------------
    "mentor.claimed": Sentence(
        "They have claimed, and can still undo it",
        "*It's yours, thank you.*\n"
        "At {time} a group message opens with you and {mentee}, and your hello below is in it. "
        "Until then {mentee} has not been told.",
        needs=("time", "mentee"),
    ),
    "mentor.assigned": Sentence(
        "A coordinator has given it to them, and they can still undo it",
        "*{coordinator}, a coordinator, has given you this request. Thank you!*\n"
        "At {time} a group message opens with you and {mentee}, and your hello below is in it. If "
        "it doesn't suit you, press Undo before then.",
        needs=("coordinator", "time", "mentee"),
    ),
    "mentor.introduced": Sentence(
        "Mentor and mentee have met",
        "*You are {mentee}'s mentor.*",
        needs=("mentee",),
    ),
    "mentor.nudge": Sentence(
        "The time by which they wanted to write has come",
        "You wanted to write to {mentee} by now. A line is enough, and it will be a welcome one.",
        needs=("mentee",),
    ),
    "mentor.nudge-by-coordinator": Sentence(
        "A coordinator has pressed “Nudge”",
        "{mentee} would be glad of a word from you, and a line is enough. If it doesn't fit any "
        "more, giving the request back is fine, too.",
        needs=("mentee",),
    ),
    "mentor.check-in": Sentence(
        "Three days without a word from them",
        "*How is it going with {mentee}?*\n"
        "We have seen no word from you in your group message yet. Say by when you will write, or "
        "give the request back: both are fine.",
        needs=("mentee",),
    ),
    "mentor.check-in-stalled": Sentence(
        "The two have talked, and no session is set",
        "*Have you and {mentee} found a time?*\n"
        "No session is set yet. Propose a time, say by when you will write if you need longer, or "
        "give the request back: all three are fine.",
        needs=("mentee",),
    ),
    "mentor.given-back": Sentence(
        "They have given it back",
        "You gave this request back, and we are looking after it. Thank you for saying so in time.",
    ),
    "mentor.left": Sentence(
        "The mentee goes on with somebody else, at their wish or after a silence",
        "{mentee} goes on with another mentor, and there is nothing more for you to do. Thank you "
        "for being ready to help.",
        needs=("mentee",),
    ),
    "mentor.cancelled": Sentence(
        "The mentee has cancelled",
        "{mentee} has cancelled this request; nothing for you to do. Thank you for stepping up: it "
        "counts.",
        needs=("mentee",),
    ),
    "mentor.completed": Sentence(
        "The end",
        "*Done. Thank you for being there for {mentee}.*",
    ),
    # ---- in the group message -------------------------------------------------------------------
    "hello.session": Sentence(
        "The hello of a mentor who writes none, where a session is needed (no formatting)",
        "Hi, I'm {mentor}, and I'd be glad to help with this: {goal}. Shall we find a time to "
        "talk?",
    ),
    "hello.no-session": Sentence(
        "The same, where no session is needed",
        "Hi, I'm {mentor}, and I'd be glad to help with this: {goal}. Tell me a little more about "
        "where you are, and we take it from there.",
    ),
    "pair.introduction": Sentence(
        "Opens the group message",
        "*{mentee}, meet {mentor}, your mentor.*",
        needs=("mentee", "mentor"),
    ),
    "pair.session-set": Sentence(
        "A time is agreed",
        "*Your session is set.*\n{date}",
        needs=("date",),
    ),
    "pair.withdrawn": Sentence(
        "The mentee has cancelled",
        "{mentee} has cancelled this request. {mentor}, thank you for being ready to help. Nothing "
        "more to do here.",
        needs=("mentee",),
    ),
    # ---- how did it go --------------------------------------------------------------------------
    "feedback.session": Sentence(
        "To both, a week after the session",
        "*How did your session with {other} go?*\nIt takes a minute, and helps the next pair.",
        needs=("other",),
    ),
    "feedback.done": Sentence(
        "To both, a week after the mentor's first word, where no session is needed",
        "*Are you and {other} done?*\n"
        "If so, tell us in a minute how it went; if not, we ask again in a week.",
        needs=("other",),
    ),
    "feedback.reminder": Sentence(
        "Under that question, once",
        "Our question above is still open, and a word is enough. We will not ask again.",
    ),
    # ---- in the mentors' channel ----------------------------------------------------------------
    "channel.bump": Sentence(
        "Under the request: still waiting",
        "Still waiting after {waited}. Could you take it, or do you know who could? The buttons "
        "are on the card above.",
    ),
    # ---- private answers ------------------------------------------------------------------------
    "notice.taken": Sentence(
        "To a mentor who claimed a moment too late",
        "Thank you! Another mentor was a moment faster, so there is nothing for you to do.",
    ),
    "notice.no-room": Sentence(
        "To a mentor who claims but has no room",
        "You have as many mentees as you said you can take, or are taking a break. In App Home "
        "you can change both; then press Claim once more.",
    ),
    "talk.passed-on": Sentence(
        "To somebody who wrote to the bot, or to a coordinator",
        "Thank you for writing. I am a bot, so I have passed your words on to the coordinators; "
        "one of them answers you here in Slack.",
    ),
}
"""By the key under which coordinators find them in the Message Text table."""
