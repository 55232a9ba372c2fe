"""``pfp grade``: what a class handed in becomes grades."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pfp_course.cli.console import counted, out, say
from pfp_course.cli.notebooks import TRUST, grade_notebooks
from pfp_course.cli.terminal import stoppable
from pfp_course.course import default_course
from pfp_course.errors import CourseError

if TYPE_CHECKING:
    from pfp_course.grading import Outcome, Settings

__all__ = ["app", "grade"]

app = typer.Typer(rich_markup_mode="rich")

_bar = Progress(
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("left:"),
    TimeRemainingColumn(),
    console=out,
    transient=True,
)


_receipts = partial(typer.Option, rich_help_panel="Receipts")
_notebooks = partial(typer.Option, rich_help_panel="Notebooks")


@app.command()
def grade(
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
            help=f'Run without a sandbox. Only with the words "{TRUST}".', show_default=False
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

        grade_notebooks(
            source,
            assignments=assignment or [],
            tables=to,
            limits=Limits(cell=seconds, notebook=10 * seconds, memory=memory),
            workers=workers,
            scheduler=scheduler,
            unsandboxed=unsandboxed,
        )
        return
    if not assignment or len(assignment) != 1:
        raise CourseError("Receipts have one key. Name it once, with --assignment.")
    with stoppable(_stopped, _bar.stop):
        from pfp_course.assignments.assignment import read_key
        from pfp_course.grading import Settings

        tables = {"roster": roster, "marks": marks, "decisions": decisions}
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
        _say(to, _graded(source, to, settings, tables, workers, regrade=regrade))


def _stopped() -> str:
    """Put things in order after Ctrl-C, and return what is said."""
    # While the command is still being loaded, there is nothing to put in order.
    folder = sys.modules.get("pfp_course.grading.output_folder")
    if folder is not None and folder.stopped():
        return "Stopped, but the grades were just done. Open report.html among them."
    return "Stopped. Nothing was written: grades that were there before are unchanged."


def _graded(
    source: Path,
    to: Path,
    settings: "Settings",
    tables: dict[str, Path | None],
    workers: int,
    *,
    regrade: bool,
) -> "Outcome":
    from pfp_course.grading import grade as grade_receipts

    with _bar as bar:
        for earlier in bar.task_ids:
            bar.remove_task(earlier)
        task = bar.add_task("Beginning", total=None)

        def progress(what: str, done: int, total: int) -> None:
            if bar.tasks[0].description != what:
                bar.reset(task, description=what, total=total, completed=done)
            else:
                bar.update(task, completed=done, total=total)

        return grade_receipts(
            source,
            to,
            settings,
            default_course(),
            **tables,
            regrade=regrade,
            processes=workers,
            progress=progress,
        )


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
