"""The table of functions; each module adds its own with `@function("NAME")`."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Function:
    """A function with how many arguments it takes."""

    call: Callable[..., Any]
    fewest: int
    most: int | None
    """None for any number."""
    lazy: bool
    """Gets its arguments as callables, so that it decides which are worked out."""
    contextual: bool
    """Gets the context of the record as its first argument."""

    def accepts(self, count: int) -> bool:
        return count >= self.fewest and (self.most is None or count <= self.most)


FUNCTIONS: dict[str, Function] = {}


def function(name: str, *, lazy: bool = False, contextual: bool = False) -> Callable[[F], F]:
    """Register a function under its name in formulas; its signature says its argument count."""

    def register(call: F) -> F:
        parameters = list(inspect.signature(call).parameters.values())[contextual:]
        single = [p for p in parameters if p.kind is not p.VAR_POSITIONAL]
        FUNCTIONS[name] = Function(
            call,
            fewest=sum(p.default is p.empty for p in single),
            most=len(single) if len(single) == len(parameters) else None,
            lazy=lazy,
            contextual=contextual,
        )
        return call

    return register
