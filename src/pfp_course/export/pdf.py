"""PDFs of the book, printed by a Chromium that is found on this computer."""

import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from pfp_course._version import __version__
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.export.book_pages import BookPage, page_list, read_page, slug
from pfp_course.export.document import ANSWERS, document
from pfp_course.files import whole

__all__ = [
    "STUDENTS",
    "find_chromium",
    "installed_browser",
    "make_pdfs",
    "page_numbers",
    "print_document",
    "print_to_pdf",
    "printable",
]


STUDENTS = "students"  # how the name of the edition ends that has no pages for teachers
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_OLDEST = 131  # the first that prints the margins of `@page`, where the page numbers stand
_PATIENCE = 600  # seconds


def installed_browser() -> str | None:
    """Return the path of an installed Chromium, or None.

    The variable ``PFP_CHROMIUM`` names one that is not found by itself.

    Raises
    ------
    CourseError
        If ``PFP_CHROMIUM`` names no file.
    """
    named = os.environ.get("PFP_CHROMIUM")
    if named and not Path(named).is_file():
        raise CourseError(f"PFP_CHROMIUM names {named}, which is not a file. Correct or unset it.")
    if named:
        return named
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((path for path in _ELSEWHERE if Path(path).is_file()), None)


def find_chromium() -> str:
    """Return a Chromium that can print the book.

    Raises
    ------
    CourseError
        If there is none, or it is too old.
    """
    found = installed_browser()
    if found is None:
        raise CourseError(
            "No Chromium was found, and the PDF is printed by it. Install it (Debian or Ubuntu: "
            "sudo apt-get install chromium; macOS: brew install --cask chromium; Windows: Chrome "
            "will do), or name it in the variable PFP_CHROMIUM."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\b(\d+)\.\d+\.\d+", said)
    if version and int(version[1]) < _OLDEST:
        raise CourseError(
            f"{found} is version {version[1]}. The PDF needs {_OLDEST} or newer: older ones print "
            "no page numbers. Update it, or name another in the variable PFP_CHROMIUM."
        )
    return found


def print_to_pdf(browser: str, page: Path, target: Path) -> None:
    """Print a page of this computer as a tagged PDF with bookmarks.

    Raises
    ------
    CourseError
        If the browser fails or takes longer than ten minutes.
    """
    with tempfile.TemporaryDirectory(prefix="pfp-print-") as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update"),
            # Chromium refuses to start its own sandbox for root, as in a container. The page
            # is our own and holds no script.
            *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
            f"--user-data-dir={profile}",
            *("--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf"),
            f"--print-to-pdf={target}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise CourseError(
                f"{Path(browser).name} did not finish printing in {_PATIENCE // 60} minutes. Close "
                "other programs and try again."
            ) from None
    if done.returncode or not target.is_file():
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CourseError(
            f"{Path(browser).name} could not print the book: {lines[-1] if lines else 'no reason'}"
        )


# It tells of its own loading, which is nobody's business here.
logging.getLogger("pikepdf").setLevel(logging.WARNING)

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
    tell: Callable[[int, int, str], None],
) -> list[Path]:
    """Print the whole course, the course without the pages for teachers, and each chapter.

    Parameters
    ----------
    html, folder : pathlib.Path
        The built book, and where the files go.
    course : Course
        The course that the book is of.
    base : str
        Address of the published book, or empty.
    day : datetime.date
        The day that stands on the cover.
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
    steps = len(alone) + len(editions) + 1

    tell(0, steps, "the course: counting pages")
    with tempfile.TemporaryDirectory(prefix="pfp-pages-") as scratch:
        draft = Path(scratch) / "draft.pdf"
        text = document(course.title, pages, course, base=base, day=day)
        print_document(browser, text, draft, course.title, course, day)
        numbers = page_numbers(draft, [slug(page.name) for page in pages] + [ANSWERS])
    made = []
    for step, (edition, held) in enumerate(editions, start=1):
        tell(step, steps, edition)
        made.append(folder / f"{edition}.pdf")
        _print_numbered(browser, held, made[-1], numbers, course, base, day)
    named = {page.name: page for page in pages}
    noted = {
        title: named[name]
        for role, title in _NOTES.items()
        if (name := course.pages.get(role)) in named
    }
    for step, page in enumerate(alone, start=len(editions) + 1):
        tell(step, steps, page.title)
        notes = _notes(page, noted)
        text = document(page.title, [page], course, base=base, day=day, notes=notes)
        made.append(folder / f"{Path(page.name).name}.pdf")
        print_document(browser, text, made[-1], page.title, course, day)
    tell(steps, steps, "done")
    return made


def _print_numbered(
    browser: str,
    pages: Sequence[BookPage],
    target: Path,
    known: Mapping[str, int],
    course: Course,
    base: str,
    day: date,
) -> None:
    """Print pages with their numbers in the contents, and once more if the guess was wrong.

    A page begins on a new sheet, so it is as long in one edition as in another.
    """
    names = [*(slug(page.name) for page in pages), ANSWERS]
    order = sorted(known, key=lambda name: known[name])
    lengths = {name: known[after] - known[name] for name, after in pairwise(order)}
    numbers: dict[str, int] = {}
    for name in names:
        previous = list(numbers)[-1:]
        numbers[name] = (
            numbers[previous[0]] + lengths.get(previous[0], 1) if previous else known[name]
        )
    for _ in range(2):
        text = document(course.title, pages, course, base=base, day=day, numbers=numbers)
        print_document(browser, text, target, course.title, course, day)
        now = page_numbers(target, names)
        if now == numbers:
            return
        numbers = now


def page_numbers(pdf: Path, names: Sequence[str]) -> dict[str, int]:
    """Return the number of the page on which each named place of a PDF stands."""
    import pikepdf

    with pikepdf.open(pdf) as file:
        order = {page.obj.objgen: number for number, page in enumerate(file.pages, start=1)}
        places: Any = file.Root.get("/Dests", {})
        return {name: order[places[f"/{name}"][0].objgen] for name in names if f"/{name}" in places}


def _finish(pdf: Path, text: str, title: str, course: Course, day: date) -> None:
    """Compress a printed PDF, say in it what it is, and give the same bytes for the same book."""
    import pikepdf

    with pikepdf.open(pdf, allow_overwriting_input=True) as file:
        _name_bookmarks(file, text)
        for name in ("/CreationDate", "/ModDate"):
            file.docinfo[name] = f"D:{day:%Y%m%d}000000Z"
        with file.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"] = title
            about["dc:creator"] = [author.name for author in course.authors]
            about["dc:language"] = [course.languages[0]]
            about["dc:rights"] = course.licence.replace("-", " ")
            about["xmp:CreatorTool"] = f"pfp-course {__version__}"
        # Tags are thousands of small objects, which a stream of objects makes a tenth as large.
        file.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def _name_bookmarks(file: Any, text: str) -> None:
    """Give the bookmarks the words of their headings: where a line ends, Chromium joins two."""
    headings = BeautifulSoup(text, "html.parser").select("h1, h2, h3, h4, h5, h6")
    words = (" ".join(heading.get_text().split()) for heading in headings)
    named = {_joined(said): said for said in words}

    def name(items: Any) -> None:
        for item in items:
            item.title = named.get(_joined(item.title), item.title)
            name(item.children)

    with file.open_outline() as outline:
        name(outline.root)


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def print_document(
    browser: str, text: str, target: Path, title: str, course: Course, day: date
) -> None:
    """Print a document of `document` into a file that says what it is."""
    with whole(target) as part:
        page = part.with_suffix(".html")
        page.write_text(text, encoding="utf-8")
        print_to_pdf(browser, page, part)
        _finish(part, text, title, course, day)


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
