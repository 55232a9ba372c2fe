"""``pfp slides``: decks of the chapters, one file each."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from pfp_course import chapters
from pfp_course.cli.app import out
from pfp_course.cli.installation import need_libraries
from pfp_course.course import default_course
from pfp_course.errors import CourseError

__all__ = ["command"]


def command(
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
    need_libraries("pfp slides", "book", "sphinx", "nbconvert")
    from pfp_course.sphinx_ext.execution import deck

    course = default_course()
    wanted = [chapters.chapter(number, course) for number in chapter or []]
    try:
        to.mkdir(parents=True, exist_ok=True)
        listed = wanted or list(chapters.chapters(course))
        for selected in track(listed, "running the chapters", console=out, transient=True):
            target = to / f"{selected.notebook.stem}.html"
            target.write_text(deck(selected, course), encoding="utf-8")
            out.print(f"  [green]deck[/] {target}", highlight=False)
    except OSError as error:
        raise CourseError(
            f"{to} cannot be written ({error.strerror}). Name another folder with --to."
        ) from None
