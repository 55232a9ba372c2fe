"""What is printed, by a Chromium that is found on this computer, and is not printed twice."""

import json
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from pfp_course._version import __version__
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import json_or, whole, write_whole

__all__ = [
    *("CONTENTS", "DAY", "PdfPrinter", "filled", "find_chromium", "installed_browser"),
    *("page_numbers", "print_document"),
]


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
    number = re.search(r"\b(\d+)\.\d+\.\d+", _version_of(found))
    if number and int(number[1]) < _OLDEST:
        raise CourseError(
            f"{found} is version {number[1]}. The PDF needs {_OLDEST} or newer: older ones print "
            "no page numbers. Update it, or name another in the variable PFP_CHROMIUM."
        )
    return found


@cache
def _version_of(browser: str) -> str:
    done = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _print_to_pdf(browser: str, page: Path, target: Path) -> None:
    """Print a page of this computer as a tagged PDF with bookmarks.

    `CourseError` is raised where the browser fails or takes longer than ten minutes.
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


# The places of a document that are filled when it is printed.
DAY = '<span class="pfp-day"></span>'
CONTENTS = '<nav class="pfp-contents" aria-label="Contents">'
_NUMBER = re.compile(r'<a href="#(?P<slug>[^"]+)">.*?<span class="pfp-number">')


def filled(text: str, day: date, numbers: Mapping[str, int]) -> str:
    """Return a document with the day on its cover, and page numbers by slug in its contents."""
    text = text.replace(DAY, f"{day.day} {day:%B %Y}", 1)
    before, mark, contents = text.partition(CONTENTS)
    contents, end, after = contents.partition("</nav>")
    contents = _NUMBER.sub(lambda place: f"{place[0]}{numbers.get(place['slug'], '')}", contents)
    return f"{before}{mark}{contents}{end}{after}"


# It tells of its own loading, which is nobody's business here.
logging.getLogger("pikepdf").setLevel(logging.WARNING)


@dataclass(frozen=True)
class PdfPrinter:
    """Prints documents of `document`, and leaves those that are printed already.

    ``browser`` is the Chromium that prints; ``day`` stands on the cover of what is printed now;
    ``kept`` is a file that remembers, for each PDF, the document and the PDF as digests.
    """

    browser: str
    course: Course
    day: date
    kept: Path

    def print(self, text: str, target: Path, title: str) -> None:
        """Print a document, unless the file that is there was printed from the same."""
        if not self._holds(text, target, title):
            self._print(filled(text, self.day, {}), target, title)
            self._remember(text, target, title)

    def print_numbered(
        self, text: str, target: Path, names: Sequence[str], guess: Mapping[str, int]
    ) -> None:
        """Print the whole course with page numbers in its contents, until they are right.

        ``names`` are the slugs of its pages, in their order. ``guess`` holds page numbers by slug
        in an edition with more pages: a page begins on a new sheet, so it is as long in one edition
        as in another. Without them those of the file that is there are the first guess.
        """
        title = self.course.title
        if self._holds(text, target, title):
            return
        numbers = _moved_up(guess, names) if guess else _numbers_or_none(target, names)
        for _ in range(3):
            self._print(filled(text, self.day, numbers), target, title)
            now = page_numbers(target, names)
            if now == numbers:
                break
            numbers = now
        self._remember(text, target, title)

    def _print(self, text: str, target: Path, title: str) -> None:
        print_document(self.browser, text, target, title, self.course, self.day)

    def _holds(self, text: str, target: Path, title: str) -> bool:
        """Tell whether a file is what was printed of a document."""
        known = self._printed().get(target.name)
        return target.is_file() and known == self._digests(text, target, title)

    def _remember(self, text: str, target: Path, title: str) -> None:
        known = {**self._printed(), target.name: self._digests(text, target, title)}
        write_whole(self.kept, json.dumps(known, indent=1).encode())

    def _printed(self) -> dict[str, list[str]]:
        return json_or(self.kept, dict[str, list[str]], {})

    def _digests(self, text: str, target: Path, title: str) -> list[str]:
        rests_on = [
            *(text, title, self.browser, _version_of(self.browser), version("pikepdf")),
            *(self.course.byline, self.course.licence, *self.course.languages),
            # What is done to the printed file, and the day, where it is not today.
            *(Path(__file__).read_text(encoding="utf-8"), os.environ.get("SOURCE_DATE_EPOCH", "")),
        ]
        written = json.dumps(rests_on).encode()
        return [sha256(content).hexdigest() for content in (written, target.read_bytes())]


def _moved_up(known: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    """Return the page numbers of an edition that lacks some pages of another."""
    order = sorted(known, key=lambda name: known[name])
    lengths = {name: known[after] - known[name] for name, after in pairwise(order)}
    numbers: dict[str, int] = {}
    for name in names:
        previous = list(numbers)[-1:]
        numbers[name] = (
            numbers[previous[0]] + lengths.get(previous[0], 1) if previous else known[name]
        )
    return numbers


def _numbers_or_none(pdf: Path, names: Sequence[str]) -> dict[str, int]:
    import pikepdf

    try:
        return page_numbers(pdf, names)
    except (OSError, pikepdf.PdfError):
        return {}  # there is none, or it is damaged


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


_HEADING = re.compile(r"<(?P<level>h[1-6])\b.*?</(?P=level)>", re.DOTALL)


def _name_bookmarks(file: Any, text: str) -> None:
    """Give the bookmarks the words of their headings: where a line ends, Chromium joins two."""
    # The headings alone: a course is millions of characters, most of them drawings.
    held = "".join(found[0] for found in _HEADING.finditer(text))
    headings = BeautifulSoup(held, "html.parser").select("h1, h2, h3, h4, h5, h6")
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
        _print_to_pdf(browser, page, part)
        _finish(part, text, title, course, day)
