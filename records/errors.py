"""What can go wrong with records, beyond the kinds in clients.airtable."""

from __future__ import annotations

from clients.airtable import AirtableError


class RecordsAwayError(ConnectionError):
    """Airtable can't be read and nothing is remembered; ``reason`` says why."""

    def __init__(self, reason: AirtableError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NoMentorError(LookupError):
    """Nobody on the roster has this Slack id."""

    def __init__(self, slack_id: str) -> None:
        super().__init__(f"no mentor: {slack_id} has no row in the roster; a coordinator adds one")


class OptedOutError(ValueError):
    """A mentor who has opted out is not made available by the end of a break."""

    def __init__(self, slack_id: str) -> None:
        super().__init__(f"{slack_id} has opted out, which the end of a break does not change")
