"""Find numbers that somebody typed into prose although a table of the course holds them."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from courses import COURSE

from pfp_course.course import default_course
from pfp_course.data import load, package

__all__ = ["Passage", "passages", "spoken", "typed"]

_BOOK = Path(__file__).parents[2] / "book"
# Tables that the course has compiled itself. Of the measured ones, such as the index of
# democracy, some cell equals nearly every number with a decimal point.
_MEASURED = {"conflict_deaths", "democracy", "economy", "oil_gas", "unga_ideal_points"}
_MEASURED |= {"unga_issues", "us_troops", "countries", "constructs", "sources"}

_DIGITS = re.compile(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?!\w|[,.]\d|-\w)")
_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
_TEENS += ["eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(_TEENS, 11)}
for _tens, _word in enumerate(_TENS, 2):
    _WORDS[_word] = 10 * _tens
    _WORDS |= {f"{_word}-{small}": 10 * _tens + n for n, small in enumerate(_SMALL, 1)}
_WORD = re.compile(rf"\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\b(?!-)", re.IGNORECASE)
_MONTH = re.compile(
    r"\s*(January|February|March|April|May|June|July|August|September|October|November|December)"
)
# What the rows of a table are called where they are counted in a sentence.
_ROWS = {
    "claims": "claims",
    "lessons": "lessons",
    "recommendations": "recommendations",
    "signatories": "signatories",
    "signatures": "signatories",
    "states": "signatories",
    "tools": "tools",
    "terms": "glossary",
    "contradictions": "contradictions",
    "summits": "summits",
    "documents": "documents",
    "debates": "debates",
    "works": "further_reading",
    "sources": "sources",
}
_COUNTED = re.compile(
    rf"(\d[\d,]*|{_WORD.pattern})\s+(?:\w+\s+){{0,2}}?({'|'.join(_ROWS)})\b", re.IGNORECASE
)
_SHOWN = {"alt", "caption", "title", "unit"}
_ASKED = {"ask", "text", "say", "because", "hints", "otherwise", "levels", "choices", "others"}
_ASKED |= {"items", "ends", "categories", "unit"}


@dataclass(frozen=True)
class Passage:
    """A text that readers see: where it stands, of which kind it is, and its chapter's tables.

    ``kind`` is ``figure`` (caption, title, alternative text), ``say`` (a sentence with computed
    numbers), ``prose`` (Markdown), ``question`` or ``page``. ``sourced`` says that a source is
    named beside the whole passage, as a question does.
    """

    place: str
    kind: str
    text: str
    tables: tuple[str, ...] = ()
    sourced: bool = False


def passages() -> Iterator[Passage]:
    """Return what readers see of the notebooks, the banks and the pages of the book."""
    for path in sorted((default_course().data / "questions").glob("*.yml")):
        bank = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        tables = tuple(bank["data"])
        [notebook] = default_course().notebooks.glob(f"{path.stem}-*.ipynb")
        yield from _notebook(notebook, tables)
        for task in [*bank["questions"], *bank["exercises"]]:
            sourced = bool(set(task.get("source", [])) - {"background"})
            for text in _asked(task):
                yield Passage(f"{path.name}: {task['id']}", "question", text, tables, sourced)
    own = tuple(name for name in package(COURSE).tables if name not in _MEASURED)
    for path in sorted(_BOOK.glob("*.md")):
        yield Passage(path.name, "page", path.read_text(encoding="utf-8"), own)


def _notebook(path: Path, tables: tuple[str, ...]) -> Iterator[Passage]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source, place = "".join(cell["source"]), f"{path.name}: {cell['id']}"
        if cell["cell_type"] == "markdown":
            yield Passage(place, "prose", source, tables)
        else:
            yield from (Passage(place, kind, text, tables) for kind, text in spoken(source))


def spoken(source: str) -> Iterator[tuple[str, str]]:
    """Return the kind and the fixed parts of the texts that a cell of code shows."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            shown = [("figure", key.value) for key in call.keywords if key.arg in _SHOWN]
            if isinstance(call.func, ast.Name) and call.func.id == "say":
                shown += [("say", argument) for argument in call.args]
            for kind, value in shown:
                for part in _fixed(value):
                    yield kind, part


def _fixed(value: ast.expr) -> Iterator[str]:
    # The specification of a format, such as ".2f", is no text that a reader sees.
    if isinstance(value, ast.FormattedValue):
        yield from _fixed(value.value)
    elif isinstance(value, ast.Subscript):
        return
    elif isinstance(value, ast.Constant):
        if isinstance(value.value, str):
            yield value.value
    else:
        for child in ast.iter_child_nodes(value):
            if isinstance(child, ast.expr):
                yield from _fixed(child)


def _asked(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in _ASKED:
                yield from _asked(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _asked(part, key)
    elif isinstance(value, str) and key:
        yield value


def typed(passage: Passage) -> list[str]:
    """Return the numbers of a passage that should be computed from a table, as they stand there.

    In figures and computed sentences these are all numbers above ten and all with a decimal
    point. Elsewhere they are the numbers above 100, and those with a decimal point, that a
    cell of a table of the chapter holds, if no source stands beside them; and the numbers of
    rows of a table. Years and days of a month are dates, and left out.
    """
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|https?://\S+", " ", passage.text)
    if passage.kind in ("figure", "say"):
        words = [match[0] for match in _WORD.finditer(text)]
        return [*words, *(token for token, value in _digits(text) if value > 10 or "." in token)]
    found = [] if passage.sourced else _held(text, passage.tables)
    return [*found, *_row_counts(text)]


def _digits(text: str) -> Iterator[tuple[str, float]]:
    for match in _DIGITS.finditer(text):
        value = float(match[0].replace(",", ""))
        year = match[0].isdigit() and 1900 <= value <= 2035
        if not year and not (value <= 31 and _MONTH.match(text, match.end())):
            yield match[0], value


def _held(text: str, tables: tuple[str, ...]) -> list[str]:
    cells = set[float]().union(*(_cells(name) for name in tables if name not in _MEASURED))
    return [
        token
        for sentence in re.split(r"(?<=[.!?:])\s+(?!\[@)", text)
        if "[@" not in sentence
        for token, value in _digits(re.sub(r"\[@[^\]]*\]", " ", sentence))
        if (value > 100 or "." in token) and value in cells
    ]


@cache
def _cells(name: str) -> frozenset[float]:
    import pandas as pd

    frame = load(name)
    values: set[float] = set()
    for column in frame:
        cells = frame[column].dropna()
        if pd.api.types.is_bool_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
            continue
        if pd.api.types.is_numeric_dtype(cells):
            values |= {float(cell) for cell in cells}
        else:
            values |= {value for cell in cells for _, value in _digits(str(cell))}
    return frozenset(values)


def _row_counts(text: str) -> list[str]:
    counted = []
    for match in _COUNTED.finditer(text):
        token, rows = match[1], match[match.lastindex or 0]
        digits = token.replace(",", "")
        number = int(digits) if digits.isdigit() else _WORDS[token.lower()]
        table = _ROWS[rows.lower()]
        if table in package(COURSE).tables and number == len(load(table)):
            counted.append(f"{token} {rows}")
    return counted
