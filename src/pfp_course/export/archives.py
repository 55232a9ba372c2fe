"""The course to carry away: an ePub 3, and the built book as a zip.

The ePub has the same pages as the PDF, a file for each of them.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from pfp_course import typeface
from pfp_course.course import Course
from pfp_course.export.book_pages import (
    READER,
    BookPage,
    answers,
    page_list,
    printable,
    published,
    relinked,
    slug,
    stack_wide_tables,
)
from pfp_course.files import pack, whole

__all__ = ["make_epub", "make_offline"]

# A custom property with what stands for it where it is unknown: old reading systems know none.
_PROPERTY = re.compile(r"var\(--pfp-(?P<name>[\w-]+), (?P<known>[^()]*)\)")
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


def make_epub(
    html: Path, target: Path, course: Course, *, cover: Path | None, base: str, day: date
) -> Path:
    """Write the built book as an ePub, and return its path.

    ``cover`` is an SVG; without one the title is drawn. ``base`` is the address of the published
    book, or empty; ``day`` is that of this edition.

    Raises
    ------
    CourseError
        If there is no built book, or the file cannot be written.
    """
    pages = printable(html, course, narrow=True)
    if appendix := answers(pages, course):
        pages.append(appendix)
    language = course.languages[0]
    files_of_pages = {
        _file(page.name): _xhtml(page.title, text, language)
        for page, text in zip(pages, _texts(pages, course, base), strict=True)
    }
    own = files("pfp_course.export").joinpath("epub.css").read_text("utf-8")
    texts = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": _package(course, files_of_pages, day),
        "EPUB/nav.xhtml": _xhtml("Contents", _navigation(pages), language),
        "EPUB/style.css": f"{typeface.face_rules('fonts/')}\n{own}",
        "EPUB/cover.svg": _painted(_cover(cover, course), course),
        **{f"EPUB/{name}": text for name, text in files_of_pages.items()},
    }
    members = [(name, text.encode()) for name, text in texts.items()]
    members += [(f"EPUB/fonts/{file.name}", file.read_bytes()) for file in typeface.files()]
    with whole(target) as part:
        # A reader knows an ePub by its first member.
        pack(part, members, first="application/epub+zip")
    return target


def _file(name: str) -> str:
    return f"{slug(name)}.xhtml"


def _texts(pages: Sequence[BookPage], course: Course, base: str) -> Iterator[str]:
    """Return what each page says, with links to the files of the others."""
    ids = {page.name: page.ids() for page in pages}

    def address(page: str, place: str) -> str | None:
        if page in ids:
            inner = f"{slug(page)}--{place}"
            return _file(page) + (f"#{inner}" if inner in ids[page] else "")
        return published(base, page, place)

    for page in pages:
        body = relinked(page, address)
        stack_wide_tables(body, READER)
        for element in body.select("*"):
            for name, value in element.attrs.items():
                if isinstance(value, str) and "var(" in value:
                    element[name] = _painted(value, course)
        yield body.decode_contents(formatter="minimal")


def _cover(path: Path | None, course: Course) -> str:
    if path is not None:
        return path.read_text(encoding="utf-8")
    title = escape(course.short_title)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 800" role="img" '
        f'aria-label="{title}"><rect width="600" height="800" fill="var(--pfp-paper, #ffffff)"/>'
        '<rect x="60" y="60" width="480" height="8" fill="var(--pfp-accent, #12507b)"/>'
        '<text x="60" y="160" font-family="serif" font-size="44" textLength="480" '
        f'lengthAdjust="spacingAndGlyphs" fill="var(--pfp-ink, #1c2128)">{title}</text></svg>'
    )


def _painted(text: str, course: Course) -> str:
    """Return a text in which colours stand in the place of their names."""
    light = course.palette("light")
    return _PROPERTY.sub(lambda found: light.get(found["name"], found["known"]), text)


def _xhtml(title: str, body: str, language: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}"><head><meta charset="utf-8"/>'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="style.css"/></head>'
        f"<body>{body}</body></html>\n"
    )


def _navigation(pages: Sequence[BookPage]) -> str:
    parts = "".join(
        f"<li><span>{escape(part)}</span><ol>"
        + "".join(
            f'<li><a href="{_file(page.name)}">{escape(page.title)}</a></li>' for page in group
        )
        + "</ol></li>"
        for part, group in groupby(pages, key=lambda page: page.part)
    )
    return f'<nav epub:type="toc" role="doc-toc"><h1>Contents</h1><ol>{parts}</ol></nav>'


def _properties(text: str) -> str:
    """Return what a page holds besides XHTML, as its entry in the package has to say."""
    held = [name for mark, name in (("<math", "mathml"), ("<svg", "svg")) if mark in text]
    return f' properties="{" ".join(held)}"' if held else ""


def _font_items() -> str:
    kinds = {".woff2": "font/woff2", ".txt": "text/plain"}
    return "".join(
        f'<item id="f{number}" href="fonts/{file.name}" media-type="{kinds[file.suffix]}"/>'
        for number, file in enumerate(typeface.files())
    )


def _package(course: Course, pages: dict[str, str], day: date) -> str:
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{course.slug}/{course.version}/{day}")
    language = course.languages[0]
    access = "".join(f'<meta property="{kind}">{text}</meta>' for kind, text in _ACCESS)
    items = "".join(
        f'<item id="p{number}" href="{file}" media-type="application/xhtml+xml"'
        + _properties(text)
        + "/>"
        for number, (file, text) in enumerate(pages.items())
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{language}"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{name}</dc:identifier>'
        f"<dc:title>{escape(course.title)}</dc:title><dc:language>{language}</dc:language>"
        f"<dc:creator>{escape(course.byline)}</dc:creator><dc:date>{day}</dc:date>"
        f"<dc:rights>{course.terms_of_use}</dc:rights>"
        f'<meta property="dcterms:modified">{day}T00:00:00Z</meta>{access}</metadata>'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" '
        'properties="nav"/><item id="css" href="style.css" media-type="text/css"/>'
        '<item id="cover" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>'
        f'{_font_items()}{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>\n'
    )


_README = """\
{title}

Unpack the whole zip first. Then open index.html in any browser. No connection is needed.
Your answers are kept in the browser{saved}.
"""


def make_offline(html: Path, target: Path, course: Course) -> Path:
    """Write the built book of a course as a zip with one folder in it, and return its path.

    Raises
    ------
    CourseError
        If there is no built book, or the file cannot be written.
    """
    titles = {page.name: page.title for page in page_list(html)}
    progress = titles.get(course.pages.get("progress", ""), "")
    saved = f'; the page "{progress}" saves them to a file' if progress else ""
    readme = _README.format(title=course.title, saved=saved)
    folder = target.stem
    paths = sorted(path for path in html.rglob("*") if path.is_file())
    members: list[tuple[str, bytes | Path]] = [(f"{folder}/README.txt", readme.encode())]
    members += [(f"{folder}/{path.relative_to(html).as_posix()}", path) for path in paths]
    with whole(target) as part:
        pack(part, members)
    return target
