"""The command line: what each command takes, and how an error is shown."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pfp_course._version import __version__
from pfp_course.cli import (
    assigning,
    building,
    checking,
    doctoring,
    editions,
    grading,
    notebooks,
    publisher,
    questioning,
    serving,
    starting,
)
from pfp_course.cli import slides as slideshow
from pfp_course.errors import CourseError

__all__ = ["app"]

out = Console()
err = Console(stderr=True)


class _Course(typer.Typer):
    """A Typer that shows a `CourseError` as one message, without a traceback."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        try:
            return super().__call__(*args, **kwargs)
        except CourseError as error:
            err.print("[bold red]Error:[/] ", end="")
            err.print(str(error), markup=False, highlight=False, soft_wrap=True)
            raise SystemExit(1) from None


app = _Course(
    name="pfp",
    help=(
        "Partnership for Peace: a course in notebooks.\n\n"
        "Students begin with [bold]pfp start[/] and hand in with [bold]pfp submit[/]. Instructors "
        "plan with [bold]pfp syllabus[/] and set work with [bold]pfp assign[/] and "
        "mark it with [bold]pfp grade[/]. Authors and "
        "publishers work in a clone of the project with [bold]pfp check[/], [bold]pfp build[/], "
        "[bold]pfp serve[/], [bold]pfp publish[/] and [bold]pfp links[/]. "
        "When something fails, ask [bold]pfp doctor[/]."
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"pfp-course {__version__}", highlight=False)
        raise typer.Exit


app.add_typer(questioning.app, name="questions")


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that come before a command."""


@app.command()
def start(
    folder: Annotated[
        Path, typer.Argument(help="Where your notebooks go. It is made if it does not exist.")
    ] = Path("partnership-for-peace"),
    chapter: Annotated[
        list[str] | None,
        typer.Option("--chapter", "-c", help="Copy only this chapter. May be given again."),
    ] = None,
    open_lab: Annotated[
        bool, typer.Option("--open/--no-open", help="Open JupyterLab afterwards.")
    ] = True,
) -> None:
    """Copy the notebooks into a folder of yours and open JupyterLab.

    A notebook that is already in the folder is yours and is never written over. To get a
    fresh copy of a chapter, rename your own and run the command again. In a folder that your
    teacher's zip made, nothing is copied: the command opens what was assigned.

    Examples
    --------
        pfp start

        pfp start my-course --chapter 2
    """
    starting.start(out, folder, chapter or [], open_lab=open_lab)


@app.command()
def build(
    folder: Annotated[
        Path, typer.Argument(help="The project, a folder with _config.yml and _toc.yml.")
    ] = Path(),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build every page and run every notebook anew.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print PDFs into _build/pdf (needs Chromium).")
    ] = False,
    epub: Annotated[
        bool, typer.Option("--epub", help="Also make an ePub 3 for e-readers, in _build/epub.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Also pack the book as a zip, in _build/offline.")
    ] = False,
) -> None:
    """Build the book into _build/html. Any warning is an error.

    The finished book needs no server: open _build/html/index.html in a browser. The PDFs are
    the whole course and each chapter by itself, with the answers at the end.

    Examples
    --------
        pfp build

        pfp build --pdf --epub --offline
    """
    building.build(out, folder, fresh=fresh)
    editions.make(out, folder, pdf=pdf, epub=epub, offline=offline)


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="The project.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
) -> None:
    """Show the built book on this computer only, until you press Ctrl+C."""
    serving.serve(out, folder, port, open_page=open_page)


@app.command()
def check(
    what: Annotated[
        list[checking.Part] | None,
        typer.Argument(help="What to check; everything if nothing is named.", show_default=False),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="A project with data/ and notebooks/. Default: the course itself."),
    ] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Also run each notebook in a clean kernel (slow).")
    ] = False,
) -> None:
    """Check the data, the questions and the notebooks, and list every problem at once.

    Each problem names its file, its line and the mend. The command exits with 1 if it finds
    any, so that it can guard a commit.

    Examples
    --------
        pfp check

        pfp check questions

        pfp check notebooks --run
    """
    checking.check(out, what or list(checking.Part), folder, run=run)


@app.command()
def slides(
    chapter: Annotated[
        list[str] | None,
        typer.Argument(help="Numbers of chapters; all if none is named.", show_default=False),
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder for the decks.")] = Path("slides"),
) -> None:
    """Write slides: the figures and key points of a chapter, as a deck in one file.

    A deck needs no network. The arrow keys turn the slides, F fills the screen, and O shows them
    all. To print it, add ?print-pdf to its address.

    Examples
    --------
        pfp slides 2 7 --to slides
    """
    slideshow.slides(out, chapter or [], to)


@app.command()
def assign(
    chapters: Annotated[list[str], typer.Argument(help="Numbers of chapters.", show_default=False)],
    due: Annotated[
        str,
        typer.Option(
            help="The last day, as 2027-02-15 (its end in UTC), or a moment, as "
            "2027-02-15T18:00+05:00.",
            show_default=False,
        ),
    ] = "",
    title: Annotated[str, typer.Option(help="A title for students.", show_default=False)] = "",
    mode: Annotated[
        assigning.Mode,
        typer.Option(help="practice: students are told what is right. exam: they are not."),
    ] = assigning.Mode.practice,
    seed_by: Annotated[
        assigning.SeedBy,
        typer.Option(help="Who gets the same variants: all of the class, or each their own."),
    ] = assigning.SeedBy.class_,
    seed: Annotated[
        str, typer.Option(help="The class's seed. Default: one made from the settings.")
    ] = "",
    bank: Annotated[
        list[Path] | None,
        typer.Option(help="A bank of your own, such as my-exam.yml. May be given again."),
    ] = None,
    to: Annotated[Path, typer.Option("--out", help="The folder for the two files.")] = Path(
        "assignments"
    ),
    target: Annotated[
        assigning.Target,
        typer.Option("--to", help="zip: a file for students. nbgrader: a source assignment."),
    ] = assigning.Target.zip,
    name: Annotated[
        str, typer.Option(help="With --to nbgrader: the assignment's name.", show_default=False)
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over files that are there with other content.")
    ] = False,
) -> None:
    """Set work: one zip for students, and the key for you.

    The zip holds the notebooks, the questions, the course itself and a page that tells how to
    open, answer and hand in, so that it works where nothing is published. The key stays with
    you; `pfp grade` needs it. The same command gives the same files.

    In an exam the zip holds no key, hint or reply. But the keys to the course's own questions are
    public with its source: an exam needs a bank of your own, with --bank; it then asks the
    questions of that bank alone. Variants of the course's questions only make copying harder.

    With --to nbgrader the exercises become cells with points and hidden tests, and the open
    questions cells that you mark, in the folder source of an nbgrader course. Quizzes are not
    graded there. Grade what comes back with `pfp grade --notebooks`.

    Examples
    --------
        pfp assign 3 7 --due 2027-02-15 --title "Paths out of PfP"

        pfp assign 3 7 --due 2027-02-15 --seed-by student --out week-5

        pfp assign 3 7 --due 2027-03-01T12:00+05:00 --mode exam --bank my-exam.yml

        pfp assign 3 7 --to nbgrader --out course
    """
    if target is assigning.Target.nbgrader:
        if bank or seed or mode is assigning.Mode.exam:
            raise CourseError(
                "--bank, --seed and --mode exam are for receipts, and not for --to nbgrader."
            )
        notebooks.assign(out, chapters, name=name, due=due, out=to)
        return
    assigning.assign(
        out,
        chapters,
        due=due,
        title=title,
        mode=mode,
        seed_by=seed_by,
        seed=seed,
        banks=bank or [],
        out=to,
        replace=replace,
    )


@app.command()
def syllabus(
    start: Annotated[str, typer.Option(help="The first day, as 2027-01-18.", show_default=False)],
    weeks: Annotated[int, typer.Option(min=1, max=60, help="How many weeks.")] = 7,
    days: Annotated[str, typer.Option(help="The days of the week.")] = "mon,thu",
    chapters: Annotated[
        str, typer.Option(help="Chapters, as 1-7,9. Default: all.", show_default=False)
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--out", help="A folder for three files. Default: show the plan here."),
    ] = None,
) -> None:
    """Plan a course: its chapters on dates, as text, calendar and table.

    The chapters are spread so that the longest week is as short as can be. With --out the plan is
    written as syllabus.md, syllabus.ics (for any calendar program) and syllabus.csv.

    Examples
    --------
        pfp syllabus --start 2027-01-18 --weeks 7 --days mon,thu

        pfp syllabus --start 2027-01-18 --chapters 1-5 --weeks 5 --days wed --out plan
    """
    assigning.syllabus(out, start=start, weeks=weeks, days=days, numbers=chapters, out=to)


app.command()(grading.grade)


@app.command()
def submit(
    folder: Annotated[Path, typer.Argument(help="The folder in which you worked.")] = Path(),
    name: Annotated[
        str,
        typer.Option("--name", "-n", help="Your name or id. Default: the one you wrote before."),
    ] = "",
) -> None:
    """Hand in: write your answers into one file, the receipt, for your teacher.

    The form at the end of a notebook does the same.

    Examples
    --------
        pfp submit --name "Aigerim Nurlan"
    """
    assigning.submit(out, folder, name)


@app.command()
def doctor() -> None:
    """Tell what is installed, what is missing, and how to mend it."""
    doctoring.doctor(out)


publisher.add_to(app)
