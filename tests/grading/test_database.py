"""The database of a run: every statement of SQL in one module, typed rows in and out."""

import ast
import re
from pathlib import Path

from environment import ROOT

from pfp_course.grading.database import Database
from pfp_course.grading.rows import (
    Alias,
    Content,
    FileRow,
    Grade,
    Listed,
    ManualMark,
    Problem,
    StudentRow,
)

SQL = re.compile(
    r"\b(select\s.+\sfrom|insert\s(or \w+ )?into|update\s\w+\sset|delete\sfrom|"
    r"create\s(table|index))\b",
    re.IGNORECASE | re.DOTALL,
)


def statements(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [text for text in texts if isinstance(text, str) and SQL.search(text)]


def test_every_statement_of_sql_stands_in_one_module() -> None:
    rooms = [ROOT / "src" / "pfp_course" / name for name in ("grading", "code_grading", "cli")]
    found = {path.name for room in rooms for path in room.rglob("*.py") if statements(path)}
    assert found == {"database.py"}


def test_rows_come_back_as_they_were_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "work.sqlite")
    ann = StudentRow("7", "Ann Lee", "ann lee", "7", canvas="12", known=True)
    file = FileRow(1, "a/receipt.json", "receipt", "canvas", "leeann", "12", signed="Ann Lee")
    assert database.add(ann, file, Content(1, "[null]", ""), Listed("7", ("Ann Lee", "7")))
    assert not database.add(StudentRow("7", "Somebody", "somebody")), "the first row stays"
    assert database.student("7") == ann
    assert database.student("8") is None
    assert list(database.files()) == [file]
    assert database.responses(1) == "[null]"
    assert list(database.listed()) == [Listed("7", ("Ann Lee", "7"))]
    database.change_file(1, student="7", kind="receipt")
    assert [row.student for row in database.receipts()] == ["7"]
    database.change_student("7", file=1, days=2, status="graded")
    (work,) = database.student_work()
    assert (work.key, work.days, work.path, work.responses) == ("7", 2, file.path, "[null]")
    grade = Grade("7", 0, "graded", 1.5, 2.0, 0.5, (2.0, None), ("01.why",))
    database.add(grade)
    (row,) = database.grades()
    assert (row.key, row.total, row.points, row.manual) == ("7", 1.5, (2.0, None), ("01.why",))
    assert (row.path, row.canvas) == (file.path, "12")
    database.close()


def test_of_two_aliases_the_surer_rank_stays(tmp_path: Path) -> None:
    database = Database(tmp_path / "work.sqlite")
    for rank in (2, 0, 1):
        database.add_alias("ann", "7", rank)
    assert database.called("ann") == [Alias("ann", "7", 0)]
    database.close()


def test_two_students_never_have_one_page(tmp_path: Path) -> None:
    database = Database(tmp_path / "work.sqlite")
    database.add(StudentRow("1", "Ann", "ann"), StudentRow("2", "Ann", "ann"))
    assert database.change_student("1", page="ann.html")
    assert not database.change_student("2", page="ann.html")
    assert database.change_student("2", page="ann-2.html")
    database.close()


def test_a_second_mark_for_one_answer_and_the_lines_of_a_kind(tmp_path: Path) -> None:
    database = Database(tmp_path / "work.sqlite")
    assert database.add(ManualMark("7", "01.why", 2.0, 3))
    assert not database.add(ManualMark("7", "01.why", 1.0, 9))
    assert database.manual_marks("7") == [ManualMark("7", "01.why", 2.0, 3)]
    late, other = Problem("late", "7", "B", "b", "x"), Problem("late", "8", "A", "a", "y")
    database.add(late, Problem("copy", "7", "B", "c", "z"), other)
    assert list(database.problems("late")) == [other, late]
    database.close()
