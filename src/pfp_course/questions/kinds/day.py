"""A date."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pfp_course.errors import CourseError
from pfp_course.questions.kinds.common import (
    Expression,
    Facts,
    Mark,
    Question,
    Spec,
    Text,
    Trap,
)
from pfp_course.questions.kinds.days import read_date
from pfp_course.questions.kinds.numbers import UnreadError
from pfp_course.questions.texts import spoken

__all__ = ["Day", "mark"]

_MORE = {7: "Give the month and the year.", 10: "Give the day, the month and the year."}


class Day(Question):
    """A date, as precise as the key: ``1994``, ``1994-05`` or ``1994-05-27``.

    A response is the text typed. One that is more precise than the key is right if it agrees
    with it; one that is less precise is asked for more, and costs no attempt.
    """

    kind: Literal["date"]
    key: Expression
    traps: list[Trap] = []
    otherwise: Text

    decisive = (*Question.decisive, "key")

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a date, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.value is None:
                yield ("traps", number), "a trap of a date needs a 'value'."

    def answer(self, facts: Facts) -> Spec:
        """Return the key, the traps and the answer in words."""
        key = _iso(facts.names["key"], "the key")
        traps = []
        for trap in self.traps:
            value = _iso(facts.evaluate(trap.value), "a trap")
            if value[: len(key)] == key or len(value) < len(key):
                raise CourseError(f"the trap {value} counts as right, or says too little. Mend it.")
            traps.append({"value": value, "say": facts.fill(trap.say)})
        return {
            "key": key,
            "traps": traps,
            "otherwise": facts.fill(self.otherwise),
            "answer": spoken(key),
        }


def _iso(value: Any, what: str) -> str:
    text = str(value)
    try:
        parts = [int(part) for part in text.split("-")]
        found = date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        raise CourseError(f"{what} is {value!r}, not a date. Write it like 1994-05-27.") from None
    return found.isoformat()[: (4, 7, 10)[len(parts) - 1]]


def mark(spec: Spec, response: Any) -> Mark:
    """Mark a text that was typed."""
    if not isinstance(response, str):
        return Mark("unread", 0.0, ("Write a date first.",))
    try:
        value = read_date(response)
    except UnreadError as error:
        return Mark("unread", 0.0, (str(error),))
    size = len(spec["key"])
    if len(value) < size:
        return Mark("unread", 0.0, (_MORE[size],))
    if value[:size] == spec["key"]:
        return Mark("right", 1.0, ())
    for trap in spec["traps"]:
        if value[:size] == trap["value"][:size]:
            return Mark("wrong", 0.0, (trap["say"],))
    return Mark("wrong", 0.0, (spec["otherwise"],))
