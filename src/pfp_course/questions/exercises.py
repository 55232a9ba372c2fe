"""Exercises answered in code: the task, the check of a value, and what a page asks instead.

A page without a kernel asks for what the code would give: a number is typed, of a set the members
are chosen, a list is put in order, of a table some cells are filled in. Key, tolerance, replies to
wrong values and hints are those of the exercise.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import Field

from pfp_course.errors import CourseError
from pfp_course.questions.comparison import Compare, Verdict, differs
from pfp_course.questions.expressions import evaluate
from pfp_course.questions.kinds import (
    Expression,
    Form,
    Problems,
    Spec,
    Task,
    Text,
    Tolerance,
    Trap,
    Values,
    choice,
    gaps,
    numeric,
    order,
    text,
)
from pfp_course.questions.kinds.form import plain
from pfp_course.questions.texts import literal, spoken

__all__ = ["PREFIX", "Exercise", "Resolved", "page_form", "page_spec", "solution"]

_TYPES = {"set": list, "list": list, "table": dict, "frame": dict, "text": str}  # of a key


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
        assigned = [
            node for node in ast.walk(_parsed(self.code or "")) if isinstance(node, ast.Assign)
        ]
        names = [
            name.id for node in assigned for name in node.targets if isinstance(name, ast.Name)
        ]
        if self.code and "answer" not in names:
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
        if not isinstance(key, _TYPES.get(self.compare, object)):
            raise CourseError(f"the key is {key!r}, which cannot be compared as {self.compare}.")
        if (self.compare == "frame") != (isinstance(key, dict) and "rows" in key):
            raise CourseError("'compare: frame' and a key with 'rows' belong together.")
        number = numeric.number_of(key, "the key") if self.compare == "number" else 0.0
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


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


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
        mend = "Replace the three dots with your code, and run the cell again."
        return Verdict("task", f"Exercise {self.exercise.id}: no answer yet", (self.ask, mend))

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


# Before the id of an exercise in the record of a page: practice, and no part of what is handed in.
PREFIX = "page:"
_GAPS, _CHOICES, _ITEMS = 6, 12, 8  # how much one form asks for
_SNIPPET = re.compile(r"``?([^`]+)``?")


def solution(exercise: Exercise) -> str:
    """Return code that answers an exercise: its own, or else the lines that its hints hold."""
    if exercise.code:
        return exercise.code.strip()
    lines: list[str] = []
    last = ""
    for snippet in (part for hint in exercise.hints for part in _SNIPPET.findall(hint)):
        match _parsed(snippet.strip()).body:
            case [ast.Assign()]:
                lines.append(snippet)
                last = snippet
            case [ast.Expr(value=ast.Call() | ast.Subscript() | ast.BinOp())]:
                last = snippet
    return "\n".join(lines if last in lines else [*lines, f"answer = {last}"])


def page_spec(resolved: Resolved) -> Spec:
    """Return the question of a page with the code that answers it, as JSON-ready data."""
    return {**page_form(resolved).as_json(), "code": solution(resolved.exercise)}


def page_form(resolved: Resolved) -> Form:
    """Return the public form of the question, derived from how the exercise is compared."""
    makers: dict[Compare, Callable[[Resolved], Form]] = {
        "number": _number,
        "text": _text,
        "set": _set,
        "list": _list,
        "table": lambda resolved: _cells(resolved, dict),
        "frame": _frame,
    }
    form = makers[resolved.exercise.compare](resolved)
    return form.sealed(form.deciding())


def _common(resolved: Resolved, also: str = "") -> dict[str, Any]:
    """Return the fields that all forms have; with what is asked besides, on lines of its own."""
    return {
        "id": f"{PREFIX}{resolved.exercise.id}",
        "objective": resolved.exercise.objective,
        "points": resolved.exercise.points,
        "ask": f"{resolved.ask}\n{also}" if also else resolved.ask,
        "hints": resolved.hints,
        "because": resolved.because,
    }


def _number(resolved: Resolved) -> Form:
    key, common = float(resolved.key), _common(resolved)
    # Of two traps with one value the first replies, as in a notebook.
    wrong = {float(value): say for value, say in reversed(resolved.traps) if _is_number(value)}
    if not key.is_integer() and len(wrong) > 1:
        # Nobody finds such a number without a computer.
        numbers = sorted({key, *wrong})
        choices = _choices(numbers, _alike(numbers), [key], wrong)
        return choice.SingleForm(**common, kind="single", choices=choices, shuffle=False)
    return _typed(resolved.key, resolved.tolerance, wrong, resolved.otherwise, common)


def _typed(
    key: Any, tolerance: float, wrong: Mapping[Any, str], otherwise: str, common: dict[str, Any]
) -> Form:
    """Return a number that is typed, with the replies to wrong ones."""
    return numeric.NumericForm(
        **common,
        kind="numeric",
        key=float(key),
        tolerance=tolerance,
        traps=tuple(numeric.Area(value=float(one), say=say) for one, say in wrong.items() if say),
        answer=numeric.in_words(key, float(key), tolerance, ""),
        otherwise=otherwise,
    )


def _size(resolved: Resolved, parts: Sequence[Any], what: str = "values") -> Form:
    """Return a question of how many parts an answer has, of which no part could be asked for."""
    common = _common(resolved, f"How many {what} does the answer have?")
    return _typed(len(parts), 0.0, {}, resolved.otherwise, common)


def _text(resolved: Resolved) -> Form:
    return text.TextForm(
        **_common(resolved),
        kind="text",
        accept=(plain(str(resolved.key)),),
        traps=tuple(text.TextTrap(text=plain(str(one)), say=say) for one, say in resolved.traps),
        answer=str(resolved.key),
        otherwise=resolved.otherwise,
    )


def _set(resolved: Resolved) -> Form:
    """Return a choice of members: some of the key, and others that wrong code would give."""
    right = list(dict.fromkeys(resolved.key))
    said: dict[Any, str] = {}
    for values, say in resolved.traps:
        for value in values if isinstance(values, list) else [values]:
            said.setdefault(value, say)
    wrong = [one for one in (_others(resolved) or said) if one not in set(right)]
    if not wrong:
        return _size(resolved, resolved.key)
    # What a wrong way gives stands before what no way gives, and half of the places are its own.
    wrong.sort(key=lambda one: one not in said)
    most = min(len(right), max(_CHOICES // 2, _CHOICES - len(wrong)))
    right = [right[place * len(right) // most] for place in range(most)]
    wrong = wrong[: _CHOICES - len(right)]
    members = sorted([*right, *wrong], key=str)
    choices = _choices(members, map(spoken, members), right, said, resolved.otherwise)
    more = len(resolved.key) > len(right)
    common = _common(resolved, "Which of these belong to the answer?" if more else "")
    return choice.MultipleForm(**common, kind="multiple", choices=choices, shuffle=False)


def _others(resolved: Resolved) -> list[Any]:
    """Return the values of the key's column that it leaves out, those beside its own rows first."""
    key = resolved.exercise.key
    if not (isinstance(key, dict) and "set" in key and "where" in key):
        return []
    whole = {"list": key["set"], "column": key["column"]}
    column = evaluate(whole, resolved.exercise.course)
    own = [place for place, value in enumerate(column) if value in set(resolved.key)]
    near = sorted(range(len(column)), key=lambda place: min(abs(place - one) for one in own))
    return list(dict.fromkeys(column[place] for place in near))


def _list(resolved: Resolved) -> Form:
    items = [literal(spoken(one)) for one in resolved.key[:_ITEMS]]
    if len(items) < 3 or len(set(items)) < len(items):
        return _size(resolved, resolved.key)
    some = f"Here are the first {len(items)}." if len(resolved.key) > len(items) else ""
    return order.OrderForm(
        **_common(resolved, some),
        kind="order",
        items=tuple(items),
        ends=("first", "last"),
        otherwise=resolved.otherwise,
    )


def _frame(resolved: Resolved) -> Form:
    """Return gaps for the last column, beside the first one, which names the rows."""
    columns = resolved.key["columns"]
    if len(_named(resolved.key)) < len(resolved.key["rows"]) or len(columns) < 2:
        return _size(resolved, resolved.key["rows"], "rows")
    return _cells(resolved, _named, f"Give `{columns[-1]}` for each `{columns[0]}`.")


def _named(frame: Mapping[str, Any]) -> dict[str, Any]:
    return {str(row[0]): row[-1] for row in frame["rows"]}


def _cells(resolved: Resolved, named: Callable[[Any], dict[str, Any]], also: str = "") -> Form:
    """Return gaps for some cells of a table, those first in which wrong code differs.

    ``named`` gives the cells of an answer by the names of their rows.
    """
    pairs = named(resolved.key)
    traps = [(named(values), say) for values, say in resolved.traps if isinstance(values, dict)]
    differing = {
        name: sum(name in values and values[name] != cell for values, _ in traps)
        for name, cell in pairs.items()
    }
    chosen = set(sorted(pairs, key=lambda name: -differing[name])[:_GAPS])
    names = [name for name in pairs if name in chosen]
    counted = all(_is_number(cell) and float(cell).is_integer() for cell in pairs.values())
    say_once = set(range(len(traps)))
    made: list[Any] = []
    for name in names:
        replies: dict[Any, str] = {}
        for number, (values, say) in enumerate(traps):
            if name in values and values[name] != pairs[name]:
                # Who took this way is told once, and not in every gap.
                replies.setdefault(values[name], say if number in say_once else "")
                say_once.discard(number)
        if counted:
            made.append(_typed(pairs[name], resolved.tolerance, replies, "", {}))
        else:
            made.append(_chosen_gap(pairs[name], [pairs[one] for one in names], replies))
    some = "Fill in these rows of the answer." if len(names) < len(pairs) else ""
    lines = [f"{literal(spoken(name))}: [[{place}]]" for place, name in enumerate(names, 1)]
    common = _common(resolved, "\n".join(filter(None, [also, some, *lines])))
    return gaps.GapsForm(**common, kind="gaps", gaps=tuple(made), otherwise=resolved.otherwise)


def _chosen_gap(cell: Any, cells: Iterable[Any], replies: Mapping[Any, str]) -> Form:
    values = sorted({cell, *cells, *replies}, key=lambda one: (str(type(one)), one))
    words = _alike(values) if all(map(_is_number, values)) else [str(one) for one in values]
    return gaps.ChoiceGapForm(kind="single", choices=_choices(values, words, [cell], replies))


def _choices(
    values: Iterable[Any],
    words: Iterable[str],
    right: Sequence[Any],
    said: Mapping[Any, str],
    otherwise: str = "",
) -> tuple[choice.ChoiceForm, ...]:
    """Return choices among values in words, with the replies to the wrong ones."""
    return tuple(
        choice.ChoiceForm(
            text=literal(shown),
            right=value in right,
            say="" if value in right else said.get(value, otherwise),
        )
        for value, shown in zip(values, words, strict=True)
    )


def _alike(numbers: Sequence[float]) -> list[str]:
    """Return numbers in words; two decimals, or as many as tell them apart and from 0."""
    for digits in range(2, 12):
        words = [f"{number:.{digits}f}" for number in numbers]
        shown = [float(word) for word in words]
        if len(set(shown)) == len(shown) and all(map(bool, shown)) == all(map(bool, numbers)):
            return words
    return [repr(number) for number in numbers]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
