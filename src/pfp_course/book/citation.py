"""How the course is cited: ``CITATION.cff``, and the same as text, BibTeX and RIS.

The library that converts such files, cffconvert, cannot stand beside the versions of jsonschema
that Jupyter needs; the course uses few of the format's fields.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pfp_course.book.bibliography import escape
from pfp_course.errors import CourseError

__all__ = ["FILE", "Author", "Work", "bibtex", "in_words", "read_citation", "ris"]

FILE = "CITATION.cff"


@dataclass(frozen=True)
class Author:
    """A person with family and given names, or a body whose name is ``family``."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken."""
        return f"{self.given} {self.family}".strip()

    @property
    def sorted(self) -> str:
        """The name with what it is sorted by first."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Work:
    """What is cited: the course, or, where ``part_of`` is set, a chapter of it.

    ``released`` is a day; ``licences`` are identifiers of the SPDX list; ``chapter`` is a number
    or empty.
    """

    title: str
    authors: tuple[Author, ...]
    version: str
    released: date
    abstract: str = ""
    licences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    url: str = ""
    doi: str = ""
    part_of: str = ""
    chapter: str = ""

    def of_chapter(self, number: int, title: str, abstract: str, url: str) -> "Work":
        """Return a chapter of this work; the DOI stays with the whole."""
        return replace(
            self,
            title=title,
            abstract=abstract,
            url=url or self.url,
            doi="",
            part_of=self.title,
            chapter=str(number),
        )


def read_citation(path: Path) -> Work:
    """Read a citation file in the Citation File Format.

    Raises
    ------
    CourseError
        If the file is missing, is not YAML, or lacks a property that a reference needs.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path}: the file is missing. Restore it from the project.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise CourseError(f"{path}{line}: this is not YAML. Mend the line.") from None
    if not isinstance(raw, dict):
        raise CourseError(f"{path}: this is no citation file. Restore it from the project.")
    for needed in ("title", "authors", "version", "date-released"):
        if not raw.get(needed):
            raise CourseError(f"{path}: the property {needed!r} is missing. A reference needs it.")
    return Work(
        title=str(raw["title"]),
        authors=tuple(_author(entry, path) for entry in raw["authors"]),
        version=str(raw["version"]),
        released=_day(raw["date-released"], path),
        abstract=" ".join(str(raw.get("abstract", "")).split()),
        licences=_listed(raw.get("license")),
        keywords=_listed(raw.get("keywords")),
        url=str(raw.get("url") or raw.get("repository-code") or ""),
        doi=str(raw.get("doi") or ""),
    )


def in_words(work: Work) -> str:
    """Return the reference as a sentence for people."""
    names = [author.name for author in work.authors]
    by = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    inside = f" Chapter {work.chapter} of {work.part_of}." if work.part_of else ""
    address = f" https://doi.org/{work.doi}" if work.doi else f" {work.url}" if work.url else ""
    title = work.title.rstrip(".")
    return f"{by} ({work.released.year}). {title}.{inside} Version {work.version}.{address}"


def bibtex(work: Work) -> str:
    """Return an entry of BibTeX: ``misc`` for the course, ``incollection`` for a chapter."""
    kind = "incollection" if work.part_of else "misc"
    fields = {
        "author": " and ".join(_braced(author) for author in work.authors),
        "title": "{" + escape(work.title) + "}",
        "booktitle": "{" + escape(work.part_of) + "}" if work.part_of else "",
        "chapter": work.chapter,
        "year": str(work.released.year),
        # BibTeX knows the months by these names.
        "month": work.released.strftime("%b").lower(),
        "version": escape(work.version),
        "note": f"Version {escape(work.version)}",
        "doi": escape(work.doi),
        "url": escape(work.url),
        "keywords": escape(", ".join(work.keywords)),
    }
    lines = [
        f"  {name} = {value if name == 'month' else '{' + value + '}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{_key(work)},", *lines, "}", ""])


def ris(work: Work) -> str:
    """Return the reference in RIS; its lines end as the format asks."""
    fields = [
        ("TY", "ECHAP" if work.part_of else "EBOOK"),
        *(("AU", author.sorted) for author in work.authors),
        ("TI", work.title),
        ("T2", work.part_of),
        ("SE", work.chapter),
        ("PY", str(work.released.year)),
        ("DA", work.released.strftime("%Y/%m/%d")),
        ("ET", work.version),
        ("AB", work.abstract),
        *(("KW", keyword) for keyword in work.keywords),
        ("DO", work.doi),
        ("UR", work.url),
        ("LA", "en"),
        ("ER", ""),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value or tag == "ER"]
    return "\r\n".join(lines) + "\r\n"


def _author(entry: Any, path: Path) -> Author:
    if isinstance(entry, dict):
        if entry.get("name"):
            return Author(str(entry["name"]))
        family = " ".join(
            str(entry[part])
            for part in ("name-particle", "family-names", "name-suffix")
            if entry.get(part)
        )
        if family:
            return Author(family, str(entry.get("given-names", "")))
    raise CourseError(f"{path}: an author needs a name, or family-names and given-names.")


def _day(value: object, path: Path) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise CourseError(
            f"{path}: date-released is {value!r}. Write a day as 2027-01-31."
        ) from None


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return (str(value),) if value else ()


def _braced(author: Author) -> str:
    # Braces keep a body's name whole: it is no person with a first and a last name.
    name = escape(author.sorted)
    return name if author.given else "{" + name + "}"


def _key(work: Work) -> str:
    first = (work.part_of or work.title).partition(":")[0]
    words = "-".join(re.findall(r"[a-z0-9]+", first.lower()))
    chapter = f"-{int(work.chapter):02}" if work.chapter else ""
    return f"{words}-{work.released.year}{chapter}"
