"""What can go wrong with records, beyond the kinds in clients.airtable."""

from __future__ import annotations

from clients.airtable import AirtableError


class RecordsAwayError(ConnectionError):
    """Airtable can't be read and nothing is remembered; ``reason`` says why."""

    def __init__(self, reason: AirtableError) -> None:
        super().__init__(str(reason))
        self.reason = reason
