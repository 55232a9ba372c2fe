"""Keys computed from the data set: a small language of tables, columns and conditions."""

import ast
import operator
import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from pfp_course.course import Course
from pfp_course.data import load, package
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError

__all__ = [
    "ConditionError",
    "ExpressionError",
    "check_shape",
    "evaluate",
    "matches",
    "names_in",
    "parse",
    "rows",
]

_Rows: TypeAlias = list[dict[str, Any]]
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "minus": lambda a, b: a - b,
    "plus": lambda a, b: a + b,
    "times": lambda a, b: a * b,
    "over": lambda a, b: a / b,
}


class ExpressionError(CourseError):
    """An expression that is not understood, or that the data cannot answer."""


def _only(cells: list[Any]) -> Any:
    if len(cells) != 1:
        raise ExpressionError(
            f"{len(cells)} rows match, but 'value' needs one. Narrow the 'where'."
        )
    return cells[0]


def _extreme(cells: list[Any], *, most: bool) -> Any:
    counted = Counter(cells).most_common()
    wanted = counted[0][1] if most else counted[-1][1]
    found = [cell for cell, count in counted if count == wanted]
    if len(found) > 1:
        raise ExpressionError(f"{found[0]!r} and {found[1]!r} are equal. Ask for something else.")
    return found[0]


# Each takes the cells of a column, missing ones left out, in the order asked for.
_OVER_A_COLUMN: dict[str, Callable[[list[Any]], Any]] = {
    "value": _only,
    "first": lambda cells: cells[0],
    "last": lambda cells: cells[-1],
    "sum": sum,
    "mean": statistics.fmean,
    "median": statistics.median,
    "min": min,
    "max": max,
    "list": list,
    "set": lambda cells: sorted(set(cells)),
    "most": lambda cells: _extreme(cells, most=True),
    "least": lambda cells: _extreme(cells, most=False),
    "tally": lambda cells: dict(sorted(Counter(cells).items())),
}


@cache
def rows(table: str, course: Course) -> _Rows:
    """Return a table's rows as plain values: dates as ISO text, missing cells as ``None``."""
    import pandas as pd

    frame = load(table, course=course)
    for name in frame.columns:
        if pd.api.types.is_datetime64_any_dtype(frame[name]):
            frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {
            str(name): cell.item() if hasattr(cell, "item") else cell
            for name, cell in zip(plain.columns, row, strict=True)
        }
        for row in plain.itertuples(index=False, name=None)
    ]


def check_shape(expression: Any, course: Course) -> Any:
    """Return an expression as it is, if it has a shape that `evaluate` understands.

    The functions that it may call are those of the course.

    Raises
    ------
    ValueError
        If it has not; the message says what is understood.
    """
    if not isinstance(expression, dict):
        _check_literal(expression)
        return expression
    first = next(iter(expression), None)
    if first in _ARITHMETIC:
        operands = expression[first]
        if len(expression) > 1 or not isinstance(operands, list) or len(operands) != 2:
            raise ValueError(f"{first!r} needs a list of two: {{{first}: [a, b]}}")
        for operand in operands:
            check_shape(operand, course)
    elif first == "call":
        _check_call(expression, course)
    elif first == "year":
        check_shape(expression[first], course)
    elif first in ("count", "rows") or first in _OVER_A_COLUMN:
        _check_query(first, expression)
    else:
        known = ", ".join(["count", *_OVER_A_COLUMN, "rows", *_ARITHMETIC, "year", "call"])
        begins = f"begins with {str(first)!r}" if expression else "is empty"
        raise ValueError(f"an expression begins with one of: {known}; this {begins}")
    return expression


def _check_literal(value: Any) -> None:
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, dict | list) or item is None for item in items):
        raise ValueError("a literal may be text, a number, true, false, or a list of those")
    if not items:
        raise ValueError("an empty list says nothing; give it an item")


def _check_call(expression: dict[str, Any], course: Course) -> None:
    functions = course.extras("KEY_FUNCTIONS")
    if expression["call"] not in functions:
        known = ", ".join(functions) or "none"
        raise ValueError(f"there is no function {expression['call']!r}; there are: {known}")
    if set(expression) - {"call", "with"} or not isinstance(expression.get("with", {}), dict):
        raise ValueError("a call is written {call: name, with: {argument: value}}")


def _check_query(first: str, expression: dict[str, Any]) -> None:
    allowed = {first, "where"}
    if first == "rows":
        allowed |= {"columns", "by"}
        columns = expression.get("columns")
        if not (isinstance(columns, list) and columns and all(isinstance(c, str) for c in columns)):
            raise ValueError("'rows' needs 'columns', a list of names")
    elif first != "count":
        allowed |= {"column", "by"}
    extra = ", ".join(sorted(set(expression) - allowed))
    if extra:
        raise ValueError(f"{first!r} does not know {extra}; it knows {', '.join(sorted(allowed))}")
    if "column" in allowed and "column" not in expression:
        raise ValueError(f"{first!r} needs a 'column'")
    if not all(isinstance(part, str) for name, part in expression.items() if name != "columns"):
        raise ValueError("table, column, by and where are written as text")
    if "where" in expression:
        try:
            parse(expression["where"])
        except ConditionError as error:
            raise ValueError(str(error)) from None


def evaluate(expression: Any, course: Course, names: Mapping[str, Any] | None = None) -> Any:
    """Return the value of an expression over the tables and functions of a course.

    It is a literal, or a mapping such as ``{"count": "states", "where": 'region == "Baltic"'}``,
    whose condition may use ``names`` beside the columns.

    Raises
    ------
    ExpressionError
        If a table or column is unknown, no row matches, or an operation has no answer.
    """
    names = names or {}
    if not isinstance(expression, dict):
        return expression
    first = next(iter(expression))
    try:
        if first in _ARITHMETIC:
            left, right = (evaluate(part, course, names) for part in expression[first])
            return _ARITHMETIC[first](left, right)
        if first == "year":
            return int(str(evaluate(expression["year"], course, names))[:4])
        if first == "call":
            given = expression.get("with", {})
            return course.extras("KEY_FUNCTIONS")[expression["call"]](
                course, **{name: _named(value, names) for name, value in given.items()}
            )
        return _query(first, expression, names, course)
    except ZeroDivisionError:
        raise ExpressionError(f"{first!r} cannot be computed: it divides by 0.") from None
    except (TypeError, statistics.StatisticsError):
        mend = "Give it numbers, or columns of numbers"
        raise ExpressionError(f"{first!r} cannot be computed from these values. {mend}.") from None


def _named(value: Any, names: Mapping[str, Any]) -> Any:
    """Return what stands for a value: ``"{day}"`` stands for the value of ``day``."""
    if not (isinstance(value, str) and value.startswith("{") and value.endswith("}")):
        return value
    if value[1:-1] not in names:
        known = ", ".join(names) or "none"
        raise ExpressionError(f"nothing has the name {value}; known are: {known}.")
    return names[value[1:-1]]


def _query(first: str, expression: dict[str, Any], names: Mapping[str, Any], course: Course) -> Any:
    name = expression[first]
    found = rows(package(course).table(name).name, course)
    columns = {str(column) for column in load(name, course).columns}
    named = [expression[part] for part in ("column", "by") if part in expression]
    for column in [*named, *expression.get("columns", [])]:
        if column not in columns:
            raise _no_column(name, column, columns)
    if "where" in expression:
        condition = parse(expression["where"])
        unknown = sorted(names_in(condition) - columns - set(names))
        if unknown:
            raise _no_column(name, unknown[0], columns)
        found = [row for row in found if matches(condition, {**names, **row})]
    if first == "count":
        return len(found)
    if "by" in expression:
        found = sorted(
            (row for row in found if row[expression["by"]] is not None),
            key=lambda row: row[expression["by"]],
        )
    if first == "rows":
        wanted = expression["columns"]
        return {
            "columns": wanted,
            "rows": [[row[column] for column in wanted] for row in found],
            "ordered": "by" in expression,
        }
    cells = [row[expression["column"]] for row in found if row[expression["column"]] is not None]
    if not cells:
        raise ExpressionError(f"no row of {name!r} matches, so there is no {first}.")
    return _OVER_A_COLUMN[first](cells)


def _no_column(table: str, column: str, columns: set[str]) -> ExpressionError:
    return ExpressionError(
        f"the table {table!r} has no column {column!r}.{nearest(column, sorted(columns))}"
    )


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
            values = [_value(part, row) for part in (node.left, *node.comparators)]
            return all(map(_holds, node.ops, values, values[1:]))
    raise ConditionError(f"{type(node).__name__} is not understood in a condition.")


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
