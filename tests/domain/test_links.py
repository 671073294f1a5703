"""A signed link opens one request for one person; keys rotate without breaking it."""

from __future__ import annotations

import pytest

from domain.links import BadLinkError, Links

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


@pytest.mark.parametrize("keys", [[], ["short"]])
def test_weak_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="LINK_SIGNING_KEYS"):
        Links(keys)
