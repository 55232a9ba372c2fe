"""A published course: the newest version at the root, every version in a folder of its own."""

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pfp_course.errors import CourseError
from pfp_course.publishing.catalogue import (
    FILE,
    Catalogue,
    Download,
    Release,
    read_catalogue,
    version_key,
)
from pfp_course.publishing.filling import Place, fill, page_of_versions, rooted, title_of
from pfp_course.publishing.scan import problems

__all__ = ["assemble", "without_version"]

_LOST, _LIST = "404.html", "versions.html"
_FOLDER = re.compile(r"v\d+(\.\d+)*")
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

    Parameters
    ----------
    new : pathlib.Path
        An empty folder for the site.
    old : pathlib.Path or None
        The site as it is, if there is one; it is only read.
    book : pathlib.Path
        The built book.
    version : str
        Two or three numbers. A version that is there already is replaced.
    base : str
        Address of the site; empty takes the one that the old site remembers.
    day : datetime.date
        The day of publication.
    downloads : sequence of pathlib.Path
        Files to carry away.

    Returns
    -------
    Catalogue
        The versions of the new site.

    Raises
    ------
    CourseError
        If there is no built book, the old site is damaged, or a link of the new site is dead.
    """
    version_key(version)
    if not (book / "index.html").is_file():
        raise CourseError(f"There is no book in {book}. Build it first: pfp build")
    known = (old and read_catalogue(old)) or Catalogue()
    release = Release(
        version=version,
        published=day.isoformat(),
        pages=_pages(book),
        downloads=tuple(Download(path.name, path.stat().st_size) for path in downloads),
    )
    base = base or known.address
    catalogue = replace(known.with_release(release), address=base)
    _copy_versions(new, old, known.without(version))
    target = new / release.path
    shutil.copytree(book, target)
    for path in downloads:
        (target / "downloads").mkdir(exist_ok=True)
        shutil.copyfile(path, target / "downloads" / path.name)
    _finish(new, old, catalogue, base)
    _check(new, catalogue, base, {release.path})
    return catalogue


def without_version(new: Path, old: Path, *, version: str, base: str) -> Catalogue:
    """Put a site together without one of its versions; the newest of the rest is at the root.

    Raises
    ------
    CourseError
        If the site has no such version, or no other.
    """
    known = read_catalogue(old) or Catalogue()
    if known.get(version) is None:
        names = ", ".join(one.version for one in known.releases) or "none"
        raise CourseError(f"The site has no version {version}. Its versions: {names}.")
    base = base or known.address
    catalogue = replace(known.without(version), address=base)
    if not catalogue.releases:
        raise CourseError(
            f"{version} is the only version. To take the course back, delete the folder "
            "(or the branch) itself."
        )
    _copy_versions(new, old, catalogue)
    _finish(new, old, catalogue, base)
    _check(new, catalogue, base, set())
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


def _finish(new: Path, old: Path | None, catalogue: Catalogue, base: str) -> None:
    """Copy the newest version to the root, and say on every page what is true now."""
    newest = catalogue.newest
    folder = new / newest.path
    # The downloads have one address, the lasting one.
    shutil.copytree(folder, new, dirs_exist_ok=True, ignore=_all_but("downloads", folder))
    for release in catalogue.releases:
        _fill(new / release.path, release, catalogue, base, top=False)
    _fill(new, newest, catalogue, base, top=True)
    lost = new / _LOST
    if lost.is_file():
        shell = lost.read_text(encoding="utf-8")
        (new / _LIST).write_text(page_of_versions(shell, catalogue), encoding="utf-8")
        lost.write_text(rooted(shell, _root(base)), encoding="utf-8")
    (new / FILE).write_text(catalogue.text(), encoding="utf-8")
    # GitHub Pages would leave out the folders whose names begin with a low line.
    (new / ".nojekyll").touch()
    for name in _KEPT:
        if old and (old / name).is_file():
            shutil.copyfile(old / name, new / name)
        elif old and (old / name).is_dir():
            shutil.copytree(old / name, new / name, dirs_exist_ok=True)


def _all_but(name: str, top: Path) -> Callable[[str, list[str]], set[str]]:
    """Leave one folder out of a copy where it lies at the top."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        return {name} & set(names) if folder == str(top) else set()

    return ignored


def _symlinks(folder: str, names: list[str]) -> set[str]:
    """Leave links out of a copy: the site is files, and nothing of this computer besides."""
    return {name for name in names if Path(folder, name).is_symlink()}


def _fill(folder: Path, release: Release, catalogue: Catalogue, base: str, *, top: bool) -> None:
    names = [*release.pages, _LOST]
    titles = {name: title_of(folder / name) for name in names if name.startswith("notebooks/")}
    for name in names:
        path = folder / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            place = Place(release, name, base, top)
            path.write_text(fill(text, place, catalogue, titles), encoding="utf-8")


def _root(base: str) -> str:
    path = urlsplit(base).path
    return path if path.endswith("/") else f"{path}/"


def _check(new: Path, catalogue: Catalogue, base: str, fresh: Iterable[str]) -> None:
    """Look at the root and at what is new; the other versions were looked at in their time."""
    skip = [one.path for one in catalogue.releases if one.path not in set(fresh)]
    found = problems(new, _root(base), skip)
    if found:
        more = len(found) - _SHOWN_PROBLEMS
        rest = [f"and {more} more"] if more > 0 else []
        listed = "\n  ".join([*found[:_SHOWN_PROBLEMS], *rest])
        raise CourseError(f"Nothing was published, because the book has faults:\n  {listed}")
