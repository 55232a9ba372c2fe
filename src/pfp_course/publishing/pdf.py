"""The course as PDF, and each chapter by itself."""

import logging
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from pfp_course._version import __version__
from pfp_course.files import whole
from pfp_course.publishing.chromium import find_chromium, print_to_pdf
from pfp_course.publishing.document import ANSWERS, AUTHOR, document
from pfp_course.publishing.leaves import Leaf, contents, read_leaf, slug

__all__ = ["SCREEN_ONLY", "make_pdfs", "page_numbers", "printable"]

# It tells of its own loading, which is nobody's business here.
logging.getLogger("pikepdf").setLevel(logging.WARNING)

# Pages that a script fills from the reader's own record.
SCREEN_ONLY = ("book/progress", "book/review")
_GLOSSARY, _REFERENCES = "book/glossary", "book/references"


def printable(html: Path) -> list[Leaf]:
    """Return the pages of a built book that make sense on paper, in their order."""
    return [read_leaf(html, *page) for page in contents(html) if page[0] not in SCREEN_ONLY]


def make_pdfs(
    html: Path,
    folder: Path,
    *,
    title: str,
    base: str,
    day: date,
    tell: Callable[[int, int, str], None],
) -> list[Path]:
    """Print the whole course, and each chapter by itself.

    Parameters
    ----------
    html, folder : pathlib.Path
        The built book, and where the files go.
    title, base : str
        Title of the course; address of the published book, or empty.
    day : datetime.date
        The day that stands on the cover.
    tell
        Called with steps done, steps in all, and what is made now.

    Returns
    -------
    list of pathlib.Path
        The files, the whole course first.

    Raises
    ------
    CourseError
        If there is no Chromium that can print, or the folder cannot be written.
    """
    browser = find_chromium()
    leaves = printable(html)
    alone = [leaf for leaf in leaves if leaf.chapter]
    steps = len(alone) + 2

    tell(0, steps, "the course: counting pages")
    with tempfile.TemporaryDirectory(prefix="pfp-pages-") as scratch:
        draft = Path(scratch) / "draft.pdf"
        _print(browser, document(title, leaves, base=base, day=day), draft, title)
        numbers = page_numbers(draft, [slug(leaf.name) for leaf in leaves] + [ANSWERS])
    tell(1, steps, "the course")
    course = folder / "partnership-for-peace.pdf"
    text = document(title, leaves, base=base, day=day, numbers=numbers)
    _print(browser, text, course, title)
    made = [course]
    notes = {leaf.name: leaf for leaf in leaves if leaf.name in (_GLOSSARY, _REFERENCES)}
    for place, leaf in enumerate(alone, start=2):
        tell(place, steps, leaf.title)
        text = document(leaf.title, [leaf], base=base, day=day, extra=_notes(leaf, notes))
        made.append(folder / f"{Path(leaf.name).name}.pdf")
        _print(browser, text, made[-1], leaf.title)
    tell(steps, steps, "done")
    return made


def page_numbers(pdf: Path, names: Sequence[str]) -> dict[str, int]:
    """Return the number of the page on which each named place of a PDF stands."""
    import pikepdf

    with pikepdf.open(pdf) as file:
        order = {page.obj.objgen: number for number, page in enumerate(file.pages, start=1)}
        places: Any = file.Root.get("/Dests", {})
        return {name: order[places[f"/{name}"][0].objgen] for name in names if f"/{name}" in places}


def _finish(pdf: Path, title: str) -> None:
    """Compress a printed PDF, and say in it what it is."""
    import pikepdf

    with pikepdf.open(pdf, allow_overwriting_input=True) as file:
        with file.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"] = title
            about["dc:creator"] = [AUTHOR]
            about["dc:language"] = ["en"]
            about["dc:rights"] = "CC BY 4.0"
            about["xmp:CreatorTool"] = f"pfp-course {__version__}"
        # Tags are thousands of small objects, which a stream of objects makes a tenth as large.
        file.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _print(browser: str, text: str, target: Path, title: str) -> None:
    with whole(target) as part:
        page = part.with_suffix(".html")
        page.write_text(text, encoding="utf-8")
        print_to_pdf(browser, page, part)
        _finish(part, title)


def _notes(leaf: Leaf, notes: dict[str, Leaf]) -> str:
    """Return the terms and the sources that a chapter links to, from the pages that hold them."""
    wanted = [
        str(anchor["href"])
        for anchor in BeautifulSoup(leaf.html, "html.parser").select("a[href*='#']")
    ]
    found = []
    for name, title in ((_GLOSSARY, "Terms of this chapter"), (_REFERENCES, "Sources")):
        if name not in notes:
            continue
        ids = {one.partition("#")[2] for one in wanted if one.startswith(f"{name}#")}
        page = BeautifulSoup(notes[name].html, "html.parser")
        entries = [
            entry
            for entry in page.select("dt[id], .citation[id]")
            if str(entry["id"]).removeprefix(f"{slug(name)}--") in ids
        ]
        if entries:
            found.append(f"<h2>{title}</h2>" + "".join(map(_entry, entries)))
    return "<h1>Notes</h1>" + "".join(found) if found else ""


def _entry(entry: Tag) -> str:
    if entry.name != "dt":
        return str(entry)
    meaning = entry.find_next_sibling("dd")
    return f"<dl>{entry}{meaning or ''}</dl>"
