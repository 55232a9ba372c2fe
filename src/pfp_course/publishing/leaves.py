"""The pages of the built book as leaves of one document: what a screen needs is taken off."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath

from bs4 import BeautifulSoup, Tag

from pfp_course.errors import CourseError
from pfp_course.publishing.hatches import drawn_hatches

__all__ = ["Leaf", "contents", "linked", "published", "read_leaf", "relinked", "slug"]

# What is of use on a screen alone: links to headings, the page's own contents, launch buttons,
# scripts; and what stands folded, which is the code of set-up cells and the data of figures.
_ON_SCREEN = (
    ".headerlink, nav.pfp-toc, .pfp-run, script, style, button, noscript, "
    "details:not([open]), .pfp-explorer-controls"
)
# The pictures are XML and go through untouched: a parser of HTML changes the case of their names.
_PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_ID = re.compile(r' id="([^"]+)"')
_PLACE = re.compile(r'<img data-picture="([0-9]+)"/>')


@dataclass(frozen=True)
class Leaf:
    """A page: its name in the book, such as ``notebooks/02-…``, its title, its part, its HTML."""

    name: str
    title: str
    part: str
    html: str

    @property
    def chapter(self) -> str:
        """The number of the chapter in two digits, or empty."""
        found = re.match(r"notebooks/(\d\d)-", self.name)
        return found[1] if found else ""


def contents(html: Path) -> list[tuple[str, str, str]]:
    """Return name, title and part of each page, in the order of the book.

    Raises
    ------
    CourseError
        If there is no built book in the folder.
    """
    try:
        text = (html / "index.html").read_text(encoding="utf-8")
    except OSError:
        raise CourseError(f"There is no book in {html}. Build it first: pfp build") from None
    found: list[tuple[str, str, str]] = []
    part = ""
    menu = BeautifulSoup(text, "html.parser").select("nav.pfp-nav p.caption, nav.pfp-nav a")
    for element in menu:
        if element.name == "p":
            part = element.get_text(strip=True)
            continue
        # The theme may set a mark beside the title; the title is what the link itself says.
        title = "".join(element.find_all(string=True, recursive=False)).strip()
        found.append((_page(str(element["href"])), title or element.get_text(strip=True), part))
    return found


def _page(address: str) -> str:
    return normpath(address).removesuffix(".html")


def slug(name: str) -> str:
    """Return a page's name as the beginning of an id."""
    return re.sub(r"[^a-z0-9]+", "-", PurePosixPath(name).name.lower()).strip("-")


def read_leaf(html: Path, name: str, title: str, part: str) -> Leaf:
    """Return a page of the built book, for paper.

    Ids begin with the page's slug, so that the pages can stand in one document; a link within
    the book names page and id, as ``book/glossary#term-signatory``, until `linked` resolves it.
    """
    text = (html / f"{name}.html").read_text(encoding="utf-8")
    begin, end = text.index("<article>"), text.rindex("</article>") + len("</article>")
    soup, pictures = _without_pictures(text[begin:end])
    article = soup.article
    assert article is not None, "the text was cut at the article's own tags"
    for element in article.select(_ON_SCREEN):
        element.decompose()
    for details in article.select("details[open]"):
        details.name = "div"
        del details["open"]
    _own_ids(article, slug(name))
    for anchor in article.select("a[href]"):
        anchor["href"] = _target(str(anchor["href"]), name)
    return Leaf(
        name, title, part, _with_pictures(article, [drawn_hatches(one) for one in pictures])
    )


def _without_pictures(html: str) -> tuple[BeautifulSoup, list[str]]:
    pictures = _PICTURE.findall(html)
    places = iter(range(len(pictures)))
    kept = _PICTURE.sub(lambda _: f'<img data-picture="{next(places)}"/>', html)
    return BeautifulSoup(kept, "html.parser"), pictures


def _with_pictures(tree: Tag, pictures: list[str]) -> str:
    """Return the inside of a tree as text that is HTML and well-formed XML."""
    text = tree.decode_contents(formatter="minimal")
    return _PLACE.sub(lambda place: pictures[int(place[1])], text)


def _own_ids(article: Tag, prefix: str) -> None:
    for element in article.select("[id]"):
        element["id"] = f"{prefix}--{element['id']}"
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        for element in article.select(f"[{attribute}]"):
            value = element[attribute]
            names = value if isinstance(value, list) else str(value).split()
            element[attribute] = " ".join(f"{prefix}--{one}" for one in names)


def _target(address: str, page: str) -> str:
    """Return where a link leads: outside as it is, inside as ``page#id``."""
    if re.match(r"[a-z]+:", address):
        return address
    path, _, anchor = address.partition("#")
    if not path:
        return f"{page}#{anchor}"
    inside = normpath(str(PurePosixPath(page).parent / path))
    return inside.removesuffix(".html") + (f"#{anchor}" if anchor else "")


def relinked(html: str, address: Callable[[str, str], str | None]) -> str:
    """Return HTML whose links within the book are replaced.

    Parameters
    ----------
    html : str
        A leaf's HTML, or several, one after another.
    address
        Gives the new target for a page and an id on it (or ""); None makes the link plain text.
    """
    soup, pictures = _without_pictures(html)
    for anchor in soup.select("a[href]"):
        given = str(anchor["href"])
        if re.match(r"[a-z]+:|#", given):
            continue
        page, _, name = given.partition("#")
        found = address(page, name)
        if found is None:
            anchor.unwrap()
        else:
            anchor["href"] = found
    return _with_pictures(soup, pictures)


def linked(html: str, names: Iterable[str], base: str = "") -> str:
    """Return the HTML of leaves with links that lead into the same document where they can.

    Parameters
    ----------
    html : str
        The leaves, one after another, each in an element whose id is the page's slug.
    names
        The pages that the document holds.
    base : str
        Address of the published book, for what the document does not hold. Without it such a
        link becomes plain text.
    """
    ids = set(_ID.findall(html))
    held = set(names)

    def address(page: str, name: str) -> str | None:
        inner = f"{slug(page)}--{name}" if name else slug(page)
        if inner in ids:
            return f"#{inner}"
        return f"#{slug(page)}" if page in held else published(base, page, name)

    return relinked(html, address)


def published(base: str, page: str, name: str) -> str | None:
    """Return the address of a place in the published book, or None if it has no address."""
    if not base:
        return None
    suffix = "" if "." in PurePosixPath(page).name else ".html"
    return f"{base.rstrip('/')}/{page}{suffix}" + (f"#{name}" if name else "")
