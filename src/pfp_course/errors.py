"""Errors that a user can cause and mend, and words for what a user gave."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

__all__ = ["CourseError", "clear_errors", "described", "has", "quoted"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LONGEST = 200  # characters of another library's message


class CourseError(Exception):
    """A problem with a clear message: what is wrong, where, and how to mend it."""

    def _render_traceback_(self) -> list[str]:
        # In a notebook IPython asks for this: a student needs the message, and not the
        # course's own lines that led to it.
        return [f"{type(self).__name__}: {self}"]


def clear_errors(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function that students call answer wrong arguments with a `CourseError`.

    What the function itself finds wrong it says itself; this is for all that nobody foresaw.
    """

    @functools.wraps(function)
    def told(*args: _P.args, **options: _P.kwargs) -> _R:
        try:
            return function(*args, **options)
        except CourseError:
            raise
        except Exception as error:
            name, given = _spoken_name(function), _arguments(function, args, options)
            raise CourseError(
                f"{name}() cannot work with what it was given: {given}"
                f". The reason: {_reason(error)}. To see what it takes, run: help({name})"
            ) from error

    return told


def _spoken_name(function: Callable[..., Any]) -> str:
    inside = function.__module__.startswith("pfp_course.figures")
    return f"figures.{function.__name__}" if inside else function.__name__


def _arguments(function: Callable[..., Any], args: Any, options: Any) -> str:
    try:
        given = inspect.signature(function).bind_partial(*args, **options).arguments
        parts = [f"{name} is {described(value)}" for name, value in given.items()]
    except TypeError:
        parts = [described(value) for value in (*args, *options.values())]
    return ", ".join(parts) or "nothing"


def _reason(error: Exception) -> str:
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = []
    words = lines[0][:_LONGEST].rstrip(".") if lines else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def quoted(text: object) -> str:
    """Return a text in quotes, or its beginning where it is long."""
    words = str(text)
    return repr(
        words if len(words) <= _LONGEST else f"{words[: _LONGEST // 2]}\N{HORIZONTAL ELLIPSIS}"
    )


def has(value: Any, name: str) -> bool:
    """Tell whether the type of a value has an attribute, without asking the value itself."""
    try:
        return hasattr(type(value), name)
    except Exception:
        return False


_SIMPLE: dict[type, str] = {
    type(None): "nothing (None)",
    type(Ellipsis): "three dots",
    bool: "true or false",
    str: "a text",
    bytes: "bytes",
    int: "a number",
    float: "a number",
    complex: "a complex number",
    list: "a list",
    tuple: "a tuple",
    set: "a set",
    frozenset: "a set",
    dict: "a dictionary",
    range: "a range",
}


_BY_NAME = {
    **dict.fromkeys(("bool", "bool_"), "true or false"),
    **dict.fromkeys(("Timestamp", "datetime", "date", "datetime64"), "a date"),
    **dict.fromkeys(("Timedelta", "timedelta", "timedelta64"), "a length of time"),
    **dict.fromkeys(
        ("DataFrameGroupBy", "SeriesGroupBy"),
        "a grouping: say what to do with the groups, such as .count() or .sum()",
    ),
    "NAType": "a missing value (<NA>)",
    "NaTType": "a missing date (NaT)",
}


def described(value: Any) -> str:
    """Return what a value is, in words for a beginner, such as ``a column``; it never raises."""
    try:
        kind = type(value)
        if kind is str and not value.strip():
            return "an empty text"
        if kind in _SIMPLE:
            return _SIMPLE[kind]
        if inspect.isroutine(value):
            return "a function that is not called: its name needs brackets, as in name()"
        if isinstance(value, type):
            return "a type, and no value of it"
        if inspect.ismodule(value):
            return "a library"
        return _of_pandas(value, kind)
    except Exception:
        return "of a type that cannot be read"


def _of_pandas(value: Any, kind: type) -> str:
    name = str(kind.__name__)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if has(value, "columns"):
        return "a table"
    if has(value, "iloc"):
        truth = str(value.dtype) in ("bool", "boolean")
        return "a column of true and false" if truth else "a column"
    if name == "ndarray":
        return "an array"
    if has(value, "__next__"):
        return "an iterator, which gives its values once: put list(...) around it"
    if isinstance(value, BaseException):
        return "an error"
    return f"of the type {name}"
