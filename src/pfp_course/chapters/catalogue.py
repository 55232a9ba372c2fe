"""The list of chapters, collected from the notebooks and the headers of their banks."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pfp_course.content import bank_path, notebooks_dir
from pfp_course.errors import CourseError
from pfp_course.questions import read_bank

__all__ = ["Chapter", "chapter", "chapters"]

_PROMISE = re.compile(r"^[*_](?P<text>[^*_].*?)[*_]\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Chapter:
    """A chapter: its place, its promise, what it takes and what it teaches.

    ``minutes`` is the time to plan for; ``needs`` are the numbers of chapters to have read;
    ``data`` are names of tables; ``objectives`` maps an id such as ``O2.1`` to its text.
    """

    number: str
    part: str
    title: str
    promise: str
    minutes: int
    needs: tuple[str, ...]
    data: tuple[str, ...]
    objectives: dict[str, str]
    notebook: Path

    @property
    def heading(self) -> str:
        """Number and title, such as ``2. Thirty-four signatures``."""
        return f"{int(self.number)}. {self.title}"


@cache
def _chapter(notebook: Path) -> Chapter:
    number = notebook.name[:2]
    bank = read_bank(bank_path(number))
    return Chapter(
        number=number,
        part=bank.part,
        title=bank.title,
        promise=_promise(notebook),
        minutes=bank.minutes,
        needs=tuple(bank.needs),
        data=tuple(bank.data),
        objectives=dict(bank.objectives),
        notebook=notebook,
    )


def _promise(notebook: Path) -> str:
    first = json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]
    found = _PROMISE.search("".join(first["source"]))
    if found is None:
        raise CourseError(
            f"{notebook}: the first cell has no promise. "
            "Write one sentence in *italics* under the title."
        )
    return " ".join(found["text"].split())


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return all chapters in order."""
    return tuple(_chapter(path) for path in sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb")))


def chapter(number: str) -> Chapter:
    """Return the chapter of that number, such as ``"02"``.

    Raises
    ------
    CourseError
        If there is no such chapter; the message lists the numbers.
    """
    wanted = str(number).zfill(2)
    if re.fullmatch(r"[0-9]{2}", wanted):
        # One bank is read, and not all: a student's notebook asks for one chapter at its start.
        for path in notebooks_dir().glob(f"{wanted}-*.ipynb"):
            return _chapter(path)
    numbers = ", ".join(candidate.number for candidate in chapters())
    raise CourseError(f"There is no chapter {number!r}. The chapters are: {numbers}.")
