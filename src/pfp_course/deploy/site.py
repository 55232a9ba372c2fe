"""A site of all versions, put into the place of the old one when it is complete."""

import filecmp
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pfp_course.deploy.checks import problems, refuse, require_agreement
from pfp_course.deploy.versions import (
    FILE,
    Catalogue,
    Download,
    Location,
    Release,
    chapter_titles,
    cite_at,
    fill,
    page_of_versions,
    read_catalogue,
    version_key,
)
from pfp_course.errors import CourseError

__all__ = ["assemble", "old_site", "replace_folder", "without_version"]


T = TypeVar("T")


def replace_folder(
    target: Path, make: Callable[[Path, Path | None], T], *, project: Path, over: bool = False
) -> T:
    """Replace a published folder, or make it, and return what the function returns.

    ``make`` gets an empty folder to fill, and the old folder or None; it only reads the old one.
    The ``project`` is the clone: it is never replaced, nor a folder around it. With ``over`` a
    folder that holds something else is replaced, too.

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
            if old:
                _keep_times(new, old)
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


def _keep_times(new: Path, old: Path) -> None:
    """Give the files that are as they were the time that they had.

    So a program that copies a site to its server, and asks for times, sends what has changed.
    """
    for path in new.rglob("*"):
        same = old / path.relative_to(new)
        if path.is_file() and same.is_file() and filecmp.cmp(path, same, shallow=False):
            times = same.stat()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


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


_LOST, _LIST = "404.html", "versions.html"
# What a publisher puts beside the book, and this command leaves where it is.
_KEPT = ("CNAME", ".htaccess", ".well-known")
_SHOWN_PROBLEMS = 20


def assemble(
    new: Path,
    old: Path | None,
    book: Path,
    *,
    version: str,
    base: str,
    day: date,
    downloads: Sequence[Path] = (),
) -> Catalogue:
    """Put a site together: a built book as one version, beside those that the old site holds.

    ``new`` is an empty folder for the site; ``old`` is the site as it is, which is only read, or
    None. A ``version`` has two or three numbers; one that is there already is replaced. ``base`` is
    the address of the site; empty takes the one that the old site remembers. ``downloads`` are
    files to carry away.

    Raises
    ------
    CourseError
        If there is no built book, it holds what must not go online, it names another version or
        address, the old site is damaged, or a link of the new site is dead.
    """
    version_key(version)
    if not (book / "index.html").is_file():
        raise CourseError(f"There is no book in {book}. Build it first: pfp build")
    refuse(book)
    known = (old and read_catalogue(old)) or Catalogue()
    base = base or known.address
    require_agreement(book, version, base)
    release = Release(
        version=version,
        published=day.isoformat(),
        pages=_pages(book),
        downloads=tuple(Download(path.name, path.stat().st_size) for path in downloads),
        address=base,
    )
    catalogue = replace(known.with_release(release), address=base)
    _copy_versions(new, old, known.without(version))
    target = new / release.path
    shutil.copytree(book, target)
    cite_at(target, base, release.path)
    for path in downloads:
        (target / "downloads").mkdir(exist_ok=True)
        shutil.copyfile(path, target / "downloads" / path.name)
    _finish(new, old, catalogue)
    _check(new, catalogue, release)
    return catalogue


def without_version(new: Path, old: Path, *, version: str, base: str) -> Catalogue:
    """Put a site together without one of its versions; the newest of the rest is at the root.

    Raises
    ------
    CourseError
        If the site has no such version, or no other.
    """
    known = read_catalogue(old) or Catalogue()
    versions = [one.version for one in known.releases]
    if version not in versions:
        names = ", ".join(versions) or "none"
        raise CourseError(f"The site has no version {version}. Its versions: {names}.")
    base = base or known.address
    catalogue = replace(known.without(version), address=base)
    if not catalogue.releases:
        raise CourseError(
            f"{version} is the only version. To take the course back, delete the folder "
            "(or the branch) itself."
        )
    _copy_versions(new, old, catalogue)
    _finish(new, old, catalogue)
    _check(new, catalogue)
    return catalogue


def _pages(book: Path) -> tuple[str, ...]:
    names = (path.relative_to(book).as_posix() for path in book.rglob("*.html"))
    return tuple(sorted(name for name in names if name not in (_LOST, _LIST)))


def _copy_versions(new: Path, old: Path | None, catalogue: Catalogue) -> None:
    for release in catalogue.releases:
        folder = (old or new) / release.path
        if not folder.is_dir():
            raise CourseError(
                f"{folder} is missing, and {FILE} beside it names that version. Restore the "
                "folder, or take the version out of the list."
            )
        shutil.copytree(folder, new / release.path, ignore=_symlinks)


def _finish(new: Path, old: Path | None, catalogue: Catalogue) -> None:
    """Copy the newest version to the root, and say on every page what is true now."""
    newest = catalogue.newest
    folder = new / newest.path

    def lasting(within: str, names: list[str]) -> set[str]:
        # The downloads have one address, the one with the version in it.
        return {"downloads"} & {*names} if within == str(folder) else set()

    shutil.copytree(folder, new, dirs_exist_ok=True, ignore=lasting)
    for release in catalogue.releases:
        _fill(new / release.path, release, catalogue, top=False)
    _fill(new, newest, catalogue, top=True)
    lost = new / _LOST
    if lost.is_file():
        shell = lost.read_text(encoding="utf-8")
        (new / _LIST).write_text(page_of_versions(shell, catalogue), encoding="utf-8")
        # This page is shown under any address; it marks the root of the site with ``./``.
        named = shell.replace('="./', f'="{_root(catalogue)}')
        lost.write_text(named, encoding="utf-8")
    (new / FILE).write_text(catalogue.text(), encoding="utf-8")
    # GitHub Pages would leave out the folders whose names begin with a low line.
    (new / ".nojekyll").touch()
    for name in _KEPT:
        if old and (old / name).is_file():
            shutil.copyfile(old / name, new / name)
        elif old and (old / name).is_dir():
            shutil.copytree(old / name, new / name, dirs_exist_ok=True, ignore=_symlinks)


def _symlinks(folder: str, names: list[str]) -> set[str]:
    """Leave links out of a copy: the site is files, and nothing of this computer besides."""
    return {name for name in names if Path(folder, name).is_symlink()}


def _fill(folder: Path, release: Release, catalogue: Catalogue, *, top: bool) -> None:
    titles = chapter_titles(folder)
    for name in [*release.pages, _LOST]:
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            here = Location(release, name, top)
            path.write_text(fill(text, here, catalogue, titles), encoding="utf-8")


def _root(catalogue: Catalogue) -> str:
    path = urlsplit(catalogue.address).path
    return path if path.endswith("/") else f"{path}/"


def _check(new: Path, catalogue: Catalogue, fresh: Release | None = None) -> None:
    """Look at the root and at what is new; the other versions were looked at in their time."""
    skip = [one.path for one in catalogue.releases if one != fresh]
    found = problems(new, _root(catalogue), skip)
    if found:
        more = len(found) - _SHOWN_PROBLEMS
        rest = [f"and {more} more"] if more > 0 else []
        listed = "\n  ".join([*found[:_SHOWN_PROBLEMS], *rest])
        raise CourseError(f"Nothing was published, because the book has faults:\n  {listed}")
