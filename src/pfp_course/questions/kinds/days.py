"""Read a date that a student typed: ``27 May 1994``, ``1994-05-27``, ``27.05.1994``."""

import re
from datetime import date

from pfp_course.questions.kinds.numbers import UnreadError
from pfp_course.questions.kinds.words import plain

__all__ = ["read_date"]

_NAMES = (
    "january jan январь января қаңтар",
    "february feb февраль февраля ақпан",
    "march mar март марта наурыз",
    "april apr апрель апреля сәуір",
    "may май мая мамыр",
    "june jun июнь июня маусым",
    "july jul июль июля шілде",
    "august aug август августа тамыз",
    "september sep sept сентябрь сентября қыркүйек",
    "october oct октябрь октября қазан",
    "november nov ноябрь ноября қараша",
    "december dec декабрь декабря желтоқсан",
)
_MONTHS = {plain(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_SKIPPED = {plain(word) for word in ["of", "the", "г", "год", "года", "ж", "жыл", "жылы"]}
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DIGITS = re.compile(r"([0-9]{1,2})([./])([0-9]{1,2})[./]([0-9]{4})")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_UNKNOWN = "I cannot read this as a date. Write it like 31 March 1999 or 1999-03-31."


def read_date(text: str) -> str:
    """Return a date as ISO text, as precise as it was given: day, month or year.

    English, Kazakh and Russian names of months are understood. Digits with points have the day
    first; with strokes they could have the month first.

    Raises
    ------
    UnreadError
        If the text is no date, or could be two.
    """
    clean = " ".join(text.split())
    if not clean:
        raise UnreadError("Write a date first.")
    if iso := _ISO.fullmatch(clean):
        return _checked(*(int(part) if part else None for part in iso.groups()))
    if digits := _DIGITS.fullmatch(clean):
        return _by_digits(digits)
    words = [word for word in plain(clean).split() if word not in _SKIPPED]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [int(word) for word in words if re.fullmatch(r"[0-9]{4}", word)]
    rest = [word for word in words if word not in _MONTHS and not re.fullmatch(r"[0-9]{4}", word)]
    days = [int(found[1]) for word in rest if (found := _ORDINAL.fullmatch(word))]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(days) < len(rest):
        raise UnreadError(_UNKNOWN)
    return _checked(years[0], months[0], days[0] if days else None)


def _by_digits(found: re.Match[str]) -> str:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "/" and first <= 12 and second <= 12 and first != second:
        raise UnreadError(
            f"\u201c{found[0]}\u201d can be read in two ways. Write the month as a word."
        )
    if found[2] == "/" and second > 12:
        first, second = second, first
    return _checked(year, second, first)


def _checked(year: int | None, month: int | None = None, day: int | None = None) -> str:
    try:
        found = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise UnreadError("There is no such day. Look at the day and the month again.") from None
    return found.isoformat()[: 10 if day else 7 if month else 4]
