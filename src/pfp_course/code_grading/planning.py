"""From a submission to notebooks that can be run: repaired, with tests and keys in place."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader.converters.autograde import Autograde
from nbgrader.preprocessors import ClearHiddenTests, Execute
from traitlets.utils.importstring import import_item

from pfp_course.code_grading.execution import Job, Outcome
from pfp_course.code_grading.inert import MakeInert
from pfp_course.code_grading.nbgrader_course import NbgraderCourse, Submission, sought
from pfp_course.code_grading.release import AssignedCell, Release, assigned_cells, release_of
from pfp_course.code_grading.repair import read_notebook, repaired, show_also, unreadable
from pfp_course.code_grading.sandbox import Limits

__all__ = ["Plan", "Planner", "Work", "resources"]

_RULES = 2  # what was graded by other rules is graded anew


@dataclass
class Work:
    """One notebook of a submission: what to run, or why it cannot be run.

    Attributes
    ----------
    job, outcome
        What is run, and what came of it.
    key : str
        The same where the same is run and judged alike.
    notes : list of str
        What was repaired, in words.
    waits : dict
        By the name of a graded cell, why a result below its points waits for a person.
    shown : str
        A notebook that is shown where none can be run.
    """

    name: str
    job: Job | None = None
    key: str = ""
    notes: list[str] = field(default_factory=list)
    waits: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    outcome: Outcome | None = None


@dataclass
class Plan:
    """A submission with its notebooks, in the order of the assignment."""

    submission: Submission
    works: list[Work]
    key: str


class Planner:
    """Plans for the submissions of one assignment.

    Parameters
    ----------
    course : NbgraderCourse
        The course, whose gradebook knows the assignment.
    assignment : str
        Its name.
    limits : Limits
        What each notebook may take.
    bare : bool
        Whether notebooks run without the sandbox.
    """

    def __init__(
        self, course: NbgraderCourse, assignment: str, limits: Limits, *, bare: bool
    ) -> None:
        self.course, self.assignment, self.limits, self.bare = course, assignment, limits, bare
        hidden = ClearHiddenTests(config=course.config)
        with course.gradebook() as gradebook:
            notebooks = gradebook.find_assignment(assignment).notebooks
            given = {one.name: assigned_cells(one, hidden) for one in notebooks}
        self.releases: dict[str, Release] = {
            name: release_of(cells, course.released(assignment, name))
            for name, cells in given.items()
        }
        self.files = course.given_files(assignment)
        before, self.after = _steps(course)
        self._before = [step(config=course.config) for step in before]

    @property
    def given(self) -> dict[str, list[AssignedCell]]:
        """The cells of each notebook that the gradebook knows."""
        return {name: release.given for name, release in self.releases.items()}

    def plan(self, submission: Submission) -> Plan:
        """Return what is to be run of a submission."""
        taken = sought(submission.notebooks, self.given)
        others = set(submission.notebooks) - {name for names in taken.values() for name in names}
        for name in sorted(others):
            submission.problems.append((name, "it belongs to no notebook of the assignment"))
        files = {**submission.files, **self.files}
        works = [self._work(submission, name, taken[name], files) for name in sorted(self.given)]
        return Plan(submission, works, _key([work.key for work in works], submission.problems))

    def _work(
        self, submission: Submission, name: str, names: list[str], files: Mapping[str, bytes]
    ) -> Work:
        if not names:
            known = submission.unread or any(name == one for one, _ in submission.problems)
            return Work(name, notes=[] if known else ["it was not handed in"])
        work = Work(name, notes=_named_otherwise(name, names))
        content, release = submission.notebooks[names[0]], self.releases[name]
        try:
            mended: list[str] = []
            notebook = read_notebook(content, mended)
            repair = repaired(notebook, release, [*work.notes, *mended])
            also = show_also(
                notebook, release, {one: submission.notebooks[one] for one in names[1:]}
            )
            work.notes, work.waits = repair.notes, repair.waits
            told = resources(self.course, submission, name)
            for step in self._before:
                notebook, told = step(notebook, told)
            if also:
                why = f"another notebook says something else: {', '.join(also)}"
                work.waits = {one.name: why for one in release.given} | work.waits
        except Exception as error:  # the batch goes on, and the report names the notebook
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            work.notes = [*work.notes, f"it cannot be read: {reason}"]
            work.key = _key(_RULES, _digest(content))
            work.shown = unreadable(release, reason, content)
            return work
        text = nbformat.writes(notebook)
        own = frozenset(
            place
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "markdown" and cell.source in release.texts
        )
        work.job = Job(text, files, self.limits, self.bare, own, self.course.content)
        seen = {path: _digest(inside) for path, inside in files.items()}
        loaded = [str(self.course.content)] if self.course.content else []
        work.key = _key(_RULES, text, seen, work.waits, sorted(own), *loaded)
        return work

    def tests(self, name: str) -> list[AssignedCell]:
        """Return the tests of a notebook of the assignment."""
        return [cell for cell in self.given[name] if cell.is_test]


def _named_otherwise(name: str, names: list[str]) -> list[str]:
    notes = []
    if names[0] != name:
        notes.append(f"it was handed in as {names[0]}.ipynb")
    if len(names) > 1:
        others = ", ".join(f"{other}.ipynb" for other in names[1:])
        notes.append(f"there is more than one of it: {names[0]}.ipynb was run, and not {others}")
    return notes


def resources(course: NbgraderCourse, submission: Submission, name: str) -> dict[str, Any]:
    """Return what nbgrader's preprocessors are told of a notebook."""
    return {
        "unique_key": name,
        "output_files_dir": f"{name}_files",
        "nbgrader": {
            "student": submission.student,
            "assignment": submission.assignment,
            "notebook": name,
            "db_url": course.directory.db_url,
        },
    }


def _steps(course: NbgraderCourse) -> tuple[list[Any], list[Any]]:
    """Return nbgrader's preprocessors before and after a notebook is run, as they are set."""
    autograde = Autograde(coursedir=course.directory, config=course.config)
    steps = [_imported(step) for step in autograde.autograde_preprocessors]
    run = next(
        (n for n, step in enumerate(steps) if isinstance(step, type) and issubclass(step, Execute)),
        0,
    )
    # What made it inert has been done where it ran.
    after = [step for step in steps[run + 1 :] if step is not MakeInert]
    before = [_imported(step) for step in autograde.sanitize_preprocessors]
    return [*before, *steps[:run]], after


def _imported(step: Any) -> Any:
    return import_item(step) if isinstance(step, str) else step


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(*parts: Any) -> str:
    return _digest(json.dumps(parts, sort_keys=True).encode())
