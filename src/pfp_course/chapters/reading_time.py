"""How long a chapter takes a reader whose English is a second language."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from pfp_course.chapters.outline import Chapter, chapters
from pfp_course.course import Course
from pfp_course.data import documents
from pfp_course.files import notebook_in
from pfp_course.questions import read_bank

__all__ = [
    "FURTHER",
    "SECONDS_A_QUESTION",
    "WORDS_A_MINUTE",
    "Pace",
    "over_time",
    "pace",
    "pace_report",
]

WORDS_A_MINUTE = 130
SECONDS_A_QUESTION = 90
FURTHER = "Further"

_HEADING = re.compile(r"^(?P<level>#+) +(?P<title>.+)$", re.MULTILINE)
_CALL = re.compile(r"""\b(?P<name>quiz|check)\(\s*["'](?P<id>[\w.-]+)["']""")
_SHOWN = {"caption", "title"}  # of a figure, what everybody reads
_SHOWS = re.compile(rf"\b(?:say|document|{'|'.join(sorted(_SHOWN))})\b")


@dataclass(frozen=True)
class Pace:
    """What there is to read and to answer in a chapter, without what is marked as *Further*."""

    words: int
    questions: int

    @property
    def minutes(self) -> int:
        """Minutes, rounded up."""
        seconds = self.words * 60 / WORDS_A_MINUTE + self.questions * SECONDS_A_QUESTION
        return ceil(seconds / 60)


def pace(chapter: Chapter, course: Course) -> Pace:
    """Return what a chapter asks of its reader.

    Words are those of the prose, of sentences with computed numbers, of captions and titles of
    figures and of documents, and of the code that is shown; questions are those of its bank, with
    the exercises. A section whose heading begins with *Further*, with all below it, is extra: it
    does not count, nor do the questions and exercises in it. The list of sources at the end and
    cells that the book leaves out do not count.
    """
    bank = read_bank(course.bank(chapter.number), course)
    asked = {task.id for task in (*bank.questions, *bank.exercises)}
    words = 0
    for cell, extra in _cells(chapter.notebook):
        source = "".join(cell["source"])
        if extra:
            asked -= {call["id"] for call in _CALL.finditer(source)}
        else:
            words += _count(cell, source, course)
    return Pace(words, len(asked))


def pace_report(course: Course) -> list[str]:
    """Return how long each chapter takes, and a sentence for each that takes longer than stated."""
    paces = _paces(course)
    each = ", ".join(
        f"{chapter.number}: {needed.minutes} of {chapter.minutes}" for chapter, needed in paces
    )
    told = [f"Minutes that a chapter takes, and that it states: {each}."] if each else []
    return [*told, *_longer(paces)]


def over_time(course: Course) -> list[str]:
    """Return a sentence for each chapter that takes longer than its bank states; [] if none."""
    return _longer(_paces(course))


def _paces(course: Course) -> list[tuple[Chapter, Pace]]:
    return [(chapter, pace(chapter, course)) for chapter in chapters(course)]


def _longer(paces: Iterable[tuple[Chapter, Pace]]) -> list[str]:
    return [
        f"{chapter.notebook.name}: {needed.words:,} words and {needed.questions} questions "
        f"take about {needed.minutes} minutes, and the bank states {chapter.minutes}. "
        f"Shorten it, or move what is not needed under a heading '### {FURTHER}: …'."
        for chapter, needed in paces
        if needed.minutes > chapter.minutes
    ]


def _cells(notebook: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the cells that the book shows, and whether each is extra."""
    level = 0  # of the heading that opened what is extra
    for cell in notebook_in(notebook)["cells"]:
        if cell["cell_type"] == "markdown":
            for heading in _HEADING.finditer("".join(cell["source"])):
                depth, title = len(heading["level"]), heading["title"]
                if level and depth > level:
                    continue
                level = depth if title.startswith((FURTHER, "Sources")) else 0
        if "remove-cell" not in cell["metadata"].get("tags", []):
            yield cell, bool(level)


def _count(cell: dict[str, Any], source: str, course: Course) -> int:
    if cell["cell_type"] == "markdown":
        return _words(re.sub(r"\[@[^\]]*\]", " ", source))
    hidden = {"hide-input", "remove-input"} & set(cell["metadata"].get("tags", []))
    return sum(_words(text) for text in _spoken(source, course)) + (not hidden) * _words(source)


def _words(text: str) -> int:
    return len(re.findall(r"\w[\w'’.,-]*", text))


def _spoken(source: str, course: Course) -> Iterator[str]:
    """Yield the texts that a cell of code shows, each computed number as one word."""
    if not _SHOWS.search(source):
        return  # parsing takes longer
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # the check of the notebook names it
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            yield from (_fixed(key.value) for key in call.keywords if key.arg in _SHOWN)
            match call:
                case ast.Call(func=ast.Name(id="say"), args=[text]):
                    yield _fixed(text)
                case ast.Call(func=ast.Name(id="document"), args=[ast.Constant(value=str(name))]):
                    if found := documents(course).get(name):
                        yield f"{found.quotation} {found.translation} {found.speaker} {found.title}"


def _fixed(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.FormattedValue):
        return "0"
    return "".join(
        _fixed(part) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)
    )
