"""Read a number that a student typed, in the ways in which the world writes numbers."""

import math
import re
from dataclasses import dataclass

__all__ = ["Reading", "UnreadError", "read_number"]

_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_POWER = re.compile(r"(?P<digits>[-+]?[0-9]+(?:[.,][0-9]+)?)[eE](?P<power>[-+]?[0-9]{1,2})")
_FRACTION = re.compile(r"(?P<over>[-+]?[0-9]{1,9}) ?/ ?(?P<under>[0-9]{1,9})")
_NUMBER = re.compile(r"^(?P<number>[-+]?[0-9][0-9 .,]*|[-+]?[.,][0-9]+)(?P<rest>.*)$")
_GROUPS = {mark: re.compile(rf"^[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+$") for mark in " .,"}


class UnreadError(ValueError):
    """A text that is not understood, or could mean two things; the message asks for another."""


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
        found = _NUMBER.match(clean)
        if found is None:
            raise UnreadError("This is not a number. Write digits, for example 12 or 2.5.")
        _refuse_words(found["rest"].strip(), unit)
        number = found["number"].strip()
        size = _magnitude(number.lstrip("+-").rstrip(" .,"), clean)
        value = -size if number.startswith("-") else size
    return Reading(value, _note(value))


def _without_unit(clean: str, unit: str) -> str:
    if unit and clean.lower().endswith(unit.lower()):
        return clean[: len(clean) - len(unit)].strip()
    return clean


def _special(bare: str) -> float | None:
    if power := _POWER.fullmatch(bare):
        return float(f"{power['digits'].replace(',', '.')}e{power['power']}")
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
