"""Logical functions and those about the record itself."""

from collections.abc import Callable
from datetime import datetime

from sandbox.airtable.formula.evaluate import Context
from sandbox.airtable.formula.registry import function
from sandbox.airtable.formula.values import FormulaError, Value, equal, truthy

Later = Callable[[], Value]


@function("AND", lazy=True)
def and_(first: Later, *more: Later) -> bool:
    return all(truthy(work_out()) for work_out in (first, *more))


@function("OR", lazy=True)
def or_(first: Later, *more: Later) -> bool:
    return any(truthy(work_out()) for work_out in (first, *more))


@function("XOR")
def xor(*values: Value) -> bool:
    return sum(truthy(value) for value in values) % 2 == 1


@function("NOT")
def not_(value: Value) -> bool:
    return not truthy(value)


@function("IF", lazy=True)
def if_(condition: Later, then: Later, otherwise: Later | None = None) -> Value:
    if truthy(condition()):
        return then()
    return otherwise() if otherwise else None


@function("SWITCH", lazy=True)
def switch(expression: Later, pattern: Later, result: Later, *more: Later) -> Value:
    value, rest = expression(), [pattern, result, *more]
    while len(rest) >= 2:
        candidate, answer, *rest = rest
        if equal(value, candidate()):
            return answer()
    return rest[0]() if rest else None


@function("TRUE")
def true() -> bool:
    return True


@function("FALSE")
def false() -> bool:
    return False


@function("BLANK")
def blank() -> None:
    return None


@function("ERROR")
def error(message: Value = None) -> Value:
    raise FormulaError("#ERROR!")


@function("ISERROR", lazy=True)
def iserror(expression: Later) -> bool:
    try:
        expression()
    except FormulaError:
        return True
    return False


@function("RECORD_ID", contextual=True)
def record_id(context: Context) -> str:
    return context.record_id


@function("CREATED_TIME", contextual=True)
def created_time(context: Context) -> datetime:
    return context.created


@function("LAST_MODIFIED_TIME", contextual=True)
def last_modified_time(context: Context, *fields: Value) -> datetime:
    """The record's time; which field changed when isn't kept."""
    return context.modified
