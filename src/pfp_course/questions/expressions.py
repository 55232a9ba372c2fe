"""Keys computed from the data set: a small language of tables, columns and conditions."""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from pfp_course.data import load, package
from pfp_course.errors import CourseError
from pfp_course.questions import conditions
from pfp_course.questions.named import FUNCTIONS

__all__ = ["ExpressionError", "Value", "check_shape", "evaluate", "rows"]

Value: TypeAlias = Any
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
def rows(table: str) -> _Rows:
    """Return a table's rows as plain values: dates as ISO text, missing cells as ``None``."""
    import pandas as pd

    frame = load(table)
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


def check_shape(expression: Any) -> Any:
    """Return an expression as it is, if it has a shape that `evaluate` understands.

    Raises
    ------
    ValueError
        If it has not; the message says what is understood.
    """
    if not isinstance(expression, dict):
        items = expression if isinstance(expression, list) else [expression]
        if any(isinstance(item, dict | list) or item is None for item in items):
            raise ValueError("a literal may be text, a number, true, false, or a list of those")
        return expression
    first = next(iter(expression), None)
    if first in _ARITHMETIC:
        operands = expression[first]
        if len(expression) > 1 or not isinstance(operands, list) or len(operands) != 2:
            raise ValueError(f"{first!r} needs a list of two: {{{first}: [a, b]}}")
        for operand in operands:
            check_shape(operand)
    elif first == "call":
        _check_call(expression)
    elif first == "rows":
        _check_rows(expression)
    elif first == "year":
        check_shape(expression[first])
    elif first == "count" or first in _OVER_A_COLUMN:
        _check_query(first, expression)
    else:
        known = ", ".join(["count", *_OVER_A_COLUMN, "rows", *_ARITHMETIC, "year", "call"])
        raise ValueError(f"an expression begins with one of: {known}; this begins with {first!r}")
    return expression


def _check_call(expression: dict[str, Any]) -> None:
    if expression["call"] not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise ValueError(f"there is no function {expression['call']!r}; there are: {known}")
    if set(expression) - {"call", "with"} or not isinstance(expression.get("with", {}), dict):
        raise ValueError("a call is written {call: name, with: {argument: value}}")


def _check_rows(expression: dict[str, Any]) -> None:
    columns = expression.get("columns")
    if not isinstance(columns, list) or not columns or not all(isinstance(c, str) for c in columns):
        raise ValueError("'rows' needs 'columns', a list of names")
    _check_query("rows", {k: v for k, v in expression.items() if k != "columns"})


def _check_query(first: str, expression: dict[str, Any]) -> None:
    allowed = {first, "where"} | ({"column", "by"} if first != "count" else set())
    if first == "rows":
        allowed = {"rows", "columns", "where", "by"}
    extra = ", ".join(sorted(set(expression) - allowed))
    if extra:
        raise ValueError(f"{first!r} does not know {extra}; it knows {', '.join(sorted(allowed))}")
    if first not in ("count", "rows") and "column" not in expression:
        raise ValueError(f"{first!r} needs a 'column'")
    if not all(isinstance(part, str) for part in expression.values()):
        raise ValueError("table, column, by and where are written as text")
    if "where" in expression:
        try:
            conditions.parse(expression["where"])
        except conditions.ConditionError as error:
            raise ValueError(str(error)) from None


def evaluate(expression: Any, names: Mapping[str, Value] | None = None) -> Value:
    """Return the value of an expression.

    Parameters
    ----------
    expression
        A literal, or a mapping such as ``{"count": "signatories", "where": 'region == "Baltic"'}``.
    names
        Values that a condition may use by name, beside the columns.

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
            left, right = (evaluate(part, names) for part in expression[first])
            return _ARITHMETIC[first](left, right)
        if first == "year":
            return int(str(evaluate(expression["year"], names))[:4])
        if first == "call":
            given = expression.get("with", {})
            return FUNCTIONS[expression["call"]](
                **{name: _named(value, names) for name, value in given.items()}
            )
        return _query(first, expression, names)
    except (TypeError, ZeroDivisionError, statistics.StatisticsError) as error:
        raise ExpressionError(f"{first!r} cannot be computed: {error}.") from None


def _named(value: Value, names: Mapping[str, Value]) -> Value:
    """Return what stands for a value: ``"{day}"`` stands for the value of ``day``."""
    if not (isinstance(value, str) and value.startswith("{") and value.endswith("}")):
        return value
    if value[1:-1] not in names:
        known = ", ".join(names) or "none"
        raise ExpressionError(f"nothing has the name {value}; known are: {known}.")
    return names[value[1:-1]]


def _query(first: str, expression: dict[str, Any], names: Mapping[str, Value]) -> Value:
    name = expression[first]
    found = rows(package().table(name).name)
    columns = set(found[0])
    named = [expression[part] for part in ("column", "by") if part in expression]
    for column in [*named, *expression.get("columns", [])]:
        if column not in columns:
            raise _no_column(name, column, columns)
    if "where" in expression:
        condition = conditions.parse(expression["where"])
        unknown = sorted(conditions.names_in(condition) - columns - set(names))
        if unknown:
            raise _no_column(name, unknown[0], columns)
        found = [row for row in found if conditions.matches(condition, {**names, **row})]
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
    from pfp_course.data.package import nearest

    return ExpressionError(
        f"the table {table!r} has no column {column!r}.{nearest(column, sorted(columns))}"
    )
