"""The chapters: what each is about, and what a notebook shows of it."""

from pfp_course.chapters.checks import Pace, pace, pace_report
from pfp_course.chapters.outline import (
    WORKSHOP,
    Chapter,
    chapter,
    chapters,
    day,
    opener,
    say,
    spread,
)

__all__ = [
    "WORKSHOP",
    "Chapter",
    "Pace",
    "chapter",
    "chapters",
    "day",
    "opener",
    "pace",
    "pace_report",
    "say",
    "spread",
]
