"""A mentor's row in Airtable follows what their entity workflow owns of it."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.mentors import MentorActivities
    from domain import mentor_projected
    from domain.availability import Availability
    from domain.standing import MentorRow
    from workflows.profiles import RECORD
    from workflows.projection import Projection


class MentorRecorder(Projection[Availability, None]):
    """Writes changes only, and one at a time; nobody else writes these cells."""

    _writing: MentorRow

    def _behind(self) -> bool:
        # never over a break or an opt-out that stands in a row which could not be read
        return self.state.row_known and mentor_projected.owes_row(self.state, workflow.now())

    def _start(self) -> workflow.ActivityHandle[None]:
        # by the clock, so that a workflow which had to begin anew still writes newer ones
        by_clock = int(workflow.now().timestamp() * 1000)
        self.state.revision = max(self.state.revision + 1, by_clock)
        self._writing = mentor_projected.row(self.state, workflow.now())
        return workflow.start_activity_method(
            MentorActivities.record_mentor,
            self._writing,
            summary=f"row: {self._writing.status.value}, {self._writing.mentees_now} mentees",
            **RECORD,
        )

    def catch_up(self) -> None:
        """A write that waits for its next try gives way, if there is something newer to say."""
        if self.is_writing and self._wanted() != self._without_revision(self._writing):
            self.supersede()

    def _note(self, written: None, revision: int) -> None:
        self.state.row_written(self._writing)

    def _give_up(self, revision: int) -> None:
        workflow.logger.error("The mentor's row was refused; see the failed activity")
        self.state.row_written(self._writing)

    def _wanted(self) -> MentorRow:
        return self._without_revision(mentor_projected.row(self.state, workflow.now()))

    @staticmethod
    def _without_revision(row: MentorRow) -> MentorRow:
        return row.model_copy(update={"revision": 0, "last_seen": None})
