"""Exercises answered in code: the task, and ``check`` of a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.comparing import Compare, differs
from pfp_course.questions.kinds.common import Expression, Facts, Identifier, Strict, Text, Trap
from pfp_course.questions.kinds.numeric import Tolerance, number_of
from pfp_course.questions.texts import as_html, as_plain

__all__ = ["Exercise", "Resolved", "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What ``check`` says: a heading, and sentences."""

    state: Literal["right", "again", "task"]
    heading: str
    says: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([self.heading, *(as_plain(text) for text in self.says)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        says = "".join(f"<p>{as_html(text)}</p>" for text in self.says)
        # The sign stands before the words, so that colour is not the only difference.
        sign = {"right": "\u2713 ", "again": "\u21bb ", "task": ""}[self.state]
        colour = {"right": "good", "again": "warn", "task": "accent"}[self.state]
        return (
            f'<div class="pfp-verdict pfp-verdict-{self.state}" role="status" style="border-left:'
            f'4px solid var(--pfp-{colour}, currentColor);padding:.2em 0 .2em 1em">'
            f"<p><strong>{sign}{as_html(self.heading)}</strong></p>{says}</div>"
        )


class Exercise(Strict):
    """A task whose answer is a value: a number, a text, a set, a list, a column of numbers."""

    id: Identifier
    objective: str
    kind: Literal["value"]
    points: Annotated[int, Field(ge=1, le=10)] = 1
    let: dict[str, Expression] = {}
    ask: Text
    key: Expression
    compare: Compare
    tolerance: Tolerance = Tolerance()
    traps: list[Trap] = []
    otherwise: Text
    hints: Annotated[list[Text], Field(max_length=4)] = []
    because: Text

    def complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a value, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.value is None and trap.text is None:
                yield ("traps", number), "a trap needs a 'value' or a 'text'."

    def resolved(self) -> "Resolved":
        """Return the exercise with its key computed and its texts filled.

        Raises
        ------
        CourseError
            If the data do not give a key that can be compared, or a trap counts as right.
        """
        facts = Facts({})
        for name, expression in self.let.items():
            facts.names[name] = facts.evaluate(expression)
        key = facts.names["key"] = facts.evaluate(self.key)
        needed = {"set": list, "list": list, "table": dict, "frame": dict, "text": str}.get(
            self.compare
        )
        if needed and not isinstance(key, needed):
            raise CourseError(f"the key is {key!r}, which cannot be compared as {self.compare}.")
        if (self.compare == "frame") != (isinstance(key, dict) and "rows" in key):
            raise CourseError("'compare: frame' and a key with 'rows' belong together.")
        number = number_of(key, "the key") if self.compare == "number" else 0.0
        tolerance = self.tolerance.around(number)
        traps = []
        for trap in self.traps:
            value = trap.text if trap.value is None else facts.evaluate(trap.value)
            if differs(value, key, self.compare, tolerance) is None:
                raise CourseError(f"the trap {value!r} counts as right. Mend it.")
            traps.append((value, facts.fill(trap.say)))
        return Resolved(
            self,
            key,
            tolerance,
            traps,
            facts.fill(self.ask),
            facts.fill(self.otherwise),
            tuple(facts.fill(hint) for hint in self.hints),
            facts.fill(self.because),
        )


@dataclass(frozen=True)
class Resolved:
    """An exercise with its key and texts ready."""

    exercise: Exercise
    key: Any
    tolerance: float
    traps: list[tuple[Any, str]]
    ask: str
    otherwise: str
    hints: tuple[str, ...]
    because: str

    def task(self) -> Verdict:
        """Return the task alone."""
        return Verdict("task", f"Exercise {self.exercise.id}", (self.ask,))

    def unanswered(self) -> Verdict:
        """Return what to do where the place of the answer still holds ``...``."""
        return Verdict(
            "task",
            f"Exercise {self.exercise.id}: no answer yet",
            (self.ask, "Replace the three dots with your code, and run the cell again."),
        )

    def judge(self, value: Any, tries: int) -> Verdict:
        """Return the verdict on a value; ``tries`` is the number of wrong tries before it."""
        compare = self.exercise.compare
        difference = differs(value, self.key, compare, self.tolerance)
        if difference is None:
            return Verdict("right", f"Right: exercise {self.exercise.id}", (self.because,))
        trapped = [
            say for trap, say in self.traps if differs(value, trap, compare, self.tolerance) is None
        ]
        says = trapped or [text for text in (difference, self.otherwise) if text]
        if self.hints:
            says.append(f"Hint: {self.hints[min(tries, len(self.hints) - 1)]}")
        return Verdict("again", f"Not yet: exercise {self.exercise.id}", tuple(says))
