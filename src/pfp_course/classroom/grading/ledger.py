"""The ledger of a run: what was read, on the disk, so that memory does not grow with a class."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pfp_course.classroom.grading.collecting import Handed
from pfp_course.classroom.grading.marks import Given, Read

__all__ = ["Ledger", "Line", "Problem", "given_of"]

_TABLES = """
create table handed (
  id integer primary key, place text, system text, owner text, number text, late integer,
  kind text, said text, typed text, made text, checksum text, banks text, begun text, given text,
  student text not null default '', days real not null default 0);
create table student (
  key text primary key, name text, sort text, number text, login text, email text, section text,
  canvas text, moodle text, due text, known integer, page text unique, handed integer,
  days real not null default 0, status text not null default 'missing', receipts integer
  not null default 0);
create table alias (text text, key text, primary key (text, key)) without rowid;
create table manual (student text, question text, mark real, line integer,
  primary key (student, question)) without rowid;
create table problem (
  id integer primary key, kind text, student text, name text, place text, said text);
create table grade (student text primary key, ord integer, line text);
create table wrong (token blob, student integer);
create table held (id integer primary key, student text, name text, question text, line text);
"""


class Problem(NamedTuple):
    """A line of the report: what kind, whose, where, and what was found."""

    kind: str
    student: str
    name: str
    place: str
    said: str


class Line(NamedTuple):
    """A receipt that was read, as it stands in the ledger."""

    id: int
    place: str
    system: str
    owner: str
    number: str
    late: bool
    kind: str
    said: str
    typed: str
    made: str
    checksum: str
    banks: str
    begun: str
    student: str


class Ledger:
    """A file of SQLite that lives as long as a run."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        # It is thrown away after the run, so nothing in it must survive a crash.
        self.db.executescript(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000;"
            "pragma temp_store = file;" + _TABLES + "begin;"
        )

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def all(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that a question to the ledger finds."""
        yield from self.db.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """Return the first cell of the first row, or None."""
        found = self.db.execute(sql, values).fetchone()
        return None if found is None else found[0]

    def write(self, sql: str, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows."""
        self.db.executemany(sql, [tuple(row) for row in rows])

    def add(self, found: Iterable[tuple[Handed, Read]]) -> None:
        """Keep files that were read."""
        self.write(
            "insert into handed (place, system, owner, number, late, kind, said, typed, made,"
            " checksum, banks, begun, given) values (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    handed.place,
                    handed.owner.system if handed.owner else "",
                    handed.owner.name if handed.owner else "",
                    handed.owner.number if handed.owner else "",
                    int(bool(handed.owner and handed.owner.late)),
                    read.kind,
                    read.said,
                    read.student,
                    read.made,
                    read.checksum,
                    read.banks,
                    read.begun,
                    json.dumps(read.given, separators=(",", ":")) if read.given else "",
                )
                for handed, read in found
            ),
        )

    def lines(self, where: str = "1", order: str = "id") -> Iterator[Line]:
        """Yield what was handed in."""
        columns = ", ".join(Line._fields)
        for row in self.db.execute(f"select {columns} from handed where {where} order by {order}"):
            yield Line(*row)

    def report(self, problems: Iterable[Problem]) -> None:
        """Keep lines of the report."""
        self.write(
            "insert into problem (kind, student, name, place, said) values (?,?,?,?,?)", problems
        )


def given_of(text: str | None) -> list[Given | None]:
    """Return the answers of a receipt from the ledger."""
    if not text:
        return []
    return [None if one is None else Given(*one) for one in json.loads(text)]
