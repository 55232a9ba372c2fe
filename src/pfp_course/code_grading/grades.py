"""What came of a batch: nbgrader's gradebook, its folder ``autograded``, tables for the teacher."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import MissingEntry

from pfp_course.code_grading.inert import file_name, made_inert
from pfp_course.code_grading.nbgrader_course import NbgraderCourse
from pfp_course.code_grading.planning import Plan, Planner, Work, resources
from pfp_course.code_grading.repair import with_notes
from pfp_course.files import write_whole
from pfp_course.grading.sheets import csv_text

__all__ = ["COLUMNS", "gradebook_rows", "open_tests", "record", "report_rows", "write_table"]

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
    told = resources(course, plan.submission, work.name)
    for step in steps:
        notebook, told = step(notebook, told)
    with_notes(notebook, _said(plan, work))
    text: str = nbformat.writes(notebook)
    return text


def open_tests(planner: Planner, work: Work) -> Iterator[str]:
    """Yield the graded cells of a notebook that must wait for a person."""
    outcome = work.outcome
    for cell in planner.given[work.name]:
        if not cell.metadata["grade"] and not cell.metadata["task"]:
            continue
        ran = outcome is not None and outcome.notebook
        if not ran or (outcome and (cell.name in outcome.unrun or cell.name in outcome.doubts)):
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
