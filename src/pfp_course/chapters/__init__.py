"""The chapters: what each is about, and what a notebook shows of it."""

from pfp_course.chapters.catalogue import Chapter, chapter, chapters
from pfp_course.chapters.display import Opener, Prose, opener, say
from pfp_course.chapters.plans import WORKSHOP, Slot, day, spread

__all__ = [
    "WORKSHOP",
    "Chapter",
    "Opener",
    "Prose",
    "Slot",
    "chapter",
    "chapters",
    "day",
    "opener",
    "say",
    "spread",
]
