"""Check a notebook: its form, its citations, its questions, and how long it takes to read."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from pfp_course.chapters.outline import Chapter, chapters, promise_of
from pfp_course.course import Course
from pfp_course.data import documents, sources
from pfp_course.errors import CourseError
from pfp_course.files import notebook_in
from pfp_course.questions import Bank, read_bank

__all__ = [
    *("FURTHER", "INSTALL", "RUN_FIRST", "SECONDS_A_QUESTION", "WORDS_A_MINUTE", "Pace"),
    *("check_notebook", "cited_keys", "course_address", "pace", "pace_report"),
]

_CITATION = re.compile(r"\[@(?P<keys>[^\]\s][^\]]*)\]")
_CALL = re.compile(r"""\b(quiz|check)\(\s*["']([\w.-]+)["']""")
_CITE = re.compile(r"\bcite\(([^)]*)\)")
_MYST = re.compile(r"^:::|^```\{|\{(cite|ref|doc|term|numref)[^}]*\}`", re.MULTILINE)
_LONGEST_CELL = 10


def check_notebook(path: Path, bank: Path, course: Course) -> list[str]:
    """Return every problem of a notebook as ``file: cell 'id': what is wrong; the mend``.

    ``bank`` is the question bank of the same chapter, and ``course`` has the sources that are
    cited.
    """
    try:
        notebook = notebook_in(path)
    except CourseError as error:
        return [str(error)]
    cells = notebook["cells"]
    problems = [
        *_form(notebook),
        *_promise(path),
        *_first_cells(cells),
        *_texts(cells, course),
        *_code(cells, course),
    ]
    try:
        problems += _questions(cells, read_bank(bank, course))
    except CourseError as error:
        problems.append(f"its bank cannot be read: {error}")
    return [f"{path}: {problem}" for problem in problems]


def _promise(path: Path) -> Iterator[str]:
    try:
        promise_of(path)
    except CourseError as error:
        yield str(error).removeprefix(f"{path}: ")
    except IndexError:
        return  # it has no cells, which is told already


def _form(notebook: dict[str, Any]) -> Iterator[str]:
    if notebook.get("metadata", {}).get("kernelspec", {}).get("name") != "python3":
        yield "no kernel is named, so that JupyterLab would ask. Set kernelspec to python3."
    cells = notebook["cells"]
    if not cells or not _text(cells[0]).startswith("# "):
        yield "it does not open with a title. Begin the first cell with '# 2. Title'."
    ids = [cell.get("id", "") for cell in cells]
    for double in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"cell {double!r}: the id is used twice. Give each cell an id of its own."
    for cell in cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"cell {cell['id']!r}: it holds outputs. Clear all outputs and save."


def _texts(cells: list[dict[str, Any]], course: Course) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        text = _text(cell)
        if _MYST.search(text):
            yield (
                f"cell {cell['id']!r}: it uses Sphinx markup, which JupyterLab shows raw. "
                "Write plain Markdown; cite as [@key]."
            )
        for key in cited_keys(text):
            if key not in sources(course):
                yield (
                    f"cell {cell['id']!r}: there is no source {key!r}. "
                    "Correct the key, or add the source to sources.csv."
                )


def _code(cells: list[dict[str, Any]], course: Course) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        lines = [line for line in _text(cell).splitlines() if line.strip()]
        folded = "hide-input" in _tags(cell)
        if len(lines) > _LONGEST_CELL and not folded:
            yield (
                f"cell {cell['id']!r}: {len(lines)} lines of code are too many for a beginner. "
                f"Split it, or fold it away with the tag hide-input (at most {_LONGEST_CELL})."
            )
        for call in _CITE.findall(_text(cell)):
            for key in re.findall(r"""["']([^"']+)["']""", call):
                if key not in sources(course):
                    yield f"cell {cell['id']!r}: cite() names no source {key!r}. Correct the key."


def _questions(cells: list[dict[str, Any]], bank: Bank) -> Iterator[str]:
    code = "\n".join(_text(cell) for cell in cells if cell["cell_type"] == "code")
    calls = _CALL.findall(code)
    asked = {name for function, name in calls if function == "quiz"}
    checked = {name for function, name in calls if function == "check"}
    inline = {question.id for question in bank.questions if question.inline}
    exercises = {exercise.id for exercise in bank.exercises}
    heading = f"# {int(bank.chapter)}. {bank.title}"
    if not _text(cells[0]).startswith(heading + "\n"):
        yield f"its title is not that of the bank. Make it: {heading}"
    if bank.chapter not in asked:
        yield f'the closing quiz is never asked. Add a cell: quiz("{bank.chapter}")'
    for name in sorted(asked - inline - {bank.chapter}):
        yield f"quiz({name!r}) names no inline question of {bank.chapter}. Correct the id."
    for name in sorted(inline - asked):
        yield f'question {name} is inline but is never asked. Add a cell: quiz("{name}")'
    for name in sorted(checked - exercises):
        yield f"check({name!r}) names no exercise of {bank.chapter}. Correct the id."
    for name in sorted(exercises - checked):
        yield f'exercise {name} is never checked. Add a cell: check("{name}", answer)'


def cited_keys(text: str) -> list[str]:
    """Return the keys of all citations ``[@key; @other]`` in a text, in order."""
    return [
        key.strip().lstrip("@")
        for found in _CITATION.finditer(text)
        for key in found["keys"].split(";")
    ]


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _tags(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


RUN_FIRST = (
    "**If you work in JupyterLab, VS Code or Colab, run all cells first.** In JupyterLab choose "
    "the menu *Run*, then *Run All Cells*. In VS Code the button is *Run All*, and in Colab the "
    "menu is *Runtime*, *Run all*. A quiz, a table or a figure appears only when its cell has run. "
    "If the course is not installed here, the next cell says what to do. In Colab it installs the "
    "course itself."
)
INSTALL = """\
# Where Colab finds the course: the address of its wheel, or git+ and that of its repository.
COURSE = ""

import os
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path


class CourseMissingError(Exception):
    def _render_traceback_(self):
        return [str(self)]


if find_spec("pfp_course") is None:
    colab = (
        "COLAB_RELEASE_TAG" in os.environ or "google.colab" in sys.modules
    )
    wheels = sorted(
        str(path.resolve()) for path in Path().glob("pfp_course-*.whl")
    )
    course = wheels[-1] if wheels else COURSE
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    if colab and course and subprocess.run([*pip, course]).returncode == 0:
        invalidate_caches()
    elif colab:
        raise CourseMissingError(
            "Colab does not have the course. Upload the file pfp_course-...whl that your teacher "
            "gave you, with the folder sign at the left, and run all cells again."
        )
    else:
        raise CourseMissingError(
            f"The course is not installed for this Python ({sys.executable}). Your teacher has a "
            "file that ends in .whl. Write into a new cell, and run it:\\n\\n"
            f'    %pip install "{course or "pfp_course-0.1.0-py3-none-any.whl"}"\\n\\n'
            "Then restart the kernel and run all cells again."
        )
"""
_ADDRESS = re.compile(r'^COURSE = "(?P<address>[^"\n]*)"$', re.MULTILINE)


def course_address(code: str) -> str:
    """Return where the cell gets the course from, or an empty text."""
    found = _ADDRESS.search(code)
    return found["address"] if found else ""


def _first_cells(cells: list[dict[str, Any]]) -> Iterator[str]:
    by_name = {cell.get("id"): _text(cell) for cell in cells[:4]}
    code = by_name.get("install", "")
    plain = _ADDRESS.sub('COURSE = ""', code)
    if plain.strip() != INSTALL.strip() or by_name.get("run-first", "").strip() != RUN_FIRST:
        yield (
            "it does not say at its head how to install the course. Copy the cells 'run-first' and "
            "'install' of chapter 1, under the title."
        )


# A reader whose English is a second language.
WORDS_A_MINUTE = 130
SECONDS_A_QUESTION = 90
FURTHER = "Further"

_HEADING = re.compile(r"^(?P<level>#+) +(?P<title>.+)$", re.MULTILINE)
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
        source = _text(cell)
        if extra:
            asked -= {name for _, name in _CALL.findall(source)}
        else:
            words += _count(cell, source, course)
    return Pace(words, len(asked))


def pace_report(course: Course) -> list[str]:
    """Return how long the chapters take, and a sentence for each that takes longer than stated."""
    paces = [(chapter, pace(chapter, course)) for chapter in chapters(course)]
    each = ", ".join(
        f"{chapter.number}: {needed.minutes} of {chapter.minutes}" for chapter, needed in paces
    )
    told = [f"Minutes that a chapter takes, and that it states: {each}."] if each else []
    return told + [
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
            for heading in _HEADING.finditer(_text(cell)):
                depth, title = len(heading["level"]), heading["title"]
                if level and depth > level:
                    continue
                level = depth if title.startswith((FURTHER, "Sources")) else 0
        if "remove-cell" not in _tags(cell):
            yield cell, bool(level)


def _count(cell: dict[str, Any], source: str, course: Course) -> int:
    if cell["cell_type"] == "markdown":
        return _words(re.sub(r"\[@[^\]]*\]", " ", source))
    hidden = {"hide-input", "remove-input"} & set(_tags(cell))
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
