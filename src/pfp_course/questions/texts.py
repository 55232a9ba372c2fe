"""Texts of a bank: values put into their places, and values in words."""

import base64
import math
import re
import string
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.questions.markup import as_html, as_plain, formulas_in, literal, map_pictures

__all__ = [
    "UNWRITTEN_ALT",
    "PictureError",
    "Shown",
    "TextError",
    "as_html",
    "as_plain",
    "embedded",
    "fill",
    "kind_of",
    "literal",
    "spoken",
]


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMAT = re.compile(r"(?:\.\d[f%])?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class TextError(CourseError):
    """A text whose ``{place}`` cannot be filled."""


class Shown(float):
    """A number with the words in which it is shown, so that every text shows it alike."""

    words: str

    def __new__(cls, value: float, words: str) -> "Shown":
        """Return a number with its words."""
        number = super().__new__(cls, value)
        number.words = words
        return number


def spoken(value: Any) -> str:
    """Return a value in words: ``27 May 1994``, ``1.5``, ``Latvia, Estonia and Malta``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Shown):
        return value.words
    if isinstance(value, float):
        return _decimal(value)
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04d}"
    if isinstance(value, Mapping):
        return spoken([f"{spoken(key)}: {spoken(item)}" for key, item in value.items()])
    if isinstance(value, Sequence) and not isinstance(value, str):
        words = [spoken(item) for item in value] or ["nothing"]
        return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
    return str(value)


def _decimal(value: float) -> str:
    """Return a number with two decimals, or with three digits that count where it is small."""
    two = f"{value:.2f}".rstrip("0").rstrip(".")
    if not math.isfinite(value) or abs(float(two) - value) <= 0.005 * abs(value):
        return two
    three = f"{value:.3g}"
    return f"{Decimal(three):f}" if abs(value) >= 1e-6 else three


class _Filler(string.Formatter):
    def __init__(self, *, marks: bool) -> None:
        self.marks = marks

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        # Formatter would follow `{a.b}` and `{a[0]}` into objects.
        if field_name not in kwargs:
            known = ", ".join(f"{{{name}}}" for name in kwargs) or "none"
            raise TextError(f"nothing fills {{{field_name}}}; known are: {known}.")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if not _FORMAT.fullmatch(format_spec):
            raise TextError(f"the form {format_spec!r} is not understood; use .1f or .0%.")
        if format_spec:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TextError(f"the form {format_spec} needs a number; it holds {spoken(value)}.")
            return format(value, format_spec)
        # A value is data: its stars and backticks are no marks.
        return literal(spoken(value)) if self.marks else spoken(value)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        if conversion:
            raise TextError(f"the form !{conversion} is not understood.")
        return value


def fill(text: str, values: Mapping[str, Any], *, marks: bool = True) -> str:
    """Put values into the ``{places}`` of a text; the braces of a formula are LaTeX's own.

    Parameters
    ----------
    text : str
        A text of a bank.
    values : mapping
        What each place stands for.
    marks : bool
        Whether the text has marks; without, it is what a student types.

    Raises
    ------
    TextError
        If a place has no value, or a single brace stands alone.
    """
    parts, end = [], 0
    try:
        for formula in formulas_in(text) if marks else ():
            parts.append(_Filler(marks=marks).vformat(text[end : formula.start], (), values))
            parts.append(text[formula.start : formula.end])
            end = formula.end
        parts.append(_Filler(marks=marks).vformat(text[end:], (), values))
    except (ValueError, TypeError, IndexError) as error:
        raise TextError(f"the text {text!r} cannot be filled ({error}). Double a brace.") from None
    return "".join(parts)


# What an import leaves for the author where a picture has no words.
UNWRITTEN_ALT = "Say here what the picture shows"
_LARGEST = 200_000  # bytes; it travels within each page and notebook that asks the question
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}


class PictureError(CourseError):
    """A picture that cannot be shown."""


def kind_of(content: bytes) -> str | None:
    """Return ``png``, ``jpeg``, ``gif`` or ``webp`` for the bytes of a picture, else None."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for sign, kind in _SIGNATURES.items() if content.startswith(sign)), None)


def embedded(text: str, folder: Path | None) -> str:
    """Return a text whose pictures are data, so that it needs no file and no network.

    Raises
    ------
    PictureError
        If a picture is not there, is too large, is of another kind, or has no words.
    """

    def change(target: str, alt: str) -> str:
        if alt.strip() == UNWRITTEN_ALT:
            raise PictureError(
                f"the picture {target} has no words. Say between [ and ] what it shows."
            )
        if target.startswith("data:"):
            raise PictureError("a picture is a file beside the bank; name it: ![words](map.png).")
        if folder is None:
            raise PictureError(f"the picture {target} has no folder. Read the bank from its file.")
        return _data(_path(folder, target))

    return map_pictures(text, change) if "![" in text else text


def _path(folder: Path, target: str) -> Path:
    name = PurePosixPath(target)
    if ":" in target or "\\" in target or name.is_absolute() or ".." in name.parts:
        raise PictureError(
            f"the picture {target} is not beside the bank. Save it there, and give its name alone."
        )
    return folder / name


def _data(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > _LARGEST:
            raise PictureError(
                f"the picture {path.name} has {status.st_size // 1000} kB; at most "
                f"{_LARGEST // 1000} are taken. Make it smaller."
            )
        return _encoded(path, status.st_mtime_ns)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise PictureError(
            f"the picture {path.name} is not beside the bank ({reason}). Put it there."
        ) from None


@lru_cache(maxsize=64)
def _encoded(path: Path, stamp: int) -> str:
    content = path.read_bytes()
    kind = kind_of(content)
    if kind is None:
        raise PictureError(
            f"the picture {path.name} is no PNG, JPEG, GIF or WebP. Save it as PNG; an SVG could "
            "hold a script."
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
