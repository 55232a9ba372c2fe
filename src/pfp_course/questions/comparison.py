"""Compare a student's value with the key of an exercise, and say how it differs: a verdict."""

import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import islice
from typing import Any, Literal, TypeAlias

from pfp_course.course import on_static_page
from pfp_course.errors import described, has
from pfp_course.questions.kinds.form import plain
from pfp_course.questions.kinds.numeric import within
from pfp_course.questions.kinds.text import is_near
from pfp_course.questions.texts import as_html, as_plain

__all__ = ["Compare", "Verdict", "differs", "portable", "received", "settled"]

_MOST_ITEMS = 100_000
_LONGEST_TEXT = 10_000
Compare: TypeAlias = Literal["number", "text", "set", "list", "table", "frame"]
# The sign stands before the words, so that colour is not the only difference.
_SIGNS = {"right": ("\u2713 ", "good"), "again": ("\u21bb ", "warn"), "task": ("", "accent")}


@dataclass(frozen=True)
class Verdict:
    """What ``check`` says: a heading, sentences, and a notice if the attempt is not kept."""

    state: Literal["right", "again", "task"]
    heading: str
    says: tuple[str, ...]
    notice: str = ""

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.heading, *map(as_plain, self.says), self.notice]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        texts = filter(None, [*map(as_html, self.says), escape(self.notice)])
        says = "".join(f"<p>{text}</p>" for text in texts)
        sign, colour = _SIGNS[self.state]
        # The book has a rule for it in its sheet: a server may allow no style inside a page.
        rule = f"4px solid var(--pfp-{colour}, currentColor);padding:.2em 0 .2em 1em"
        style = "" if on_static_page() else f' style="border-left:{rule}"'
        return (
            f'<div class="pfp-verdict pfp-verdict-{self.state}" role="status"{style}>'
            f"<p><strong>{sign}{as_html(self.heading)}</strong></p>{says}</div>"
        )


def differs(value: Any, key: Any, compare: Compare, tolerance: float) -> str | None:
    """Return ``None`` where a value equals the key, else what to look at again.

    The message never holds the key. ``table`` compares a mapping or a Series with a mapping,
    whatever the order; ``list`` heeds the order and ``set`` does not. ``frame`` compares a
    DataFrame: its columns by name, its rows in their order only where the key has one, its
    index and its types not at all.
    """
    if value is None:
        return "Your answer is empty (None). Did the last line give a value a name?"
    compared, wanted = {
        "number": (_number, "A number is asked for."),
        "text": (_text, "A text is asked for."),
        "set": (
            _set,
            "Several values are asked for: a column, a list or a set of texts or numbers.",
        ),
        "list": (_list, "A list is asked for: a column or a list of texts or numbers."),
        "table": (
            _table,
            "A value for each name is asked for: a column with an index, or a dictionary.",
        ),
        "frame": (_frame, "A table is asked for."),
    }[compare]
    try:
        return compared(value, key, tolerance)
    except Exception as error:  # a value of any kind may stand here, and do anything when asked
        return (
            f"Your answer is {described(value)}, and it cannot be compared with the solution "
            f"({type(error).__name__}). {wanted}"
        )


def portable(value: Any, compare: Compare) -> str:
    """Return a value as JSON that ``differs`` judges as it judges the value itself.

    So that a key need not come where the value is. Values of no known type become their text.
    """
    try:
        return json.dumps(_portable(value, compare))
    except Exception:  # as in `differs`; what cannot be sent is told by its kind
        return json.dumps({"one": f"<{described(value)}>"})


def _portable(value: Any, compare: Compare) -> dict[str, Any]:
    if compare == "frame" and has(value, "columns"):
        table = value.astype(object)
        plain_table = {
            "columns": [str(column) for column in table.columns],
            "rows": [[_scalar(cell) for cell in row] for row in table.to_numpy()],
            "index": [
                [_scalar(cell) for cell in table.index.get_level_values(level)]
                for level in range(table.index.nlevels)
            ],
            "names": [None if name is None else str(name) for name in table.index.names],
        }
        return {"frame": plain_table}
    if compare == "table" and (isinstance(value, Mapping) or has(value, "to_dict")):
        if (pairs := _pairs(value)) is None:
            return {"one": f"<{described(value)}>"}
        return {"table": [[_scalar(name), _scalar(cell)] for name, cell in pairs.items()]}
    if compare in ("set", "list") and (items := _items(value)) is not None:
        return {"items": [_scalar(item) for item in items]}
    return {"one": _scalar(_only_one(value))}


def settled(value: Any, compare: Compare) -> Any:
    """Return the value itself, or a list of what an iterator gives, which it can give only once."""
    if compare in ("set", "list") and has(value, "__next__"):
        with suppress(Exception):  # code of the student's runs here
            return list(islice(value, _MOST_ITEMS))
    return value


def received(text: str) -> Any:
    """Return the value that ``portable`` made a text of.

    Raises
    ------
    ValueError
        If it did not.
    """
    try:
        ((kind, value),) = json.loads(text).items()
        if kind == "frame":
            import pandas as pd

            index = pd.MultiIndex.from_arrays(value["index"], names=value["names"])
            frame = pd.DataFrame(value["rows"], columns=value["columns"], dtype=object)
            return frame.set_index(index if len(value["names"]) > 1 else index.get_level_values(0))
        return {"table": dict, "items": list}[kind](value) if kind != "one" else value
    except (AttributeError, KeyError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"no value that was sent: {error}") from None


def _scalar(value: Any) -> Any:
    value = _plain(value)
    return value if value is None or isinstance(value, str | int | float) else _words(value)


def _words(value: Any) -> str:
    try:
        words = str(value)
    except Exception:
        return f"<{described(value)}>"
    # The place of an object in the computer's memory is another one each time.
    return f"<{described(value)}>" if " at 0x" in words else words


def _only_one(value: Any) -> Any:
    """Return the value of a column or an array that holds one, and any other as it is."""
    if type(value).__name__ == "ndarray":
        return value.item() if value.size == 1 else value
    if has(value, "iloc") and has(value, "item") and len(value) == 1:
        return value.item()
    return value


def _number(value: Any, key: Any, tolerance: float) -> str | None:
    value = _only_one(value)
    number = _as_number(value)
    if number is None:
        kind, towards = described(value), _towards_number(value)
        return f"A number is asked for, but your answer is {kind}. {towards}"
    if math.isnan(number):
        return "Your answer is not a number (NaN): a missing value took part in the sum."
    if within(number, float(key), tolerance):
        return None
    if within(-number, float(key), tolerance):
        return "The size is right, the sign is not. Look at which one you subtract."
    return ""


def _text(value: Any, key: Any, tolerance: float) -> str | None:
    value = _only_one(value)
    if not isinstance(value, str):
        return f"A text is asked for, but your answer is {described(value)}. Put text in quotes."
    if len(value) > _LONGEST_TEXT:
        return f"Your text has {len(value)} characters; a short one is asked for."
    given, wanted = plain(value), plain(str(key))
    if given == wanted:
        return None
    return "Very close. Look at the spelling." if is_near(given, wanted) else ""


def _items(value: Any) -> list[Any] | None:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        return None
    if has(value, "columns") or isinstance(value, type):
        return None
    # Some things give values without end.
    return [_plain(item) for item in islice(value, _MOST_ITEMS)]


def _set(value: Any, key: Any, tolerance: float) -> str | None:
    items = _items(value)
    if items is None:
        kind, towards = described(value), _towards_column(value)
        return f"Several values are asked for, but your answer is {kind}. {towards}"
    given, wanted = {_comparable(item) for item in items}, {_comparable(item) for item in key}
    missing, extra = len(wanted - given), len(given - wanted)
    return _counts(missing, extra) if missing or extra else None


def _counts(missing: int, extra: int) -> str:
    parts = [
        f"{number} {word}"
        for number, word in ((missing, "missing"), (extra, "too many or misspelt"))
        if number
    ]
    return f"Not quite: {' and '.join(parts)}."


def _list(value: Any, key: Any, tolerance: float) -> str | None:
    items = _items(value)
    if items is None:
        return (
            f"A list is asked for, but your answer is {described(value)}. {_towards_column(value)}"
        )
    if len(items) != len(key):
        count = "1 value" if len(items) == 1 else f"{len(items)} values"
        return f"Your list has {count}; {len(key)} are asked for."
    wrong = _first_difference([[item] for item in items], [[item] for item in key], tolerance)
    if wrong is None:
        return None
    if sorted(map(str, map(_comparable, items))) == sorted(map(str, map(_comparable, key))):
        return "The values are right, their order is not. Look at how you sort."
    return f"Place {wrong + 1} is the first that differs. Look at it again."


def _pairs(value: Any) -> dict[Any, Any] | None:
    """Return the values by name of a mapping or a column; None if a table has several columns."""
    if isinstance(value, Mapping):
        return dict(value)
    if has(value, "columns"):
        if len(value.columns) != 1:
            return None
        value = value.iloc[:, 0]
    return dict(value.to_dict())


def _table(value: Any, key: Mapping[Any, Any], tolerance: float) -> str | None:
    if not isinstance(value, Mapping) and not has(value, "columns") and not has(value, "to_dict"):
        return f"A value for each name is asked for, but your answer is {described(value)}."
    pairs = _pairs(value)
    if pairs is None:
        return "A table has several columns. Give the one that holds the numbers."
    given = {_comparable(name): _plain(cell) for name, cell in pairs.items()}
    wanted = {_comparable(name): cell for name, cell in key.items()}
    # A count of zero and an absent name say the same.
    given = {name: cell for name, cell in given.items() if name in wanted or cell != 0}
    if set(given) != set(wanted):
        return _counts(len(set(wanted) - set(given)), len(set(given) - set(wanted)))
    wrong = [name for name in wanted if not _same(given[name], wanted[name], tolerance)]
    if not wrong:
        return None
    # A year became 2008.0 so that it equals 2008; it is told as it was written.
    name = f"{wrong[0]:g}" if isinstance(wrong[0], float) else repr(wrong[0])
    return f"The value of {name} differs. Look at it again."


def _frame(value: Any, key: Mapping[str, Any], tolerance: float) -> str | None:
    if not has(value, "columns"):
        return f"A table is asked for, but your answer is {described(value)}."
    inside = [name for name in value.index.names if name in set(key["columns"])]
    if inside and not set(inside) & set(value.columns):
        value = value.reset_index(level=inside)
    columns = [str(column) for column in value.columns]
    missing = [column for column in key["columns"] if column not in columns]
    if missing:
        return f"The column {missing[0]!r} is missing."
    double = [column for column in key["columns"] if columns.count(column) > 1]
    if double:
        return f"The column {double[0]!r} is there twice."
    extra = [column for column in columns if column not in key["columns"]]
    if extra:
        return f"There is a column too many: {extra[0]!r}. Choose columns with two brackets."
    given = value[key["columns"]].astype(object)
    rows = [[_plain(cell) for cell in row] for row in given.where(given.notna(), None).to_numpy()]
    if len(rows) != len(key["rows"]):
        return f"Your table has {len(rows)} rows; {len(key['rows'])} are asked for."
    wrong = _first_difference(rows, key["rows"], tolerance)
    if wrong is None:
        return None
    sorted_rows = sorted(rows, key=_row_text)
    alike = _first_difference(sorted_rows, sorted(key["rows"], key=_row_text), tolerance) is None
    if key["ordered"]:
        order = "The rows are right, their order is not. Look at how you sort."
        return order if alike else f"Row {wrong + 1} is the first that differs. Look at it again."
    return None if alike else "The number of rows is right, but not all rows are. Look again."


def _row_text(row: list[Any]) -> str:
    return str([_comparable(cell) for cell in row])


def _first_difference(one: list[list[Any]], other: list[list[Any]], tolerance: float) -> int | None:
    """Return the position of the first of two lists of rows that differs, or None."""
    for place, (row, wanted) in enumerate(zip(one, other, strict=True)):
        if not all(_same(a, b, tolerance) for a, b in zip(row, wanted, strict=True)):
            return place
    return None


def _same(one: Any, other: Any, tolerance: float) -> bool:
    numbers = _as_number(one), _as_number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return within(numbers[0], numbers[1], tolerance)
    return bool(_comparable(one) == _comparable(other))


def _plain(value: Any) -> Any:
    # Scalars of NumPy and pandas become Python's own; a Timestamp becomes its ISO day.
    if has(value, "isoformat"):
        return str(value.isoformat())[:10]
    if type(value).__name__ == "datetime64":
        return str(value)[:10]
    if has(value, "item") and not has(value, "iloc") and getattr(value, "ndim", 0) == 0:
        return value.item()
    return value


def _comparable(value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, str):
        return value if len(value) == 10 and value[4:5] == "-" else plain(value)
    number = _as_number(value)
    return _words(value) if number is None else number


def _as_number(value: Any) -> float | None:
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def _towards_number(value: Any) -> str:
    kind = described(value)
    if kind == "a column of true and false":
        return (
            "It says of each row whether the condition holds. .sum() counts the rows for which it "
            "does; len(table[condition]) does the same."
        )
    if has(value, "iloc") or isinstance(value, list | set | tuple | dict) or kind == "an array":
        return "len(...) counts its rows."
    if isinstance(value, str):
        return "Write it without quotes."
    if "brackets" in kind:
        return ""
    return "Give the number itself."


def _towards_column(value: Any) -> str:
    if has(value, "columns"):
        return 'Choose the column, for example table["country"].'
    return "Give a column, or a list in square brackets."
