"""Marks that a person gave: the table ``to-mark.csv``, filled in."""

from collections.abc import Iterator
from pathlib import Path

from pfp_course.classroom.grading.ledger import Ledger
from pfp_course.classroom.grading.owners import identity
from pfp_course.classroom.grading.roster import find
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.sheets import read_table
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError

__all__ = ["read_marks"]


def read_marks(path: Path, ledger: Ledger, settings: Settings) -> int:
    """Read marks into the ledger, and return how many there are. Empty cells give no mark.

    Raises
    ------
    CourseError
        If a line names nobody, no question, or a mark that the question cannot have; no mark is
        taken then.
    """
    known = {question.id: question.points for question in settings.key.questions}
    count = 0
    for line, row in read_table(path, "the table of marks"):
        if not {"student", "question", "mark"} <= row.keys():
            raise CourseError(
                f"{path}:{line}: the columns student, question and mark are needed. "
                "Fill in the column mark of to-mark.csv and keep its first line."
            )
        if row["mark"]:
            _take(ledger, known, f"{path}:{line}", row, line)
            count += 1
    return count


def _take(
    ledger: Ledger, known: dict[str, int], where: str, row: dict[str, str], line: int
) -> None:
    question, student = row["question"], _student(ledger, where, row["student"])
    if question not in known:
        hint = nearest(question, list(known))
        raise CourseError(f"{where}: there is no question {question!r}.{hint}")
    most = known[question]
    try:
        mark = float(row["mark"].replace(",", "."))
    except ValueError:
        mark = -1.0
    if not 0 <= mark <= most:
        raise CourseError(
            f"{where}: the mark {row['mark']!r} is no number from 0 to {most}. Mend it."
        )
    earlier = ledger.one(
        "select line from manual where student = ? and question = ?", student, question
    )
    if earlier is not None:
        raise CourseError(
            f"{where}: line {earlier} marks the same answer. Take one of the two lines out."
        )
    ledger.write("insert into manual values (?,?,?,?)", [(student, question, mark, line)])


def _student(ledger: Ledger, where: str, text: str) -> str:
    for key in _candidates(text):
        found = ledger.one("select key from student where key = ?", key)
        found = found or find(ledger, key)[0]
        if found:
            return str(found)
    raise CourseError(
        f"{where}: no student {text!r} is on your list, or handed something in. "
        "Keep the column student as it was written."
    )


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield identity(text)
