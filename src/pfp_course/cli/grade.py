"""``pfp grade``: what a class handed in, receipts or notebooks, becomes grades."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from pfp_course.cli import stoppable
from pfp_course.cli.app import counted, out, quiet, say
from pfp_course.course import default_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.code_grading.batch import Summary
    from pfp_course.code_grading.sandbox import Limits
    from pfp_course.grading import Outcome

__all__ = ["command"]


_TRUST = "I trust this code"
_SHOWN = 20  # lines of the report on notebooks
_receipts = partial(typer.Option, rich_help_panel="Receipts")
_notebooks = partial(typer.Option, rich_help_panel="Notebooks")


def command(
    source: Annotated[
        Path, typer.Argument(help="A folder or a zip with what your students handed in.")
    ],
    assignment: Annotated[
        list[str] | None,
        typer.Option(
            help="Your key: the file that ends in .key.json. With --notebooks: names; all if none.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[Path, typer.Option("--out", help="The folder for the grades.")] = Path("grades"),
    roster: Annotated[
        Path | None, _receipts(help="Your list of students, as CSV.", show_default=False)
    ] = None,
    late: Annotated[
        Literal["accept", "penalty", "refuse"], _receipts(help="Work after the deadline.")
    ] = "accept",
    penalty: Annotated[
        float,
        _receipts(
            min=0,
            max=100,
            help="With --late penalty: percent of the points earned, for each day begun.",
        ),
    ] = 10.0,
    grace: Annotated[
        int, _receipts(min=0, help="Minutes after the deadline that are no delay.")
    ] = 15,
    drop: Annotated[
        list[str] | None,
        _receipts(
            help="Leave a question out, for everybody. May be given again.", show_default=False
        ),
    ] = None,
    mended: Annotated[
        Path | None,
        _receipts("--key-mended", help="A mended key: mark by it.", show_default=False),
    ] = None,
    marks: Annotated[
        Path | None,
        _receipts(help="The table to-mark.csv, filled in by you.", show_default=False),
    ] = None,
    decisions: Annotated[
        Path | None,
        _receipts(help="The table to-decide.csv, filled in by you.", show_default=False),
    ] = None,
    variants: Annotated[
        Literal["hold", "count"],
        _receipts(
            help="Answers to another variant than the student's own: held back until you decide, "
            "or counted.",
        ),
    ] = "hold",
    answers: Annotated[
        bool | None,
        _receipts(
            "--answers/--no-answers",
            help="Name the right answers in the feedback. Default: in practice, not in an exam.",
            show_default=False,
        ),
    ] = None,
    regrade: Annotated[
        bool,
        _receipts(
            "--regrade",
            help="Grade again: the earlier grades are kept, and all that changed is listed.",
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes that work at one time.")
    ] = 2,
    notebooks: Annotated[
        bool,
        _notebooks(
            "--notebooks",
            help="Grade the notebooks of an nbgrader course, in a sandbox. A test that fails gives "
            "0 only where the notebook is as you gave it; all else waits for you.",
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        _notebooks(
            help="Run them on this Dask cluster, such as tcp://host:8786.", show_default=False
        ),
    ] = None,
    memory: Annotated[int, _notebooks(min=256, help="Megabytes for a notebook.")] = 2048,
    seconds: Annotated[float, _notebooks(min=1, help="Seconds for a cell.")] = 60,
    unsandboxed: Annotated[
        str | None,
        _notebooks(
            help=f'Run without a sandbox. Only with the words "{_TRUST}".', show_default=False
        ),
    ] = None,
) -> None:
    """Turn what students handed in into grades, marked anew with your key.

    It writes a gradebook, tables for Canvas and Moodle, a page of feedback for each student, an
    analysis of the questions, and a report of all that needs your eyes. What cannot be read is
    blank, and never 0.

    Examples
    --------
        pfp grade receipts/ --assignment week-3.key.json --roster students.csv

        pfp grade submissions.zip --assignment week-3.key.json --late penalty --penalty 20

        pfp grade receipts/ --assignment week-3.key.json --regrade --drop 03.flow

        pfp grade --notebooks course --assignment chapters-03-07
    """
    if notebooks:
        from pfp_course.code_grading.sandbox import Limits

        limits = Limits(cell=seconds, notebook=10 * seconds, memory=memory)
        _grade_notebooks(source, assignment or [], to, limits, workers, scheduler, unsandboxed)
        return
    if not assignment or len(assignment) != 1:
        raise CourseError("Receipts have one key. Name it once, with --assignment.")
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    bar = Progress(TextColumn("{task.description}"), *columns, console=out, transient=True)
    with stoppable(_stopped, bar.stop):
        from pfp_course.assignments.assignment import read_key
        from pfp_course.grading import Settings
        from pfp_course.grading import grade as grade_receipts

        key = read_key(Path(assignment[0]))
        settings = Settings(
            key=key,
            mended=read_key(mended) if mended else None,
            drop=frozenset(drop or []),
            late=late,
            penalty=penalty,
            grace=grace,
            variants=variants,
            reveal=answers if answers is not None else key.mode == "practice",
        )
        with bar:
            task = bar.add_task("Beginning", total=None)

            def progress(what: str, done: int, total: int) -> None:
                if bar.tasks[0].description != what:
                    bar.reset(task, description=what, total=total, completed=done)
                else:
                    bar.update(task, completed=done, total=total)

            outcome = grade_receipts(
                source,
                to,
                settings,
                default_course(),
                roster=roster,
                marks=marks,
                decisions=decisions,
                regrade=regrade,
                processes=workers,
                progress=progress,
            )
        _say(to, outcome)


def _stopped() -> str:
    """Put things in order after Ctrl-C, and return what is said."""
    # While the command is still being loaded, there is nothing to put in order.
    folder = sys.modules.get("pfp_course.grading.output_folder")
    if folder is not None and folder.stopped():
        return "Stopped, but the grades were just done. Open report.html among them."
    return "Stopped. Nothing was written: grades that were there before are unchanged."


def _say(to: Path, found: "Outcome") -> None:
    from pfp_course.grading.teacher_tables import STATUS

    parts = ", ".join(f"{number} {STATUS[name]}" for name, number in found.statuses.items())
    lines = [f"{counted(found.students, 'student')}: {parts or 'none'}."]
    if found.held:
        lines.append(
            f"{counted(found.held, 'answer')} to be marked by you, in the column mark of "
            f"{to / 'to-mark.csv'}. Save it under another name, and grade again with --regrade "
            "--marks and that name."
        )
    if found.decisions:
        lines.append(
            f"{counted(found.decisions, 'receipt')} to be decided by you, in the column decision "
            f"of {to / 'to-decide.csv'}: yes, no, or the student. Save it under another name, and "
            "grade again with --regrade --decisions and that name."
        )
    if found.problems:
        lines.append(f"{counted(found.problems, 'thing')} to look at: {to / 'report.html'}")
    if found.changed is not None:
        lines.append(
            f"The grades of {counted(found.changed, 'student')} changed: "
            f"{to / 'changes.html'}. The earlier grades are kept in {to.name}-earlier."
        )
    lines.append(f"Grades: {to / 'gradebook.csv'}. Questions: {to / 'items.html'}.")
    say(*lines)


def _grade_notebooks(
    folder: Path,
    assignments: list[str],
    tables: Path,
    limits: "Limits",
    workers: int,
    scheduler: str | None,
    unsandboxed: str | None,
) -> None:
    """Grade the notebooks of an nbgrader course in the sandbox."""
    if unsandboxed is not None and unsandboxed != _TRUST:
        raise CourseError(
            "Without the sandbox each notebook can read and change all that you can. If you mean "
            f'it, write: --unsandboxed "{_TRUST}"'
        )
    with _resumable():
        if find_spec("nbgrader") is None:
            raise CourseError(
                "nbgrader is not installed. Install it beside the course: "
                "python -m pip install 'pfp-course[classroom]'. In a clone: "
                'python -m pip install -e ".[classroom]".'
            )
        from pfp_course.code_grading.batch import grade_notebooks
        from pfp_course.code_grading.nbgrader_course import open_course
        from pfp_course.code_grading.sandbox import content_of, sandbox

        bare = unsandboxed == _TRUST
        out.print(f"Sandbox: {sandbox(bare=bare).summary}.", highlight=False, soft_wrap=True)
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        bar = Progress(*columns, TextColumn("left:"), TimeRemainingColumn(), console=out)
        task = bar.add_task("grading", total=None)

        def watch(done: int, total: int) -> None:
            # Not before the first call: its thread must not run while workers are forked.
            bar.start()
            bar.update(task, completed=done, total=total)

        try:
            with quiet():
                summary = grade_notebooks(
                    open_course(folder, content_of(default_course())),
                    assignments,
                    tables,
                    limits=limits,
                    workers=workers,
                    scheduler=scheduler,
                    bare=bare,
                    watch=watch,
                )
        finally:
            bar.stop()
        _say_notebooks(summary, tables)


@contextmanager
def _resumable() -> Iterator[None]:
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


def _say_notebooks(summary: "Summary", tables: Path) -> None:
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
