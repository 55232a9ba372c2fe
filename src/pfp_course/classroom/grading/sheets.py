"""Tables for spreadsheets: read in whatever form they were saved, written so that no cell runs.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to a spreadsheet, wherever the
text came from. Such a cell gets a ``'`` in front, as OWASP advises (CSV Injection). A spreadsheet
may also split a line at ``;`` where commas were meant, so the same is done behind every mark that
it could take for the end of a cell. A name with letters in front is left as it is.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from pfp_course.classroom.grading.owners import tidy
from pfp_course.errors import CourseError

__all__ = ["LONGEST_CELL", "cell", "csv_line", "csv_text", "read_table", "unquoted"]

LONGEST_CELL = 30_000  # characters; a spreadsheet takes 32,767
_LONGEST_READ = 100_000  # characters
_LARGEST_TABLE = 50_000_000  # bytes
_DANGER = re.compile(r"""((?:^|[;,|"'\t])\s*)([=+\-@＝＋－＠])""")
_ESCAPED = re.compile(r"""((?:^|[;,|"'\t])\s*)'([=+\-@＝＋－＠])""")


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
    return _DANGER.sub(r"\1'\2", tidy(str(value), LONGEST_CELL))


def unquoted(text: str) -> str:
    """Return the text of a cell that `cell` wrote."""
    return _ESCAPED.sub(r"\1\2", text)


def csv_line(values: Iterable[Any]) -> str:
    """Return one line of a table, its cells made safe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()


def csv_text(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a small table as the text of a file."""
    return csv_line(head) + "".join(csv_line(row) for row in rows)


def read_table(path: Path, what: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with the numbers of their lines; names of columns in small letters.

    Comma, semicolon or tab; UTF-8 with or without its mark, UTF-16, or Windows' Cyrillic.

    Raises
    ------
    CourseError
        If the file cannot be read.
    """
    try:
        with path.open("rb") as raw:
            encoding = _encoding(raw, path, what)
        with path.open(encoding=encoding, newline="") as file:
            sample = file.readline()
            file.seek(0)
            mark = max(",;\t", key=sample.count)
            yield from _rows(file, mark)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    except (UnicodeError, csv.Error) as error:
        raise CourseError(
            f"{path} is no table that can be read ({error}). Save it as CSV in UTF-8."
        ) from None


def _encoding(raw: IO[bytes], path: Path, what: str) -> str:
    head = raw.read(_LARGEST_TABLE + 1)
    if len(head) > _LARGEST_TABLE:
        raise CourseError(f"{path} is larger than 50 MB. Is it {what}?")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


def _rows(file: IO[str], mark: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(file, delimiter=mark)
    # The library's own limit is one for all, and other libraries lift it.
    lines = (_short(row) for row in reader)
    head = [" ".join(name.split()).casefold() for name in next(lines, [])]
    for row in lines:
        if any(value.strip() for value in row):
            cells = (unquoted(value.strip()) for value in row)
            yield reader.line_num, dict(zip(head, cells, strict=False))


def _short(row: list[str]) -> list[str]:
    if any(len(value) > _LONGEST_READ for value in row):
        raise csv.Error("a cell is longer than any cell of a spreadsheet")
    return row
