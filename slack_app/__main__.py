"""``python -m slack_app``: serves Slack's requests until it is told to stop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from aiohttp import web

from cards.wording import Reworded
from clients import temporal
from clients.airtable import Airtable
from clients.hourly import HourlyAlerts
from clients.mentors import Mentors
from clients.queue import Queue
from clients.requests import Requests
from clients.slack import open_client
from clients.switchboard import Switchboard
from records.catalog import Catalog
from records.roster import Roster
from serving import serve
from settings import (
    AirtableSettings,
    LinkSettings,
    MentorSettings,
    SlackSettings,
    WebSettings,
    read,
)
from slack_app.app import create_app
from slack_app.coordinators import Coordinators
from slack_app.office import Office
from slack_app.people import People

SLACK_TIMEOUT = 2.5
"""Seconds for one call to Slack: a person waits for the answer to a click three at most."""


async def build() -> web.Application:
    """The application with real parts; Temporal is connected by the first click."""
    slack, page = read(SlackSettings), read(WebSettings)
    link_settings = read(LinkSettings)
    public_url, links = link_settings.public_url.rstrip("/"), link_settings.links()
    client, opened = await temporal.connect(lazy=True), AsyncExitStack()
    token = slack.bot_token.get_secret_value()
    web_client = await opened.enter_async_context(
        open_client(token, slack.base_url, seconds=SLACK_TIMEOUT)
    )
    catalog = _catalog(opened)
    alerts, mentors = HourlyAlerts(), Mentors(client)
    office = Office(
        requests=Requests(client),
        mentors=mentors,
        slack=web_client,
        people=People(web_client),
        coordinators=Coordinators(web_client, slack.coordinators_channel),
        roster=Roster(catalog, mentors),
        catalog=catalog,
        queue=Queue(client),
        switchboard=Switchboard(client),
        mentors_channel=slack.mentors_channel,
        coordinators_channel=slack.coordinators_channel,
        community=page.community,
        wording=Reworded(catalog.message_texts_known_now, alerts.error),
        crisis_line=page.crisis_line,
        form_url=f"{public_url}/" if public_url else None,
        roster_url=lambda slack_id: links.roster_url(slack_id, datetime.now(UTC)),
        review_new_mentors=read(MentorSettings).review_new,
        code_of_conduct_url=page.code_of_conduct_url,
        activity_channels=slack.channels_of_activity(),
    )
    app = create_app(office, signing_secret=slack.signing_secret.get_secret_value())

    async def close_client(_: web.Application) -> AsyncIterator[None]:
        yield
        await opened.aclose()

    app.cleanup_ctx.append(close_client)
    return app


def _catalog(opened: AsyncExitStack) -> Catalog:
    """The community's base, read when somebody needs it."""
    config = read(AirtableSettings)
    airtable = Airtable(config.token.get_secret_value(), endpoint_url=config.endpoint_url)
    opened.push_async_callback(airtable.close)
    return Catalog(airtable, config.base_id, private_base_id=config.private_base_id)


def main() -> None:
    slack = read(SlackSettings)
    serve(build, slack.app_host, slack.app_port, settings="SLACK_APP")


if __name__ == "__main__":
    main()
