"""The pages of the built book as pages of one document: what a screen needs is taken off."""

import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import count
from math import floor
from pathlib import Path, PurePosixPath
from posixpath import normpath

from bs4 import BeautifulSoup, Tag

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import json_or
from pfp_course.questions import read_bank
from pfp_course.questions.authoring import printed_answers
from pfp_course.sphinx_ext.addresses import PAGES_FILE
from pfp_course.vector import places

__all__ = [
    *("ANSWERS", "PAPER", "READER", "BookPage", "address_within", "answers", "page_list"),
    *("printable", "published", "read_page", "relinked", "slug", "stack_wide_tables"),
]

Address = Callable[[str, str], str | None]

# What is of use on a screen alone: links to headings, the page's own contents, launch buttons,
# scripts; and what stands folded, which is the code of set-up cells and the data of figures.
_ON_SCREEN = (
    ".headerlink, nav.pfp-toc, .pfp-run, script, style, button, noscript, "
    "details:not([open]), .pfp-explorer-controls, .pfp-thumbnail, .pfp-chooser, "
    ".pfp-figure-pictures canvas"
)
# Roles of pages that a script fills from the reader's own record.
_OF_READER = ("progress", "review")
ANSWERS = "answers"  # the slug of the appendix
# Names in SVG that a parser of HTML gives back in lower case; the others have no capitals.
_SVG_NAMES = (
    *("clipPath", "clipPathUnits", "gradientTransform", "gradientUnits", "linearGradient"),
    *("markerHeight", "markerUnits", "markerWidth", "maskUnits", "pathLength"),
    *("patternContentUnits", "patternTransform", "patternUnits", "preserveAspectRatio"),
    *("radialGradient", "refX", "refY", "spreadMethod", "textLength", "textPath", "viewBox"),
)
_IN_SVG = {name.lower(): name for name in _SVG_NAMES}
# How an outline is painted; the other attributes place the area.
_PAINT = ("fill", "stroke", "opacity")


@dataclass(frozen=True)
class BookPage:
    """A page of the book, or what stands in a document like one.

    Its ``name`` in the book is such as ``notebooks/02-…``; ``part`` is the one it stands in;
    ``chapter`` is the number of the chapter in two digits, or empty; ``body`` is an element with
    what it says, which is empty in a list of pages.
    """

    name: str
    title: str
    part: str = ""
    chapter: str = ""
    body: Tag = field(default_factory=lambda: BeautifulSoup("", "html.parser"), compare=False)

    @classmethod
    def of_html(cls, name: str, title: str, html: str, part: str = "") -> "BookPage":
        """Return a page that was not in the book."""
        return cls(name, title, part, body=BeautifulSoup(html, "html.parser"))

    def ids(self) -> set[str]:
        """Return the ids on the page."""
        return {str(element["id"]) for element in self.body.select("[id]")}


def page_list(html: Path) -> list[BookPage]:
    """Return the pages of a built book in their order, without what they say.

    Raises
    ------
    CourseError
        If there is no built book in the folder.
    """
    if (entries := json_or(html / PAGES_FILE, list, None)) is None:
        raise CourseError(f"There is no book in {html}. Build it first: pfp build")
    return [BookPage(**entry) for entry in entries]


def slug(name: str) -> str:
    """Return a page's name as the beginning of an id."""
    return re.sub(r"[^a-z0-9]+", "-", PurePosixPath(name).name.lower()).strip("-")


def read_page(html: Path, page: BookPage, *, narrow: bool = False) -> BookPage:
    """Return a page of the built book with what it says, for paper.

    Ids begin with the page's slug, so that the pages can stand in one document; a link within
    the book names page and id, as ``book/glossary#term-signatory``, until `relinked` resolves it.
    With ``narrow`` the pictures for narrow screens stay beside the wide ones.
    """
    text = (html / f"{page.name}.html").read_text(encoding="utf-8")
    begin, end = text.index("<article>"), text.rindex("</article>") + len("</article>")
    soup = BeautifulSoup(text[begin:end], "html.parser")
    # The ids of a picture are its own already.
    pictures = [(picture, soup.new_tag("img")) for picture in soup.select("svg")]
    for picture, stand_in in pictures:
        picture.replace_with(stand_in)
    for sources in soup.select(".pfp-figure-sources"):
        if sources.summary:
            sources.summary.decompose()
        sources.unwrap()
    for element in soup.select(_ON_SCREEN if narrow else f"{_ON_SCREEN}, .pfp-figure-narrow"):
        element.decompose()
    for details in soup.select("details[open]"):
        details.name = "div"
        del details["open"]
    _own_ids(soup, slug(page.name))
    for anchor in soup.select("a[href]"):
        anchor["href"] = _target(str(anchor["href"]), page.name)
    for picture, stand_in in pictures:
        if not stand_in.decomposed:
            _restore_names(picture)
            _draw_hatches(picture)
            stand_in.replace_with(picture)
    assert soup.article is not None, "the text was cut at the article's own tags"
    return replace(page, body=soup.article)


def printable(html: Path, course: Course, *, narrow: bool = False) -> list[BookPage]:
    """Return the pages of a built book that make sense on paper, in their order.

    With ``narrow`` they keep the pictures for narrow screens.
    """
    left_out = {course.pages.get(role) for role in _OF_READER}
    return [
        read_page(html, page, narrow=narrow)
        for page in page_list(html)
        if page.name not in left_out
    ]


def answers(pages: Sequence[BookPage], course: Course) -> BookPage | None:
    """Return the answers to the printed questions of the chapters among some pages, if any."""
    banks = [read_bank(course.bank(page.chapter), course) for page in pages if page.chapter]
    if not banks:
        return None
    html = (
        "<h1>Answers</h1><p>The answers to the questions as they are printed here. Answer first, "
        "and then read.</p>" + "".join(printed_answers(bank) for bank in banks)
    )
    return BookPage.of_html(ANSWERS, "Answers", html, "Appendix")


def _restore_names(picture: Tag) -> None:
    for element in (picture, *picture.select("*")):
        element.name = _IN_SVG.get(element.name, element.name)
        element.attrs = {_IN_SVG.get(name, name): value for name, value in element.attrs.items()}
        element.can_be_empty_element = True


def _own_ids(article: Tag, prefix: str) -> None:
    for element in article.select("[id]"):
        element["id"] = f"{prefix}--{element['id']}"
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        for element in article.select(f"[{attribute}]"):
            value = element[attribute]
            names = value if isinstance(value, list) else str(value).split()
            element[attribute] = " ".join(f"{prefix}--{name}" for name in names)


def _target(address: str, page: str) -> str:
    """Return where a link leads: outside as it is, inside as ``page#id``."""
    if re.match(r"[a-z]+:", address):
        return address
    path, _, anchor = address.partition("#")
    if not path:
        return f"{page}#{anchor}"
    inside = normpath(str(PurePosixPath(page).parent / path))
    return inside.removesuffix(".html") + (f"#{anchor}" if anchor else "")


def relinked(page: BookPage, address: Address) -> Tag:
    """Return a copy of what a page says, in which the links within the book are replaced.

    ``address`` gives the new target for a page and an id on it (or ""); None makes the link plain
    text.
    """
    body = copy(page.body)
    for anchor in body.select("a[href]"):
        link = str(anchor["href"])
        if re.match(r"[a-z]+:|#", link):
            continue
        name, _, place = link.partition("#")
        target = address(name, place)
        if target is None:
            anchor.unwrap()
        else:
            anchor["href"] = target
    return body


def address_within(pages: Iterable[BookPage], base: str = "") -> Address:
    """Return the addresses of a document that holds some pages, for `relinked`.

    Each page will stand in an element whose id is the page's slug. ``base`` is the address of the
    published book, for what the document does not hold; without it such a link becomes plain text.
    """
    held = {page.name: page.ids() for page in pages}
    ids = set().union(*held.values())

    def address(page: str, place: str) -> str | None:
        inner = f"{slug(page)}--{place}"
        if place and inner in ids:
            return f"#{inner}"
        return f"#{slug(page)}" if page in held else published(base, page, place)

    return address


def published(base: str, page: str, place: str) -> str | None:
    """Return the address of a place in the published book, or None if it has no address."""
    if not base:
        return None
    suffix = "" if "." in PurePosixPath(page).name else ".html"
    return f"{base.rstrip('/')}/{page}{suffix}" + (f"#{place}" if place else "")


def _draw_hatches(picture: Tag) -> None:
    """Draw the lines of a picture's hatches, cut to their areas, in the place of its patterns.

    The picture is an SVG element as `figures.show` gives it: patterns in the picture's own units
    whose tiles begin at 0, paths in relative steps. Another picture stays as it is.
    """
    tiles = {
        f"url(#{pattern['id']})": (float(str(pattern["width"])), float(str(pattern["height"])))
        for pattern in picture.select("pattern")
    }
    numbers = count()
    for area in picture.select("path[fill]"):
        fill, path = str(area["fill"]), str(area["d"])
        if fill not in tiles:
            continue
        name = fill.removeprefix("url(#").removesuffix(")")
        clip = _element(
            "clipPath", {"id": f"{name}-a{next(numbers)}"}, _element("path", {"d": path})
        )
        uses = [
            _element("use", {"href": f"#{name}-tile", "x": f"{x:g}", "y": f"{y:g}"})
            for x, y in _tiling(path, *tiles[fill])
        ]
        rules = {key: str(value) for key, value in area.attrs.items() if key != "d"}
        painted = {key: value for key, value in rules.items() if key.startswith(_PAINT)}
        placed = {key: value for key, value in rules.items() if key not in painted}
        hatching = _element("g", {"clip-path": f"url(#{clip['id']})"}, *uses)
        outline = _element("path", {"d": path, **painted, "fill": "none"})
        area.replace_with(clip, _element("g", placed, hatching, outline))
    # Patterns stand in `defs`, so that a tile is drawn where it is used and nowhere else.
    for pattern in picture.select("pattern"):
        pattern.name, pattern.attrs = "g", {"id": f"{pattern['id']}-tile"}


def _element(name: str, attributes: dict[str, str], *children: Tag) -> Tag:
    element = Tag(name=name, attrs=attributes, can_be_empty_element=True)
    element.extend(children)
    return element


def _tiling(path: str, width: float, height: float) -> list[tuple[float, float]]:
    """Return where tiles lie that cover a path's box."""
    across, down = zip(*places(path), strict=True)
    columns = range(floor(min(across) / width), floor(max(across) / width) + 1)
    rows = range(floor(min(down) / height), floor(max(down) / height) + 1)
    return [(column * width, row * height) for row in rows for column in columns]


# Characters of a table's type that stand beside each other: on A4, and on a small e-reader.
PAPER, READER = 110, 52
_GAP = 1  # characters between two columns


def stack_wide_tables(body: Tag, room: int) -> None:
    """Replace each table that has no room by lists, one for each row, of its columns and cells.

    A word is never broken, so a table needs its columns' longest words beside each other. Cells
    that are empty are left out. A table with spans, or without a row of heads, stays as it is.
    ``room`` is how many characters stand beside each other.
    """
    for table in body.select("table"):
        rows = [[*row.find_all(["th", "td"], recursive=False)] for row in table.select("tr")]
        if len(rows) < 2 or not _is_plain(table, rows) or _width(rows) <= room:
            continue
        heads = [" ".join(cell.get_text(" ").split()) for cell in rows[0]]
        soup = BeautifulSoup("", "html.parser")
        stack = soup.new_tag("div", attrs={"class": "pfp-stacked"})
        for row in rows[1:]:
            stack.append(_listed(soup, heads, row))
        table.replace_with(stack)


def _is_plain(table: Tag, rows: list[list[Tag]]) -> bool:
    spans = table.select("[colspan], [rowspan]")
    all_heads = all(cell.name == "th" or not cell.get_text(strip=True) for cell in rows[0])
    return not spans and all_heads and len({len(row) for row in rows}) == 1


def _width(rows: list[list[Tag]]) -> int:
    words = (
        max(len(word) for cell in column for word in [*cell.get_text(" ").split(), ""])
        for column in zip(*rows, strict=True)
    )
    return sum(longest + _GAP for longest in words)


def _listed(soup: BeautifulSoup, heads: list[str], row: list[Tag]) -> Tag:
    listing = soup.new_tag("ul")
    for head, cell in zip(heads, row, strict=True):
        if not cell.get_text(strip=True) and cell.find(["img", "svg"]) is None:
            continue
        item = soup.new_tag("li")
        if cell.get("id"):
            item["id"] = cell["id"]
        if head:
            name = soup.new_tag("b")
            name.string = f"{head}:"
            item.append(name)
            item.append(" ")
        for part in list(cell.contents):
            item.append(part.extract())
        listing.append(item)
    return listing
