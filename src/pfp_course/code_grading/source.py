"""Chapters as a source assignment for nbgrader: answers, tests with points, hidden keys."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from pfp_course.chapters import chapter
from pfp_course.chapters.outline import Chapter
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import write_whole
from pfp_course.questions import read_bank
from pfp_course.questions.exercises import Exercise, Resolved
from pfp_course.questions.kinds.open import OpenAnswer
from pfp_course.questions.texts import as_plain

__all__ = ["CONFIG", "notebook_for_nbgrader", "source_name", "write_source"]

CONFIG = "nbgrader_config.py"
_SETTINGS = """\
# Settings of nbgrader for this course. Its documentation lists many more.
c = get_config()

# What stands in a student's notebook in the place of an answer.
c.ClearSolutions.code_stub = {"python": "answer = ..."}

# What students wrote is made inert before the formgrader shows it, with `nbgrader autograde` too.
c.Autograde.autograde_preprocessors.append("pfp_course.code_grading.inert.MakeInert")
"""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True)
class _Task:
    """An exercise in its cell: the lines around the answer, and the value that is checked."""

    exercise: Exercise
    before: str
    check: str
    value: str


def source_name(numbers: Iterable[str], course: Course) -> str:
    """Return the name of an assignment of these chapters, such as ``chapters-03-07``."""
    return "-".join(["chapters", *(chapter(number, course).number for number in numbers)])


def write_source(numbers: Iterable[str], root: Path, name: str, course: Course) -> list[Path]:
    """Write chapters as ``source/NAME`` of an nbgrader course, and its settings if it has none.

    Parameters
    ----------
    numbers
        Of the chapters, such as ``["3", "7"]``.
    root : Path
        The folder of the nbgrader course, made if it does not exist.
    name : str
        Of the assignment: letters, digits, ``-`` and ``_``.
    course : Course
        The course of the chapters.

    Returns
    -------
    list of Path
        The notebooks. The same call gives the same bytes.

    Raises
    ------
    CourseError
        If there is no such chapter, the name cannot be used, or other files are in the way.
    """
    if not _NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} is no name for an assignment. Use letters, digits, - and _ only, and begin "
            "with a letter or a digit."
        )
    folder = root / "source" / name
    chosen = {found.number: found for found in (chapter(number, course) for number in numbers)}
    made = {
        folder / one.notebook.name: nbformat.writes(notebook_for_nbgrader(one, course)) + "\n"
        for one in chosen.values()
    }
    for path in made:
        if path.exists() and path.read_text(encoding="utf-8") != made[path]:
            raise CourseError(
                f"{path} exists and differs: somebody has changed it, or it was made by another "
                "version of the course. Move it away, or give the assignment another name with "
                "--name."
            )
    for path, text in made.items():
        write_whole(path, text.encode())
    settings = root / CONFIG
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return list(made)


def notebook_for_nbgrader(which: Chapter, course: Course) -> Any:
    """Return a chapter as a notebook with the metadata of nbgrader (schema 3).

    Each exercise becomes a cell for the answer and a locked cell with its points, whose hidden
    test compares the value with the key. Each open question becomes a cell that a person marks.
    """
    bank = read_bank(course.bank(which.number), course)
    exercises = {one.id: one for one in bank.exercises}
    notebook = nbformat.read(which.notebook, as_version=4)
    cells: list[Any] = []
    for cell in notebook.cells:
        if cell.id in ("hand-in", "submit"):
            continue  # here a student hands in through nbgrader, and not by a receipt
        task = _task(cell, exercises)
        cells += [cell] if task is None else _answered(cell, task, task.exercise.resolved())
    summary = next((place for place, one in enumerate(cells) if one.id == "summary"), len(cells))
    written = [one for one in bank.questions if isinstance(one, OpenAnswer)]
    cells[summary:summary] = [cell for one in written for cell in _written(one)]
    notebook.cells = cells
    nbformat.validate(notebook)
    return notebook


def _task(cell: Any, exercises: dict[str, Exercise]) -> _Task | None:
    if cell.cell_type != "code" or "check(" not in cell.source:
        return None
    lines, tree = cell.source.splitlines(), ast.parse(cell.source)
    for node in tree.body:
        match node:
            case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(str(name)), value])):
                first = node.lineno - 1
                return _Task(
                    exercises[name],
                    "\n".join(lines[:first]),
                    "\n".join(lines[first:]),
                    ast.unparse(value),
                )
    return None


def _answered(cell: Any, task: _Task, resolved: Resolved) -> list[Any]:
    placeholder = f"{task.value} = ..."
    if placeholder not in task.before.splitlines():
        raise CourseError(
            f"The cell {cell.id!r} of exercise {task.exercise.id} has no line {placeholder!r}, "
            "so nbgrader cannot know where the answer goes. Write one above its check."
        )
    imports = "import pandas as pd\n" if task.exercise.compare == "frame" else ""
    answer = f"### BEGIN SOLUTION\n{imports}{task.value} = {_code(resolved)}\n### END SOLUTION"
    cell.source = task.before.replace(placeholder, answer, 1) + "\n" + task.check
    name = task.exercise.id.replace(".", "-")
    cell.metadata["nbgrader"] = _metadata(f"answer-{name}", "code", solution=True)
    compared = f"{task.value}, {resolved.key!r}, {task.exercise.compare!r}, {resolved.tolerance!r}"
    test = nbformat.v4.new_code_cell(
        f"# Locked: the tests of exercise {task.exercise.id} run here after you have handed in.\n"
        "### BEGIN HIDDEN TESTS\n"
        "from pfp_course.questions.comparison import differs\n\n"
        f"assert differs({compared}) is None, "
        f'"The answer to exercise {task.exercise.id} is not right."\n'
        "### END HIDDEN TESTS",
        id=f"test-{name}",
    )
    test.metadata["nbgrader"] = _metadata(
        f"test-{name}", "code", grade=True, points=task.exercise.points
    )
    return [cell, test]


def _code(resolved: Resolved) -> str:
    if resolved.exercise.compare == "frame":
        return f"pd.DataFrame({resolved.key['rows']!r}, columns={resolved.key['columns']!r})"
    return repr(resolved.key)


def _written(question: OpenAnswer) -> list[Any]:
    name = question.id.replace(".", "-")
    looked_for = "\n".join(f"- {as_plain(one.text)}" for one in question.rubric)
    asked = nbformat.v4.new_markdown_cell(
        f"**Written question {question.id}.** {question.ask}\n\nYour teacher looks for:\n\n"
        f"{looked_for}\n\nWrite at least {question.words} words into the cell below.",
        id=f"ask-{name}",
    )
    asked.metadata["nbgrader"] = _metadata(f"ask-{name}", "markdown")
    answer = nbformat.v4.new_markdown_cell("YOUR ANSWER HERE", id=f"written-{name}")
    answer.metadata["nbgrader"] = _metadata(
        f"written-{name}", "markdown", grade=True, solution=True, points=question.points
    )
    return [asked, answer]


def _metadata(
    name: str, cell_type: str, *, grade: bool = False, solution: bool = False, points: int = 0
) -> dict[str, Any]:
    return {
        "schema_version": 3,
        "grade_id": name,
        "cell_type": cell_type,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "task": False,
        **({"points": points} if grade else {}),
    }
