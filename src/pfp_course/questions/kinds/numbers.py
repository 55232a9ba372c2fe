"""Read a number that a student typed, in the ways in which the world writes numbers."""

import re

__all__ = ["UnreadError", "read_number"]

_NUMBER = re.compile(r"^(?P<number>[-+]?[0-9][0-9 .,]*|[-+]?[.,][0-9]+)(?P<rest>.*)$")
_GROUPS = {mark: re.compile(rf"^[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+$") for mark in " .,"}


class UnreadError(ValueError):
    """A text that is not a number, or could be two; the message asks for another form."""


def read_number(text: str, unit: str = "") -> float:
    """Return the number that a text stands for.

    A decimal point and a decimal comma are understood, as are groups of three digits parted
    by spaces, points or commas. A trailing unit is accepted. ``1,234`` could be two numbers.

    Raises
    ------
    UnreadError
        If the text is not a number, or could be read in two ways.
    """
    clean = re.sub(r"\s+", " ", text.replace("\u2212", "-")).strip()
    if not clean:
        raise UnreadError("Write a number first.")
    found = _NUMBER.match(clean)
    if found is None:
        raise UnreadError("This is not a number. Write digits, for example 12 or 2.5.")
    number, rest = found["number"].strip(), found["rest"].strip()
    if rest == "%" and unit != "%":
        raise UnreadError("Write the number without a percent sign.")
    if rest and rest.lower() != unit.lower():
        wanted = f" (the unit is {unit})" if unit else ""
        raise UnreadError(f"Write the number only, without \u201c{rest}\u201d{wanted}.")
    sign = -1.0 if number.startswith("-") else 1.0
    return sign * _magnitude(number.lstrip("+-").rstrip(" .,"), clean)


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
