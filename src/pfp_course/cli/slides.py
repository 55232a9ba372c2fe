"""``pfp slides``: decks of the chapters, one file each."""

from pathlib import Path

from rich.console import Console
from rich.progress import track

from pfp_course.chapters import chapter, chapters
from pfp_course.errors import CourseError

__all__ = ["slides"]


def slides(console: Console, numbers: list[str], folder: Path) -> None:
    """Write the decks of some chapters, or of all, into a folder.

    Raises
    ------
    CourseError
        If a chapter does not exist or does not run, or the folder cannot be written.
    """
    from nbclient.exceptions import CellExecutionError

    from pfp_course.book.slides import deck

    wanted = [chapter(number) for number in numbers] or list(chapters())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in track(wanted, "running the chapters", console=console, transient=True):
            target = folder / f"{one.notebook.stem}.html"
            target.write_text(deck(one), encoding="utf-8")
            console.print(f"  [green]deck[/] {target}", highlight=False)
    except CellExecutionError as error:
        raise CourseError(f"The chapter does not run, so it has no slides. {error}") from None
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be written ({error.strerror}). Name another folder with --to."
        ) from None
