"""Every address outside the course, with the places that name it."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pfp_course.errors import CourseError

__all__ = ["Mention", "addresses_in", "collect"]

_ADDRESS = re.compile(r"https?://[^\s<>\"`|\\^{}]+", re.IGNORECASE)
_TEXTS = (
    "*.md",
    "book/**/*.md",
    "CITATION.cff",
    "data/datapackage.json",
    "data/questions/*.yml",
)
# Kept for examples, or this computer: nobody can be asked there (RFC 2606, RFC 6761).
_NOBODY = re.compile(r"(^|\.)(example(\.(com|net|org))?|invalid|localhost|test)$")
_LOOPBACK = re.compile(r"(127\.|0\.0\.0\.0$|\[?::1)")
# A made-up news item has a made-up address, and the course says so.
_INVENTED = "FALSE"


@dataclass(frozen=True)
class Mention:
    """A place that names an address: a file, a line of it (or a cell), and what stands there."""

    file: str
    line: int
    what: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f" ({self.what})" if self.what else "")


def collect(root: Path) -> dict[str, list[Mention]]:
    """Return the addresses that a project names, each with its mentions.

    Text, notebooks, questions and every table are read; what the book makes of them is not.

    Raises
    ------
    CourseError
        If a file cannot be read.
    """
    found: dict[str, list[Mention]] = {}
    for address, mention in _all(root):
        if not _is_nobody(address):
            found.setdefault(address, []).append(mention)
    return dict(sorted(found.items()))


def addresses_in(text: str) -> Iterator[str]:
    """Return the addresses in a text, without the signs that end a sentence around them."""
    for match in _ADDRESS.finditer(text):
        # Cells hold several addresses with a semicolon between.
        for part in re.split(r"[;,](?=https?://)", match[0]):
            yield _trimmed(part)


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        unpaired = last in ")]" and address.count(last) > address.count("(["[")]".index(last)])
        if last not in ".,;:!?'*_" and not unpaired:
            break
        address = address[:-1]
    return address


def _all(root: Path) -> Iterator[tuple[str, Mention]]:
    for pattern in _TEXTS:
        for path in sorted(root.glob(pattern)):
            if "_generated" not in path.parts:
                yield from _in_text(root, path)
    for path in sorted(root.glob("data/*.csv")):
        yield from _in_table(root, path)
    for path in sorted(root.glob("notebooks/**/*.ipynb")):
        yield from _in_notebook(root, path)


def _in_text(root: Path, path: Path) -> Iterator[tuple[str, Mention]]:
    name = path.relative_to(root).as_posix()
    for number, line in enumerate(_read(path).splitlines(), start=1):
        for address in addresses_in(line):
            yield address, Mention(name, number)


def _in_table(root: Path, path: Path) -> Iterator[tuple[str, Mention]]:
    name = path.relative_to(root).as_posix()
    reader = csv.reader(_read(path).splitlines(keepends=True))
    head = next(reader, [])
    start = reader.line_num + 1
    for row in reader:
        if not any(cell.startswith(_INVENTED) for cell in row):
            for column, cell in zip(head, row, strict=False):
                for address in addresses_in(cell):
                    yield address, Mention(name, start, f"row {row[0]}, column {column}")
        start = reader.line_num + 1


def _in_notebook(root: Path, path: Path) -> Iterator[tuple[str, Mention]]:
    name = path.relative_to(root).as_posix()
    try:
        cells = json.loads(_read(path))["cells"]
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{path}: this is no notebook. Restore it from the project.") from None
    for number, cell in enumerate(cells, start=1):
        for address in addresses_in("".join(cell.get("source", []))):
            yield address, Mention(name, number, f"cell {number}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from None


def _is_nobody(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False  # no address at all: the report says so
    return bool(_NOBODY.search(host) or _LOOPBACK.match(host))
