"""Checks the names in a tree and works out its value for a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sandbox.airtable.formula.registry import FUNCTIONS
from sandbox.airtable.formula.syntax import (
    FieldRef,
    FormulaSyntaxError,
    FunctionCall,
    Literal,
    Negation,
    Node,
    Operation,
)
from sandbox.airtable.formula.values import (
    FormulaError,
    Value,
    equal,
    less,
    tidy,
    to_number,
    to_text,
    truthy,
)


@dataclass(frozen=True)
class Context:
    """What a formula may look at: one record, and the time."""

    fields: Mapping[str, Value]
    record_id: str = ""
    created: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    modified: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Formula:
    """A formula that was parsed and checked."""

    root: Node

    def value(self, context: Context) -> Value:
        """The value for a record.

        Raises:
            FormulaError: the cell would show #ERROR!.
        """
        try:
            return evaluate(self.root, context)
        except RecursionError:
            raise FormulaError("#ERROR!") from None

    def matches(self, context: Context) -> bool:
        """Whether `filterByFormula` keeps the record."""
        try:
            return truthy(self.value(context))
        except FormulaError:
            return False


def check(node: Node, resolve: Callable[[str], str | None]) -> Node:
    """The tree with canonical field names.

    Raises:
        FormulaSyntaxError: a field or function is unknown, or has a wrong number of arguments.
    """
    unknown_fields: list[str] = []
    unknown_functions: list[str] = []

    def visit(node: Node) -> Node:
        match node:
            case FieldRef(name):
                found = resolve(name)
                if found is None:
                    unknown_fields.append(name.lower())
                return FieldRef(found or name)
            case FunctionCall(name, args):
                known = FUNCTIONS.get(name)
                if known is None:
                    unknown_functions.append(name)
                elif not known.accepts(len(args)):
                    raise FormulaSyntaxError(f"Invalid number of arguments for function {name}.")
                return FunctionCall(name, tuple(visit(arg) for arg in args))
            case Operation(operator, left, right):
                return Operation(operator, visit(left), visit(right))
            case Negation(operand):
                return Negation(visit(operand))
            case _:
                return node

    try:
        checked = visit(node)
    except RecursionError:
        raise FormulaSyntaxError("Invalid formula. Please check your formula text.") from None
    for kind, names in (("field", unknown_fields), ("function", unknown_functions)):
        if names:
            raise FormulaSyntaxError(f"Unknown {kind} names: {', '.join(dict.fromkeys(names))}")
    return checked


def evaluate(node: Node, context: Context) -> Value:
    """The value of a tree.

    Raises:
        FormulaError: it has none: a wrong kind of value, a division by zero, too large a number.
    """
    try:
        match node:
            case Literal(value):
                return value
            case FieldRef(name):
                return context.fields.get(name)
            case Negation(operand):
                return -to_number(evaluate(operand, context))
            case Operation(operator, left, right):
                return _OPERATORS[operator](evaluate(left, context), evaluate(right, context))
            case FunctionCall(name, args):
                return _call(name, args, context)
    except FormulaError:
        raise
    except (ArithmeticError, ValueError):
        raise FormulaError("#ERROR!") from None


def _call(name: str, args: tuple[Node, ...], context: Context) -> Value:
    known = FUNCTIONS[name]
    given = [partial(evaluate, arg, context) for arg in args]
    first = [context] if known.contextual else []
    result: Value = (
        known.call(*first, *given)
        if known.lazy
        else known.call(*first, *(work_out() for work_out in given))
    )
    return result


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) or isinstance(right, str):
        return to_text(left) + to_text(right)
    return to_number(left) + to_number(right)


def _divide(left: Value, right: Value) -> Value:
    divisor = to_number(right)
    if divisor == 0:
        raise FormulaError("#ERROR!")
    return tidy(to_number(left) / divisor)


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": less,
    ">": lambda left, right: less(right, left),
    "<=": lambda left, right: not less(right, left),
    ">=": lambda left, right: not less(left, right),
    "&": lambda left, right: to_text(left) + to_text(right),
    "+": _add,
    "-": lambda left, right: to_number(left) - to_number(right),
    "*": lambda left, right: to_number(left) * to_number(right),
    "/": _divide,
}
