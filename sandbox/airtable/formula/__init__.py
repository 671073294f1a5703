"""Airtable's formula language, as far as `filterByFormula` and pyairtable's `formulas` use it.

    formula = compile_formula("AND({Status}='Open', {Declines}>2)", resolve=canonical_name)
    if formula.matches(Context(fields={"Status": "Open", "Declines": 3})): ...

`syntax` turns text into a tree, `values` says how kinds of values mix, `evaluate` walks the tree,
and `logic`, `text`, `numbers`, `dates` and `lists` hold the functions.
"""

from collections.abc import Callable

from sandbox.airtable.formula import dates, lists, logic, numbers, text
from sandbox.airtable.formula.evaluate import Context, Formula, check
from sandbox.airtable.formula.registry import FUNCTIONS
from sandbox.airtable.formula.syntax import FormulaSyntaxError, parse

__all__ = ["FUNCTIONS", "Context", "Formula", "FormulaSyntaxError", "compile_formula"]

_FUNCTION_MODULES = (dates, lists, logic, numbers, text)  # imported for what they register


def compile_formula(source: str, resolve: Callable[[str], str | None]) -> Formula:
    """Parse a formula and check its names.

    Args:
        source: the text of the formula.
        resolve: gives the canonical name of a field from a name or id, None if there is none.

    Raises:
        FormulaSyntaxError: the text isn't a formula, or names a field or function that is unknown.
    """
    return Formula(check(parse(source), resolve))
