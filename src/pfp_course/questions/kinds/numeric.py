"""A number."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.interactions import Range, WriteNumber
from pfp_course.questions.kinds.common import (
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
from pfp_course.questions.kinds.form import Form, Line, Mark, Mistake, Part
from pfp_course.questions.kinds.parsing import Reading, UnreadError, read_number
from pfp_course.questions.texts import Shown, literal, spoken

__all__ = ["Numeric", "NumericForm", "NumericPart", "Tolerance", "number_of", "within"]


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


class NumericForm(Form):
    """A question of a number, or a gap for one; ``tolerance`` is in units."""

    kind: Literal["numeric"]
    key: float = 0.0
    tolerance: float = 0.0
    unit: str = ""
    traps: tuple[Area, ...] = ()
    accept: tuple[Area, ...] = ()
    say: str = ""
    answer: str = ""

    is_typed = True
    decisive = (*Form.decisive, "key", "tolerance", "unit", "accept")

    def parse(self, response: Any) -> Reading:
        """Return the number, and how it was read."""
        if not isinstance(response, str):
            raise UnreadError("Write a number first.")
        return read_number(response, self.unit)

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

    def answer_line(self) -> str:
        """Return the key in words."""
        return self.answer

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
                return read_number(response, self.unit).value
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

    def number_form(self, values: Values, key: Any, common: Any) -> NumericForm:
        """Return the public form.

        Raises
        ------
        CourseError
            If a value is no number, or a trap counts as right.
        """
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
        common = {**common, "otherwise": values.fill(self.otherwise)}
        return self.number_form(values, values.names["key"], common)


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
            value = read_number(f"{words} {unit}".strip(), unit).value
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
