"""Explorers: figures that a reader can use, in a notebook and on a page without a kernel."""

from pfp_course.explorers.live import Explorer, shown

__all__ = ["Explorer", "shown"]
