"""What came of a batch: nbgrader's gradebook, its folder ``autograded``, tables for the teacher."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry

from pfp_course.classroom.grading.sheets import csv_text
from pfp_course.classroom.notebooks.course import Course
from pfp_course.classroom.notebooks.planning import Plan, Planner, Work, resources

__all__ = ["COLUMNS", "gradebook_rows", "record", "report_rows", "write_table"]

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "state",
    "so_far",
    "waiting",
)


def record(course: Course, planner: Planner, plan: Plan) -> None:
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
            for name in _open_tests(planner, work):
                grade = gradebook.find_grade(name, work.name, assignment, student)
                grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    _lay_down(course, plan, {name: text for name, text in texts.items() if text})


def _saved(course: Course, plan: Plan, work: Work, steps: list[Any]) -> str:
    if work.outcome is None or not work.outcome.notebook:
        return ""
    notebook = nbformat.reads(work.outcome.notebook, as_version=4)
    told = resources(course, plan.submission, work.name)
    for step in steps:
        notebook, told = step(notebook, told)
    text: str = nbformat.writes(notebook)
    return text


def _open_tests(planner: Planner, work: Work) -> Iterator[str]:
    """Yield the graded cells of a notebook that must wait for a person."""
    outcome = work.outcome
    for cell in planner.given[work.name]:
        if not cell.metadata["grade"] and not cell.metadata["task"]:
            continue
        ran = outcome is not None and outcome.notebook
        if not ran or (outcome and (cell.name in outcome.unrun or cell.name in outcome.doubts)):
            yield cell.name


def _lay_down(course: Course, plan: Plan, texts: dict[str, str]) -> None:
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
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, text in texts.items():
            (made / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def gradebook_rows(course: Course, assignments: Iterable[str]) -> Iterator[dict[str, Any]]:
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
        return told | {
            "state": "waits for you",
            "so_far": submission.score,
            "waiting": waiting,
        }
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
    for work in plan.works:
        said = list(work.notes)
        if work.outcome is not None:
            said += [f"it was stopped: {work.outcome.stopped}"] if work.outcome.stopped else []
            said += [f"it was not run: {work.outcome.fault}"] if work.outcome.fault else []
            said += [f"{name}: {why}" for name, why in sorted(work.outcome.doubts.items())]
        found += [(work.name, one) for one in said]
    told = {"assignment": plan.submission.assignment, "student_id": plan.submission.student}
    for notebook, what in found:
        row = {**told, "notebook": notebook, "what": what}
        # The name of a file may hold bytes that are no text.
        yield {name: text.encode("utf-8", "replace").decode() for name, text in row.items()}


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write a CSV in one step, without a cell that a spreadsheet would take for a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    lines = ([row.get(name) for name in columns] for row in rows)
    temporary.write_text(csv_text(columns, lines), encoding="utf-8", newline="")
    temporary.replace(path)
