"""What a built book says of itself, and whether it is what is to be published."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pfp_course.errors import CourseError
from pfp_course.files import read_json
from pfp_course.sphinx_ext.cite_this import tex
from pfp_course.sphinx_ext.settings import BOOK_FILE, CITATIONS, CITED, place_marks

__all__ = ["Stated", "agrees", "cite_at", "require_agreement", "stated"]


@dataclass(frozen=True)
class Stated:
    """The version and the address that stand on the pages of a book."""

    version: str
    address: str


def stated(book: Path) -> Stated | None:
    """Return what a built book says of itself; None if an older pfp built it, which said nothing.

    Raises
    ------
    CourseError
        If what it says cannot be read.
    """
    path = book / BOOK_FILE
    if not path.is_file():
        return None
    return read_json(
        path,
        lambda content: Stated(str(content["version"]), str(content["address"])),
        "is damaged. Build the book again: pfp build",
    )


def agrees(version: str, whole: str) -> bool:
    """Tell whether a version of two numbers is that of three, as 1.2 is of 1.2.3."""
    return whole == version or whole.startswith(f"{version}.")


def require_agreement(book: Path, version: str, base: str) -> None:
    """Stop if a book names another version or address than those under which it would stand.

    They stand on each page, in the references, in the list for search engines and in the pictures
    of links; only a new build changes them all.

    Raises
    ------
    CourseError
        The message says what the book names, and how it is built again.
    """
    known = stated(book)
    if known is None:
        return
    wrong = []
    if not agrees(version, known.version):
        wrong.append(f"its pages name version {known.version}, and not {version}")
    if known.address != base:
        named = f"the address {known.address}" if known.address else "no address"
        wrong.append(f"its pages name {named}, and not {base or 'none'}")
    if wrong:
        options = (f" --base {base}" if base else "") + f" --version {version}"
        raise CourseError(
            f"The book in {book} is another one: {'; '.join(wrong)}. Build it again, in its "
            f"project: pfp build{options}"
        )


def cite_at(folder: Path, base: str, path: str) -> None:
    """Let the references in a version's folder name the lasting address, which is in that folder.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the version, as it was copied from a built book.
    base : str
        The address of the site, which the book names; without one nothing changes.
    path : str
        The folder's path in the site, such as ``v1.2/``.
    """
    if not base:
        return

    def moved(text: str, *forms: Callable[[str], str]) -> str:
        # Two forms of an address may be one.
        for old, new in {form(base): form(base + path) for form in forms}.items():
            text = text.replace(old, new)
        return text

    begin, end = place_marks(CITED)
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        before, found, rest = text.partition(begin)
        if found:
            box, _, after = rest.partition(end)
            box = moved(box, escape, lambda one: escape(tex(one)))
            page.write_text(f"{before}{begin}{box}{end}{after}", encoding="utf-8")
    for file in (folder / CITATIONS).glob("*"):
        text = file.read_bytes().decode("utf-8")
        written = tex if file.suffix == ".bib" else str
        file.write_bytes(moved(text, written).encode("utf-8"))
