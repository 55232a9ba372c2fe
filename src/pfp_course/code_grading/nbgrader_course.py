"""An nbgrader course on disk: its source made of chapters, its settings, gradebook and folders."""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

from pfp_course.chapters import Chapter, chapter
from pfp_course.code_grading.submissions import Submission, read_folder
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import write_whole
from pfp_course.questions import read_bank
from pfp_course.questions.exercises import Exercise, Resolved
from pfp_course.questions.kinds.open import OpenAnswer
from pfp_course.questions.texts import as_plain

__all__ = [
    *("CONFIG", "NbgraderCourse", "notebook_for_nbgrader", "open_course", "source_name"),
    "write_source",
]

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
_FILES_OF_SETTINGS = re.compile(r"(.*/)?(nbgrader_config|jupyter\w*_config)\.(py|json)")


@dataclass(frozen=True)
class NbgraderCourse:
    """A course: its folder, and nbgrader's settings for it.

    ``content`` is what `sandbox.content_of` returns for the course that its notebooks load.
    """

    root: Path
    config: Any
    directory: Any
    content: Path | None = None

    def gradebook(self) -> Any:
        """Return nbgrader's gradebook, to be closed after use."""
        return Gradebook(self.directory.db_url, self.directory.course_id)

    def assignments(self, wanted: Sequence[str]) -> list[str]:
        """Return names of assignments: those wanted, or all.

        Raises
        ------
        CourseError
            If one is not in the gradebook yet.
        """
        with self.gradebook() as gradebook:
            known = sorted(one.name for one in gradebook.assignments)
        missing = [name for name in wanted if name not in known]
        if missing or not known:
            name = missing[0] if missing else "NAME"
            raise CourseError(
                f"{self.root} has no assignment {name!r} in its gradebook. Run "
                f"`nbgrader generate_assignment {name}` in that folder first. "
                f"It knows: {', '.join(known) or 'none'}."
            )
        return list(wanted) or known

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a step such as ``autograded``."""
        return Path(self.directory.format_path(step, student, assignment))

    def submissions(self, assignment: str) -> Iterator[Submission]:
        """Yield what students handed in, in the order of their ids."""
        for folder, student in self.folders(assignment):
            yield self._read(folder, student, assignment)

    def folders(self, assignment: str) -> Iterator[tuple[Path, str]]:
        """Yield the folders of an assignment's submissions, with the ids of students."""
        step = self.directory.submitted_directory
        pattern = re.compile(
            self.directory.format_path(step, "(?P<id>.*)", assignment, escape=True)
        )
        inside = self.directory.directory_structure.format(
            nbgrader_step=step, student_id="*", assignment_id=assignment
        )
        for found in sorted(set(self._candidates(inside))):
            match = pattern.fullmatch(found)
            if match is not None:
                yield Path(found), match["id"]

    def _candidates(self, pattern: str) -> Iterator[str]:
        yield from map(str, self.root.glob(pattern))
        # A link that leads nowhere is no file for `glob`, and has to be told of.
        parent, _, name = pattern.rpartition("/")
        if parent and "*" not in name:
            for folder in self.root.glob(parent):
                if folder.is_symlink() or (folder / name).is_symlink():
                    yield str(folder / name)

    def released(self, assignment: str, name: str) -> list[Path]:
        """Return the files that may hold a notebook of an assignment as it was given."""
        steps = (self.directory.release_directory, self.directory.source_directory)
        return [self.folder(step, ".", assignment) / f"{name}.ipynb" for step in steps]

    def given_files(self, assignment: str) -> dict[str, bytes]:
        """Return the files that lie beside the notebooks of the source."""
        folder = self.folder(self.directory.source_directory, ".", assignment)
        return read_folder(folder, self.directory.ignore).files

    def _read(self, folder: Path, student: str, assignment: str) -> Submission:
        inside = [folder, *folder.parents]
        ways = inside[: inside.index(self.root)] if self.root in inside else [folder]
        try:
            if any(path.is_symlink() for path in ways):
                why = "its folder is a link to somewhere else; it was not followed"
            elif not folder.is_dir():
                why = "in the place of its folder there is a file"
            else:
                read = read_folder(folder, self.directory.ignore)
                read.student, read.assignment = student, assignment
                return _with_remarks(read)
        except OSError as error:
            why = f"its folder cannot be read ({error.strerror})"
        return Submission(student, assignment, problems=[("", why)], unread=True)


def open_course(root: Path, content: Path | None = None) -> NbgraderCourse:
    """Return the course in a folder; see there for ``content``.

    Raises
    ------
    CourseError
        If the folder holds none.
    """
    root = root.resolve()
    if not (root / CONFIG).is_file() and not (root / "source").is_dir():
        raise CourseError(
            f"{root} is no course of nbgrader: it has neither {CONFIG} nor a folder source. "
            "Make one with `pfp assign 3 7 --to nbgrader --out course`."
        )
    # nbgrader calls a program of its environment by name, even where that is not activated.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
    config = Config()
    try:
        config.merge(PyFileConfigLoader(CONFIG, path=str(root)).load_config())
    except ConfigFileNotFound:
        pass
    except Exception as error:  # it is Python, so it can fail in any way
        raise CourseError(f"{root / CONFIG} cannot be run: {error}. Mend it.") from None
    config.CourseDirectory.root = str(root)
    return NbgraderCourse(root, config, CourseDirectory(config=config), content)


def _with_remarks(read: Submission) -> Submission:
    for name in filter(_FILES_OF_SETTINGS.fullmatch, read.files):
        why = (
            f"{name} is a file of settings, which nbgrader or Jupyter would run if you "
            "opened its folder there; nobody needs to hand one in"
        )
        read.problems.append(("", why))
    stamp = read.files.get("timestamp.txt", b"")[:100].decode("utf-8", "replace").strip()
    if stamp:
        try:
            read.timestamp = parse_utc(stamp)
        except (ValueError, OverflowError):
            read.problems.append(("", f"its timestamp.txt holds no moment: {stamp[:40]!r}"))
    return read


def source_name(numbers: Iterable[str], course: Course) -> str:
    """Return the name of an assignment of these chapters, such as ``chapters-03-07``."""
    return "-".join(["chapters", *(chapter(number, course).number for number in numbers)])


def write_source(numbers: Iterable[str], root: Path, name: str, course: Course) -> list[Path]:
    """Write chapters as ``source/NAME`` of an nbgrader course, and its settings if it has none.

    The folder of the nbgrader course, ``root``, is made if it does not exist. The notebooks are
    returned; the same call gives the same bytes.

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
    # Here a student hands in through nbgrader, and not by a receipt.
    kept = [cell for cell in notebook.cells if cell.id not in ("hand-in", "submit")]
    cells = [made for cell in kept for made in _with_test(cell, exercises)]
    summary = next((place for place, one in enumerate(cells) if one.id == "summary"), len(cells))
    written = [one for one in bank.questions if isinstance(one, OpenAnswer)]
    cells[summary:summary] = [cell for one in written for cell in _written(one)]
    notebook.cells = cells
    nbformat.validate(notebook)
    return notebook


def _with_test(cell: Any, exercises: dict[str, Exercise]) -> list[Any]:
    """Return a cell, and its test where it is the cell of an exercise."""
    if cell.cell_type == "code" and "check(" in cell.source:
        for node in ast.parse(cell.source).body:
            match node:
                case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(str(name)), value])):
                    lines = cell.source.splitlines()
                    before, check = lines[: node.lineno - 1], lines[node.lineno - 1 :]
                    return _answered(cell, exercises[name], ast.unparse(value), before, check)
    return [cell]


def _answered(
    cell: Any, exercise: Exercise, value: str, before: list[str], check: list[str]
) -> list[Any]:
    """Put the answer into the cell of an exercise, between the lines before and at its check."""
    resolved, placeholder = exercise.resolved(), f"{value} = ..."
    if placeholder not in before:
        raise CourseError(
            f"The cell {cell.id!r} of exercise {exercise.id} has no line {placeholder!r}, "
            "so nbgrader cannot know where the answer goes. Write one above its check."
        )
    imports = "import pandas as pd\n" if exercise.compare == "frame" else ""
    answer = f"### BEGIN SOLUTION\n{imports}{value} = {_code(resolved)}\n### END SOLUTION"
    cell.source = "\n".join(before).replace(placeholder, answer, 1) + "\n" + "\n".join(check)
    name = exercise.id.replace(".", "-")
    cell.metadata["nbgrader"] = _metadata(f"answer-{name}", "code", solution=True)
    compared = f"{value}, {resolved.key!r}, {exercise.compare!r}, {resolved.tolerance!r}"
    test = nbformat.v4.new_code_cell(
        f"# Locked: the tests of exercise {exercise.id} run here after you have handed in.\n"
        "### BEGIN HIDDEN TESTS\n"
        "from pfp_course.questions.comparison import differs\n\n"
        f"assert differs({compared}) is None, "
        f'"The answer to exercise {exercise.id} is not right."\n'
        "### END HIDDEN TESTS",
        id=f"test-{name}",
    )
    points = exercise.points
    test.metadata["nbgrader"] = _metadata(f"test-{name}", "code", grade=True, points=points)
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
