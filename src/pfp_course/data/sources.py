"""Sources and how they are cited."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from html import escape

from pfp_course.data.package import DataError, nearest, package

__all__ = ["Citation", "Source", "cite", "source", "sources", "standing"]

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
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
        items = "".join(
            f'<li data-source="{source.anchor}">{_html(source)}</li>' for source in self.sources
        )
        return f'<ul class="pfp-references">{items}</ul>'


@cache
def _standing() -> dict[str, Counter[str]]:
    """Return for each source how many rows of our tables name it, by their confidence."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for table in package().tables.values():
        with table.path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for key in row.get("source", "").split(";") if "confidence" in row else ():
                    found[key.strip()][row["confidence"]] += 1
    return dict(found)


def standing(key: str) -> str:
    """Return in a sentence how sure the rows of our tables are that name a source.

    Empty where no table that says so names it.
    """
    counts = _standing().get(key, Counter())
    said = [f"{counts[word]} {word}" for word in ("seen", "known", "uncertain") if counts[word]]
    total = sum(counts.values())
    rows = "1 row of our data rests" if total == 1 else f"{total} rows of our data rest"
    return f"{rows} on it: {', '.join(said)}." if said else ""


def _html(source: Source) -> str:
    text = escape(source.reference().removesuffix(source.url).strip())
    title = escape(source.title.rstrip("."))
    text = text.replace(title, f"<cite>{title}</cite>", 1)
    if source.url:
        text += f' <a href="{escape(source.url, quote=True)}">{escape(source.url)}</a>'
    sure = escape(" ".join(filter(None, [source.read, standing(source.key)])))
    return f'{text} <span class="pfp-read">{sure}</span>' if sure else text


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
