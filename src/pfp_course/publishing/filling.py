"""What the pages of a published site say besides: their version, the newest one, the downloads."""

import re
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path, PurePosixPath

from pfp_course.book.addresses import address
from pfp_course.book.places import place
from pfp_course.publishing.catalogue import Catalogue, Download, Release

__all__ = ["NO_PLACE", "Place", "fill", "page_of_versions", "rooted", "title_of"]

# Pages that are found by nobody who searches.
NO_PLACE = ("404.html", "search.html", "versions.html")

_PLACE = re.compile(r"<!--pfp:([a-z]+)-->.*?<!--/pfp:\1-->", re.DOTALL)
_RELATIVE = re.compile(
    r'(?P<before>\b(?:href|src|action|data-root|data-content_root)=")'
    r'(?!(?:[a-z]+:|/|#))(?P<path>[^"]*)"'
)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_ARTICLE = re.compile(r"<article>.*?</article>", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where a page stands: the version it belongs to, its address in it, and the site's own.

    ``top`` tells that the page stands at the root, where the newest version is.
    """

    release: Release
    page: str
    base: str
    top: bool

    @property
    def up(self) -> str:
        """The way from the page to the root of the site."""
        steps = self.page.count("/") + (0 if self.top else 1)
        return "../" * steps or "./"


def fill(text: str, here: Place, catalogue: Catalogue, titles: dict[str, str]) -> str:
    """Return a page whose places hold what is true now.

    Parameters
    ----------
    text : str
        The page. It may have been filled before.
    here : Place
        Where it stands.
    catalogue : Catalogue
        The versions of the site.
    titles : dict
        Titles of the pages of this version, for the list of downloads.
    """
    content = {
        "address": _canonical(here, catalogue),
        "note": _note(here, catalogue),
        "versions": _switch(here, catalogue),
        "downloads": _downloads(here, titles),
    }
    return _PLACE.sub(lambda found: place(found[1], content.get(found[1], "")), text)


def rooted(text: str, root: str) -> str:
    """Return a page whose links begin at the root of the server: it may be shown at any depth."""

    def absolute(found: re.Match[str]) -> str:
        path = found["path"].removeprefix("./")
        return f'{found["before"]}{root}{path}"'

    return _RELATIVE.sub(absolute, text)


def page_of_versions(shell: str, catalogue: Catalogue) -> str:
    """Return the page that lists the versions, in the frame of another page of the root."""
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(one.path)}index.html">Version {one.version}</a>'
        f"{' (newest)' if one == catalogue.newest else ''}</th><td>{one.published}</td></tr>"
        for one in catalogue.releases
    )
    article = (
        "<article><h1>Versions of the course</h1><p>The address without a number always shows the "
        "newest version. To cite a page as it was, use the address with the number.</p>"
        '<table><thead><tr><th scope="col">Version</th><th scope="col">Published</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></article>"
    )
    named = _TITLE.sub("<title>Versions of the course</title>", shell)
    return _ARTICLE.sub(lambda _: article, named)


def _canonical(here: Place, catalogue: Catalogue) -> str:
    name = here.page.removesuffix(".html")
    if here.page in NO_PLACE:
        target = ""
    elif here.page not in catalogue.newest.pages:
        target = "" if here.top else address(here.base, here.release.path + name)
    elif here.base:
        target = address(here.base, name)
    else:
        # Without an address of its own the site can still say which of its pages is meant.
        target = "" if here.top else here.up + here.page
    return f'<link rel="canonical" href="{escape(target)}">' if target else ""


def _note(here: Place, catalogue: Catalogue) -> str:
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


def _switch(here: Place, catalogue: Catalogue) -> str:
    if len(catalogue.releases) < 2:
        return ""
    return (
        f'<details class="pfp-versions" data-root="{here.up}" data-page="{escape(here.page)}" '
        f'data-version="{here.release.version}"><summary>Other versions</summary>'
        f'<p><a href="{here.up}versions.html">All versions, with their dates</a></p></details>'
    )


def _downloads(here: Place, titles: dict[str, str]) -> str:
    if not here.release.downloads:
        return ""
    top = here.up + here.release.path if here.top else "../" * here.page.count("/")
    folder = f"{top.removeprefix('./')}downloads/"
    whole: list[str] = []
    parts: list[str] = []
    for one in here.release.downloads:
        words = _WHOLE.get(PurePosixPath(one.file).suffix, one.file)
        title = titles.get(f"notebooks/{PurePosixPath(one.file).stem}.html", "")
        (parts if title else whole).append(_item(folder, one, title or words))
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
    ".epub": "The course for e-readers, as ePub",
    ".zip": "The course to read without a connection, as a zip",
}


def _item(folder: str, one: Download, words: str) -> str:
    size = f"{one.bytes / 1_000_000:.1f} MB"
    return f'<li><a href="{escape(folder + one.file)}" download>{escape(words)}</a> ({size})</li>'


def title_of(page: Path) -> str:
    """Return the title of a built page, without the name of the course."""
    found = _TITLE.search(page.read_text(encoding="utf-8"))
    text = found[0].removeprefix("<title>").removesuffix("</title>") if found else page.stem
    return unescape(text).partition(" · ")[0]
