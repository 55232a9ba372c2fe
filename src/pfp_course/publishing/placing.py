"""A folder that is replaced as a whole: what was there stays until the new is complete."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pfp_course.errors import CourseError
from pfp_course.publishing.catalogue import FILE, read_catalogue

__all__ = ["old_site", "replace_folder"]

T = TypeVar("T")


def replace_folder(
    target: Path, make: Callable[[Path, Path | None], T], *, project: Path, over: bool = False
) -> T:
    """Replace a published folder by what a function makes.

    Parameters
    ----------
    target : pathlib.Path
        The folder. It is made if it does not exist.
    make
        Gets an empty folder to fill, and the old folder or None; it only reads the old one.
    project : pathlib.Path
        The clone; it is never replaced, nor a folder around it.
    over : bool
        Also replace a folder that holds something else.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    CourseError
        If the folder holds what this command has not written, or cannot be replaced.
    """
    target = target.resolve()
    old = old_site(target, project, over=over)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=".pfp-publish-", dir=target.parent, ignore_cleanup_errors=True
        ) as scratch:
            new = Path(scratch) / "new"
            new.mkdir()  # with the rights that folders have here; the scratch folder is private
            result = make(new, old)
            _swap(new, target, Path(scratch) / "old")
    except OSError as error:
        raise CourseError(
            f"{target} cannot be replaced ({error.strerror}). Make room on the disk, close what "
            "uses the folder, or name another with --to."
        ) from None
    return result


def old_site(target: Path, project: Path, *, over: bool = False) -> Path | None:
    """Return the folder if it holds a published course, or None if it is free to be written.

    Raises
    ------
    CourseError
        If it holds something else, or the project itself.
    """
    target, project = target.resolve(), project.resolve()
    if project.is_relative_to(target):
        raise CourseError(f"{target} holds the project itself. Name another folder with --to.")
    if target.is_relative_to(project / "_build" / "html"):
        raise CourseError(f"{target} is inside the built book. Name another folder with --to.")
    if not target.exists():
        return None
    if not target.is_dir():
        raise CourseError(f"{target} is no folder. Name another with --to.")
    if not any(target.iterdir()):
        return None
    if over:
        return target if (target / FILE).is_file() and read_catalogue(target) else None
    if read_catalogue(target) is None:
        raise CourseError(
            f"{target} holds files that are no published course ({FILE} is missing). Name another "
            "folder with --to, or add --force to replace everything in it."
        )
    return target


def _swap(new: Path, target: Path, aside: Path) -> None:
    """Put the new folder in the place of the old one; if that fails, the old one comes back."""
    if not target.exists():
        new.rename(target)
        return
    shutil.copymode(target, new)
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
