"""What a request is made of, put together in one place."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.state import RequestState
    from workflows.anytime import Anytime
    from workflows.asking import Asking
    from workflows.background import Background
    from workflows.claims import Claims
    from workflows.contact import Contact
    from workflows.coordination import Coordination
    from workflows.correspondence import Correspondence
    from workflows.desk import Desk
    from workflows.escalation import Escalation
    from workflows.feedback import Feedback
    from workflows.introduction import Introduction
    from workflows.outbox import Outbox
    from workflows.projections import Projections
    from workflows.scheduling import Scheduling
    from workflows.search import Search
    from workflows.slots import Slots


class Rooms:
    """Each knows only those above it."""

    def __init__(self, state: RequestState) -> None:
        self.background = background = Background()
        self.slots = slots = Slots(state)
        self.projections = projections = Projections(state, background, slots)
        self.desk = desk = Desk(state, background)
        self.outbox = outbox = Outbox(state, desk, background, slots)
        asking = Asking(state, desk, outbox, projections)
        self.escalation = escalation = Escalation(
            state,
            desk=desk,
            outbox=outbox,
            asking=asking,
            background=background,
            projections=projections,
        )
        self.search = search = Search(
            state,
            desk=desk,
            asking=asking,
            escalation=escalation,
            outbox=outbox,
            background=background,
            projections=projections,
        )
        self.claims = Claims(
            state,
            desk=desk,
            search=search,
            asking=asking,
            slots=slots,
            background=background,
            projections=projections,
        )
        self.introduction = Introduction(state, desk, background, projections)
        self.contact = contact = Contact(
            state,
            desk=desk,
            outbox=outbox,
            escalation=escalation,
            background=background,
            projections=projections,
        )
        self.scheduling = Scheduling(state, desk, projections)
        self.feedback = Feedback(state, desk, outbox, slots, projections)
        correspondence = Correspondence(
            state,
            desk=desk,
            escalation=escalation,
            background=background,
            projections=projections,
        )
        self.coordination = coordination = Coordination(
            state,
            desk=desk,
            search=search,
            escalation=escalation,
            contact=contact,
            correspondence=correspondence,
            projections=projections,
        )
        self.anytime = Anytime(
            state,
            desk=desk,
            search=search,
            asking=asking,
            slots=slots,
            contact=contact,
            coordination=coordination,
            correspondence=correspondence,
            background=background,
            projections=projections,
        )
