"""Partnership for Peace: a course in notebooks.

A notebook needs a handful of names: ``load``, ``cite``, ``quiz``, ``check`` and the
``figures``. Each is imported when it is first used, so that ``import pfp_course`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pfp_course.errors import CourseError

if TYPE_CHECKING:
    import pfp_course.figures as figures
    from pfp_course.assignments import submit as submit
    from pfp_course.chapters import opener as opener
    from pfp_course.chapters import say as say
    from pfp_course.data import about as about
    from pfp_course.data import cite as cite
    from pfp_course.data import document as document
    from pfp_course.data import load as load
    from pfp_course.data.tables import tables as tables
    from pfp_course.questions import check as check
    from pfp_course.questions import quiz as quiz
    from pfp_course.questions import review as review
    from pfp_course.questions.student_progress import progress as progress

__version__ = "0.1.0"

_HOME = {
    "about": "pfp_course.data",
    "check": "pfp_course.questions",
    "cite": "pfp_course.data",
    "document": "pfp_course.data",
    "load": "pfp_course.data",
    "opener": "pfp_course.chapters",
    "progress": "pfp_course.questions",
    "quiz": "pfp_course.questions",
    "review": "pfp_course.questions",
    "say": "pfp_course.chapters",
    "submit": "pfp_course.assignments",
    "tables": "pfp_course.data",
}

__all__ = [
    "CourseError",
    "__version__",
    "about",
    "check",
    "cite",
    "document",
    "figures",
    "load",
    "opener",
    "progress",
    "quiz",
    "review",
    "say",
    "submit",
    "tables",
]


def __getattr__(name: str) -> Any:
    if name == "figures":
        return import_module("pfp_course.figures")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
