"""The conditions of a key: comparisons over the columns of a table, and nothing else."""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pfp_course.errors import CourseError

__all__ = ["ConditionError", "matches", "names_in", "parse"]

_LONGEST = 400
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NODES = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare),
    *(ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.List),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot),
)


class ConditionError(CourseError):
    """A condition that is not understood, or does not fit the table."""


@cache
def parse(text: str) -> ast.expr:
    """Read a condition such as ``signed <= "1994-12-31" and region == "Baltic"``.

    It knows ``and``, ``or``, ``not``, comparisons, ``in`` with a list, ``is None`` and
    ``is not None``. Names are columns. Nothing is ever run as Python.

    Raises
    ------
    ConditionError
        If the text holds anything else.
    """
    if len(text) > _LONGEST:
        raise ConditionError(f"the condition is longer than {_LONGEST} characters. Shorten it.")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConditionError(
            f"the condition {text!r} is not understood. "
            'Write it like: signed <= "1994-12-31" and region == "Baltic"'
        ) from None
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            raise ConditionError(
                f"the condition {text!r} may compare columns only; it holds "
                f"{type(node).__name__}. Use and, or, not, ==, <, in, is None."
            )
        if isinstance(node, ast.Constant) and not isinstance(
            node.value, str | int | float | bool | None
        ):
            raise ConditionError(f"the condition {text!r} holds a value of an unknown kind.")
    return tree.body


def names_in(condition: ast.expr) -> set[str]:
    """Return the names of a condition."""
    return {node.id for node in ast.walk(condition) if isinstance(node, ast.Name)}


def matches(condition: ast.expr, row: Mapping[str, Any]) -> bool:
    """Tell whether a row meets a condition; a missing value meets no comparison."""
    return bool(_value(condition, row))


def _value(node: ast.expr, row: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return row[node.id]
        case ast.Tuple() | ast.List():
            return [_value(item, row) for item in node.elts]
        case ast.BoolOp(op=ast.And()):
            return all(_value(item, row) for item in node.values)
        case ast.BoolOp():
            return any(_value(item, row) for item in node.values)
        case ast.UnaryOp():
            return not _value(node.operand, row)
        case ast.Compare():
            return _compare(node, row)
    raise ConditionError(f"{type(node).__name__} is not understood in a condition.")


def _compare(node: ast.Compare, row: Mapping[str, Any]) -> bool:
    left = _value(node.left, row)
    for operation, operand in zip(node.ops, node.comparators, strict=True):
        right = _value(operand, row)
        if not _holds(operation, left, right):
            return False
        left = right
    return True


def _holds(operation: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(operation, ast.Is | ast.IsNot):
        return (left is right) == isinstance(operation, ast.Is)
    if left is None or right is None:
        return False
    if isinstance(operation, ast.Eq | ast.NotEq):
        return bool(left == right) == isinstance(operation, ast.Eq)
    try:
        if isinstance(operation, ast.In | ast.NotIn):
            return (left in right) == isinstance(operation, ast.In)
        return _ORDER[type(operation)](left, right)
    except TypeError:
        raise ConditionError(
            f"{left!r} and {right!r} cannot be compared. Put dates and text in quotes."
        ) from None
