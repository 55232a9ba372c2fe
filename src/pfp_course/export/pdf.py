"""PDFs of the book: the whole course, an edition for students, and each chapter."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from bs4 import Tag

from pfp_course.course import Course
from pfp_course.export.book_pages import BookPage, page_list, read_page, slug
from pfp_course.export.document import ANSWERS, document
from pfp_course.export.printing import PdfPrinter, find_chromium, page_numbers

__all__ = ["STUDENTS", "make_pdfs", "printable"]


STUDENTS = "students"  # how the name of the edition ends that has no pages for teachers
# Roles of pages that a script fills from the reader's own record.
_ON_SCREEN = ("progress", "review")
# Roles of the pages whose entries stand in the notes of a chapter, with the titles over them.
_NOTES = {"glossary": "Terms of this chapter", "references": "Sources"}


def printable(html: Path, course: Course, *, narrow: bool = False) -> list[BookPage]:
    """Return the pages of a built book that make sense on paper, in their order.

    With ``narrow`` they keep the pictures for narrow screens.
    """
    left_out = {course.pages.get(role) for role in _ON_SCREEN}
    return [
        read_page(html, page, narrow=narrow)
        for page in page_list(html)
        if page.name not in left_out
    ]


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
    """Print the whole course, the course without the pages for teachers, and each chapter.

    A file that is there already, and would say the same but for the day, stays as it is.

    Parameters
    ----------
    html, folder : pathlib.Path
        The built book, and where the files go.
    course : Course
        The course that the book is of.
    base : str
        Address of the published book, or empty.
    day : datetime.date
        The day that stands on the cover of what is printed.
    kept : pathlib.Path
        A file that remembers what was printed; where it is missing, all is printed.
    tell
        Called with steps done, steps in all, and what is made now.

    Returns
    -------
    list of pathlib.Path
        The files: the whole course, the edition for students where the course names pages for
        teachers, and the chapters.

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
        editions.append((f"{course.slug}-{STUDENTS}", studied))
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
