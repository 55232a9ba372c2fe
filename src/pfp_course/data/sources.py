"""Sources and how they are cited, and documents: short quotations with their source."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, cast

from pfp_course.course import Course, default_course, on_static_page
from pfp_course.data.package import DataError, nearest, package
from pfp_course.errors import clear_errors, described, has, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    *("CITED_TYPE", "KEYS_TYPE", "Citation", "Document", "Source", "cite", "document"),
    *("documents", "source", "sources", "standing"),
]

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
# The output of a cell in the book that lists sources holds their keys under this media type.
KEYS_TYPE = "application/vnd.pfp.sources+json"
# And one that cites sources, without listing them, holds theirs under this one.
CITED_TYPE = "application/vnd.pfp.cited+json"
_ENGLISH = "en"
_READ_AS = {
    "read whole": "Read whole.",
    "page read in part (its opening)": "Read in part: the opening of the page.",
    "data file read": "The data file was read.",
    "background knowledge": "",
}


@dataclass(frozen=True)
class Source:
    """A source: who published what, when, where it is, and how it was read."""

    key: str
    title: str
    publisher: str
    author: str
    date: str
    url: str
    seen_in: str
    note: str
    kind: str

    @property
    def by(self) -> str:
        """The author, or else the publisher, or else ``Unknown author``."""
        return self.author or self.publisher or "Unknown author"

    @property
    def year(self) -> str:
        """The year of the source, or ``n.d.`` where it has no date."""
        parts = re.split(r"[-/ ]", self.date)
        return next((part for part in parts if len(part) == 4 and part.isdigit()), "n.d.")

    @property
    def when(self) -> str:
        """The date in words, such as ``10 January 1994``; empty where there is none."""
        return _spoken(self.date)

    @property
    def short(self) -> str:
        """A short name for use under a figure, such as ``NATO 1994``."""
        return self.seen_in if self.is_background else f"{self.by} {self.year}"

    @property
    def is_background(self) -> bool:
        """Whether this is no source but standard knowledge, for which none was read."""
        return self.seen_in == "background knowledge"

    @property
    def read(self) -> str:
        """How the source was read, in a sentence; empty for standard knowledge."""
        return _READ_AS.get(self.seen_in, f"How it was read: {self.seen_in}.")

    @property
    def anchor(self) -> str:
        """The key as it stands in addresses of the book's references."""
        return self.key.replace("_", "-").lower()

    def reference(self) -> str:
        """Return the reference as plain text."""
        where = f" {self.publisher}." if self.publisher and self.author else ""
        when = f" {self.when}." if len(self.date) > 4 else ""
        address = f" {self.url}" if self.url else ""
        # An invented item must never look like a source.
        warning = f" [{self.note}]" if self.note.startswith("FALSE") else ""
        return f"{self.by} ({self.year}). {self.title.rstrip('.')}.{where}{when}{warning}{address}"


def _spoken(date: str) -> str:
    """Return a date in words, such as ``10 January 1994``; what is no date stays as it is."""
    parts = date.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return date
    month = f"{_MONTHS[int(parts[1]) - 1]} " if len(parts) > 1 else ""
    day = f"{int(parts[2])} " if len(parts) > 2 else ""
    return f"{day}{month}{parts[0]}"


@cache
def sources(course: Course) -> dict[str, Source]:
    """Return all sources of a course by key."""
    return {row["key"]: Source(**row) for row in package(course).tables["sources"].rows()}


def source(key: str, course: Course) -> Source:
    """Return the source of that key, or raise `DataError` with the nearest match."""
    known = sources(course)
    try:
        return known[key]
    except KeyError:
        raise DataError(
            f"There is no source {quoted(key)}.{nearest(str(key), list(known))} "
            "See all keys with: load('sources')"
        ) from None


@dataclass(frozen=True)
class Citation:
    """References that a notebook shows as a list."""

    sources: tuple[Source, ...]
    course: Course

    def __str__(self) -> str:
        return "\n".join(source.reference() for source in self.sources)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {source.reference()}" for source in self.sources)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, list[str]]:
        # The book makes its HTML from the keys, so that it can say how many rows rest on each.
        return {KEYS_TYPE: [source.key for source in self.sources]} if on_static_page() else {}

    def _repr_html_(self) -> str:
        return self.in_html(rows=not on_static_page())

    def in_html(self, *, rows: bool = True) -> str:
        """Return the list as HTML; with ``rows``, how many rows of our tables rest on each."""
        items = "".join(
            f'<li data-source="{source.anchor}">{_html(source, self.course, rows=rows)}</li>'
            for source in self.sources
        )
        return f'<ul class="pfp-references">{items}</ul>'


@cache
def _standing(course: Course) -> dict[str, Counter[str]]:
    """Return for each source how many rows of our tables name it, by their confidence."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for table in package(course).tables.values():
        for row in table.rows():
            for key in row.get("source", "").split(";") if "confidence" in row else ():
                found[key.strip()][row["confidence"]] += 1
    return dict(found)


def standing(key: str, course: Course) -> str:
    """Return in a sentence how sure the rows of our tables are that name a source.

    Empty where no table that says so names it.
    """
    counts = _standing(course).get(key, Counter())
    said = [f"{counts[word]} {word}" for word in ("seen", "known", "uncertain") if counts[word]]
    total = sum(counts.values())
    rows = "1 row of our data rests" if total == 1 else f"{total} rows of our data rest"
    return f"{rows} on it: {', '.join(said)}." if said else ""


def _html(source: Source, course: Course, *, rows: bool) -> str:
    text = escape(source.reference().removesuffix(source.url).strip())
    title = escape(source.title.rstrip("."))
    text = text.replace(title, f"<cite>{title}</cite>", 1)
    if source.url:
        text += f' <a href="{escape(source.url, quote=True)}">{escape(source.url)}</a>'
    standing_of = standing(source.key, course) if rows else ""
    sure = escape(" ".join(filter(None, [source.read, standing_of])))
    return f'{text} <span class="pfp-read">{sure}</span>' if sure else text


@clear_errors
def cite(*keys: "str | Iterable[str]") -> Citation:
    """Return the references of sources, to be shown at the end of a cell.

    Parameters
    ----------
    *keys : str
        Keys of sources, as they stand in the column ``source`` of every table. A cell of that
        column can be given as it is, ``cite("wiki_pfp;article_2014")``, and so can the column
        itself or a list of keys.

    Raises
    ------
    DataError
        If no key is given or a key is unknown; the message names the nearest match.
    """
    texts = [text for given in keys for text in _texts(given)]
    wanted = [key.strip() for text in texts for key in text.split(";") if key.strip()]
    if not wanted:
        raise DataError('cite() needs the key of a source, for example cite("wh_pfp_1994").')
    course = default_course()
    several = any(not isinstance(given, str) for given in keys)
    # Of a column each source is wanted once, however many rows rest on it.
    return Citation(
        tuple(source(key, course) for key in (dict.fromkeys(wanted) if several else wanted)), course
    )


def _texts(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    listed = isinstance(given, list | tuple | set | frozenset | dict)
    if not listed and not (has(given, "iloc") and not has(given, "columns")):
        raise DataError(
            'cite() needs the keys of sources in quotes, for example cite("wh_pfp_1994"), or a '
            f"column of them. It was given {described(given)}."
        )
    # An empty cell of a column names no source.
    found = [key for key in cast("Iterable[object]", given) if isinstance(key, str)]
    if not found:
        raise DataError(
            f"cite() was given {described(given)} that holds no key of a source. Give the column "
            '"source" of a table, or keys in quotes, for example cite("wh_pfp_1994").'
        )
    return found


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
        return _spoken(self.date) or "no date seen"

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
