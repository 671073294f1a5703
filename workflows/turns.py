"""Turns in the story of a request, as exceptions: none of them is an error."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.models import Outcome, Status
    from workflows.claims import Assignment


class EndedEarly(Exception):  # noqa: N818
    """Wherever the request stood: it ends here."""

    def __init__(self, status: Status, outcome: Outcome, by: str = "") -> None:
        super().__init__(status.value)
        self.status = status
        self.outcome = outcome
        self.by = by


class MenteeGone(Exception):  # noqa: N818
    """The mentee's Slack account can't be reached any more: there is nobody to help."""


class GivenBack(Exception):  # noqa: N818
    """The pair is no more: around again.

    ``left``: it was not the mentor's own wish. ``tell``: the mentee learns it from us, rather than
    by their own click. ``successor``: who gets it next; then the introduction tells them.
    """

    def __init__(
        self,
        what: str = "released",
        *,
        by: str = "",
        left: bool = False,
        tell: bool = True,
        successor: Assignment | None = None,
    ) -> None:
        super().__init__(what)
        self.successor = successor
        self.what = what
        self.by = by
        self.left = left
        self.tell = tell
