"""Exercises answered in code: the task, and ``check`` of a value."""

import ast
import json
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.course import on_static_page
from pfp_course.errors import CourseError
from pfp_course.questions.comparison import Compare, differs
from pfp_course.questions.kinds import (
    Expression,
    Problems,
    Task,
    Text,
    Tolerance,
    Trap,
    Values,
)
from pfp_course.questions.kinds.numeric import number_of
from pfp_course.questions.texts import as_html, as_plain

__all__ = ["Exercise", "Resolved", "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What ``check`` says: a heading, sentences, and a notice if the attempt is not kept."""

    state: Literal["right", "again", "task"]
    heading: str
    says: tuple[str, ...]
    notice: str = ""

    def __str__(self) -> str:
        says = (as_plain(text) for text in self.says)
        return "\n".join(filter(None, [self.heading, *says, self.notice]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        says = "".join(f"<p>{as_html(text)}</p>" for text in self.says)
        says += f"<p>{escape(self.notice)}</p>" if self.notice else ""
        # The sign stands before the words, so that colour is not the only difference.
        sign = {"right": "\u2713 ", "again": "\u21bb ", "task": ""}[self.state]
        colour = {"right": "good", "again": "warn", "task": "accent"}[self.state]
        # The book has a rule for it in its sheet: a server may allow no style inside a page.
        rule = f"4px solid var(--pfp-{colour}, currentColor);padding:.2em 0 .2em 1em"
        style = "" if on_static_page() else f' style="border-left:{rule}"'
        return (
            f'<div class="pfp-verdict pfp-verdict-{self.state}" role="status"{style}>'
            f"<p><strong>{sign}{as_html(self.heading)}</strong></p>{says}</div>"
        )


class Exercise(Task):
    """A task whose answer is a value: a number, a text, a set, a list, a column of numbers.

    ``code`` gives ``answer`` that value in the notebook, after all that stands before the task; it
    is left out where the hints hold every line of it.
    """

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
    code: Text | None = None

    def problems(self) -> Problems:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Give a value, or an expression over the data."
        for number, trap in enumerate(self.traps):
            if trap.value is None and trap.text is None:
                yield ("traps", number), "a trap needs a 'value' or a 'text'."
        if self.code and not _gives_answer(self.code):
            yield ("code",), "'code' is no Python that gives 'answer' a value. Mend it."

    def resolved(self) -> "Resolved":
        """Return the exercise with its key computed and its texts filled.

        Raises
        ------
        CourseError
            If the data do not give a key that can be compared, or a trap counts as right.
        """
        values = Values({}, self.course)
        for name, expression in self.let.items():
            values.names[name] = values.evaluate(expression)
        key = values.names["key"] = values.evaluate(self.key)
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
            value = trap.text if trap.value is None else values.evaluate(trap.value)
            if differs(value, key, self.compare, tolerance) is None:
                raise CourseError(f"the trap {value!r} counts as right. Mend it.")
            traps.append((value, values.fill(trap.say)))
        return Resolved(
            self,
            key,
            tolerance,
            traps,
            values.fill(self.ask),
            values.fill(self.otherwise),
            tuple(values.fill(hint) for hint in self.hints),
            values.fill(self.because),
        )


def _gives_answer(code: str) -> bool:
    try:
        assigned = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assign)]
    except (SyntaxError, ValueError):
        return False
    targets = [target for node in assigned for target in node.targets]
    return any(isinstance(target, ast.Name) and target.id == "answer" for target in targets)


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

    @property
    def fingerprint(self) -> str:
        """Digits that change when another value would be right."""
        parts = [self.exercise.id, self.exercise.compare, self.key, self.tolerance]
        return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]

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
