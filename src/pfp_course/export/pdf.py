"""PDFs of the book: the whole course, an edition for students, and each chapter.

Each is one HTML document of many pages, which a browser prints.
"""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from bs4 import Tag

from pfp_course import palette
from pfp_course.course import Course
from pfp_course.export.book_pages import (
    ANSWERS,
    PAPER,
    BookPage,
    address_within,
    answers,
    printable,
    relinked,
    slug,
    stack_wide_tables,
)
from pfp_course.export.printing import CONTENTS, DAY, PdfPrinter, find_chromium, page_numbers
from pfp_course.questions.frontend import stylesheet as quiz_stylesheet
from pfp_course.sphinx_ext.assets import stylesheet

__all__ = ["document", "make_pdfs"]

_STUDENTS = "students"  # how the name of the edition ends that has no pages for teachers
# Roles of the pages whose entries stand in the notes of a chapter, with the titles over them.
_NOTES = {"glossary": "Terms of this chapter", "references": "Sources"}


def make_pdfs(
    html: Path,
    folder: Path,
    course: Course,
    *,
    base: str,
    day: date,
    kept: Path,
    tell: Callable[[int, int, str], None],
) -> list[Path]:
    """Print the whole course, its edition for students, and each chapter; return the files.

    The edition for students, without the pages for teachers, is made where the course names such
    pages. A file that is there already, and would say the same but for the day, stays as it is.

    ``base`` is the address of the published book, or empty; ``day`` stands on the cover of what is
    printed. ``kept`` is a file that remembers what was printed; where it is missing, all is
    printed. ``tell`` is called with steps done, steps in all, and what is made now.

    Raises
    ------
    CourseError
        If there is no Chromium that can print, or the folder cannot be written.
    """
    browser = find_chromium()
    pages = printable(html, course)
    alone = [page for page in pages if page.chapter]
    studied = [page for page in pages if page.name not in course.for_teachers]
    editions = [(course.slug, pages)]
    if len(studied) < len(pages):
        editions.append((f"{course.slug}-{_STUDENTS}", studied))
    steps = len(alone) + len(editions)
    printer = PdfPrinter(browser, course, day, kept)

    made: list[Path] = []
    numbers: dict[str, int] = {}
    for step, (edition, held) in enumerate(editions):
        tell(step, steps, edition)
        made.append(folder / f"{edition}.pdf")
        text = document(course.title, held, course, base=base)
        names = [*(slug(page.name) for page in held), ANSWERS]
        printer.print_numbered(text, made[-1], names, numbers)
        numbers = numbers or page_numbers(made[-1], names)
    named = {page.name: page for page in pages}
    noted = {
        title: named[name]
        for role, title in _NOTES.items()
        if (name := course.pages.get(role)) in named
    }
    for step, page in enumerate(alone, start=len(editions)):
        tell(step, steps, page.title)
        text = document(page.title, [page], course, base=base, notes=_notes(page, noted))
        made.append(folder / f"{Path(page.name).name}.pdf")
        printer.print(text, made[-1], page.title)
    tell(steps, steps, "done")
    return made


def _notes(page: BookPage, noted: dict[str, BookPage]) -> BookPage | None:
    """Return the terms and the sources that a chapter links to, from the pages that hold them.

    ``noted`` holds those pages by the titles that stand over their entries.
    """
    links = {str(anchor["href"]) for anchor in page.body.select("a[href*='#']")}
    html = ""
    for title, source in noted.items():
        entries = [
            _entry(entry)
            for entry in source.body.select("dt[id], .citation[id]")
            if f"{source.name}#{str(entry['id']).removeprefix(f'{slug(source.name)}--')}" in links
        ]
        html += f"<h2>{title}</h2>{''.join(entries)}" if entries else ""
    return BookPage.of_html("notes", "Notes", f"<h1>Notes</h1>{html}") if html else None


def _entry(entry: Tag) -> str:
    if entry.name != "dt":
        return str(entry)
    meaning = entry.find_next_sibling("dd")
    return f"<dl>{entry}{meaning or ''}</dl>"


def document(
    title: str,
    pages: Sequence[BookPage],
    course: Course,
    *,
    base: str,
    notes: BookPage | None = None,
) -> str:
    """Return a whole book, or one chapter, as an HTML document to be printed.

    The title stands on the cover; ``base`` is the address of the published book, or empty;
    ``notes`` stand after the pages and before the answers. The places of the day and of the page
    numbers are empty, until `printing.filled` fills them.
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
            parts.append(f'<section class="pfp-part" id="part-{slug(part)}">{opener}</section>')
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


def _cover(title: str, course: Course, base: str) -> str:
    name, _, rest = title.partition(":")
    under = f"<p class='pfp-cover-rest'>{escape(rest.strip().capitalize())}</p>" if rest else ""
    online = f'<p>Online: <a href="{escape(base)}">{escape(base)}</a></p>' if base else ""
    return (
        f'<header class="pfp-cover"><h1 class="pfp-cover-title">{escape(name)}</h1>{under}'
        f"<p>Version {course.version}, {DAY}</p>{online}"
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
    return f"{CONTENTS}<h1>Contents</h1>{lists}</nav>"
