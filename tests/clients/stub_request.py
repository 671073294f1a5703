"""A workflow of the request's type that takes orders in every way in which one can be taken."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.messages import CASE_QUERY
    from domain.models import RequestStart
    from domain.orders import Answered, Assign, CloseRequest, HandBack, Nudge, Take, Verdict, Widen
    from domain.view import CaseFile


@workflow.defn(name=ids.WORKFLOW_TYPE)
class StubRequest:
    """``Take`` is decided at once, ``HandBack`` when somebody says so, ``Widen`` is refused."""

    def __init__(self) -> None:
        self.taken = 0
        self.go_on = self.over = False

    @workflow.run
    async def run(self, start: RequestStart) -> None:
        self.start = start
        await workflow.wait_condition(lambda: self.over)

    @workflow.signal
    def decide_now(self) -> None:
        self.go_on = True

    @workflow.update(name=Take.signal)
    def take(self, order: Take) -> Answered:
        self.taken += 1
        return Answered(verdict=Verdict.DONE, words=f"{order.name} looks after it")

    @workflow.update(name=HandBack.signal)
    async def hand_back(self, order: HandBack) -> Answered:
        await workflow.wait_condition(lambda: self.go_on)
        return Answered(verdict=Verdict.DONE, words="handed back")

    @workflow.update(name=Widen.signal)
    def widen(self, order: Widen) -> Answered:
        raise AssertionError("its validator refuses")

    @widen.validator
    def refuse_to_widen(self, order: Widen) -> None:
        raise ApplicationError("Everybody has been asked.")

    @workflow.update(name=Nudge.signal)
    def nudge(self, order: Nudge) -> Answered:
        raise AssertionError("its validator fails")

    @nudge.validator
    def stumble(self, order: Nudge) -> None:
        raise KeyError("something private")

    @workflow.update(
        name=CloseRequest.signal,
        unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON,
    )
    async def close(self, order: CloseRequest) -> Answered:
        self.over = True
        await asyncio.Event().wait()
        raise AssertionError("the request has ended")

    @workflow.update(name=Assign.signal)
    def assign(self, order: Assign) -> Answered:
        return Answered(verdict=Verdict.REFUSED, words="They have no room.")

    @workflow.query(name=CASE_QUERY)
    def case(self) -> CaseFile:
        start = self.start
        return CaseFile(
            request_id=start.request_id,
            now=start.submitted_at,
            service=start.service.name,
            mentee=start.mentee.slack_id,
        )

    @workflow.query
    def times_taken(self) -> int:
        return self.taken
