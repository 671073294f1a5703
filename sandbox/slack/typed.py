"""What somebody typed, as Slack's client would send it: escaped, with mentions and links marked."""

import re
from collections.abc import Callable

_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w.])@(?P<person>[a-z0-9][a-z0-9._-]*)"
    r"|(?<!\w)\#(?P<channel>[a-z0-9][a-z0-9_-]*)"
)
_EVERYBODY = frozenset({"channel", "here", "everyone"})


def as_sent(
    typed: str,
    *,
    person: Callable[[str], str | None],
    channel: Callable[[str], str | None],
) -> str:
    """`<`, `>` and `&` become entities; known @handles and #channels become mentions.

    Args:
        person: a handle's user id, or None.
        channel: a channel name's id, or None.
    """

    def marked(found: re.Match[str]) -> str:
        if found["url"]:
            url = found["url"].rstrip(".,;:!?)'\"")
            return f"<{_escaped(url)}>{_escaped(found['url'][len(url) :])}"
        if found["person"]:
            handle = found["person"].rstrip(".-_")
            rest = found["person"][len(handle) :]
            if handle in _EVERYBODY:
                return f"<!{handle}>{rest}"
            user_id = person(handle)
            return f"<@{user_id}>{rest}" if user_id else found[0]
        channel_id = channel(found["channel"])
        return f"<#{channel_id}|{found['channel']}>" if channel_id else found[0]

    parts: list[str] = []
    end = 0
    for found in _TOKEN.finditer(typed):
        parts += [_escaped(typed[end : found.start()]), marked(found)]
        end = found.end()
    return "".join([*parts, _escaped(typed[end:])])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
