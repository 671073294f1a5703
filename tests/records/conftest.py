from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from clients.airtable import Airtable
from tests.records.airtable_fake import Clock, FakeAirtable, serve


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> FakeAirtable:
    return FakeAirtable(clock)


@pytest.fixture
async def airtable(fake: FakeAirtable) -> AsyncIterator[Airtable]:
    async with serve(fake) as client:
        yield client
