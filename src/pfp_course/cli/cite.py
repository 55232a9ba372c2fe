"""``pfp cite``: how the course is cited, in words and for programs."""

from typing import Annotated, Literal

import typer

from pfp_course.cli.app import say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import default_course

__all__ = ["command"]


def command(
    form: Annotated[
        Literal["words", "bibtex", "ris", "cff"],
        typer.Option("--as", help="The form of the reference."),
    ] = "words",
) -> None:
    """Say how the course is cited, as course.toml names it.

    GitHub and reference managers read the file CITATION.cff; pfp check says when it is out of
    date, and the last example writes it.

    Examples
    --------
        pfp cite

        pfp cite --as bibtex

        pfp cite --as cff > CITATION.cff
    """
    need_libraries("pfp cite", "book", "jupyter_book", "sphinx")
    from pfp_course.sphinx_ext import cite_this

    forms = {
        "words": cite_this.in_words,
        "bibtex": cite_this.bibtex,
        "ris": cite_this.ris,
        "cff": cite_this.cff,
    }
    say(forms[form](cite_this.work_of(default_course())).rstrip())
