"""From a submission to notebooks that can be run: repaired, with tests and keys in place."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader.converters.autograde import Autograde
from nbgrader.preprocessors import Execute

from pfp_course.classroom.notebooks.course import Course, Submission
from pfp_course.classroom.notebooks.execution import Job, Outcome
from pfp_course.classroom.notebooks.limits import Limits
from pfp_course.classroom.notebooks.repair import Given, given_cells, read_notebook, repaired

__all__ = ["Plan", "Planner", "Work", "resources"]


@dataclass
class Work:
    """One notebook of a submission: what to run, or why it cannot be run."""

    name: str
    job: Job | None = None
    key: str = ""
    notes: list[str] = field(default_factory=list)
    doubled: set[str] = field(default_factory=set)
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
    course : Course
        The course, whose gradebook knows the assignment.
    assignment : str
        Its name.
    limits : Limits
        What each notebook may take.
    bare : bool
        Whether notebooks run without the sandbox.
    """

    def __init__(self, course: Course, assignment: str, limits: Limits, *, bare: bool) -> None:
        self.course, self.assignment, self.limits, self.bare = course, assignment, limits, bare
        with course.gradebook() as gradebook:
            notebooks = gradebook.find_assignment(assignment).notebooks
            self.given = {one.name: given_cells(one) for one in notebooks}
        self.files = course.given_files(assignment)
        before, self.after = _steps(course)
        self._before = [step(config=course.config) for step in before]

    def plan(self, submission: Submission) -> Plan:
        """Return what is to be run of a submission."""
        for name in sorted(set(submission.notebooks) - set(self.given)):
            submission.problems.append((name, "it belongs to no notebook of the assignment"))
        files = {**submission.files, **self.files}
        works = [self._work(submission, name, files) for name in sorted(self.given)]
        return Plan(submission, works, _key([work.key for work in works], submission.problems))

    def _work(self, submission: Submission, name: str, files: Mapping[str, bytes]) -> Work:
        content = submission.notebooks.get(name)
        if content is None:
            return Work(name, notes=["it was not handed in"])
        work = Work(name)
        try:
            notebook = read_notebook(content)
            work.notes, work.doubled = repaired(notebook, self.given[name])
            told = resources(self.course, submission, name)
            for step in self._before:
                notebook, told = step(notebook, told)
        except Exception as error:  # the batch goes on, and the report names the notebook
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            return Work(name, notes=[f"it cannot be read: {reason}"], key=_digest(content))
        text = nbformat.writes(notebook)
        work.job = Job(text, files, self.limits, self.bare)
        work.key = _key(text, {path: _digest(inside) for path, inside in files.items()})
        return work

    def tests(self, name: str) -> list[Given]:
        """Return the tests of a notebook of the assignment."""
        return [cell for cell in self.given[name] if cell.is_test]


def resources(course: Course, submission: Submission, name: str) -> dict[str, Any]:
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


def _steps(course: Course) -> tuple[list[Any], list[Any]]:
    """Return nbgrader's preprocessors before and after a notebook is run, as they are set."""
    autograde = Autograde(coursedir=course.directory, config=course.config)
    steps = list(autograde.autograde_preprocessors)
    run = next(
        (n for n, step in enumerate(steps) if isinstance(step, type) and issubclass(step, Execute)),
        0,
    )
    return [*autograde.sanitize_preprocessors, *steps[:run]], steps[run + 1 :]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(*parts: Any) -> str:
    return _digest(json.dumps(parts, sort_keys=True).encode())
