"""A stand-in for Airtable: its Web API over SQLite, and a page that shows the rows.

Base URL for clients: `http://127.0.0.1:8611` in place of `https://api.airtable.com`.
"""

import time
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from sandbox import control
from sandbox.airtable import api, grid
from sandbox.airtable.bases import BASES, COMMUNITY, COORDINATORS
from sandbox.airtable.limits import RateLimits
from sandbox.airtable.queries import Listing
from sandbox.airtable.records import Records
from sandbox.airtable.schema import Base
from sandbox.airtable.seed import seed_community, seed_coordinators
from sandbox.airtable.store import Store
from sandbox.config import AirtableStandInConfig

__all__ = ["create_app"]


def create_app(
    config: AirtableStandInConfig,
    *,
    bases: tuple[Base, ...] = BASES,
    clock: Callable[[], float] = time.time,
) -> web.Application:
    """The stand-in as an application; an empty database is seeded.

    Args:
        config: where rows are kept, the token, and whether rates are limited.
        bases: the bases to hold; those of the community and its coordinators are seeded.
        clock: seconds since 1970, for dates, rate limits and offsets.
    """
    store = Store(config.database)
    room = api.Api(
        bases={base.id: base for base in bases},
        store=store,
        records={base.id: Records(store, base, clock) for base in bases},
        listing=Listing(store, clock),
        limits=RateLimits(clock, enabled=config.rate_limits),
        token=config.token,
    )

    async def fill() -> None:
        for base, seed in ((COMMUNITY, seed_community), (COORDINATORS, seed_coordinators)):
            if base.id in room.records:
                seed(room.records[base.id])

    async def reset() -> None:
        store.clear()
        room.listing.forget()
        room.limits.forget()
        room.limits.enabled = config.rate_limits
        await fill()

    def limit(enabled: bool) -> None:
        room.limits.forget()
        room.limits.enabled = enabled

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        if store.empty:
            await fill()
        yield
        store.close()

    app = web.Application(client_max_size=api.MAX_BODY)
    app[api.API] = room
    app.cleanup_ctx.append(lifetime)
    control.install(
        app,
        control.Hooks(
            name="airtable",
            identify=api.identify,
            error=api.error_response,
            reset=reset,
            seed=fill,
            limit=limit,
        ),
    )
    api.add_routes(app)
    grid.add_routes(app)
    return app
