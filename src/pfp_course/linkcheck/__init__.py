"""The link check: whether the addresses that the course names still lead anywhere."""

from pfp_course.linkcheck.asking import Answer, Manners, Verdict, ask_all
from pfp_course.linkcheck.results import Memory, Mention, as_csv, as_markdown, collect

__all__ = [
    "Answer",
    "Manners",
    "Memory",
    "Mention",
    "Verdict",
    "as_csv",
    "as_markdown",
    "ask_all",
    "collect",
]
