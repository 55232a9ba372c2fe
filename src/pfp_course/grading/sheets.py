"""Tables for spreadsheets: read in whatever form they were saved, written so that no cell runs.

What is taken for a formula is said at `files.safe_cell`. A name with letters in front is left as it
is.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pfp_course.errors import CourseError
from pfp_course.files import safe_cell
from pfp_course.grading.lms_names import tidy

__all__ = [
    *("Table", "cell", "csv_line", "csv_text", "open_table", "read_table"),
    *("reading", "round_trip", "unquoted", "write_csv"),
]

_LONGEST_CELL = 30_000  # characters; a spreadsheet takes 32,767
_LONGEST_READ = 100_000  # characters
_LARGEST_TABLE = 50_000_000  # bytes
_LOOKED_AT = 25  # lines at the top in which the names of the columns are looked for
_ESCAPED = re.compile(r"""((?:^|[;,|"'\t])\s*)'([=+\-@＝＋－＠])""")
_SIGNATURES = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
_SEPARATOR = re.compile(r"(?i)^\W?sep=(.)\"?\s*$")
# What names an account and can do nothing as a formula: a number with a sign, a login, an address.
_IDENTIFIER = re.compile(r"[+@-]?\w[\w.@+'-]*|-")


def cell(value: Any) -> Any:
    """Return a value as a cell: a number as it is, a text on one line that is no formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"
    return safe_cell(tidy(str(value), _LONGEST_CELL))


def round_trip(text: str) -> str:
    """Return a cell that a system wrote and has to find again, as it was unless it is a formula."""
    return text if _IDENTIFIER.fullmatch(text) else safe_cell(text)


def unquoted(text: str) -> str:
    """Return the text of a cell that `cell` wrote."""
    return _ESCAPED.sub(r"\1\2", text)


def csv_line(values: Iterable[Any], *identifiers: int) -> str:
    """Return one line of a table, its cells made safe.

    ``identifiers`` are the places of cells by which a system has to find somebody again.
    """
    cells = [
        round_trip(str(value or "")) if place in identifiers else cell(value)
        for place, value in enumerate(values)
    ]
    return _written(cells, ",", "\r\n")


def csv_text(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a small table as the text of a file."""
    return csv_line(head) + "".join(csv_line(row) for row in rows)


def write_csv(path: Path, head: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write a table as its rows come, and return how many there are."""
    count = 0
    # Spreadsheets read UTF-8 by its mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(head))
        for row in rows:
            file.write(csv_line(row))
            count += 1
    return count


def _written(cells: Sequence[Any], mark: str, end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerow(cells)
    return out.getvalue()


@dataclass(frozen=True)
class Table:
    """A table as it was saved: where its columns are named, and how to write one like it."""

    path: Path
    text: str
    encoding: str
    mark: str
    head: tuple[str, ...]
    line: int  # of the file, on which the columns are named

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows under the head with the numbers of their lines."""
        begun = False
        for number, row in _parsed(self.text, self.mark):
            if begun and any(value.strip() for value in row):
                yield number, row
            begun = begun or number >= self.line

    def written(self, cells: Sequence[Any]) -> bytes:
        """Return a row as a line of this table's own form; what it cannot hold becomes ``?``."""
        end = "\r\n" if "\r\n" in self.text[:5_000] else "\n"
        encoding = self.encoding.replace("utf-8-sig", "utf-8")
        return _written(cells, self.mark, end).encode(encoding, "replace")

    @property
    def signature(self) -> bytes:
        """The bytes with which the file begins, by which its encoding is known."""
        return _SIGNATURES.get(self.encoding, b"")


def open_table(path: Path, what: str, known: Callable[[Sequence[str]], int]) -> Table:
    """Return a table, its columns' names found.

    Comma, semicolon, tab or ``|``, named in a line ``sep=;`` or not; UTF-8, UTF-16, or a code page
    of Windows; titles above the names of the columns are left out: ``known`` counts how many names
    of columns are known among some cells. A message says ``what`` the table should be.

    Raises
    ------
    CourseError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_TABLE + 1)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    if len(raw) > _LARGEST_TABLE:
        raise CourseError(f"{path} is larger than 50 MB. Is it {what}?")
    if raw[:4] == b"PK\x03\x04" or raw[:4] == b"\xd0\xcf\x11\xe0":
        raise CourseError(
            f"{path} is a file of a spreadsheet program, not CSV. Open it there and save it as "
            "CSV UTF-8."
        )
    try:
        text, encoding = _decoded(raw)
        mark, head, line = _headed(text, known)
        return Table(path, text, encoding, mark, tuple(head), line)
    except (UnicodeError, csv.Error) as error:
        raise CourseError(
            f"{path} is no table that can be read ({error}). Save it as CSV in UTF-8."
        ) from None


def read_table(
    path: Path, what: str, known: Callable[[Sequence[str]], int] = lambda heads: 0
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with the numbers of their lines; names of columns in small letters.

    Parameters and errors are those of `open_table`.
    """
    table = open_table(path, what, known)
    head = [" ".join(name.split()).casefold() for name in table.head]
    try:
        for line, row in table.rows():
            cells = (unquoted(value.strip()) for value in row)
            yield line, dict(zip(head, cells, strict=False))
    except csv.Error as error:
        raise CourseError(f"{path} is no table that can be read ({error}).") from None


def _headed(text: str, known: Callable[[Sequence[str]], int]) -> tuple[str, list[str], int]:
    """Return the mark between cells, the names of the columns, and their line."""
    named = _SEPARATOR.match(text.partition("\n")[0].strip())
    marks = named[1] if named else ",;\t|"
    first = 2 if named else 1
    heads: list[tuple[int, int, str, list[str], int]] = []
    for mark in marks:
        rows = [
            (number, row)
            for number, row in _parsed(text, mark, first + _LOOKED_AT)
            if number >= first and any(value.strip() for value in row)
        ]
        # The first line that names most columns; where none does, the first line.
        if rows:
            number, row = max(rows, key=lambda one: known(one[1]))
            heads.append((known(row), len(row), mark, row, number))
    if not heads:
        return ",", [], first
    _, _, mark, row, number = max(heads, key=lambda one: one[:2])
    return mark, row, number


def _parsed(text: str, mark: str, last: int = 0) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    for row in reader:
        # The library's own limit is one for all, and other libraries lift it.
        if any(len(value) > _LONGEST_READ for value in row):
            raise csv.Error("a cell is longer than any cell of a spreadsheet")
        yield reader.line_num, row
        if last and reader.line_num >= last:
            return


# What programs of Windows write where Russian, or a language of Western Europe, is spoken.
_PAGES = ("cp1251", "cp1252", "cp866")
# The marks that stand in lists of people: №, dashes, quotes, a space, an ellipsis, º, ª.
_MARKS = "\u2116\u2013\u2014\u2018\u2019\u201c\u201d\u00ab\u00bb\u00b0\u00a0\u2026\u00ba\u00aa"
_WORD = re.compile(r"[^\W\d_]+")


def _decoded(raw: bytes) -> tuple[str, str]:
    """Return the text of some bytes, and the name of their encoding.

    Raises
    ------
    UnicodeError
        If they are no text.
    """
    for encoding, signature in _SIGNATURES.items():
        if raw.startswith(signature):
            text = raw.removeprefix(signature).decode(encoding.removesuffix("-sig"))
            return (text.lstrip("\ufeff") if encoding == "utf-8-sig" else text), encoding
    if b"\0" in raw[:200]:
        # Two bytes for each character, and no mark: where the zeros are tells which comes first.
        even, odd = raw[0:200:2].count(0), raw[1:200:2].count(0)
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return raw.decode(encoding), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return reading(raw, _PAGES)


def reading(raw: bytes, pages: Sequence[str]) -> tuple[str, str]:
    """Return the most plausible text of some bytes, and which of these encodings gives it.

    Raises
    ------
    UnicodeError
        If none does.
    """
    readings = []
    for order, page in enumerate(pages):
        with suppress(UnicodeDecodeError):
            text = raw.decode(page)
            readings.append((_strange(text), order, text))
    if not readings:
        raise UnicodeError(f"it is in none of {', '.join(pages)}")
    _, order, text = min(readings)
    return text, pages[order]


def _strange(text: str) -> int:
    """Count what no text of people's names holds."""
    strange = 0
    for character in set(re.findall(r"[^\x00-\x7f]", text)):
        if not character.isalpha() and character not in _MARKS:
            strange += 3 * text.count(character)
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in word}
        strange += 4 * (len(scripts) > 1)
        # Small letters are inside of words, and large ones at their beginning.
        strange += 2 * sum(a.islower() and b.isupper() for a, b in pairwise(word))
        accented = sum(not letter.isascii() for letter in word)
        if scripts == {"LATIN"} and accented > 1 and 2 * accented >= len(word):
            strange += 3
    return strange
