from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.starter import house as houses


@pytest_asyncio.fixture
async def house() -> AsyncIterator[houses.House]:
    async with houses.house() as one:
        yield one
