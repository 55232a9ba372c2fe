"""The chapters: what each is about, and what a notebook shows of it."""

from pfp_course.chapters.catalogue import Chapter, chapter, chapters
from pfp_course.chapters.display import Opener, Prose, opener, say

__all__ = ["Chapter", "Opener", "Prose", "chapter", "chapters", "opener", "say"]
