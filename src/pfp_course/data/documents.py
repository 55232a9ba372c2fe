"""Documents: short quotations with their day, place, speaker and source."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.data.package import DataError, nearest, package
from pfp_course.data.sources import CITED_TYPE, Source, source, spoken
from pfp_course.errors import clear_errors, described, quoted

__all__ = ["Document", "document", "documents"]

_ENGLISH = "en"


@dataclass(frozen=True)
class Document:
    """A quotation, with who said it, where and when, its source and how sure we are.

    The fields are the columns of the table ``documents``, and the sources that ``source`` names.
    """

    id: str
    chapter: str
    date: str
    place: str
    speaker: str
    title: str
    quotation: str
    language: str
    translation: str
    ground: str
    ground_note: str
    seen_where: str
    shows: str
    note: str
    source: str
    confidence: str
    sources: tuple[Source, ...]

    @property
    def when(self) -> str:
        """The date in words, or that none was seen."""
        return spoken(self.date) or "no date seen"

    @property
    def sure(self) -> str:
        """How sure we are of the words, in sentences."""
        note = f" {self.note}" if self.note else ""
        return f"{self.confidence.capitalize()} ({self.seen_where}).{note}"

    @property
    def printed_as(self) -> str:
        """The ground on which the words may be printed."""
        return f"{self.ground} ({self.ground_note})" if self.ground_note else self.ground

    def __str__(self) -> str:
        lines = [f"“{self.quotation}”"]
        if self.translation:
            lines.append(f"In our English: “{self.translation}”")
        lines += [
            f"{self.speaker}. {self.place}, {self.when}. {self.title}. [{self.id}]",
            *(f"Source: {found.reference()}" for found in self.sources),
            f"How sure we are: {self.sure}",
            f"Printed as: {self.printed_as}.",
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, list[str]]:
        # The book lists under a page what is cited on it.
        return {CITED_TYPE: [found.key for found in self.sources]} if on_static_page() else {}

    def _repr_html_(self) -> str:
        read_at = escape(self.sources[0].url, quote=True)
        language = escape(self.language, quote=True)
        spoken_in = "" if self.language == _ENGLISH else f' lang="{language}"'
        words = [f'<blockquote cite="{read_at}"><p{spoken_in}>{escape(self.quotation)}</p>']
        if self.translation:
            words.append(f"<p>In our English: {escape(self.translation)}</p>")
        day = escape(self.when)
        when = f'<time datetime="{escape(self.date)}">{day}</time>' if self.date else day
        return (
            f'<figure class="pfp-document">{"".join(words)}</blockquote><figcaption>'
            f"<strong>{escape(self.speaker)}</strong>. {escape(self.place)}, {when}. "
            f"<cite>{escape(self.title)}</cite> ({'; '.join(map(_link, self.sources))}). "
            f'<span class="pfp-document-id">{self.id}</span>'
            f'<span class="pfp-read">How sure we are: {escape(self.sure)} '
            f"Printed as: {escape(self.printed_as)}.</span></figcaption></figure>"
        )


def _link(found: Source) -> str:
    # In the book a citation leads to its references, whose script shows the source beside it.
    address = f"../book/references.html#cite-1-{found.anchor}" if on_static_page() else found.url
    return f'<a href="{escape(address, quote=True)}">{escape(found.short)}</a>'


@cache
def documents(course: Course) -> dict[str, Document]:
    """Return all documents of a course by identifier, in the order of their table."""
    found = {}
    for row in package(course).tables["documents"].rows():
        read_in = tuple(source(key.strip(), course) for key in row["source"].split(";"))
        found[row["id"]] = Document(**row, sources=read_in)
    return found


@clear_errors
def document(name: str) -> Document:
    """Return a document, to be shown at the end of a cell.

    Parameters
    ----------
    name : str
        Its identifier, such as ``"D003"``; ``load("documents")`` lists them all.

    Raises
    ------
    DataError
        If there is no such document; the message names those that stand near it.
    """
    if not isinstance(name, str) or not name.strip():
        raise DataError(
            'document() needs the identifier of a document in quotes, such as document("D003"). '
            f"It was given {described(name)}."
        )
    number = re.fullmatch(r"[Dd]?([0-9]{1,4})", name.strip())
    wanted = f"D{int(number[1]):03d}" if number else name.strip()
    known = documents(default_course())
    if wanted in known:
        return known[wanted]
    raise DataError(
        f"There is no document {quoted(name)}.{_near(wanted, list(known), bool(number))} "
        'See all of them with: load("documents")'
    )


def _near(wanted: str, names: list[str], numbered: bool) -> str:
    if not numbered:
        return nearest(wanted.upper(), names)
    near = sorted(sorted(names, key=lambda name: abs(int(name[1:]) - int(wanted[1:])))[:2])
    return f" Near it are {' and '.join(map(repr, near))}."
