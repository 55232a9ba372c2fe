"""The list of chapters, collected from the notebooks and the headers of their banks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

from pfp_course.course import Course, item_name
from pfp_course.errors import CourseError, described, quoted
from pfp_course.files import notebook_in
from pfp_course.questions import read_bank

__all__ = ["WORKSHOP", "Chapter", "Slot", "chapter", "chapters", "day", "promise_of", "spread"]


# A paragraph in italics and nothing else; one may begin with words in italics and go on.
_PROMISE = re.compile(r"^[*_](?P<text>(?:[^*_\n]|\n(?!\n))+)[*_]\s*$", re.MULTILINE)


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

    @property
    def needed(self) -> str:
        """The chapters to have read, in words."""
        if not self.needs:
            return "nothing before it"
        numbers = ", ".join(str(int(number)) for number in self.needs)
        return f"{'chapter' if len(self.needs) == 1 else 'chapters'} {numbers}"


@cache
def _chapter(course: Course, notebook: Path) -> Chapter:
    number = notebook.name[:2]
    bank = read_bank(course.bank(number), course)
    return Chapter(
        number=number,
        part=bank.part,
        title=bank.title,
        promise=promise_of(notebook),
        minutes=bank.minutes,
        needs=tuple(bank.needs),
        data=tuple(bank.data),
        objectives=dict(bank.objectives),
        notebook=notebook,
    )


def promise_of(notebook: Path) -> str:
    """Return the sentence in italics under the title of a notebook.

    Raises
    ------
    CourseError
        If there is none.
    """
    found = _PROMISE.search("".join(notebook_in(notebook)["cells"][0]["source"]))
    if found is None:
        raise CourseError(
            f"{notebook}: the first cell has no promise. "
            "Write one sentence in *italics* under the title."
        )
    return " ".join(found["text"].split())


@cache
def chapters(course: Course) -> tuple[Chapter, ...]:
    """Return all chapters of a course in order."""
    paths = sorted(course.notebooks.glob("[0-9][0-9]-*.ipynb"))
    return tuple(_chapter(course, path) for path in paths)


def chapter(number: str, course: Course) -> Chapter:
    """Return the chapter of that number, such as ``"02"``.

    Raises
    ------
    CourseError
        If there is no such chapter; the message lists the numbers.
    """
    wanted = item_name(number) or ""
    if re.fullmatch(r"[0-9]{2}", wanted):
        # One bank is read, and not all: a student's notebook asks for one chapter at its start.
        for path in course.notebooks.glob(f"{wanted}-*.ipynb"):
            return _chapter(course, path)
    numbers = ", ".join(candidate.number for candidate in chapters(course))
    plain = isinstance(number, int | float) or (isinstance(number, str) and number.strip())
    given = quoted(number) if plain else described(number)
    raise CourseError(f"There is no chapter {given}. The chapters are: {numbers}.")


# Chapters for a day of its own: who joined, what became of them, and how to read what is said of
# it. None needs a chapter that is not in the day.
WORKSHOP = ("01", "02", "03", "12")
_PAUSE, _LUNCH = 15, 60  # minutes
_NOON = 12 * 60


def spread(chapters: Sequence[Chapter], weeks: int) -> list[tuple[Chapter, ...]]:
    """Spread chapters in their order over weeks, so that the longest week is as short as can be.

    Parameters
    ----------
    chapters
        The chapters in their order.
    weeks : int
        Number of weeks, 1 or more. With fewer chapters than weeks, each has a week of its own.

    Returns
    -------
    list of tuple
        The chapters of each week; none is empty.

    Raises
    ------
    CourseError
        If there are no weeks.
    """
    if weeks < 1:
        raise CourseError("A plan needs one week or more.")
    count = len(chapters)
    if not count:
        return []
    plans = (
        [tuple(chapters[start:end]) for start, end in pairwise((0, *cuts, count))]
        for cuts in combinations(range(1, count), min(weeks, count) - 1)
    )
    return min(plans, key=_uneven)


def _uneven(plan: list[tuple[Chapter, ...]]) -> tuple[int, int]:
    weeks = [sum(chapter.minutes for chapter in week) for week in plan]
    return max(weeks), sum(minutes**2 for minutes in weeks)


@dataclass(frozen=True)
class Slot:
    """A part of a day, from ``begin`` to ``end`` (as ``09:00``): a chapter, or a pause."""

    begin: str
    end: str
    chapter: Chapter | None
    pause: str = ""


def day(chapters: Sequence[Chapter], begin: int = 9 * 60) -> list[Slot]:
    """Return a day with these chapters, a pause after each, and lunch after the first past noon.

    Parameters
    ----------
    chapters
        The chapters of the day, in their order.
    begin : int
        When the day begins, in minutes after midnight.
    """
    return list(_slots(chapters, begin))


def _slots(chapters: Sequence[Chapter], now: int) -> Iterator[Slot]:
    eaten = False
    for number, chapter in enumerate(chapters):
        if number:
            lunch = not eaten and now + chapter.minutes > _NOON + 30
            length = _LUNCH if lunch else _PAUSE
            eaten = eaten or lunch
            yield Slot(_clock(now), _clock(now + length), None, "Lunch" if lunch else "Pause")
            now += length
        yield Slot(_clock(now), _clock(now + chapter.minutes), chapter)
        now += chapter.minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
