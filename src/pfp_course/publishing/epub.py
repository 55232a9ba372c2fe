"""The course as an ePub 3: the same leaves as the PDF, a file for each page."""

import re
import uuid
from collections.abc import Sequence
from datetime import date
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from pfp_course._version import __version__
from pfp_course.files import pack, whole
from pfp_course.publishing.document import ANSWERS, AUTHOR, answers
from pfp_course.publishing.leaves import Leaf, published, relinked, slug
from pfp_course.publishing.pdf import printable

__all__ = ["make_epub"]

# A custom property with what stands for it where it is unknown: old reading systems know none.
_PROPERTY = re.compile(r"var\(--[\w-]+, ([^()]*)\)")
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
_ACCESS = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
    (
        "schema:accessibilitySummary",
        "Every figure has a description in words. Questions are printed, with their answers in an "
        "appendix; to have answers marked, use the course on the web or in JupyterLab.",
    ),
)


def make_epub(html: Path, target: Path, *, title: str, cover: Path, base: str, day: date) -> Path:
    """Write the built book as an ePub.

    Parameters
    ----------
    html, target : pathlib.Path
        The built book, and the file to write.
    title, base : str
        Title of the course; address of the published book, or empty.
    cover : pathlib.Path
        An SVG.
    day : datetime.date
        The day of this edition.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CourseError
        If there is no built book, or the file cannot be written.
    """
    leaves = printable(html)
    appendix = Leaf(ANSWERS, "Answers", "Appendix", answers(leaves))
    pages = _pages([*leaves, appendix], base)
    texts = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": _package(title, [*leaves, appendix], pages, day),
        "EPUB/nav.xhtml": _navigation([*leaves, appendix]),
        "EPUB/style.css": files("pfp_course.publishing").joinpath("epub.css").read_text("utf-8"),
        "EPUB/cover.svg": cover.read_text(encoding="utf-8"),
        **{f"EPUB/{name}": text for name, text in pages.items()},
    }
    members = [(name, text.encode()) for name, text in texts.items()]
    with whole(target) as part:
        # A reader knows an ePub by its first member.
        pack(part, members, first="application/epub+zip")
    return target


def _file(name: str) -> str:
    return f"{slug(name)}.xhtml"


def _pages(leaves: Sequence[Leaf], base: str) -> dict[str, str]:
    places = {leaf.name: _file(leaf.name) for leaf in leaves}
    ids = {leaf.name: set(re.findall(r' id="([^"]+)"', leaf.html)) for leaf in leaves}

    def address(page: str, name: str) -> str | None:
        if page in places:
            inner = f"{slug(page)}--{name}"
            return places[page] + (f"#{inner}" if inner in ids[page] else "")
        return published(base, page, name)

    return {
        places[leaf.name]: _xhtml(leaf.title, _PROPERTY.sub(r"\1", relinked(leaf.html, address)))
        for leaf in leaves
    }


def _xhtml(title: str, body: str, kind: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="en" xml:lang="en"><head><meta charset="utf-8"/><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="style.css"/></head>'
        f"<body{kind}>{body}</body></html>\n"
    )


def _navigation(leaves: Sequence[Leaf]) -> str:
    parts = "".join(
        f"<li><span>{escape(part)}</span><ol>"
        + "".join(
            f'<li><a href="{_file(leaf.name)}">{escape(leaf.title)}</a></li>' for leaf in group
        )
        + "</ol></li>"
        for part, group in groupby(leaves, key=lambda leaf: leaf.part)
    )
    nav = f'<nav epub:type="toc" role="doc-toc"><h1>Contents</h1><ol>{parts}</ol></nav>'
    return _xhtml("Contents", nav)


def _package(title: str, leaves: Sequence[Leaf], pages: dict[str, str], day: date) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"pfp-course/{__version__}/{day}")
    access = "".join(f'<meta property="{kind}">{text}</meta>' for kind, text in _ACCESS)
    items = "".join(
        f'<item id="p{number}" href="{file}" media-type="application/xhtml+xml"'
        + (' properties="svg"' if "<svg" in text else "")
        + "/>"
        for number, (file, text) in enumerate(pages.items())
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        'xml:lang="en"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{name}</dc:identifier>'
        f"<dc:title>{escape(title)}</dc:title>"
        f"<dc:language>en</dc:language><dc:creator>{AUTHOR}</dc:creator><dc:date>{day}</dc:date>"
        "<dc:rights>Text, figures and own data: CC BY 4.0. Code: BSD-3-Clause.</dc:rights>"
        f'<meta property="dcterms:modified">{day}T00:00:00Z</meta>{access}</metadata>'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" '
        'properties="nav"/><item id="css" href="style.css" media-type="text/css"/>'
        '<item id="cover" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>\n'
    )
