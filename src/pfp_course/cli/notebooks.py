"""``pfp assign --to nbgrader`` and ``pfp grade --notebooks``: code that must be run."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.classroom.notebooks.batch import Summary
    from pfp_course.classroom.notebooks.limits import Limits

__all__ = ["TRUST", "assign", "grade"]

TRUST = "I trust this code"
_SHOWN = 20


def assign(console: Console, numbers: list[str], *, name: str, due: str, out: Path) -> None:
    """Write chapters as a source assignment of an nbgrader course, and say what comes next.

    Raises
    ------
    CourseError
        If nbgrader is missing, or the files cannot be written.
    """
    _needs_nbgrader()
    from pfp_course.classroom.notebooks.source import source_name, write_source

    name = name or source_name(numbers)
    try:
        written = write_source(numbers, out, name)
        if due:
            _set_due(out, name, due)
    except OSError as error:
        raise CourseError(
            f"{out} cannot be written ({error.strerror}). Name another folder with --out."
        ) from None
    for path in written:
        console.print(f"  [green]source[/] {path}", highlight=False)
    console.print(
        f"These files hold the answers and the tests: keep them. In {out}, run\n"
        f"    nbgrader generate_assignment {name}\n"
        f"and give the notebooks in release/{name} to your students. Put what comes back into "
        f"submitted/STUDENT/{name}/ and run\n"
        f"    pfp grade --notebooks {out} --assignment {name} --out grades",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )


def _set_due(out: Path, name: str, due: str) -> None:
    from pfp_course.classroom.assignment import moment
    from pfp_course.classroom.notebooks.course import open_course

    # nbgrader keeps moments in UTC, and does not say so.
    when = moment(due).replace(tzinfo=None)
    with _quiet(), open_course(out).gradebook() as gradebook:
        gradebook.update_or_create_assignment(name, duedate=when)


def grade(
    console: Console,
    folder: Path,
    *,
    assignments: list[str],
    out: Path,
    limits: "Limits",
    workers: int,
    scheduler: str | None,
    unsandboxed: str | None,
) -> None:
    """Grade the notebooks of an nbgrader course in the sandbox.

    Raises
    ------
    CourseError
        If something is missing, the sandbox does not hold, or the course cannot be graded.
    """
    _needs_nbgrader()
    from pfp_course.classroom.notebooks.batch import grade_notebooks
    from pfp_course.classroom.notebooks.course import open_course
    from pfp_course.classroom.notebooks.sandbox import sandbox

    if unsandboxed is not None and unsandboxed != TRUST:
        raise CourseError(
            "Without the sandbox each notebook can read and change all that you can. If you mean "
            f'it, write: --unsandboxed "{TRUST}"'
        )
    bare = unsandboxed == TRUST
    console.print(f"Sandbox: {sandbox(bare=bare).summary}.", highlight=False, soft_wrap=True)
    with _quiet(), _progress(console) as watch:
        summary = grade_notebooks(
            open_course(folder),
            assignments,
            out,
            limits=limits,
            workers=workers,
            scheduler=scheduler,
            bare=bare,
            watch=watch,
        )
    _tell(console, summary, out)


def _needs_nbgrader() -> None:
    if find_spec("nbgrader") is None:
        raise CourseError(
            "nbgrader is not installed. Install it beside the course: "
            "python -m pip install 'pfp-course[classroom]'. In a clone: "
            'python -m pip install -e ".[classroom]".'
        )


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # nbgrader and SQLAlchemy talk of their own affairs.
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=console)
    task = progress.add_task("grading", total=None)

    def watch(done: int, total: int) -> None:
        # Not before the first call: its thread must not run while workers are forked.
        progress.start()
        progress.update(task, completed=done, total=total)

    try:
        yield watch
    finally:
        progress.stop()


def _tell(console: Console, summary: "Summary", out: Path) -> None:
    lines = [
        f"Notebooks run: {summary.run}. Not run again, because they are the same: {summary.kept}.",
        *(
            f"  {row['student_id']}, {row['notebook'] or 'all'}: {row['what']}"
            for row in summary.report[:_SHOWN]
        ),
    ]
    if len(summary.report) > _SHOWN:
        lines.append(f"  and {len(summary.report) - _SHOWN} more lines in report.csv")
    lines += [
        f"Grades: {out / 'gradebook.csv'}. An empty score is a missing one, and not 0.",
        f"Report: {out / 'report.csv'}",
    ]
    console.print("\n".join(lines), highlight=False, soft_wrap=True, markup=False)
