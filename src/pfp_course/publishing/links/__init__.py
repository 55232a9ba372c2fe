"""The link check: whether the addresses that the course names still lead anywhere."""

from pfp_course.publishing.links.asking import Answer, Manners, Verdict, ask_all
from pfp_course.publishing.links.collecting import Mention, collect
from pfp_course.publishing.links.memory import Memory
from pfp_course.publishing.links.report import as_csv, as_markdown

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
