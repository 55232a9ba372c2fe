"""``pfp assign --to nbgrader`` and ``pfp grade --notebooks``: code that must be run."""

import logging
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pfp_course.cli.console import out, say
from pfp_course.course import default_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.code_grading.batch import Summary
    from pfp_course.code_grading.sandbox import Limits

__all__ = ["TRUST", "assign_notebooks", "grade_notebooks"]

TRUST = "I trust this code"
_SHOWN = 20


def assign_notebooks(numbers: list[str], *, name: str, due: str, folder: Path) -> None:
    """Write chapters as a source assignment of an nbgrader course, and say what comes next.

    Raises
    ------
    CourseError
        If nbgrader is missing, or the files cannot be written.
    """
    _needs_nbgrader()
    from pfp_course.code_grading.nbgrader_course import source_name, write_source

    course = default_course()
    name = name or source_name(numbers, course)
    try:
        written = write_source(numbers, folder, name, course)
        if due:
            _set_due(folder, name, due)
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be written ({error.strerror}). Name another folder with --out."
        ) from None
    for path in written:
        out.print(f"  [green]source[/] {path}", highlight=False)
    out.print(
        f"These files hold the answers and the tests: keep them. In {folder}, run\n"
        f"    nbgrader generate_assignment {name}\n"
        f"and give the notebooks in release/{name} to your students. Put what comes back into "
        f"submitted/STUDENT/{name}/ and run\n"
        f"    pfp grade --notebooks {folder} --assignment {name} --out grades",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )


def _set_due(folder: Path, name: str, due: str) -> None:
    from pfp_course.assignments.assignment import moment
    from pfp_course.code_grading.nbgrader_course import open_course

    # nbgrader keeps moments in UTC, and does not say so.
    when = moment(due).replace(tzinfo=None)
    with _quiet(), open_course(folder).gradebook() as gradebook:
        gradebook.update_or_create_assignment(name, duedate=when)


def grade_notebooks(
    folder: Path,
    *,
    assignments: list[str],
    tables: Path,
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
    if unsandboxed is not None and unsandboxed != TRUST:
        raise CourseError(
            "Without the sandbox each notebook can read and change all that you can. If you mean "
            f'it, write: --unsandboxed "{TRUST}"'
        )
    with _stoppable():
        _needs_nbgrader()
        from pfp_course.code_grading.batch import grade_notebooks as run_batch
        from pfp_course.code_grading.nbgrader_course import open_course
        from pfp_course.code_grading.sandbox import content_of, sandbox

        bare = unsandboxed == TRUST
        out.print(f"Sandbox: {sandbox(bare=bare).summary}.", highlight=False, soft_wrap=True)
        with _quiet(), _progress() as watch:
            summary = run_batch(
                open_course(folder, content_of(default_course())),
                assignments,
                tables,
                limits=limits,
                workers=workers,
                scheduler=scheduler,
                bare=bare,
                watch=watch,
            )
        _tell(summary, tables)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn Ctrl+C and a disk that cannot be written into one message."""
    try:
        yield
    except KeyboardInterrupt:
        # Whoever presses it again has been heard.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        out.print(
            "Stopped. The tables of the last run are as they were, and what is graded is kept: "
            "run the same command, and it goes on where it was.",
            highlight=False,
            soft_wrap=True,
        )
        raise SystemExit(130) from None
    except CourseError:
        raise
    except Exception as error:
        from pfp_course.code_grading.pools import no_room

        if full := no_room(error):
            raise full from None
        if isinstance(error, OSError):
            where = f"{error.filename}: " if error.filename else ""
            raise CourseError(
                f"{where}{error.strerror or error}. The tables of the last run are as they were. "
                "Mend that, and run the same command: it goes on where it was."
            ) from None
        raise


def _needs_nbgrader() -> None:
    if find_spec("nbgrader") is None:
        raise CourseError(
            "nbgrader is not installed. Install it beside the course: "
            "python -m pip install 'pfp-course[classroom]'. In a clone: "
            'python -m pip install -e ".[classroom]".'
        )


@contextmanager
def _quiet() -> Iterator[None]:
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        # nbgrader and SQLAlchemy talk of their own affairs, with tracebacks of what we handle.
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    progress = Progress(*columns, console=out)
    task = progress.add_task("grading", total=None)

    def watch(done: int, total: int) -> None:
        # Not before the first call: its thread must not run while workers are forked.
        progress.start()
        progress.update(task, completed=done, total=total)

    try:
        yield watch
    finally:
        progress.stop()


def _tell(summary: "Summary", tables: Path) -> None:
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
        f"Grades: {tables / 'gradebook.csv'}. An empty score is a missing one, and not 0.",
        f"Report: {tables / 'report.csv'}",
    ]
    say(*lines)
