"""The versions of a published course: ``versions.json`` at its root."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from pfp_course.book.addresses import problem
from pfp_course.errors import CourseError

__all__ = [
    "FILE",
    "Catalogue",
    "Download",
    "Release",
    "parse_catalogue",
    "read_catalogue",
    "version_key",
]

FILE = "versions.json"
_FORMAT = 1
_VERSION = re.compile(r"\d+(\.\d+){1,2}")


@dataclass(frozen=True)
class Download:
    """A file to carry away: its name in the folder ``downloads``, and its size in bytes."""

    file: str
    bytes: int


@dataclass(frozen=True)
class Release:
    """A published version: the day, its pages as addresses under its folder, its downloads."""

    version: str
    published: str
    pages: tuple[str, ...]
    downloads: tuple[Download, ...] = ()

    @property
    def path(self) -> str:
        """The folder of the version, with a slash at the end."""
        return f"v{self.version}/"


@dataclass(frozen=True)
class Catalogue:
    """All versions, the newest first, and the address of the site, or empty."""

    releases: tuple[Release, ...] = ()
    address: str = ""

    @property
    def newest(self) -> Release:
        """The version that stands at the root."""
        return self.releases[0]

    def with_release(self, release: Release) -> "Catalogue":
        """Return the catalogue with a version that is new, or takes the place of its like."""
        others = self.without(release.version).releases
        return replace(self, releases=_sorted([*others, release]))

    def without(self, version: str) -> "Catalogue":
        """Return the catalogue without a version."""
        kept = tuple(one for one in self.releases if one.version != version)
        return replace(self, releases=kept)

    def get(self, version: str) -> Release | None:
        """Return a version, or None."""
        return next((one for one in self.releases if one.version == version), None)

    def text(self) -> str:
        """Return ``versions.json``."""
        listed = [
            {"version": one.version, "path": one.path, **_details(one)} for one in self.releases
        ]
        content = {
            "format": _FORMAT,
            "address": self.address,
            "newest": self.newest.version,
            "versions": listed,
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by.

    Raises
    ------
    CourseError
        If this is no version of two or three numbers.
    """
    if not _VERSION.fullmatch(version):
        raise CourseError(f"{version!r} is no version. Write two or three numbers, such as 1.2.")
    return tuple(int(part) for part in version.split("."))


def read_catalogue(site: Path) -> Catalogue | None:
    """Read the versions of a published course; None if the folder holds no such file.

    Raises
    ------
    CourseError
        If the file is there and was not written by this command.
    """
    path = site / FILE
    if not path.is_file():
        return None
    try:
        return parse_catalogue(path.read_text(encoding="utf-8"))
    except ValueError:
        raise CourseError(
            f"{path}: this list of versions was not written by pfp publish, or is damaged. Restore "
            "it, or publish into another folder."
        ) from None


def parse_catalogue(text: str) -> Catalogue:
    """Return the versions that ``versions.json`` lists.

    Raises
    ------
    ValueError
        If the text is no such list.
    """
    try:
        raw = json.loads(text)
        if raw["format"] != _FORMAT:
            raise ValueError
        releases = [
            Release(
                version=str(one["version"]),
                published=date.fromisoformat(one["published"]).isoformat(),
                pages=tuple(_inside(page) for page in one["pages"]),
                downloads=tuple(
                    Download(_inside(entry["file"]), int(entry["bytes"]))
                    for entry in one["downloads"]
                ),
            )
            for one in raw["versions"]
        ]
        address = str(raw["address"])
        if problem(address):
            raise ValueError
        return Catalogue(_sorted(releases), address)
    except (KeyError, TypeError, AttributeError, CourseError) as error:
        raise ValueError(str(error)) from None


def _inside(name: str) -> str:
    # The list may have been changed by others: no name in it may lead out of its folder.
    if not name or name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise ValueError
    return name


def _sorted(releases: Iterable[Release]) -> tuple[Release, ...]:
    return tuple(sorted(releases, key=lambda one: version_key(one.version), reverse=True))


def _details(release: Release) -> dict[str, object]:
    details = asdict(release)
    del details["version"]
    return details
