"""Plans of study: the chapters spread over weeks, or chosen for one day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from pfp_course.chapters.catalogue import Chapter
from pfp_course.errors import CourseError

__all__ = ["WORKSHOP", "Slot", "day", "spread"]

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
