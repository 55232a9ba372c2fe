"""Seeds: whose seed decides in a folder, and what it gives.

The same seed gives the same choice, in Python and in JavaScript.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pfp_course.errors import CourseError
from pfp_course.files import read_json

__all__ = [
    "ASSIGNMENT",
    "Assigned",
    "assigned",
    "disordered",
    "hashed",
    "normal",
    "other_name",
    "pick",
    "seed_of",
    "shuffled",
]

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


_ALL = 0xFFFFFFFF


def hashed(text: str) -> int:
    """Return the 32-bit FNV-1a hash of a text (Fowler, Noll and Vo), from 0 to 2**32 - 1."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & _ALL
    return value


def pick(count: int, seed: str, name: str) -> int:
    """Return a number from 0 to below ``count``, for this seed and this question."""
    return hashed(f"{seed}/{name}") % count


def shuffled(count: int, seed: str, name: str, pinned: Collection[int] = ()) -> list[int]:
    """Return the numbers from 0 to below ``count`` shuffled; pinned ones keep their place.

    Fisher and Yates's shuffle with the generator mulberry32 (T. Ettinger).
    """
    state = hashed(f"{seed}/{name}/order")

    def chance() -> int:
        nonlocal state
        state = (state + 0x6D2B79F5) & _ALL
        value = (state ^ (state >> 15)) * (state | 1) & _ALL
        value ^= (value + ((value ^ (value >> 7)) * (value | 61) & _ALL)) & _ALL
        return (value ^ (value >> 14)) & _ALL

    free = [number for number in range(count) if number not in pinned]
    mixed = list(free)
    for last in range(len(mixed) - 1, 0, -1):
        other = chance() % (last + 1)
        mixed[last], mixed[other] = mixed[other], mixed[last]
    result = list(range(count))
    for place, number in zip(free, mixed, strict=True):
        result[place] = number
    return result


def disordered(count: int, seed: str, name: str) -> list[int]:
    """Return the positions of things to be ordered, as they are shown at first.

    At most half of the pairs stand in their right order, so that this order, left as it is,
    earns nothing by chance.
    """
    order = shuffled(count, seed, name)
    pairs = count * (count - 1) // 2
    rising = sum(order[a] < order[b] for a in range(count) for b in range(a + 1, count))
    return order[::-1] if 2 * rising > pairs else order
