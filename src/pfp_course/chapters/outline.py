"""The list of chapters, collected from notebooks and banks; their openers; a plan of weeks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import combinations, pairwise
from pathlib import Path

from pfp_course.course import Course, default_course, item_name, on_static_page
from pfp_course.errors import CourseError, clear_errors, described, quoted
from pfp_course.files import notebook_in
from pfp_course.questions import read_bank

__all__ = [
    *("WORKSHOP", "Chapter", "Opener", "Prose", "Slot", "chapter", "chapters", "day"),
    *("opener", "promise_of", "say", "spread"),
]

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


@dataclass(frozen=True)
class Opener:
    """The card at the head of a chapter: time, needs, data, objectives."""

    chapter: Chapter

    def __str__(self) -> str:
        objectives = [f"  {key}  {text}" for key, text in self.chapter.objectives.items()]
        return "\n".join(
            [
                f"Time: about {self.chapter.minutes} minutes",
                f"You need: {self.chapter.needed}",
                f"Data: {', '.join(self.chapter.data)} (see about(...))",
                "After this chapter you can:",
                *objectives,
            ]
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        tables = ", ".join(_table(name) for name in self.chapter.data)
        objectives = "".join(
            f'<li><span class="pfp-objective">{escape(key)}</span> {escape(text)}</li>'
            for key, text in self.chapter.objectives.items()
        )
        return (
            '<div class="pfp-opener"><dl>'
            f"<dt>Time</dt><dd>about {self.chapter.minutes} minutes</dd>"
            f"<dt>You need</dt><dd>{escape(self.chapter.needed)}</dd>"
            f"<dt>Data</dt><dd>{tables}</dd></dl>"
            f"<p>After this chapter you can</p><ul>{objectives}</ul></div>"
        )


def _table(name: str) -> str:
    code = f"<code>{escape(name)}</code>"
    # Only the book has a page of data cards; in a notebook about("...") shows the same card.
    return (
        f'<a href="../book/data.html#data-{escape(name)}">{code}</a>' if on_static_page() else code
    )


@clear_errors
def opener(number: str) -> Opener:
    """Return the card at the head of a chapter, to be shown by its first cell.

    Raises
    ------
    CourseError
        If there is no such chapter.
    """
    return Opener(chapter(number, default_course()))


@dataclass(frozen=True)
class Prose:
    """A sentence or more in Markdown, with numbers that were computed."""

    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return self.text


@clear_errors
def say(text: str) -> Prose:
    """Return text as Markdown, so that a sentence can hold numbers from the data.

    Examples
    --------
    >>> say(f"**{3 + 4}** states signed.")
    **7** states signed.
    """
    if isinstance(text, str):
        return Prose(text)
    if isinstance(text, int | float):
        return Prose(str(text))
    raise CourseError(
        f'say() shows a text in quotes, such as say("Hello"). It was given {described(text)}. To '
        "see a table, a column or a value, write its name alone on the last line of the cell."
    )


# Chapters for a day of its own: who joined, what became of them, and how to read what is said of
# it. None needs a chapter that is not in the day.
WORKSHOP = ("01", "02", "03", "12")
_PAUSE, _LUNCH = 15, 60  # minutes
_NOON = 12 * 60


def spread(chapters: Sequence[Chapter], weeks: int) -> list[tuple[Chapter, ...]]:
    """Spread chapters in their order over weeks, so that the longest week is as short as can be.

    No week is empty: with fewer chapters than weeks, each has a week of its own.

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

    It begins ``begin`` minutes after midnight.
    """
    slots: list[Slot] = []
    now, eaten = begin, False

    def add(minutes: int, chapter: Chapter | None, pause: str = "") -> None:
        nonlocal now
        slots.append(Slot(_clock(now), _clock(now + minutes), chapter, pause))
        now += minutes

    for number, chapter in enumerate(chapters):
        if number:
            lunch = not eaten and now + chapter.minutes > _NOON + 30
            eaten = eaten or lunch
            add(_LUNCH if lunch else _PAUSE, None, "Lunch" if lunch else "Pause")
        add(chapter.minutes, chapter)
    return slots


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
