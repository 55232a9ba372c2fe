"""A submission on its way: which notebooks are run of it, and how what came of them is recorded."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.converters.autograde import Autograde
from nbgrader.preprocessors import ClearHiddenTests, Execute
from traitlets.utils.importstring import import_item

from pfp_course.code_grading import submissions
from pfp_course.code_grading.execution import Job, Outcome
from pfp_course.code_grading.inert import MakeInert, file_name, made_inert
from pfp_course.code_grading.markup import safe_markdown
from pfp_course.code_grading.nbgrader_course import NbgraderCourse
from pfp_course.code_grading.release import AssignedCell, Release, assigned_cells, release_of
from pfp_course.code_grading.repair import repaired
from pfp_course.code_grading.sandbox import Limits
from pfp_course.code_grading.submissions import Submission
from pfp_course.files import write_whole
from pfp_course.grading.sheets import csv_text

__all__ = [
    *("COLUMNS", "Plan", "Planner", "Work", "gradebook_rows", "open_tests", "record"),
    *("report_rows", "write_table"),
]

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "state", "so_far", "waiting"),
)
_RULES = 2  # what was graded by other rules is graded anew


@dataclass
class Work:
    """One notebook of a submission: what to run and what came of it, or why it cannot be run.

    ``notes`` and ``waits`` are those of its `Repair`.
    """

    name: str
    job: Job | None = None
    key: str = ""  # the same where the same is run and judged alike
    notes: list[str] = field(default_factory=list)
    waits: dict[str, str] = field(default_factory=dict)
    shown: str = ""  # a notebook that is shown where none can be run
    outcome: Outcome | None = None


@dataclass
class Plan:
    """A submission with its notebooks, in the order of the assignment."""

    submission: Submission
    works: list[Work]
    key: str


class Planner:
    """Plans for the submissions of one assignment, which the gradebook of its course knows.

    With ``bare``, notebooks run without the sandbox.
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
        taken = submissions.sought(submission.notebooks, self.given)
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
            notebook = submissions.read_notebook(content, mended)
            repair = repaired(notebook, release, [*work.notes, *mended])
            others = {other: submission.notebooks[other] for other in names[1:]}
            also = submissions.show_also(notebook, release, others)
            work.notes, work.waits = repair.notes, repair.waits
            told = _resources(self.course, submission, name)
            for step in self._before:
                notebook, told = step(notebook, told)
            if also:
                why = f"another notebook says something else: {', '.join(also)}"
                work.waits = {one.name: why for one in release.given} | work.waits
        except Exception as error:  # the batch goes on, and the report names the notebook
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            work.notes = [*work.notes, f"it cannot be read: {reason}"]
            work.key = _key(_RULES, _digest(content))
            work.shown = submissions.unreadable(release, reason, content)
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


def _named_otherwise(name: str, names: list[str]) -> list[str]:
    notes = []
    if names[0] != name:
        notes.append(f"it was handed in as {names[0]}.ipynb")
    if len(names) > 1:
        others = ", ".join(f"{other}.ipynb" for other in names[1:])
        notes.append(f"there is more than one of it: {names[0]}.ipynb was run, and not {others}")
    return notes


def _resources(course: NbgraderCourse, submission: Submission, name: str) -> dict[str, Any]:
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
    steps, before = (
        [import_item(step) if isinstance(step, str) else step for step in named]
        for named in (autograde.autograde_preprocessors, autograde.sanitize_preprocessors)
    )
    run = next(
        (n for n, step in enumerate(steps) if isinstance(step, type) and issubclass(step, Execute)),
        0,
    )
    # What made it inert has been done where it ran.
    after = [step for step in steps[run + 1 :] if step is not MakeInert]
    return [*before, *steps[:run]], after


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(*parts: Any) -> str:
    return _digest(json.dumps(parts, sort_keys=True).encode())


def record(course: NbgraderCourse, planner: Planner, plan: Plan) -> None:
    """Write a submission's marks into the gradebook, and its notebooks into ``autograded``.

    A test that did not run, or whose result is in doubt, has no mark and waits for a person.
    """
    submission = plan.submission
    student, assignment = submission.student, submission.assignment
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        when = {"timestamp": submission.timestamp} if submission.timestamp else {}
        gradebook.update_or_create_submission(assignment, student, **when)
    steps = [step(config=course.config) for step in planner.after]
    texts = {work.name: _saved(course, plan, work, steps) for work in plan.works}
    with course.gradebook() as gradebook:
        for work in plan.works:
            for name in open_tests(planner, work):
                grade = gradebook.find_grade(name, work.name, assignment, student)
                grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    _lay_down(course, plan, {name: text for name, text in texts.items() if text})


def _saved(course: NbgraderCourse, plan: Plan, work: Work, steps: list[Any]) -> str:
    if work.outcome is None or not work.outcome.notebook:
        return work.shown
    notebook = nbformat.reads(work.outcome.notebook, as_version=4)
    told = _resources(course, plan.submission, work.name)
    for step in steps:
        notebook, told = step(notebook, told)
    if notes := [f"- {note}" for note in _said(plan, work)]:
        text = safe_markdown("\n".join(["**Notes of the grader**", "", *notes]), {})
        notebook.cells.insert(0, submissions.also_cell(notebook, text))
    return str(nbformat.writes(notebook))


def open_tests(planner: Planner, work: Work) -> Iterator[str]:
    """Yield the graded cells of a notebook that must wait for a person."""
    outcome = work.outcome
    for cell in planner.given[work.name]:
        if not cell.is_graded:
            continue
        if not outcome or not outcome.notebook or cell.name in (*outcome.unrun, *outcome.doubts):
            yield cell.name


def _lay_down(course: NbgraderCourse, plan: Plan, texts: dict[str, str]) -> None:
    submission = plan.submission
    folder = course.folder(
        course.directory.autograded_directory, submission.student, submission.assignment
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
    try:
        made.chmod(0o755)
        job = next((work.job for work in plan.works if work.job), None)
        for name, content in (job.files if job else submission.files).items():
            path = made / file_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, text in texts.items():
            (made / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def gradebook_rows(course: NbgraderCourse, assignments: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield a row a student and assignment, as nbgrader's own export has it, and a state.

    The score is empty, and never 0, where nothing was handed in, or a part has no mark yet.
    """
    with course.gradebook() as gradebook:
        students = sorted(gradebook.students, key=lambda one: str(one.id))
        for name in assignments:
            assignment = gradebook.find_assignment(name)
            for student in students:
                row = {
                    "assignment": name,
                    "duedate": assignment.duedate,
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "max_score": assignment.max_score,
                    "state": "nothing handed in",
                }
                try:
                    submission = gradebook.find_submission(name, student.id)
                except MissingEntry:
                    yield row
                    continue
                yield row | _scored(submission)


def _scored(submission: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"timestamp": submission.timestamp}
    waiting = sum(
        grade.needs_manual_grade for notebook in submission.notebooks for grade in notebook.grades
    )
    if waiting:
        return told | {"state": "waits for you", "so_far": submission.score, "waiting": waiting}
    penalty = submission.late_submission_penalty
    return told | {
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
        "state": "graded",
    }


def report_rows(plan: Plan) -> Iterator[dict[str, str]]:
    """Yield a row for all that a teacher should know of a submission."""
    found = [*plan.submission.problems]
    renamed = [name for name in plan.submission.files if file_name(name) != name]
    if renamed and any(work.outcome for work in plan.works):
        more = f", and {len(renamed) - 3} more" if len(renamed) > 3 else ""
        found.append(
            ("", f"a browser could run {', '.join(renamed[:3])}{more}: laid down with .txt added")
        )
    for work in plan.works:
        found += [(work.name, one) for one in _said(plan, work)]
    told = {"assignment": plan.submission.assignment, "student_id": plan.submission.student}
    for notebook, what in found:
        row = {**told, "notebook": notebook, "what": what}
        # The name of a file may hold bytes that are no text, or that steer a terminal.
        yield {name: _one_line(text) for name, text in row.items()}


def _one_line(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _said(plan: Plan, work: Work) -> list[str]:
    """Return what is to be said of a notebook, each thing once."""
    said = list(work.notes)
    outcome = work.outcome
    if outcome is None:
        return said
    said += [f"it was stopped: {outcome.stopped}"] if outcome.stopped else []
    said += [f"it was not run: {outcome.fault}"] if outcome.fault else []
    why: dict[str, list[str]] = {}
    for name, doubt in sorted(outcome.doubts.items()):
        why.setdefault(doubt, []).append(name)
    said += [f"{', '.join(names)}: {doubt}" for doubt, names in why.items()]
    if outcome.printed:
        first = next(iter(outcome.printed.values())).strip()[:80]
        names = ", ".join(outcome.printed)
        said.append(f"{names}: written to standard error meanwhile, at no cost: {first}")
    submission = plan.submission
    return said + made_inert(outcome.inert, submission.student, submission.assignment)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write a CSV in one step, without a cell that a spreadsheet would take for a formula."""
    lines = ([row.get(name) for name in columns] for row in rows)
    write_whole(path, csv_text(columns, lines).encode())
