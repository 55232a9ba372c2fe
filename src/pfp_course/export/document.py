"""The book as one document of many pages, and as a zip to carry away."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from pfp_course import palette
from pfp_course.course import Course
from pfp_course.export.book_pages import (
    PAPER,
    BookPage,
    address_within,
    page_list,
    relinked,
    slug,
    stack_wide_tables,
)
from pfp_course.files import pack, whole
from pfp_course.questions import read_bank
from pfp_course.questions.authoring import printed_answers
from pfp_course.questions.frontend import stylesheet as quiz_stylesheet
from pfp_course.sphinx_ext.assets import stylesheet

__all__ = [
    "ANSWERS",
    "answers",
    "document",
    "filled",
    "make_offline",
    "part_id",
]


ANSWERS = "answers"  # the slug of the appendix


def part_id(part: str) -> str:
    """Return the id of the page that opens a part."""
    return f"part-{slug(part)}"


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


def document(
    title: str,
    pages: Sequence[BookPage],
    course: Course,
    *,
    base: str,
    notes: BookPage | None = None,
) -> str:
    """Return a whole book, or one chapter, as an HTML document to be printed.

    The places of the day and of the page numbers are empty, until `filled` fills them.

    Parameters
    ----------
    title : str
        The title on the cover and of the file.
    pages
        The pages in their order.
    course : Course
        The course that they belong to.
    base : str
        Address of the published book, or empty.
    notes : BookPage, optional
        What stands after the pages and before the answers.
    """
    whole = len(pages) > 1
    appendix = answers(pages, course)
    after = [page for page in (notes, appendix) if page]
    address = address_within([*pages, *after], base)

    def section(page: BookPage, more: str) -> str:
        body = relinked(page, address)
        stack_wide_tables(body, PAPER)
        inside = body.decode_contents(formatter="minimal")
        return f'<section class="pfp-leaf{more}>{inside}</section>'

    parts = []
    for part, group in groupby(pages, key=lambda page: page.part):
        if whole:
            opener = f"<h1>{escape(part)}</h1>"
            parts.append(f'<section class="pfp-part" id="{part_id(part)}">{opener}</section>')
        for page in group:
            style = f"page: {_page_name(page)}"
            parts.append(section(page, f'" id="{slug(page.name)}" style="{style}"'))
    if notes:
        parts.append(section(notes, f'" id="{notes.name}"'))
    if appendix:
        parts.append(section(appendix, f' pfp-answers" id="{ANSWERS}"'))
    front = _cover(title, course, base)
    if whole:
        front += _contents([*pages, *after])
    return (
        f'<!DOCTYPE html>\n<html lang="{course.languages[0]}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        f'<meta name="author" content="{escape(course.byline)}">'
        f"<style>{_rules(pages, course)}</style></head>"
        f"<body>{front}<main>{''.join(parts)}</main></body></html>\n"
    )


def filled(text: str, day: date, numbers: Mapping[str, int]) -> str:
    """Return a document with the day on its cover, and page numbers by slug in its contents."""
    text = text.replace(_DAY, f"{day.day} {day:%B %Y}", 1)
    before, mark, contents = text.partition(_CONTENTS)
    contents, end, after = contents.partition("</nav>")
    contents = _NUMBER.sub(lambda place: f"{place[0]}{numbers.get(place['slug'], '')}", contents)
    return f"{before}{mark}{contents}{end}{after}"


def _page_name(page: BookPage) -> str:
    return f"p-{slug(page.name)}"


def _rules(pages: Sequence[BookPage], course: Course) -> str:
    own = files("pfp_course.export").joinpath("print.css").read_text(encoding="utf-8")
    # A name of the running head for each page: margin boxes cannot read the document.
    heads = "".join(
        f'@page {_page_name(page)} {{ @top-left {{ content: "{_quoted(page.title)}" }} }}\n'
        for page in pages
    )
    light = palette.properties("html", palette.printed(course.palette("light")), "light")
    return "\n".join([stylesheet(course, alone=True), quiz_stylesheet(), light, own, heads])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


# The places that `filled` fills.
_DAY = '<span class="pfp-day"></span>'
_CONTENTS = '<nav class="pfp-contents" aria-label="Contents">'
_NUMBER = re.compile(r'<a href="#(?P<slug>[^"]+)">.*?<span class="pfp-number">')


def _cover(title: str, course: Course, base: str) -> str:
    name, _, rest = title.partition(":")
    under = f"<p class='pfp-cover-rest'>{escape(rest.strip().capitalize())}</p>" if rest else ""
    online = f'<p>Online: <a href="{escape(base)}">{escape(base)}</a></p>' if base else ""
    return (
        f'<header class="pfp-cover"><h1 class="pfp-cover-title">{escape(name)}</h1>{under}'
        f"<p>Version {course.version}, {_DAY}</p>{online}"
        f"<p>{course.terms_of_use}</p></header>"
    )


def _contents(pages: Sequence[BookPage]) -> str:
    def line(page: BookPage) -> str:
        return (
            f'<li><a href="#{slug(page.name)}"><span>{escape(page.title)}</span> '
            '<span class="pfp-number"></span></a></li>'
        )

    lists = "".join(
        f"<p>{escape(part)}</p><ul>{''.join(map(line, group))}</ul>"
        for part, group in groupby(pages, key=lambda page: page.part)
    )
    return f"{_CONTENTS}<h1>Contents</h1>{lists}</nav>"


_README = """\
{title}

Unpack the whole zip first. Then open index.html in any browser. No connection is needed.
Your answers are kept in the browser{saved}.
"""


def make_offline(html: Path, target: Path, course: Course) -> Path:
    """Write the built book of a course as a zip with one folder in it.

    Returns
    -------
    pathlib.Path
        The file.

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
    files = sorted(path for path in html.rglob("*") if path.is_file())
    members: list[tuple[str, bytes | Path]] = [(f"{folder}/README.txt", readme.encode())]
    members += [(f"{folder}/{path.relative_to(html).as_posix()}", path) for path in files]
    with whole(target) as part:
        pack(part, members)
    return target
