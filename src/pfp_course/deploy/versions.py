"""The versions of a published course: ``versions.json``, and what pages say of them."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import escape
from pathlib import Path, PurePosixPath

from pfp_course.errors import CourseError
from pfp_course.files import json_or
from pfp_course.sphinx_ext.addresses import (
    CITATIONS,
    CITED,
    PAGES_FILE,
    address,
    place_marks,
    problem,
)
from pfp_course.sphinx_ext.cite_this import tex

__all__ = [
    *("FILE", "Catalogue", "Download", "Location", "Release", "chapter_titles", "cite_at", "fill"),
    *("page_of_versions", "parse_catalogue", "read_catalogue", "version_key"),
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
    """A published version: the day, its pages as addresses under its folder, its downloads.

    ``address`` is that of the site as its pages name it.
    """

    version: str
    published: str
    pages: tuple[str, ...]
    downloads: tuple[Download, ...] = ()
    address: str = ""

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

    def text(self) -> str:
        """Return ``versions.json``."""
        listed = [
            {"version": one.version, "path": one.path, **asdict(one)} for one in self.releases
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
                address=_known(one.get("address", raw["address"])),
            )
            for one in raw["versions"]
        ]
        return Catalogue(_sorted(releases), _known(raw["address"]))
    except (KeyError, TypeError, AttributeError, CourseError) as error:
        raise ValueError(str(error)) from None


def _known(address: object) -> str:
    if problem(str(address)):
        raise ValueError
    return str(address)


def _inside(name: str) -> str:
    # The list may have been changed by others: no name in it may lead out of its folder.
    if not name or name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise ValueError
    return name


def _sorted(releases: Iterable[Release]) -> tuple[Release, ...]:
    return tuple(sorted(releases, key=lambda one: version_key(one.version), reverse=True))


# Pages that are found by nobody who searches.
_NO_PLACE = ("404.html", "search.html", "versions.html")


@dataclass(frozen=True)
class Location:
    """Where a page stands: the version it belongs to, and its address in it.

    ``top`` tells that the page stands at the root, where the newest version is.
    """

    release: Release
    page: str
    top: bool

    @property
    def up(self) -> str:
        """The way from the page to the root of the site."""
        steps = self.page.count("/") + (0 if self.top else 1)
        return "../" * steps or "./"


def fill(text: str, here: Location, catalogue: Catalogue, titles: dict[str, str]) -> str:
    """Return a page whose marked places hold what is true now; it may have been filled before.

    ``titles`` are those of `chapter_titles` in this version, for the downloads.
    """
    contents = {
        "address": _canonical(here, catalogue),
        "note": _note(here, catalogue),
        "versions": _switch(here, catalogue),
        "downloads": _downloads(here, titles),
    }
    for name, content in contents.items():
        text = _put(text, *place_marks(name), content)
    return text


def _put(text: str, begin: str, end: str, content: str) -> str:
    """Return a text with another content between two marks, which occur once or not at all."""
    before, found, rest = text.partition(begin)
    return f"{before}{begin}{content}{end}{rest.partition(end)[2]}" if found else text


def page_of_versions(shell: str, catalogue: Catalogue) -> str:
    """Return the page that lists the versions, in the frame of another page of the root."""
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(release.path)}index.html">Version {release.version}'
        f"</a>{' (newest)' if release == catalogue.newest else ''}</th>"
        f"<td>{release.published}</td></tr>"
        for release in catalogue.releases
    )
    article = (
        "<h1>Versions of the course</h1><p>The address without a number always shows the "
        "newest version. To cite a page as it was, use the address with the number.</p>"
        '<table><thead><tr><th scope="col">Version</th><th scope="col">Published</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    named = _put(shell, "<title>", "</title>", "Versions of the course")
    return _put(named, "<article>", "</article>", article)


def _canonical(here: Location, catalogue: Catalogue) -> str:
    name, base = here.page.removesuffix(".html"), catalogue.address
    if here.page in _NO_PLACE:
        target = ""
    elif here.page not in catalogue.newest.pages:
        target = "" if here.top else address(base, here.release.path + name)
    elif base:
        target = address(base, name)
    else:
        # Without an address of its own the site can still say which of its pages is meant.
        target = "" if here.top else here.up + here.page
    return f'<link rel="canonical" href="{escape(target)}">' if target else ""


def _note(here: Location, catalogue: Catalogue) -> str:
    newest = catalogue.newest
    if here.release == newest:
        return ""
    kept = here.page in newest.pages
    target = here.up + (here.page if kept else "index.html")
    words = "this page in it" if kept else "its start; it has no such page"
    return (
        f'<p class="pfp-old" role="note">This is version {here.release.version} of the course, '
        f"which is kept as it was. The newest is version {newest.version}: "
        f'<a href="{escape(target)}">{words}</a>. '
        f'<a href="{here.up}versions.html">All versions</a></p>'
    )


def _switch(here: Location, catalogue: Catalogue) -> str:
    if len(catalogue.releases) < 2:
        return ""
    return (
        f'<details class="pfp-versions" data-root="{here.up}" data-page="{escape(here.page)}" '
        f'data-version="{here.release.version}"><summary>Other versions</summary>'
        f'<p><a href="{here.up}versions.html">All versions, with their dates</a></p></details>'
    )


def _downloads(here: Location, titles: dict[str, str]) -> str:
    if not here.release.downloads:
        return ""
    top = here.up + here.release.path if here.top else "../" * here.page.count("/")
    folder = f"{top.removeprefix('./')}downloads/"
    whole: list[str] = []
    parts: list[str] = []
    for download in here.release.downloads:
        path = PurePosixPath(download.file)
        title = titles.get(path.stem, "")
        kind = path.suffix if path.suffix in _WHOLE else ""
        kind = f"-students{kind}" if path.stem.endswith("-students") else kind
        words = title or _WHOLE.get(kind, download.file)
        (parts if title else whole).append(_item(folder, download, words))
    chapters = (
        f"<details><summary>Chapters to print</summary><ul>{''.join(parts)}</ul></details>"
        if parts
        else ""
    )
    listed = f"<ul>{''.join(whole)}</ul>" if whole else ""
    return (
        '<section class="pfp-downloads" id="downloads"><h2>Downloads</h2>'
        f"{listed}{chapters}</section>"
    )


_WHOLE = {
    ".pdf": "The course to print, as PDF",
    "-students.pdf": "The course to print without the pages for teachers, as PDF",
    ".epub": "The course for e-readers, as ePub",
    ".zip": "The course to read without a connection, as a zip",
}


def _item(folder: str, download: Download, words: str) -> str:
    link = f'<a href="{escape(folder + download.file)}" download>{escape(words)}</a>'
    return f"<li>{link} ({download.bytes / 1_000_000:.1f} MB)</li>"


def chapter_titles(book: Path) -> dict[str, str]:
    """Return the titles of a built book's chapters by the last part of their names."""
    # Where there are none, it was published by an older version of this command.
    pages: list[dict[str, str]] = json_or(book / PAGES_FILE, list, [])
    return {PurePosixPath(page["name"]).name: page["title"] for page in pages if page["chapter"]}


def cite_at(folder: Path, base: str, path: str) -> None:
    """Let the references in a version's folder name the lasting address, which is in that folder.

    The folder holds a copy of a built book, which names ``base``, the address of the site; without
    one nothing changes. ``path`` is that of the folder in the site, such as ``v1.2/``.
    """
    if not base:
        return

    def moved(text: str, *forms: Callable[[str], str]) -> str:
        # Two forms of an address may be one.
        for old, new in {form(base): form(base + path) for form in forms}.items():
            text = text.replace(old, new)
        return text

    begin, end = place_marks(CITED)
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        before, found, rest = text.partition(begin)
        if found:
            box, _, after = rest.partition(end)
            box = moved(box, escape, lambda one: escape(tex(one)))
            page.write_text(f"{before}{begin}{box}{end}{after}", encoding="utf-8")
    for file in (folder / CITATIONS).glob("*"):
        text = file.read_bytes().decode("utf-8")
        written = tex if file.suffix == ".bib" else str
        file.write_bytes(moved(text, written).encode("utf-8"))
