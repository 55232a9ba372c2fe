"""Sources and how they are cited."""

import csv
from dataclasses import dataclass
from functools import cache
from html import escape

from pfp_course.data.package import DataError, nearest, package

__all__ = ["Citation", "Source", "cite", "source", "sources"]

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]


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

    @property
    def by(self) -> str:
        """The author, or else the publisher, or else ``Unknown author``."""
        return self.author or self.publisher or "Unknown author"

    @property
    def year(self) -> str:
        """The year of the source, or ``n.d.`` where it has no date."""
        return next(
            (
                part
                for part in self.date.replace("/", "-").replace(" ", "-").split("-")
                if len(part) == 4 and part.isdigit()
            ),
            "n.d.",
        )

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

    def reference(self) -> str:
        """Return the reference as plain text."""
        where = f" {self.publisher}." if self.publisher and self.author else ""
        when = f" {self.when}." if len(self.date) > 4 else ""
        address = f" {self.url}" if self.url else ""
        # An invented item must never look like a source.
        warning = f" [{self.note}]" if self.note.startswith("FALSE") else ""
        return f"{self.by} ({self.year}). {self.title.rstrip('.')}.{where}{when}{warning}{address}"


def _spoken(date: str) -> str:
    parts = date.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return date
    month = f"{_MONTHS[int(parts[1]) - 1]} " if len(parts) > 1 else ""
    day = f"{int(parts[2])} " if len(parts) > 2 else ""
    return f"{day}{month}{parts[0]}"


@cache
def sources() -> dict[str, Source]:
    """Return all sources by key."""
    with package().tables["sources"].path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: Source(**row) for row in csv.DictReader(file)}


def source(key: str) -> Source:
    """Return the source of that key, or raise `DataError` with the nearest match."""
    try:
        return sources()[key]
    except KeyError:
        raise DataError(
            f"There is no source {key!r}.{nearest(str(key), list(sources()))} "
            "See all keys with: load('sources')"
        ) from None


@dataclass(frozen=True)
class Citation:
    """References that a notebook shows as a list."""

    sources: tuple[Source, ...]

    def __str__(self) -> str:
        return "\n".join(source.reference() for source in self.sources)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- {source.reference()}" for source in self.sources)

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{_html(source)}</li>" for source in self.sources)
        return f'<ul class="pfp-references">{items}</ul>'


def _html(source: Source) -> str:
    text = escape(source.reference().removesuffix(source.url).strip())
    title = escape(source.title.rstrip("."))
    text = text.replace(title, f"<cite>{title}</cite>", 1)
    if source.url:
        text += f' <a href="{escape(source.url, quote=True)}">{escape(source.url)}</a>'
    read = "" if source.seen_in == "read whole" else f" ({escape(source.seen_in)})"
    return f"{text}{read}"


def cite(*keys: str) -> Citation:
    """Return the references of sources, to be shown at the end of a cell.

    Parameters
    ----------
    *keys : str
        Keys of sources, as they stand in the column ``source`` of every table. A cell of that
        column can be given as it is: ``cite("wiki_pfp;article_2014")``.

    Raises
    ------
    DataError
        If no key is given or a key is unknown; the message names the nearest match.
    """
    wanted = [key.strip() for text in keys for key in text.split(";") if key.strip()]
    if not wanted:
        raise DataError('cite() needs the key of a source, for example cite("wh_pfp_1994").')
    return Citation(tuple(source(key) for key in wanted))
