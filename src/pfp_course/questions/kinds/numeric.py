"""A number."""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import (
    Expression,
    Facts,
    Mark,
    Question,
    Spec,
    Strict,
    Text,
    Trap,
)
from pfp_course.questions.kinds.numbers import UnreadError, read_number
from pfp_course.questions.texts import spoken

__all__ = ["Numeric", "Tolerance", "mark", "within"]


class Tolerance(Strict):
    """How far an answer may be from the key.

    ``abs`` is in units, ``rel`` a share of the key; ``digits`` asks for the key rounded to so
    many significant digits, or anything nearer to it.
    """

    abs: Annotated[float, Field(ge=0)] = 0.0
    rel: Annotated[float, Field(ge=0, lt=1)] = 0.0
    digits: Annotated[int, Field(ge=1, le=12)] | None = None

    def around(self, key: float) -> float:
        """Return the tolerance in units."""
        rounding = 0.0
        if self.digits is not None and key:
            rounding = 0.5 * 10.0 ** (math.floor(math.log10(abs(key))) - self.digits + 1)
        return max(self.abs, self.rel * abs(key), rounding)


class Numeric(Question):
    """A number within a tolerance of the key. A response is the text that was typed."""

    kind: Literal["numeric"]
    key: Expression
    tolerance: Tolerance = Tolerance()
    unit: str = ""
    traps: list[Trap] = []
    otherwise: Text

    decisive = (*Question.decisive, "key", "tolerance", "unit")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a number, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.value is None:
                yield ("traps", number), "a trap of a number needs a 'value'."

    def answer(self, facts: Facts) -> Spec:
        """Return key, tolerance, traps and the answer in words."""
        key = number_of(facts.names["key"], "the key")
        tolerance = self.tolerance.around(key)
        traps = []
        for trap in self.traps:
            value = number_of(facts.evaluate(trap.value), "a trap")
            if within(value, key, tolerance):
                raise CourseError(f"the trap {spoken(value)} counts as right. Mend it.")
            traps.append({"value": value, "say": facts.fill(trap.say)})
        return {
            "key": key,
            "tolerance": tolerance,
            "unit": self.unit,
            "traps": traps,
            "otherwise": facts.fill(self.otherwise),
            "answer": f"{spoken(facts.names['key'])} {self.unit}".strip(),
        }


def number_of(value: Any, what: str) -> float:
    """Return a value as a float, or raise `CourseError` where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CourseError(f"{what} is {value!r}, not a number. Mend the expression.")
    return float(value)


def within(value: float, key: float, tolerance: float) -> bool:
    """Tell whether a value is as near to the key as the tolerance allows."""
    # Decimal fractions have no exact float: 0.3 - 0.2 must count as 0.1.
    return abs(value - key) <= tolerance + 1e-9 * max(1.0, abs(key))


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a text that was typed."""
    if not isinstance(response, str):
        return Mark("unread", 0.0, ("Write a number first.",))
    try:
        reading = read_number(response, spec["unit"])
    except UnreadError as error:
        return Mark("unread", 0.0, (str(error),))
    value, note = reading.value, (reading.note,) if reading.note else ()
    if within(value, spec["key"], spec["tolerance"]):
        return Mark("right", 1.0, note)
    for trap in spec["traps"]:
        if within(value, trap["value"], spec["tolerance"]):
            return Mark("wrong", 0.0, (*note, trap["say"]))
    return Mark("wrong", 0.0, (*note, spec["otherwise"]))
