"""The web application, built from its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined

from domain.links import Links
from domain.models import Person
from domain.policy import EscalationPolicy
from settings import WebSettings
from starter import admission, api, errors, intake, roster, security, status
from starter.admission import for_coordinators
from starter.parts import PARTS, Parts, utc_now
from starter.ports import Catalog, Coordinators, Directory, Queue, Requests, Roster, Sending
from starter.sending import ALWAYS_ON
from starter.watch import WATCH

_HERE = Path(__file__).parent


def create_app(  # noqa: PLR0917 - one parameter a part
    requests: Requests,
    directory: Directory,
    catalog: Catalog,
    links: Links,
    policy: EscalationPolicy,
    settings: WebSettings,
    *,
    mentors: Roster,
    queue: Queue,
    coordinators: Coordinators,
    sending: Sending = ALWAYS_ON,
    rota: Sequence[Person] = (),
    now: Callable[[], datetime] = utc_now,
) -> web.Application:
    """The request form, the status pages, the coordinators' roster and the API.

    ``policy``, the coordinators' ``rota`` and whether ``sending`` is paused go into every request
    started here.
    """
    app = web.Application(
        middlewares=[security.cache_files, errors.say_it_plainly],
        client_max_size=security.MAX_BODY,
    )
    app[PARTS] = Parts(
        requests=requests,
        directory=directory,
        catalog=catalog,
        roster=mentors,
        queue=queue,
        coordinators=coordinators,
        links=links,
        policy=policy,
        sending=sending,
        rota=rota,
        now=now,
    )
    app.add_routes(
        [
            web.get("/", intake.show_form),
            web.post("/", intake.submit),
            web.get("/received", intake.show_received),
            web.get("/requests/{token}", status.show_status, name="status"),
            web.post("/requests/{token}/cancel", status.cancel, name="cancel"),
            web.get("/roster", admission.show_no_link),
            web.get("/roster/{token}", for_coordinators(roster.show_roster)),
            web.get("/roster/{token}/mentors.csv", for_coordinators(roster.roster_as_csv)),
            web.get("/health", _health),
        ]
    )
    app.add_subapp(api.PATH, api.create_api(settings.origins()))
    static = web.StaticResource("/static", _HERE / "static")
    app.router.register_resource(static)
    security.protect(app, settings.frame_ancestors)
    aiohttp_jinja2.setup(
        app,
        loader=FileSystemLoader(_HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).globals.update(
        community=settings.community,
        crisis_line=settings.crisis_line,
        static=lambda name: static.url_for(filename=name, append_version=True),
    )
    return app


async def _health(request: web.Request) -> web.Response:
    """This process answers; what it depends on says its own state.

    Where the watch has looked, also how many requests were overdue then, and when that was.
    """
    state: dict[str, object] = {"ok": True}
    if (watch := request.app.get(WATCH)) and (look := watch.last_look):
        state |= {"overdue": look.overdue, "looked_at": look.at.isoformat(timespec="seconds")}
    return web.json_response(state)
