"""The chapters: what each is about, and what a notebook shows of it."""

from pfp_course.chapters.openers import Opener, Prose, opener, say
from pfp_course.chapters.outline import WORKSHOP, Chapter, Slot, chapter, chapters, day, spread
from pfp_course.chapters.reading_time import Pace, over_time, pace, pace_report

__all__ = [
    "WORKSHOP",
    "Chapter",
    "Opener",
    "Pace",
    "Prose",
    "Slot",
    "chapter",
    "chapters",
    "day",
    "opener",
    "over_time",
    "pace",
    "pace_report",
    "say",
    "spread",
]
