"""A signed link opens one request for one person; keys rotate without breaking it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.links import ROSTER_LINK_LIFE, BadLinkError, ExpiredLinkError, Links

NOW = datetime(2026, 3, 10, 14, tzinfo=UTC)
OLD, NEW = "an old key of the tests", "a new key of the tests"


def test_a_link_names_its_request_and_person() -> None:
    links = Links([NEW], "https://muster.example/")
    url = links.status_url("MR-AAAAAAAAAA", "U0RILEY")
    assert url is not None
    assert url.startswith("https://muster.example/requests/")
    target = links.read_status_token(url.rsplit("/", 1)[1])
    assert (target.request_id, target.slack_id) == ("MR-AAAAAAAAAA", "U0RILEY")


@pytest.mark.parametrize("token", ["", "nonsense", "WyJNUiIsIlUiXQ.abc", "é", "." * 500])
def test_a_forged_or_damaged_link_opens_nothing(token: str) -> None:
    with pytest.raises(BadLinkError):
        Links([NEW]).read_status_token(token)


def test_links_signed_with_an_older_key_work_until_it_is_retired() -> None:
    token = Links([OLD]).status_token("MR-AAAAAAAAAA", "U0RILEY")
    assert Links([NEW, OLD]).read_status_token(token).slack_id == "U0RILEY"
    assert Links([NEW, OLD]).status_token("MR-B", "U") == Links([NEW]).status_token("MR-B", "U")
    with pytest.raises(BadLinkError):
        Links([NEW]).read_status_token(token)


def test_without_a_public_address_messages_carry_no_link() -> None:
    assert Links([NEW]).status_url("MR-AAAAAAAAAA", "U0RILEY") is None


def test_a_link_to_the_roster_names_its_coordinator_and_ends_after_twelve_hours() -> None:
    links = Links([NEW], "https://muster.example/")
    url = links.roster_url("U0DANA", NOW)
    assert url is not None
    assert url.startswith("https://muster.example/roster/")
    token = url.rsplit("/", 1)[1]
    last = NOW + ROSTER_LINK_LIFE - timedelta(seconds=1)
    assert links.read_roster_token(token, last) == "U0DANA"
    with pytest.raises(ExpiredLinkError):
        links.read_roster_token(token, NOW + ROSTER_LINK_LIFE)
    assert Links([NEW]).roster_url("U0DANA", NOW) is None


def test_a_token_for_one_page_opens_no_other() -> None:
    links = Links([NEW])
    roster = links.roster_path("U0DANA", NOW).rsplit("/", 1)[1]
    status = links.status_token("MR-AAAAAAAAAA", "U0DANA")
    with pytest.raises(BadLinkError):
        links.read_status_token(roster)
    for token in (status, f"{roster}x", "nonsense", ""):
        with pytest.raises(BadLinkError):
            links.read_roster_token(token, NOW)


@pytest.mark.parametrize("keys", [[], ["short"]])
def test_weak_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="LINK_SIGNING_KEYS"):
        Links(keys)
