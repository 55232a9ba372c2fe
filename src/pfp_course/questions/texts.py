"""Texts of a bank: values put into their places, and the two marks ``code`` and *emphasis*."""

import re
import string
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from pfp_course.errors import CourseError

__all__ = ["TextError", "as_html", "as_plain", "fill", "spoken"]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMAT = re.compile(r"(?:\.\d[f%])?")
_MARKS = re.compile(r"`(?P<code>[^`]+)`|\*(?P<emphasis>[^*\s](?:[^*]*[^*\s])?)\*")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class TextError(CourseError):
    """A text whose ``{place}`` cannot be filled."""


def spoken(value: Any) -> str:
    """Return a value in words: ``27 May 1994``, ``1.5``, ``Latvia, Estonia and Malta``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        day = date.fromisoformat(value)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if isinstance(value, Mapping):
        return spoken([f"{spoken(key)}: {spoken(item)}" for key, item in value.items()])
    if isinstance(value, Sequence) and not isinstance(value, str):
        words = [spoken(item) for item in value]
        return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
    return str(value)


class _Filler(string.Formatter):
    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        # Formatter would follow `{a.b}` and `{a[0]}` into objects.
        if field_name not in kwargs:
            known = ", ".join(f"{{{name}}}" for name in kwargs) or "none"
            raise TextError(f"nothing fills {{{field_name}}}; known are: {known}.")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if not _FORMAT.fullmatch(format_spec):
            raise TextError(f"the form {format_spec!r} is not understood; use .1f or .0%.")
        return format(value, format_spec) if format_spec else spoken(value)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion:
            raise TextError(f"the form !{conversion} is not understood.")
        return value


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Put values into the ``{places}`` of a text.

    Raises
    ------
    TextError
        If a place has no value, or a single brace stands alone.
    """
    try:
        return _Filler().vformat(text, (), dict(values))
    except (ValueError, TypeError, IndexError) as error:
        raise TextError(f"the text {text!r} cannot be filled ({error}). Double a brace.") from None


def as_html(text: str) -> str:
    """Return a text as HTML: everything escaped but the two marks."""
    parts, end = [], 0
    for found in _MARKS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        name, inner = ("code", found["code"]) if found["code"] else ("em", found["emphasis"])
        parts.append(f"<{name}>{escape(inner)}</{name}>")
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def as_plain(text: str) -> str:
    """Return a text without its marks."""
    return _MARKS.sub(lambda found: found["code"] or found["emphasis"], text)
