"""What coordinators decide, as updates: the same from their cards and from Temporal's Web UI.

There they are typed by hand. Who gives one that can't be decoded reads "Failed decoding arguments"
and no more; therefore no field is required here and none has a limit, and
``domain.objections.malformed`` says in words what is amiss.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import ConfigDict, model_validator

from domain.base import Decision, Payload, TolerantEnum


class Order(Decision):
    """A coordinator's decision. ``name`` is theirs, where it is known, for the row and the card."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    by: str = ""
    name: str = ""

    @model_validator(mode="before")
    @classmethod
    def _null_is_left_out(cls, sent: object) -> object:
        if isinstance(sent, dict):
            return {field: value for field, value in sent.items() if value is not None}
        return {} if sent is None else sent


class Take(Order):
    """The coordinator looks after this request from here on."""

    signal: ClassVar[str] = "take"
    kind: Literal["take"] = "take"


class HandBack(Order):
    """The owner gives it back to the rota."""

    signal: ClassVar[str] = "hand_back"
    kind: Literal["hand_back"] = "hand_back"


class Assign(Order):
    """A mentor gets the request, or gets it instead of the one who has it."""

    signal: ClassVar[str] = "assign"
    kind: Literal["assign"] = "assign"
    mentor: str = ""
    """Slack id."""


class Widen(Order):
    """Ask more mentors now: those of the next wider scope, all that are left at once."""

    signal: ClassVar[str] = "widen"
    kind: Literal["widen"] = "widen"


class Nudge(Order):
    """Remind those asked who are silent; once claimed, the mentor who has it."""

    signal: ClassVar[str] = "nudge"
    kind: Literal["nudge"] = "nudge"


class CloseRequest(Order):
    """End it without a mentor, while nobody has it. Only coordinators read the reason."""

    signal: ClassVar[str] = "close_request"
    kind: Literal["close_request"] = "close_request"
    reason: str = ""
    word: str = ""
    """A personal word to the mentee; "" leaves it at ours."""


class AnswerPerson(Order):
    """A coordinator's answer to somebody who wrote; it reaches them by DM, with the name."""

    signal: ClassVar[str] = "answer_person"
    kind: Literal["answer_person"] = "answer_person"
    to: str = ""
    """Slack id."""
    text: str = ""
    answers: int = 0
    """The number of the words it answers; 0 for none in particular."""


class Verdict(TolerantEnum):
    """What became of an order."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answered(Payload):
    """The answer to an order, in words for the coordinator who gave it."""

    verdict: Verdict
    words: str = ""
