"""The database of a run, a file of SQLite: memory does not grow with a class.

Every statement of SQL stands here. A method takes and gives typed rows or single values.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from math import log2
from pathlib import Path
from typing import Any, TypeVar

from pfp_course.grading.rows import (
    Alias,
    Bundle,
    Content,
    Decision,
    Duplicate,
    FileRow,
    Grade,
    GradeRow,
    Listed,
    ManualMark,
    Problem,
    RecordLine,
    StudentRow,
    StudentWork,
    ToMark,
    Trials,
    Waiting,
    WaitingFile,
    WrongAnswer,
)

__all__ = ["Database"]

_Row = TypeVar("_Row")
_AnyRow = tuple[Any, ...]  # of a class that has a table
# The name of each table, and what is said of it beside the names of its columns.
_TABLES: dict[Any, tuple[str, str]] = {
    FileRow: ("file", "primary key (id)"),
    Content: ("content", "primary key (file)"),
    StudentRow: ("student", "primary key (key), unique (page)"),
    Alias: ("alias", "primary key (text, key)"),
    Listed: ("listed", ""),
    Decision: ("decision", "primary key (path, content)"),
    Waiting: ("waiting", "primary key (file)"),
    ManualMark: ("manual", "primary key (student, question)"),
    Problem: ("problem", ""),
    Grade: ("grade", "primary key (student)"),
    ToMark: ("to_mark", ""),
    WrongAnswer: ("wrong", ""),
    RecordLine: ("record", "primary key (key)"),
}
_CHUNK = 500
# Kinds of files that are told of elsewhere, and those that mean nothing beside a receipt.
_TOLD = "('receipt', 'merged', 'conflict', 'ambiguous', 'nameless', 'left', 'beside')"
_QUIET = "('damaged', 'progress', 'working', 'other')"
_SIGNED = "('receipt', 'conflict', 'ambiguous')"


def _columns(row: Any, table: str = "") -> str:
    return ", ".join(f"{table}{name}" for name in row._fields)


_INSERTIONS = {
    row: f"insert or ignore into {name} values ({', '.join('?' * len(row._fields))})"
    for row, (name, _) in _TABLES.items()
}


class Database:
    """A file that lives as long as a run, and must not be there before."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        # It is thrown away after the run, so nothing in it must survive a crash.
        self.connection.executescript(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000;"
            "pragma temp_store = file;"
        )
        for row, (name, rule) in _TABLES.items():
            within = ", ".join(filter(None, (_columns(row), rule)))
            self._do(f"create table {name} ({within})")
        self._do("begin")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)

    def _all(self, row: Callable[..., _Row], sql: str, *values: Any) -> Iterator[_Row]:
        for cells in self._do(sql, *values):
            yield row(*cells)

    def _cell(self, sql: str, *values: Any) -> Any:
        cells = self._do(sql, *values).fetchone()
        return None if cells is None else cells[0]

    def add(self, *rows: _AnyRow) -> bool:
        """Keep rows; return False if one was left out, because the key of its table was there."""
        return self.add_all(rows)

    def add_all(self, rows: Iterable[_AnyRow]) -> bool:
        """Keep rows, as `add` does."""
        whole = True
        for row in rows:
            # What SQLite has no type for stands there as JSON.
            cells = [json.dumps(cell) if isinstance(cell, tuple) else cell for cell in row]
            whole = self.connection.execute(_INSERTIONS[type(row)], cells).rowcount > 0 and whole
        return whole

    # Files that were handed in.

    def change_file(self, file: int, **columns: Any) -> None:
        """Set columns of a file, by its id."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self._do(f"update file set {names} where id = ?", *columns.values(), file)

    def next_file(self) -> int:
        """Return an id for a further file."""
        return int(self._cell("select coalesce(max(id), 0) + 1 from file"))

    def index_files(self) -> None:
        """Make files quick to find, once all are there."""
        self._do("create index file_by_student on file (student, kind)")

    def _files(self, rest: str, *values: Any) -> Iterator[FileRow]:
        return self._all(FileRow, f"select {_columns(FileRow)} from file {rest}", *values)

    def files(self) -> Iterator[FileRow]:
        """Yield all files in the order in which they were read. They may be changed meanwhile."""
        last = 0
        while chunk := list(self._files("where id > ? order by id limit ?", last, _CHUNK)):
            yield from chunk
            last = chunk[-1].id

    def files_with_account(self, system: str) -> Iterator[FileRow]:
        """Yield files whose names look as if ``moodle`` or ``canvas`` had given them."""
        return self._files("where system = ? and owner != '' order by id", system)

    def receipts(self) -> Iterator[FileRow]:
        """Yield the receipts that belong to a student: by student, the latest first."""
        order = "order by student, made desc, checksum, path"
        return self._files(f"where kind = 'receipt' and student != '' {order}")

    def count_receipts(self, since: str = "", before: str = "z") -> int:
        """Return how many receipts there are, made at or after a moment and before another."""
        sql = "select count(*) from file where kind = 'receipt' and made >= ? and made < ?"
        return int(self._cell(sql, since, before))

    def responses(self, file: int) -> str:
        """Return the responses in a file as text, or an empty text."""
        return str(self._cell("select responses from content where file = ?", file) or "")

    def unexplained_files(self) -> Iterator[FileRow]:
        """Yield the files of which nothing was told yet, and that need a line of the report."""
        # Whoever handed in a receipt may hand in a notebook beside it.
        return self._files(
            f"where kind not in {_TOLD} and not (kind = 'other'"
            " and student in (select key from student where file is not null)) order by id"
        )

    def bundle_working_folders(self) -> None:
        """Take a folder in which somebody worked for one thing that was handed in."""
        sql = "select path from file where kind in ('progress', 'working') and bundle = ''"
        folders = {path.rpartition("/")[0] for (path,) in self._do(sql)} - {""}
        self._do("create index file_by_path on file (path)")
        for folder in sorted(folders, key=len):
            # The character after the slash ends what begins with it.
            within = folder, f"{folder}/", f"{folder}0"
            sql = "update file set bundle = ? where bundle = '' and path >= ? and path < ?"
            self._do(sql, *within)

    def bundles(self) -> list[Bundle]:
        """Return the bundles with files that mean nothing beside a receipt."""
        self._do("create index file_by_bundle on file (bundle, kind)")
        sql = (
            f"select bundle, count(distinct case when kind in {_SIGNED}"
            " then coalesce(nullif(student, ''), signed) end),"
            " sum(kind in ('progress', 'working')),"
            " sum(kind in ('damaged', 'progress', 'working')),"
            f" count(distinct system || number), max(kind in {_SIGNED}) from file"
            f" where bundle != '' group by bundle having sum(kind in {_QUIET}) > 0"
        )
        return list(self._all(Bundle, sql))

    def bundled(self, bundle: str) -> tuple[FileRow | None, list[FileRow]]:
        """Return the first receipt of a bundle, and the files that mean nothing beside it."""
        rest = "where bundle = ? and kind in {} order by id"
        receipts = self._files(rest.format("('receipt', 'conflict')"), bundle)
        return next(receipts, None), list(self._files(rest.format(_QUIET), bundle))

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield receipts of different students with equal answers, given at equal moments."""
        return self._all(
            Duplicate,
            "select f.student, s.name, f.path, f.checksum from file f join student s"
            " on s.key = f.student where f.kind = 'receipt' and f.checksum in (select checksum"
            " from file where kind = 'receipt' and checksum != '' group by checksum"
            " having count(distinct student) > 1) order by f.checksum, s.sort",
        )

    # Students and the list of students.

    def change_student(self, key: str, **columns: Any) -> bool:
        """Set columns of a student; return False if another student has this page."""
        names = ", ".join(f"{name} = ?" for name in columns)
        sql = f"update or ignore student set {names} where key = ?"
        return self._do(sql, *columns.values(), key).rowcount > 0

    def _students(self, rest: str, *values: Any) -> Iterator[StudentRow]:
        return self._all(StudentRow, f"select {_columns(StudentRow)} from student {rest}", *values)

    def student(self, key: str) -> StudentRow | None:
        """Return a student, or None."""
        return next(self._students("where key = ?", key), None)

    def listed_students(self) -> Iterator[StudentRow]:
        """Yield the students who stand on the list."""
        return self._students("where known")

    def count_students(self) -> int:
        """Return how many students there are."""
        return int(self._cell("select count(*) from student"))

    def set_unreadable(self) -> None:
        """Note who handed in nothing but what cannot be read."""
        self._do(
            "update student set status = 'unreadable' where status = 'missing' and key in"
            " (select student from file where kind not in ('receipt', 'other', 'left'))"
        )

    def student_work(self) -> Iterator[StudentWork]:
        """Yield what is to be marked, in the order of the students' names."""
        return self._all(
            StudentWork,
            "select s.rowid, s.key, s.name, s.status, s.days, coalesce(f.made, ''),"
            " coalesce(f.path, ''), coalesce(c.responses, '') from student s"
            " left join file f on f.id = s.file left join content c on c.file = s.file"
            " order by s.sort, s.key",
        )

    def trials(self) -> Iterator[Trials]:
        """Yield what students tried at exercises, in the order of their names."""
        return self._all(
            Trials,
            "select s.key, s.name, c.trials from student s join content c on c.file = s.file"
            " where c.trials != '' order by s.sort, s.key",
        )

    def add_alias(self, text: str, key: str, rank: int) -> None:
        """Keep a text by which a student is found; of two ranks the surer."""
        if not self.add(Alias(text, key, rank)):
            sql = "update alias set rank = min(rank, ?) where text = ? and key = ?"
            self._do(sql, rank, text, key)

    def called(self, text: str) -> list[Alias]:
        """Return who is called so; at most nine."""
        sql = "select text, key, rank from alias where text = ? limit 9"
        return list(self._all(Alias, sql, text))

    def listed(self) -> Iterator[Listed]:
        """Yield the rows of the list of students in their order."""
        sql = "select key, cells from listed order by rowid"
        return self._all(lambda key, cells: Listed(key, tuple(json.loads(cells))), sql)

    # What the teacher decided, and what waits for the teacher.

    def decisions(self, *paths: str) -> list[Decision]:
        """Return the decisions about a file, which may stand under any of these paths."""
        sql = f"select {_columns(Decision)} from decision where path in ({'?, ' * len(paths)}null)"
        return list(self._all(Decision, sql, *paths))

    def answered_decisions(self) -> Iterator[Decision]:
        """Yield the decisions that were filled in, in the order of the table."""
        sql = f"select {_columns(Decision)} from decision where answer != '' order by line"
        return self._all(Decision, sql)

    def wait(self, row: Waiting) -> None:
        """Keep a file for the table of decisions; of two reasons the later."""
        self._do("delete from waiting where file = ?", row.file)
        self.add(row)

    def waiting(self) -> Iterator[WaitingFile]:
        """Yield the files that wait for the teacher, by student."""
        return self._all(
            lambda *cells: WaitingFile(FileRow(*cells[:-4]), *cells[-4:]),
            f"select {_columns(FileRow, 'f.')}, w.student, w.why, w.found, w.worth from waiting w"
            " join file f on f.id = w.file order by w.student, f.made, f.path",
        )

    def manual_marks(self, student: str) -> list[ManualMark]:
        """Return the marks that a person gave a student."""
        sql = f"select {_columns(ManualMark)} from manual where student = ?"
        return list(self._all(ManualMark, sql, student))

    # What came of it.

    def problems(self, kind: str) -> Iterator[Problem]:
        """Yield the lines of the report of a kind."""
        sql = f"select {_columns(Problem)} from problem where kind = ? order by name, path, note"
        return self._all(Problem, sql, kind)

    def grades(self) -> Iterator[GradeRow]:
        """Yield all students in the order of their names, each with the grade."""
        names = _columns(GradeRow).split(", ")
        sql = (
            f"select {', '.join(f's.{name}' for name in names[:11])}, f.made, f.path, f.checksum,"
            f" {', '.join(f'g.{name}' for name in names[14:])} from grade g join student s"
            " on s.key = g.student left join file f on f.id = s.file order by g.place"
        )
        for cells in self._do(sql):
            yield GradeRow(*cells[:-2], *(tuple(json.loads(cell)) for cell in cells[-2:]))

    def to_mark(self) -> Iterator[ToMark]:
        """Yield the answers that a person has to mark, by question."""
        return self._all(
            ToMark,
            f"select {_columns(ToMark, 'm.')} from to_mark m join grade g"
            " on g.student = m.student order by m.question, g.place",
        )

    def record(self) -> Iterator[str]:
        """Yield the lines of the record, in the order of the students' keys."""
        return self._all(str, "select line from record order by key")

    # Wrong answers, by which similar work is found.

    def similar_students(self, rarest: int, most: int) -> tuple[int, list[tuple[int, int]]]:
        """Return how many students gave wrong answers, and pairs that share rare ones.

        Pairs are found by entries that at most ``rarest`` students share. At most ``most`` pairs
        are given, and those that share most come first.
        """
        students = int(self._cell("select count(distinct student) from wrong"))
        if students < 2:
            return students, []
        self._do("create index wrong_by_token on wrong (token, student)")
        self._do(
            "create table rare as select token, count(*) as students from wrong group by token"
            f" having students between 2 and {rarest}"
        )
        pairs = self._do(
            "select a.student, b.student from rare r join wrong a on a.token = r.token"
            " join wrong b on b.token = r.token and b.student > a.student"
            " group by a.student, b.student"
            f" order by sum({log2(students)} - r.students * 0.5) desc, 1, 2 limit {most}"
        )
        found = pairs.fetchall()
        # Not before: the plan of the query above would go by students, and grow with the square.
        self._do("create index wrong_by_student on wrong (student)")
        return students, found

    def wrong_answers(self, student: int) -> list[WrongAnswer]:
        """Return a student's wrong answers, in the order of the questions."""
        within = "where student = ? and question >= 0 order by question"
        sql = f"select {_columns(WrongAnswer)} from wrong {within}"
        return list(self._all(WrongAnswer, sql, student))

    def count_wrong(self, token: bytes) -> int:
        """Return how many students gave a wrong answer."""
        return int(self._cell("select count(*) from wrong where token = ?", token))

    def student_at(self, number: int) -> StudentRow:
        """Return the student of a row."""
        return next(self._students("where rowid = ?", number))
