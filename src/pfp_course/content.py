"""Where the course's data, questions and notebooks lie: in the wheel, or in a clone."""

import os
from pathlib import Path

from pfp_course.errors import CourseError

__all__ = [
    "bank_path",
    "data_dir",
    "lock_path",
    "notebooks_dir",
    "on_static_page",
    "questions_dir",
    "source_tree",
]

_PACKAGE = Path(__file__).resolve().parent


def _content(name: str) -> Path:
    for root in (_PACKAGE / "_content", _PACKAGE.parents[1]):
        folder = root / name
        if folder.exists():
            return folder
    raise CourseError(
        f"The course's {name!r} is missing from this installation. "
        "Install the course again: pip install --force-reinstall pfp-course."
    )


def data_dir() -> Path:
    """Return the folder of the data package."""
    return _content("data")


def notebooks_dir() -> Path:
    """Return the folder of the chapters' notebooks."""
    return _content("notebooks")


def questions_dir() -> Path:
    """Return the folder of the question banks."""
    return data_dir() / "questions"


def bank_path(chapter: str) -> Path:
    """Return the path of a chapter's question bank; the file need not exist."""
    return questions_dir() / f"{chapter}.yml"


def lock_path() -> Path:
    """Return the file that pins every dependency."""
    return _content("requirements.lock")


def source_tree() -> Path | None:
    """Return the root of the clone that this package is run from, or None if it is installed."""
    installed = (_PACKAGE / "_content").is_dir()
    return None if installed else _PACKAGE.parents[1]


def on_static_page() -> bool:
    """Tell whether output is made for a page without a kernel, such as the book."""
    return os.environ.get("PFP_STATIC") == "1"
