"""Read what a student typed: numbers, texts and dates, as the world writes them."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

__all__ = ["Reading", "UnreadError", "form", "is_near", "plain", "read_date", "read_number"]


_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_POWER = re.compile(r"(?P<digits>[-+]?[0-9]+(?:[.,][0-9]+)?)[eE](?P<power>[-+]?[0-9]{1,3})")
_FRACTION = re.compile(r"(?P<over>[-+]?[0-9]{1,9}) ?/ ?(?P<under>[0-9]{1,9})")
_NUMBER = re.compile(r"^(?P<number>[-+]?[0-9][0-9 .,]*|[-+]?[.,][0-9]+)(?P<rest>.*)$")
_GROUPS = {mark: re.compile(rf"^[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+$") for mark in " .,"}


class UnreadError(ValueError):
    """A response that is not understood, or could mean two things.

    Each argument is a sentence that asks the student for another response.
    """


@dataclass(frozen=True)
class Reading:
    """A number, and how it was read, where the text did not say it plainly."""

    value: float
    note: str


def read_number(text: str, unit: str = "") -> Reading:
    """Return the number that a text stands for.

    A decimal point and a decimal comma are understood, groups of three digits parted by
    spaces, points or commas, fractions (``1/3``) and powers (``3e4``). A trailing unit is
    accepted. ``1,234`` could be two numbers.

    Raises
    ------
    UnreadError
        If the text is not a number, or could be read in two ways.
    """
    clean = re.sub(r"\s+", " ", text.replace("\u2212", "-")).strip()
    if not clean:
        raise UnreadError("Write a number first.")
    bare = _without_unit(clean, unit)
    if _PLAIN.fullmatch(bare):
        return Reading(float(bare), "")
    value = _special(bare)
    if value is None:
        match = _NUMBER.match(clean)
        if match is None:
            raise UnreadError("This is not a number. Write digits, for example 12 or 2.5.")
        _refuse_words(match["rest"].strip(), unit)
        number = match["number"].strip()
        size = _magnitude(number.lstrip("+-").rstrip(" .,"), clean)
        value = -size if number.startswith("-") else size
    return Reading(value, _note(value))


def _without_unit(clean: str, unit: str) -> str:
    if unit and clean.lower().endswith(unit.lower()):
        return clean[: len(clean) - len(unit)].strip()
    return clean


def _special(bare: str) -> float | None:
    if power := _POWER.fullmatch(bare):
        value = float(f"{power['digits'].replace(',', '.')}e{power['power']}")
        return None if math.isinf(value) else value
    if fraction := _FRACTION.fullmatch(bare):
        under = int(fraction["under"])
        if under == 0:
            raise UnreadError("A fraction cannot have 0 below its line.")
        return int(fraction["over"]) / under
    return None


def _refuse_words(rest: str, unit: str) -> None:
    if rest == "%" and unit != "%":
        raise UnreadError("Write the number without a percent sign.")
    if rest and rest.lower() != unit.lower():
        wanted = f" (the unit is {unit})" if unit else ""
        raise UnreadError(f"Write the number only, without \u201c{rest}\u201d{wanted}.")


def _note(value: float) -> str:
    # The same steps as in numbers.js, so that both say the same.
    if abs(value) < 1e15 and value == int(value):
        return f"I read this as {int(value)}."
    if not 1e-3 < abs(value) < 1e11:
        return ""
    rounded = math.floor(value * 1e4 + 0.5) / 1e4
    return f"I read this as {int(rounded) if rounded == int(rounded) else rounded}."


def _magnitude(digits: str, shown: str) -> float:
    not_a_number = UnreadError(
        f"\u201c{shown}\u201d is not a number that I can read. Write it like 1234 or 1234.5."
    )
    whole, decimals = digits, ""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        cut = max(point, comma)
        whole, decimals = digits[:cut], digits[cut + 1 :]
    elif digits.count(",") == 1 and _GROUPS[","].match(digits) and not digits.startswith("0"):
        plain = digits.replace(",", "")
        raise UnreadError(
            f"\u201c{shown}\u201d can be read in two ways. "
            f"Write {plain}, or {digits.replace(',', '.')}0 with a point."
        )
    elif digits.count(".") + digits.count(",") == 1:
        cut = max(point, comma)
        whole, decimals = digits[:cut], digits[cut + 1 :]
    marks = {mark for mark in whole if mark in " .,"}
    if len(marks) > 1 or (marks and not _GROUPS[marks.pop()].match(whole)):
        raise not_a_number
    if decimals and not re.fullmatch("[0-9]+", decimals):
        raise not_a_number
    plain = re.sub("[ .,]", "", whole)
    return float(f"{plain or '0'}.{decimals or '0'}")


_SHORTEST_NEAR = 5  # in a shorter word one letter can make another word


# What is space in Python or in JavaScript, so that both read a text alike.
_SPACE = re.compile("[\\s\x1c-\x1f\x85\ufeff]+")


def form(text: str, *, case: bool = False, signs: bool = False) -> str:
    """Return a text in the form in which it is compared.

    Parameters
    ----------
    text : str
        What was typed, or what is right.
    case : bool
        Whether capital letters matter.
    signs : bool
        Whether accents and punctuation matter.
    """
    if signs:
        spaced = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
        return spaced if case else spaced.lower()
    return _bare(text) if case else plain(text)


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation, single-spaced."""
    return " ".join(_bare(text).lower().split())


def _bare(text: str) -> str:
    letters = [
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.category(letter).startswith("M")
    ]
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else " " for letter in letters
    )
    return " ".join(spaced.split())


def is_near(one: str, other: str) -> bool:
    """Tell whether two plain texts are one slip apart: a letter more, fewer or other."""
    if one == other or min(len(one), len(other)) < _SHORTEST_NEAR:
        return False
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = (
        short[start : start + 2] == long[start : start + 2][::-1]
        and short[start + 2 :] == long[start + 2 :]
    )
    return swapped or short[start + 1 :] == long[start + 1 :]


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
    days = [int(match[1]) for word in rest if (match := _ORDINAL.fullmatch(word))]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(days) < len(rest):
        raise UnreadError(_UNKNOWN)
    return _checked(years[0], months[0], days[0] if days else None)


def _by_digits(match: re.Match[str]) -> str:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == "/" and first <= 12 and second <= 12 and first != second:
        raise UnreadError(
            f"\u201c{match[0]}\u201d can be read in two ways. Write the month as a word."
        )
    if match[2] == "/" and second > 12:
        first, second = second, first
    return _checked(year, second, first)


def _checked(year: int | None, month: int | None = None, day: int | None = None) -> str:
    try:
        moment = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise UnreadError("There is no such day. Look at the day and the month again.") from None
    return moment.isoformat()[: 10 if day else 7 if month else 4]
