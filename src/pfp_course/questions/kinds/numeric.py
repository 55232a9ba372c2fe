"""A number, and how one is read: as the world writes it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Range, WriteNumber
from pfp_course.questions.kinds import (
    Ends,
    Expression,
    Problems,
    Question,
    Strict,
    Text,
    Tolerance,
    Trap,
    Values,
    register,
)
from pfp_course.questions.kinds.form import Line, Mark, Mistake, Part, TypedForm, UnreadError
from pfp_course.questions.texts import Shown, literal, spoken

__all__ = ["Area", "Numeric", "NumericForm", "NumericPart", "in_words", "number_of", "within"]


@dataclass(frozen=True)
class Reading:
    """A number, and how it was read, where the text did not say it plainly."""

    value: float
    note: str


class Area(Part):
    """Numbers that are right or wrong together, and the reply to them.

    They are those about a ``value``, by a ``tolerance`` of their own or that of the key; or those
    from ``low`` to ``high``, which is left out where ``open`` is true.
    """

    value: float | None = None
    tolerance: float | None = None
    low: float = 0.0
    high: float = 0.0
    open: bool = False
    share: float = 0.0
    say: str = ""

    def covers(self, number: float, tolerance: float) -> bool:
        """Tell whether a number lies in the area; the tolerance is that of the key."""
        if self.value is not None:
            own = tolerance if self.tolerance is None else self.tolerance
            return within(number, self.value, own)
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        below = number < self.high - slack if self.open else number <= self.high + slack
        return below and number >= self.low - slack

    def ends(self, tolerance: float) -> tuple[float, float]:
        """Return the ends of the area; the tolerance is that about a value without its own."""
        if self.value is None:
            return self.low, self.high
        own = tolerance if self.tolerance is None else self.tolerance
        return self.value - own, self.value + own


class NumericForm(TypedForm):
    """A question of a number, or a gap for one; ``tolerance`` is in units."""

    kind: Literal["numeric"]
    key: float = 0.0
    tolerance: float = 0.0
    unit: str = ""
    traps: tuple[Area, ...] = ()
    accept: tuple[Area, ...] = ()
    say: str = ""

    decisive = (*TypedForm.decisive, "key", "tolerance", "unit", "accept")

    def parse(self, response: Any) -> Reading:
        """Return the number, and how it was read."""
        if not isinstance(response, str):
            raise UnreadError("Write a number first.")
        return _read_number(response, self.unit)

    def reply(self, number: float) -> str | None:
        """Return what is said to a right number, which may be nothing; None to any other."""
        if within(number, self.key, self.tolerance):
            return self.say
        areas = (area for area in self.accept if area.covers(number, self.tolerance))
        return next((area.say for area in areas), None)

    def score(self, answer: Reading) -> Mark:
        """Return the mark of a number; its note stands before the reply."""
        reply = self.reply(answer.value)
        if reply is not None:
            return Mark("right", 1.0, tuple(say for say in (answer.note, reply) if say))
        for trap in self.traps:
            if trap.covers(answer.value, self.tolerance):
                return Mark.partial(trap.share, answer.note, trap.say)
        return Mark.partial(0.0, answer.note, self.otherwise)

    def shown(self) -> dict[str, Any]:
        """Return the unit."""
        return {"unit": self.unit}

    def solution(self) -> list[str]:
        """Return the key in words, with its tolerance."""
        spare = f" (give or take {spoken(self.tolerance)})" if self.tolerance else ""
        return [literal(self.answer + spare)]

    def mistakes(self) -> Iterator[Mistake]:
        """Yield the wrong numbers."""
        for trap in self.traps:
            if trap.value is None:
                text = f"{spoken(trap.low)} to {spoken(trap.high)}"
            else:
                text = literal(spoken(trap.value))
            yield Mistake(text, trap.share, trap.say)

    def comparable(self, response: Any) -> Any:
        """Return the number that was typed."""
        if isinstance(response, str):
            try:
                return _read_number(response, self.unit).value
            except UnreadError:
                pass
        return super().comparable(response)

    def print_lines(self, seed: str) -> list[Line]:
        """Return a line to write on, and the unit."""
        return [Line("________", self.unit)]

    def interaction(self) -> WriteNumber:
        """Return the ranges that are right, and then those that are known as wrong."""
        right = Area(value=self.key, tolerance=self.tolerance, share=1.0, say=self.say)
        accepted = [area.model_copy(update={"share": 1.0}) for area in self.accept]
        ranges = []
        for area in (right, *accepted, *self.traps):
            low, high = area.ends(self.tolerance)
            ranges.append(Range(low, high, area.share, area.say, area.open, area.value))
        return WriteNumber(tuple(ranges), self.unit, self.otherwise, self.answer)

    def hides(self, trap: Area) -> bool:
        """Tell whether a trap covers nothing that is not right already."""
        low, high = trap.ends(0.0)
        areas = [(self.key - self.tolerance, self.key + self.tolerance)]
        areas += [area.ends(self.tolerance) for area in self.accept]
        return any(area[0] <= low and high <= area[1] for area in areas)


class AcceptedNumber(Strict):
    """A further right number or range, and what to say to it.

    The upper end of a range is left out where ``open`` is true.
    """

    value: Expression = None
    tolerance: Tolerance | None = None
    range: Ends | None = None
    open: bool = False
    say: str = ""


class NumericPart(Strict):
    """What a number in a question or in a gap has: its key, and how near is right."""

    key: Expression
    tolerance: Tolerance = Tolerance()
    unit: str = ""
    accept: list[AcceptedNumber] = []
    traps: list[Trap] = []
    say: str = ""

    def problems(self) -> Problems:
        """Yield what is wrong with the key, the further right numbers and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a number, or an expression over the data."
        for group in ("accept", "traps"):
            for number, item in enumerate(getattr(self, group)):
                if (item.value is None) == (item.range is None):
                    what = "a trap of a number" if group == "traps" else "a further right number"
                    yield (group, number), f"{what} needs a 'value', or a 'range' of two ends."
                elif item.range and item.range[0] > item.range[1]:
                    yield (group, number, "range"), "the ends stand in the wrong order. Turn them."

    def public(self, values: Values, common: Any) -> NumericForm:
        """Return the public form; each value must be a number, and no trap count as right."""
        key = values.evaluate(self.key)
        number = number_of(key, "the key")
        tolerance = self.tolerance.around(number)
        further: dict[str, Any] = {}
        if self.accept:
            further["accept"] = [_area(item, values) for item in self.accept]
        if self.say:
            further["say"] = values.fill(self.say)
        words = in_words(key, number, tolerance, self.unit)
        form = NumericForm(
            **common,
            **further,
            key=number,
            tolerance=tolerance,
            unit=self.unit,
            traps=tuple(_area(trap, values) for trap in self.traps),
            answer=f"{words} {self.unit}".strip(),
        )
        for trap in form.traps:
            if trap.value is not None and trap.tolerance is None:
                if form.reply(trap.value) is not None:
                    raise CourseError(f"the trap {spoken(trap.value)} counts as right. Mend it.")
            elif form.hides(trap):
                raise CourseError("a trap lies within what is right, and is never told. Mend it.")
        return form


@register
class Numeric(NumericPart, Question):
    """A number within a tolerance of the key. A response is the text that was typed."""

    kind: Literal["numeric"]
    otherwise: Text

    form = NumericForm
    front_end = "numeric"

    def values(self, varied: dict[str, Any]) -> Values:
        """Return the values for the texts; ``{key}`` is shown as the answer is."""
        values = super().values(varied)
        key = values.names["key"]
        if isinstance(key, float):
            words = in_words(key, key, self.tolerance.around(key), self.unit)
            values.names["key"] = Shown(key, words)
        return values

    def public(self, values: Values, common: Any) -> NumericForm:
        """Return the public form."""
        return super().public(values, {**common, "otherwise": values.fill(self.otherwise)})


def number_of(value: Any, what: str) -> float:
    """Return a value as a float, or raise `CourseError` where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        mend = "Write it without quotes, like 12 or 0.5." if isinstance(value, str) else "Mend it."
        raise CourseError(f"{what} is {str(value)[:40]!r}, not a number. {mend}")
    return float(value)


def in_words(shown: Any, key: float, tolerance: float, unit: str) -> str:
    """Return a key in as few digits as are right when they are typed back."""
    candidates = [spoken(shown)]
    for digits in range(3, 18):
        text = f"{key:.{digits}g}"
        small_or_large = key and not 1e-7 <= abs(key) < 1e15
        candidates.append(text if small_or_large else f"{Decimal(text):f}")
    for words in candidates:
        try:
            value = _read_number(f"{words} {unit}".strip(), unit).value
        except UnreadError:
            continue
        if within(value, key, tolerance) and abs(value - key) <= 0.005 * abs(key):
            return words
    raise CourseError(f"the key {key!r} has no form that could be typed. Choose another unit.")


def _area(item: Trap | AcceptedNumber, values: Values) -> Area:
    fields: dict[str, Any] = {"say": values.fill(item.say)} if item.say else {}
    what = "a form"
    if isinstance(item, Trap):
        what, fields = "a trap", item.reply(values)
    if item.range is not None:
        fields |= {"open": True} if item.open else {}
        return Area(low=item.range[0], high=item.range[1], **fields)
    value = number_of(values.evaluate(item.value), what)
    if item.tolerance is not None:
        fields["tolerance"] = item.tolerance.around(value)
    return Area(value=value, **fields)


def within(value: float, key: float, tolerance: float) -> bool:
    """Tell whether a value is as near to the key as the tolerance allows."""
    # Decimal fractions have no exact float: 0.3 - 0.2 must count as 0.1.
    return abs(value - key) <= tolerance + 1e-9 * max(abs(key), tolerance)


_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_POWER = re.compile(r"(?P<digits>[-+]?[0-9]+(?:[.,][0-9]+)?)[eE](?P<power>[-+]?[0-9]{1,3})")
_FRACTION = re.compile(r"(?P<over>[-+]?[0-9]{1,9}) ?/ ?(?P<under>[0-9]{1,9})")
_NUMBER = re.compile(r"^(?P<number>[-+]?[0-9][0-9 .,]*|[-+]?[.,][0-9]+)(?P<rest>.*)$")
_GROUPS = {mark: re.compile(rf"^[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+$") for mark in " .,"}


def _read_number(text: str, unit: str = "") -> Reading:
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
    bare = clean
    if unit and clean.lower().endswith(unit.lower()):
        bare = clean[: len(clean) - len(unit)].strip()
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
    if digits.count(",") == 1 and _GROUPS[","].match(digits) and not digits.startswith("0"):
        plain = digits.replace(",", "")
        raise UnreadError(
            f"\u201c{shown}\u201d can be read in two ways. "
            f"Write {plain}, or {digits.replace(',', '.')}0 with a point."
        )
    if min(point, comma) >= 0 or digits.count(".") + digits.count(",") == 1:
        cut = max(point, comma)
        whole, decimals = digits[:cut], digits[cut + 1 :]
    marks = {mark for mark in whole if mark in " .,"}
    if len(marks) > 1 or (marks and not _GROUPS[marks.pop()].match(whole)):
        raise not_a_number
    if decimals and not re.fullmatch("[0-9]+", decimals):
        raise not_a_number
    plain = re.sub("[ .,]", "", whole)
    return float(f"{plain or '0'}.{decimals or '0'}")
