"""Functions on numbers."""

import math
from collections.abc import Callable, Iterable

from sandbox.airtable.formula.registry import function
from sandbox.airtable.formula.values import (
    FormulaError,
    Value,
    flatten,
    is_blank,
    tidy,
    to_number,
    to_whole,
)

Number = float | int


def _only_numbers(values: Iterable[Value]) -> list[Number]:
    return [
        value
        for value in flatten(values)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]


@function("ABS")
def absolute(value: Value) -> Number:
    return abs(to_number(value))


@function("SUM")
def total(first: Value, *more: Value) -> Number:
    return sum(_only_numbers((first, *more)))


@function("AVERAGE")
def average(first: Value, *more: Value) -> Number:
    numbers = _only_numbers((first, *more))
    if not numbers:
        raise FormulaError("#ERROR!")
    return tidy(sum(numbers) / len(numbers))


@function("MAX")
def largest(first: Value, *more: Value) -> Number:
    return max(_only_numbers((first, *more)), default=0)


@function("MIN")
def smallest(first: Value, *more: Value) -> Number:
    return min(_only_numbers((first, *more)), default=0)


@function("COUNT")
def count(first: Value, *more: Value) -> int:
    return len(_only_numbers((first, *more)))


@function("COUNTA")
def counta(first: Value, *more: Value) -> int:
    return sum(not is_blank(value) for value in flatten((first, *more)))


@function("COUNTALL")
def countall(first: Value, *more: Value) -> int:
    return sum(1 for _ in flatten((first, *more)))


@function("INT")
def whole(value: Value) -> int:
    return math.floor(to_number(value))


def _multiple(value: Value, significance: Value, round_it: Callable[[float], int]) -> Number:
    step = 1 if significance is None else to_number(significance)
    if step == 0:
        return 0
    return tidy(float(round_it(to_number(value) / step) * step))


@function("CEILING")
def ceiling(value: Value, significance: Value = None) -> Number:
    return _multiple(value, significance, math.ceil)


@function("FLOOR")
def floor(value: Value, significance: Value = None) -> Number:
    return _multiple(value, significance, math.floor)


def _to_precision(value: Value, precision: Value, round_it: Callable[[float], int]) -> Number:
    factor = 10.0 ** to_whole(precision)
    return tidy(round_it(to_number(value) * factor) / factor)


@function("ROUND")
def round_(value: Value, precision: Value = None) -> Number:
    """Ties go up, toward positive infinity."""
    return _to_precision(value, precision, lambda number: math.floor(number + 0.5))


@function("ROUNDDOWN")
def rounddown(value: Value, precision: Value = None) -> Number:
    return _to_precision(value, precision, math.trunc)


@function("ROUNDUP")
def roundup(value: Value, precision: Value = None) -> Number:
    return _to_precision(
        value, precision, lambda number: int(math.copysign(math.ceil(abs(number)), number))
    )


@function("EVEN")
def even(value: Value) -> int:
    """Away from zero to the next even number."""
    number = to_number(value)
    return int(math.copysign(math.ceil(abs(number) / 2) * 2, number))


@function("ODD")
def odd(value: Value) -> int:
    """Away from zero to the next odd number."""
    number = to_number(value)
    return int(math.copysign(math.ceil((abs(number) - 1) / 2) * 2 + 1, number))


@function("MOD")
def mod(value: Value, divisor: Value) -> Number:
    if to_number(divisor) == 0:
        raise FormulaError("#ERROR!")
    return to_number(value) % to_number(divisor)


@function("POWER")
def power(base: Value, exponent: Value) -> Number:
    result = float(to_number(base)) ** to_number(exponent)
    if isinstance(result, complex):
        raise FormulaError("#ERROR!")
    return tidy(result)


@function("EXP")
def exp(exponent: Value) -> Number:
    return math.exp(to_number(exponent))


@function("LOG")
def log(value: Value, base: Value = None) -> Number:
    number, root = to_number(value), 10 if base is None else to_number(base)
    if number <= 0 or root <= 0 or root == 1:
        raise FormulaError("#ERROR!")
    return math.log10(number) if root == 10 else math.log(number, root)


@function("SQRT")
def sqrt(value: Value) -> Number:
    number = to_number(value)
    if number < 0:
        raise FormulaError("#ERROR!")
    return tidy(math.sqrt(number))
