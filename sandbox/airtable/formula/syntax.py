"""From the text of a formula to a tree.

Precedence from loose to tight: comparison, `&`, `+ -`, `* /`, unary minus. All binary operators
associate to the left.
"""

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias


class FormulaSyntaxError(ValueError):
    """The text isn't a formula; the message is the part after "…is invalid: "."""


@dataclass(frozen=True)
class Literal:
    value: str | int | float


@dataclass(frozen=True)
class FieldRef:
    name: str


@dataclass(frozen=True)
class FunctionCall:
    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True)
class Operation:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Negation:
    operand: "Node"


Node: TypeAlias = Literal | FieldRef | FunctionCall | Operation | Negation

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"=", "!=", "<", "<=", ">", ">="}),
    frozenset({"&"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<field>\{(?:[^}\\]|\\.)*\})
      | (?P<word>[^\W\d]\w*)
      | (?P<operator>!=|<=|>=|[=<>&+\-*/(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def parse(source: str) -> Node:
    """The tree of a formula.

    Raises:
        FormulaSyntaxError: the text isn't a formula.
    """
    try:
        return _Parser(_tokens(source)).parse()
    except RecursionError:
        _refuse()


def _tokens(source: str) -> list[_Token]:
    tokens, position, end = [], 0, len(source.rstrip())
    while position < end:
        found = _TOKEN.match(source, position)
        if found is None or found.lastgroup is None:
            _refuse()
        tokens.append(_Token(found.lastgroup, found.group(found.lastgroup)))
        position = found.end()
    return tokens


def _refuse() -> NoReturn:
    raise FormulaSyntaxError("Invalid formula. Please check your formula text.")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text, flags=re.DOTALL)


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def parse(self) -> Node:
        node = self._binary(0)
        if self._next < len(self._tokens):
            _refuse()
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> _Token:
        token = self._peek()
        if token is None:
            _refuse()
        self._next += 1
        return token

    def _at(self, *operators: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == "operator" and token.text in operators

    def _expect(self, operator: str) -> None:
        if not self._at(operator):
            _refuse()
        self._next += 1

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while self._at(*_LEVELS[level]):
            operator = self._take().text
            node = Operation(operator, node, self._binary(level + 1))
        return node

    def _unary(self) -> Node:
        if self._at("-"):
            self._next += 1
            return Negation(self._unary())
        if self._at("+"):
            self._next += 1
            return self._unary()
        return self._atom()

    def _atom(self) -> Node:
        if self._at("("):
            self._next += 1
            node = self._binary(0)
            self._expect(")")
            return node
        token = self._take()
        match token.kind:
            case "number":
                return Literal(int(token.text) if token.text.isdecimal() else float(token.text))
            case "string":
                return Literal(_unescape(token.text[1:-1]))
            case "field":
                return FieldRef(_unescape(token.text[1:-1]))
            case "word" if self._at("("):
                return FunctionCall(token.text.upper(), self._arguments())
            case "word":
                return FieldRef(token.text)
            case _:
                _refuse()

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        if self._at(")"):
            self._next += 1
            return ()
        arguments = [self._binary(0)]
        while self._at(","):
            self._next += 1
            arguments.append(self._binary(0))
        self._expect(")")
        return tuple(arguments)
