"""``pfp cite``: how the course is cited, in words and for programs."""

from enum import StrEnum
from typing import Annotated

import typer

from pfp_course.cli.console import say
from pfp_course.cli.installation import need_libraries
from pfp_course.course import default_course

__all__ = ["Form", "app", "cite"]

app = typer.Typer(rich_markup_mode="rich")


class Form(StrEnum):
    """A form of a reference."""

    words = "words"
    bibtex = "bibtex"
    ris = "ris"
    cff = "cff"


def cite(form: Form) -> str:
    """Return the reference of the course in a form."""
    from pfp_course.sphinx_ext import cite_this

    work = cite_this.work_of(default_course())
    forms = {
        Form.words: cite_this.in_words,
        Form.bibtex: cite_this.bibtex,
        Form.ris: cite_this.ris,
        Form.cff: cite_this.cff,
    }
    return forms[form](work)


@app.command()
def cite_command(
    form: Annotated[Form, typer.Option("--as", help="The form of the reference.")] = Form.words,
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
    say(cite(form).rstrip())
