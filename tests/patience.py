"""Waiting for a busy machine, wherever impatience is not what is tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

import clients.mentors
import clients.requests

LONG = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def busy_machines_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No click is refused because Temporal, which shares two cores with it all, took seconds."""
    monkeypatch.setattr(clients.requests, "RPC_TIMEOUT", LONG)
    monkeypatch.setattr(clients.requests, "_CALL_TIMEOUT_SECONDS", LONG.total_seconds())
    monkeypatch.setattr(clients.mentors, "RPC_TIMEOUT", LONG)
    monkeypatch.setattr(clients.mentors, "LISTING_TIMEOUT", LONG)
    monkeypatch.setattr(clients.mentors, "WITHIN", LONG.total_seconds())
    monkeypatch.setattr(clients.mentors, "ASKING_WITHIN", LONG.total_seconds())
