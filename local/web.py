"""Somebody in front of the web form: finds its fields, fills them, sends it, reads the answer."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser

import aiohttp

from local.actors import NotSeenError

_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


class _Form(HTMLParser):
    """The fields of a page's form, and the values that come with them."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[tuple[str, str]] = []
        self.offered: dict[str, set[str]] = {}
        self._select = ""
        self._option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and given.get("type") == "hidden":
            self.hidden.append((name, given.get("value", "")))
        elif tag in ("input", "textarea", "select") and name:
            self.offered.setdefault(name, set()).add(given.get("value", ""))
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._option = given.get("value", "")
            self.offered[self._select].add(self._option)

    def handle_data(self, data: str) -> None:
        if self._option is not None and self._select:
            self.offered[self._select].add(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in ("option", "select"):
            self._option = None
        if tag == "select":
            self._select = ""


async def send_form(
    http: aiohttp.ClientSession,
    url: str,
    typed: Sequence[tuple[str, str]],
    chosen: Sequence[tuple[str, str]],
) -> str:
    """Open the form at ``url``, type and choose, send it; the words of the page that follows.

    Raises:
        NotSeenError: a field or a choice is missing, or the form came back.
    """
    async with http.get(url) as answer:
        page = await answer.text()
        if answer.status != 200:
            raise NotSeenError(f"the form answered {answer.status}: {words(page)[:300]}")
    form = _Form()
    form.feed(page)
    for name, _ in typed:
        if name not in form.offered:
            raise NotSeenError(f"the form has no field “{name}”")
    for name, value in chosen:
        if value not in form.offered.get(name, set()):
            raise NotSeenError(f"the form’s “{name}” offers no “{value}”")
    async with http.post(url, data=[*form.hidden, *typed, *chosen]) as answer:
        page = await answer.text()
        if answer.status != 200:
            raise NotSeenError(f"the form came back ({answer.status}): {words(page)[:600]}")
    return words(page)


async def read_page(http: aiohttp.ClientSession, url: str) -> str:
    """The words of a page, whatever its status."""
    async with http.get(url) as answer:
        return words(await answer.text())


def words(page: str) -> str:
    """What somebody reads on it."""
    return " ".join(html.unescape(_TAGS.sub(" ", page)).split())
