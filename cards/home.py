"""App Home by role, and the other places where Muster says what it is.

What is asked of the reader themselves comes first; the coordinators' queue, which is long, follows.
"""

from __future__ import annotations

from cards import buttons
from cards.blocks import Block, View, actions, context, divider, section
from cards.home_desk import Desk, coordinators
from cards.home_mentee import own_request
from cards.home_mentor import Mentoring, mentoring
from cards.text import escape
from domain.view import RequestView

__all__ = ["Desk", "Mentoring", "home", "where_to_ask"]


def home(
    community: str,
    form_url: str | None,
    crisis_line: str,
    *,
    mine: RequestView | None = None,
    mentor: Mentoring | None = None,
    desk: Desk | None = None,
    may_sign_up: bool = False,
) -> View:
    """The Home tab.

    Args:
        mine: the reader's own open request, as its mentee.
        mentor: for mentors only.
        desk: for coordinators only.
        may_sign_up: they are known to be no mentor yet.
    """
    asking = mine if mine and not mine.status.is_final else None
    blocks = [section(f"*Muster finds you a mentor at {escape(community)}.*")]
    if asking:
        blocks += [*own_request(asking), divider()]
    if mentor:
        blocks += [*mentoring(mentor), divider()]
    if desk:
        blocks += [*coordinators(desk), divider()]
    if not asking:
        blocks += _how_to_ask(form_url)
    if not mentor:
        blocks += _for_mentors(may_sign_up=may_sign_up)
    if not asking:
        blocks.append(actions(buttons.talk(""), block_id="talk"))
    if crisis_line:
        blocks.append(context(escape(crisis_line)))
    return {"type": "home", "blocks": blocks}


def _how_to_ask(form_url: str | None) -> list[Block]:
    return [
        section(
            "Say what you are working on. We ask mentors who know it, and you should hear from one "
            "within a day or two. Then the two of you talk here in Slack."
        ),
        section(where_to_ask(form_url)),
    ]


def _for_mentors(*, may_sign_up: bool) -> list[Block]:
    return [
        section(
            "*For mentors:* requests come to you by direct message, each with Claim and “Not this "
            "one”. Both answers help. How many at once and how often is for you to say.",
            accessory=buttons.become_mentor() if may_sign_up else None,
        )
    ]


def where_to_ask(form_url: str | None) -> str:
    """How to ask for a mentor, with the form's address if there is a public one."""
    if form_url:
        return f"<{form_url}|Ask for a mentor>: one short form, about three minutes."
    return "To ask for a mentor, fill in your community's mentor request form on the web."
