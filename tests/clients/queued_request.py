"""A workflow of the request's type that only answers what the queue asks."""

from __future__ import annotations

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.messages import CASE_QUERY, VIEW_QUERY
    from domain.view import CaseFile, RequestView


@workflow.defn(name=ids.WORKFLOW_TYPE)
class QueuedRequest:
    @workflow.init
    def __init__(self, view: RequestView, case: CaseFile) -> None:
        self._view = view
        self._case = case

    @workflow.run
    async def run(self, view: RequestView, case: CaseFile) -> None:
        await asyncio.Event().wait()

    @workflow.query(name=VIEW_QUERY)
    def view(self) -> RequestView:
        return self._view

    @workflow.query(name=CASE_QUERY)
    def case(self) -> CaseFile:
        return self._case
