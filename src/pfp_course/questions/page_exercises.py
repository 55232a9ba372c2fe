"""An exercise as a question of a page without a kernel: it asks for what the code would give.

Key, tolerance, replies to wrong values and hints are those of the exercise. A number is typed; of
a set the members are chosen; a list is put in order; of a table some cells are filled in. Numbers
that nobody finds without a computer are chosen among those that wrong code gives.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pfp_course.questions.exercises import Exercise, Resolved
from pfp_course.questions.expressions import evaluate
from pfp_course.questions.kinds import choice, gaps, numeric, order, text
from pfp_course.questions.kinds.choice import ChoiceForm
from pfp_course.questions.kinds.form import Form, Spec, plain
from pfp_course.questions.texts import literal, spoken

__all__ = ["PREFIX", "page_form", "page_spec", "solution"]

# Before the id of an exercise in the record of a page: what is answered here is practice, and no
# part of what is handed in.
PREFIX = "page:"
# How much one form asks for.
_GAPS, _CHOICES, _ITEMS = 6, 12, 8
_SNIPPET = re.compile(r"``?([^`]+)``?")
_Common: TypeAlias = dict[str, Any]
_Pairs: TypeAlias = dict[str, Any]


def page_spec(resolved: Resolved) -> Spec:
    """Return the question of a page with the code that answers it, as JSON-ready data."""
    exercise = resolved.exercise
    return {**page_form(resolved).as_json(), "code": solution(exercise)}


def solution(exercise: Exercise) -> str:
    """Return code that answers an exercise: its own, or else the lines that its hints hold."""
    if exercise.code:
        return exercise.code.strip()
    lines: list[str] = []
    last = ""
    for snippet in (part for hint in exercise.hints for part in _SNIPPET.findall(hint)):
        kind = _kind(snippet)
        if kind == "assignment":
            lines.append(snippet)
        last = snippet if kind else last
    return "\n".join(lines if last in lines else [*lines, f"answer = {last}"])


def _kind(snippet: str) -> Literal["assignment", "value", ""]:
    """Tell whether a snippet is an assignment, an expression that computes, or neither."""
    try:
        [statement] = ast.parse(snippet.strip()).body
    except (SyntaxError, ValueError):
        return ""
    if isinstance(statement, ast.Assign):
        return "assignment"
    computes = isinstance(statement, ast.Expr) and isinstance(
        statement.value, ast.Call | ast.Subscript | ast.BinOp
    )
    return "value" if computes else ""


def page_form(resolved: Resolved) -> Form:
    """Return the public form of the question, derived from how the exercise is compared."""
    exercise = resolved.exercise
    common: _Common = {
        "id": f"{PREFIX}{exercise.id}",
        "objective": exercise.objective,
        "points": exercise.points,
        "ask": resolved.ask,
        "hints": resolved.hints,
        "because": resolved.because,
    }
    makers: dict[str, Callable[[Resolved, _Common], Form]] = {
        "number": _number,
        "text": _text,
        "set": _set,
        "list": _list,
        "table": _table,
        "frame": _frame,
    }
    form = makers[exercise.compare](resolved, common)
    return form.sealed(form.deciding())


def _number(resolved: Resolved, common: _Common) -> Form:
    key = float(resolved.key)
    # Of two traps with one value the first replies, as in a notebook.
    wrong = {float(value): say for value, say in reversed(resolved.traps) if _is_number(value)}
    if not key.is_integer() and len(wrong) > 1:
        numbers = sorted({key, *wrong})
        choices = [
            ChoiceForm(text=words, right=one == key, say="" if one == key else wrong[one])
            for one, words in zip(numbers, _alike(numbers), strict=True)
        ]
        return choice.SingleForm(**common, kind="single", choices=tuple(choices), shuffle=False)
    areas = [numeric.Area(value=value, say=say) for value, say in wrong.items()]
    return _typed(resolved.key, resolved.tolerance, areas, common, resolved.otherwise)


def _typed(
    key: Any, tolerance: float, traps: Iterable[numeric.Area], common: _Common, otherwise: str
) -> numeric.NumericForm:
    return numeric.NumericForm(
        **common,
        kind="numeric",
        key=float(key),
        tolerance=tolerance,
        traps=tuple(traps),
        answer=numeric.in_words(key, float(key), tolerance, ""),
        otherwise=otherwise,
    )


def _size(resolved: Resolved, common: _Common, what: str) -> Form:
    """Return a question of how many parts an answer has, of which no part could be asked for."""
    ask = {"ask": f"{resolved.ask}\nHow many {what} does the answer have?"}
    parts = resolved.key["rows"] if what == "rows" else resolved.key
    return _typed(len(parts), 0.0, [], {**common, **ask}, resolved.otherwise)


def _text(resolved: Resolved, common: _Common) -> Form:
    traps = [text.TextTrap(text=plain(str(value)), say=say) for value, say in resolved.traps]
    return text.TextForm(
        **common,
        kind="text",
        accept=(plain(str(resolved.key)),),
        traps=tuple(traps),
        answer=str(resolved.key),
        otherwise=resolved.otherwise,
    )


def _set(resolved: Resolved, common: _Common) -> Form:
    """Return a choice of members: some of the key, and others that wrong code would give."""
    right = list(dict.fromkeys(resolved.key))
    said: dict[Any, str] = {}
    for values, say in resolved.traps:
        for value in values if isinstance(values, list) else [values]:
            said.setdefault(value, say)
    wrong = [one for one in (_others(resolved) or said) if one not in set(right)]
    if not wrong:
        return _size(resolved, common, "values")
    # What a wrong way gives stands before what no way gives, and half of the places are its own.
    wrong.sort(key=lambda one: one not in said)
    most_right = max(_CHOICES // 2, _CHOICES - len(wrong))
    right = _spread(right, most_right)
    wrong = wrong[: _CHOICES - len(right)]
    choices = [
        ChoiceForm(
            text=literal(spoken(one)),
            right=one in right,
            say="" if one in right else said.get(one, resolved.otherwise),
        )
        for one in sorted([*right, *wrong], key=str)
    ]
    more = len(resolved.key) > len(right)
    ask = f"{resolved.ask}\nWhich of these belong to the answer?" if more else resolved.ask
    parts = {**common, "ask": ask}
    return choice.MultipleForm(**parts, kind="multiple", choices=tuple(choices), shuffle=False)


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


def _list(resolved: Resolved, common: _Common) -> Form:
    items = [literal(spoken(one)) for one in resolved.key[:_ITEMS]]
    if len(items) < 3 or len(set(items)) < len(items):
        return _size(resolved, common, "values")
    more = len(resolved.key) > len(items)
    ask = f"{resolved.ask}\nHere are the first {len(items)}." if more else resolved.ask
    parts = {**common, "ask": ask}
    return order.OrderForm(
        **parts,
        kind="order",
        items=tuple(items),
        ends=("first", "last"),
        otherwise=resolved.otherwise,
    )


def _table(resolved: Resolved, common: _Common) -> Form:
    traps = [(values, say) for values, say in resolved.traps if isinstance(values, dict)]
    return _cells(resolved, common, resolved.key, traps)


def _frame(resolved: Resolved, common: _Common) -> Form:
    """Return gaps for the last column, beside the first one, which names the rows."""
    traps = [(_named(values), say) for values, say in resolved.traps if isinstance(values, dict)]
    pairs = _named(resolved.key)
    if len(pairs) < len(resolved.key["rows"]) or len(resolved.key["columns"]) < 2:
        return _size(resolved, common, "rows")
    first, *_, last = (f"`{name}`" for name in resolved.key["columns"])
    ask = {"ask": f"{resolved.ask}\nGive {last} for each {first}."}
    return _cells(resolved, {**common, **ask}, pairs, traps)


def _named(frame: Mapping[str, Any]) -> _Pairs:
    return {str(row[0]): row[-1] for row in frame["rows"]}


def _cells(
    resolved: Resolved, common: _Common, pairs: _Pairs, traps: Sequence[tuple[_Pairs, str]]
) -> Form:
    """Return gaps for some cells of a table, those first in which wrong code differs."""
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
        made.append(
            _counted_gap(pairs[name], resolved.tolerance, replies)
            if counted
            else _chosen_gap(pairs[name], [pairs[one] for one in names], replies)
        )
    lines = [f"{literal(spoken(name))}: [[{place}]]" for place, name in enumerate(names, 1)]
    some = "\nFill in these rows of the answer." if len(names) < len(pairs) else ""
    parts = {**common, "ask": "\n".join([f"{common['ask']}{some}", *lines])}
    return gaps.GapsForm(**parts, kind="gaps", gaps=tuple(made), otherwise=resolved.otherwise)


def _counted_gap(cell: Any, tolerance: float, replies: Mapping[Any, str]) -> Form:
    areas = [numeric.Area(value=float(one), say=say) for one, say in replies.items() if say]
    return _typed(cell, tolerance, areas, {}, "")


def _chosen_gap(cell: Any, cells: Iterable[Any], replies: Mapping[Any, str]) -> Form:
    values = sorted({cell, *cells, *replies}, key=lambda one: (str(type(one)), one))
    words = _alike(values) if all(map(_is_number, values)) else [str(one) for one in values]
    choices = [
        ChoiceForm(text=literal(said), right=one == cell, say=replies.get(one, ""))
        for one, said in zip(values, words, strict=True)
    ]
    return gaps.ChoiceGapForm(kind="single", choices=tuple(choices))


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


def _spread(values: list[Any], most: int) -> list[Any]:
    """Return at most so many values, taken evenly from the whole list."""
    if len(values) <= most:
        return values
    return [values[place * len(values) // most] for place in range(most)]
