"""``python -m starter``: serve the web pages and the API until SIGINT or SIGTERM."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

from aiohttp import web
from temporalio.client import Client

from clients.airtable import Airtable
from clients.alerts import Alerter, open_alerter
from clients.coordinators import ChannelMembers
from clients.mentors import Mentors
from clients.overdue import OverdueRequests
from clients.queue import Queue
from clients.requests import Requests
from clients.slack import Slack, open_client
from clients.switchboard import Switchboard
from clients.temporal import connect
from records.catalog import Catalog
from records.roster import Roster
from serving import serve
from settings import (
    AirtableSettings,
    AlertSettings,
    CoordinatorSettings,
    LinkSettings,
    OperatorSettings,
    PolicySettings,
    SlackSettings,
    WebSettings,
    read,
)
from starter.app import create_app
from starter.directory import SlackDirectory
from starter.sending import RememberedSending
from starter.watch import OverdueWatch, watch_beside

SLACK_TIMEOUT = 5
"""Seconds for a whole lookup: somebody is waiting in front of the page."""


async def build(web_settings: WebSettings) -> web.Application:
    """The application with real parts; Temporal is connected by the first request."""
    slack, base = read(SlackSettings), read(AirtableSettings)
    links, alerting = read(LinkSettings).links(), read(AlertSettings)
    try:
        policy = read(PolicySettings).policy()
    except ValueError as error:  # it breaks a rule
        sys.exit(str(error))
    airtable = Airtable(base.token.get_secret_value(), endpoint_url=base.endpoint_url)
    token, opened = slack.bot_token.get_secret_value(), AsyncExitStack()
    client = await opened.enter_async_context(
        open_client(token, slack.base_url, seconds=SLACK_TIMEOUT)
    )
    alerter = await opened.enter_async_context(
        open_alerter(
            Slack(client), slack.coordinators_channel, alerting.webhook_url.get_secret_value()
        )
    )
    temporal = await connect(lazy=True)
    catalog = Catalog(airtable, base.base_id, private_base_id=base.private_base_id)
    app = create_app(
        Requests(temporal),
        SlackDirectory(client),
        catalog,
        links,
        policy,
        web_settings,
        mentors=Roster(catalog, Mentors(temporal)),
        queue=Queue(temporal),
        coordinators=ChannelMembers(client, slack.coordinators_channel),
        sending=RememberedSending(Switchboard(temporal)),
        rota=read(CoordinatorSettings).people(),
    )

    async def close_clients(_: web.Application) -> AsyncIterator[None]:
        yield
        await opened.aclose()
        await airtable.close()

    app.cleanup_ctx.append(close_clients)
    if alerting.check_every_seconds:  # after the clients: it ends before they close
        watch_beside(app, _watch(temporal, alerter, alerting))
    return app


def _watch(temporal: Client, alerter: Alerter, settings: AlertSettings) -> OverdueWatch:
    return OverdueWatch(
        OverdueRequests(temporal),
        alerter,
        after=timedelta(minutes=settings.overdue_after_minutes),
        every=timedelta(seconds=settings.check_every_seconds),
        web_ui=read(OperatorSettings).workflows_page(temporal.namespace),
    )


def main() -> None:
    settings = read(WebSettings)
    serve(lambda: build(settings), settings.host, settings.port, settings="WEB")


if __name__ == "__main__":
    main()
