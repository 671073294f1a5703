"""App Home: what Muster is, drawn anew whenever somebody opens it."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp

from cards import home
from slack_app.events import first_delivery
from slack_app.office import Office


def register(app: AsyncApp, office: Office) -> None:
    async def show_home(event: dict[str, Any]) -> None:
        view = home.home(office.community, office.form_url, office.crisis_line)
        await office.slack.views_publish(user_id=event["user"], view=view)

    app.event("app_home_opened", matchers=[first_delivery, _home_tab])(show_home)


async def _home_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home"
