"""Live news for people's pages, as server-sent events."""

import asyncio
import itertools
import json
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Iterable

from sandbox.slack.errors import JSON

_REMEMBERED = 200
"""News kept per person for a page that lost its connection for a moment."""

_Item = tuple[str, JSON]


class Hub:
    """Hands each piece of news to every open page of the people it concerns."""

    def __init__(self) -> None:
        self._boot = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._pages: dict[str, set[asyncio.Queue[_Item | None]]] = defaultdict(set)
        self._past: dict[str, deque[_Item]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))

    def tell(self, user_ids: Iterable[str], news: JSON) -> None:
        """`news` must not be changed afterwards."""
        item = (f"{self._boot}-{next(self._numbers)}", news)
        for user_id in user_ids:
            self._past[user_id].append(item)
            for page in self._pages.get(user_id, ()):
                page.put_nowait(item)

    def watching(self, user_ids: Iterable[str]) -> list[str]:
        """Those of them who have a page open."""
        return [user_id for user_id in user_ids if self._pages.get(user_id)]

    async def follow(
        self, user_id: str, last_seen: str | None, *, keep_alive: float = 15.0
    ) -> AsyncGenerator[bytes, None]:
        """The stream for one page: first `hello`, then what was missed, then what happens.

        Args:
            last_seen: the page's Last-Event-ID. If it is known here, `hello` says
                `resumed: true` and nothing was lost; otherwise the page should reload its lists.
            keep_alive: seconds of silence before a comment is sent.
        """
        queue: asyncio.Queue[_Item | None] = asyncio.Queue()
        missed = self._missed(user_id, last_seen)
        self._pages[user_id].add(queue)
        try:
            yield _frame(None, {"type": "hello", "resumed": missed is not None})
            for number, news in missed or ():
                yield _frame(number, news)
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), keep_alive)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if item is None:
                    return
                yield _frame(*item)
        finally:
            self._pages[user_id].discard(queue)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for pages in self._pages.values():
            for page in pages:
                page.put_nowait(None)

    def _missed(self, user_id: str, last_seen: str | None) -> list[_Item] | None:
        past = list(self._past.get(user_id, ()))
        for index, (number, _) in enumerate(past):
            if number == last_seen:
                return past[index + 1 :]
        return None


def _frame(number: str | None, news: JSON) -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}data: {json.dumps(news)}\n\n".encode()
