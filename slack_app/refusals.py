"""What can't be done, raised by listeners with words for the person who asked."""

from __future__ import annotations


class RefusalError(Exception):
    """What somebody wants can't be done; the words tell them why, and what to do instead."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class OutdatedError(RefusalError):
    """A button or form that this version does not know."""

    def __init__(self) -> None:
        super().__init__(
            "This is from an older version of Muster and can't be used any more, so nothing was "
            "changed. If you still need it, please write to a coordinator."
        )


class FormError(Exception):
    """A form with something to put right: words by block id."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class MalformedError(Exception):
    """What came is signed, but not a shape that Slack sends: nobody waits for words."""
