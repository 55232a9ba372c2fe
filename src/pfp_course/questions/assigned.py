"""What a folder was assigned: the file ``assignment.json`` that an instructor's zip brings."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pfp_course.errors import CourseError
from pfp_course.files import read_json

__all__ = ["ASSIGNMENT", "Assigned", "assigned", "normal", "other_name", "seed_of"]

ASSIGNMENT = "assignment.json"
_LONGEST_SEED = 100
_HALF = re.compile("[\ud800-\udfff]")  # half a character
# What is space in Python or in JavaScript, so that both read a name alike.
_SPACE = re.compile("[\\s\x1c-\x1f\x85\ufeff]+")

Short = Annotated[str, Field(max_length=100)]


class Assigned(BaseModel):
    """An assignment as its students see it.

    ``seed`` is the class's, or empty for their own. ``banks`` is the version of each bank as
    students have it, by chapter or file; ``questions`` are the ids of all that is asked.
    """

    model_config = ConfigDict(strict=True)

    format: Literal["pfp-course/assignment"]
    version: Literal[1]
    id: Annotated[str, Field(max_length=60)]
    title: str
    due: str
    mode: Literal["practice", "exam"]
    seed_by: Literal["student", "class"]
    seed: str
    banks: dict[Short, Short]
    questions: list[Short]

    def seed_for(self, student: str) -> str | None:
        """Return the seed that decides on variants, or None if a name must be given first."""
        if self.seed_by == "class":
            return self.seed
        return seed_of(student) or None


def normal(name: str) -> str:
    """Return a name as it is compared: its case, its form and its spaces make no difference."""
    # Lower case and no case folding: JavaScript has none, and both must agree.
    whole = _HALF.sub("\ufffd", name)
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", whole).lower()).strip(" ")


def seed_of(name: str) -> str:
    """Return the seed of a student where each has their own: the name as it is compared."""
    return normal(name)[:_LONGEST_SEED].rstrip(" ")


def other_name(student: str) -> str:
    """Return what a student is told who hands in under another name than they began with."""
    return (
        f"You began as \N{LEFT DOUBLE QUOTATION MARK}{student}\N{RIGHT DOUBLE QUOTATION MARK}, and "
        "your questions were drawn for this name. Write it again here. If it is misspelt, hand "
        "in all the same, and tell your teacher."
    )


def assigned(folder: Path) -> Assigned | None:
    """Return what the folder was assigned, or None if it holds no assignment.

    Raises
    ------
    CourseError
        If the file is there but cannot be read.
    """
    path = folder / ASSIGNMENT
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None


@cache
def _read(path: Path, stamp: int) -> Assigned:
    return read_json(
        path,
        Assigned.model_validate,
        "is damaged. Unpack your teacher's zip again, into a new folder, and copy your "
        "pfp-progress.json into it.",
    )
