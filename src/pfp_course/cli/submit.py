"""``pfp submit``: the answers of a folder become a receipt."""

from pathlib import Path
from typing import Annotated

import typer

from pfp_course.cli.app import say
from pfp_course.course import default_course
from pfp_course.errors import CourseError

__all__ = ["command"]


def command(
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
    from pfp_course.assignments.receipt import EXPLAIN, hand_in

    if not folder.is_dir():
        raise CourseError(f"There is no folder {folder}. Name the one in which you worked.")
    say(str(hand_in(folder, default_course(), name)), EXPLAIN)
