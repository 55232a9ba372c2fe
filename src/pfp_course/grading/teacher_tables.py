"""Tables for the teacher: what waits for a decision or a mark, written and read when filled in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import identity
from pfp_course.grading.roster import find
from pfp_course.grading.rows import Decision, FileRow, ManualMark, Problem, Waiting
from pfp_course.grading.rules import Settings
from pfp_course.grading.sheets import cell, csv_line, read_table, unquoted

__all__ = [
    *("DECISIONS", "TRIALS", "Decided", "Decisions", "read_marks", "write_to_mark"),
    "write_trials",
]


DECISIONS = "to-decide.csv"
TRIALS = "exercises.csv"
_TRIAL_COLUMNS = ("student", "name", "exercise", "attempts", "result", "last value")
_COLUMNS = (
    *("file", "content", "student", "name", "signed", "why", "found", "made", "would earn", "of"),
    *("decision", "days late"),
)
_WORDS = {
    **dict.fromkeys(("yes", "y", "да", "иә", "ja", "oui", "sí", "si"), "yes"),
    **dict.fromkeys(("no", "n", "нет", "жоқ", "nein", "non"), "no"),
}
_WHY = {
    "conflict": "whose is it?",
    "ambiguous": "whose is it?",
    "accounts": "whose is it?",
    "nameless": "whose is it?",
    "strange": "whose is it?",
    "empty": "is this all?",
    "date": "was it in time?",
    "lacks": "which of these receipts counts? yes to several: their answers together",
    "apart": "which of these receipts counts? yes to several: their answers together",
}


@dataclass(frozen=True)
class Decided:
    """A line that the teacher filled in: ``yes``, ``no``, or the student whose receipt it is."""

    answer: str
    days: int | None
    line: int


class Decisions:
    """The teacher's decisions about single files, and all that waits for one.

    Raises
    ------
    CourseError
        If the table cannot be read, or a line of it says what it cannot.
    """

    def __init__(self, database: Database, path: Path | None) -> None:
        self.database, self.path = database, path
        self._used: set[str] = set()
        for line, row in read_table(path, "the table of decisions", _known) if path else ():
            if not {"file", "content", "decision"} <= row.keys():
                raise CourseError(
                    f"{path}:{line}: the columns file, content and decision are needed. Fill in "
                    f"the column decision of {DECISIONS} and keep its first line."
                )
            answer = _WORDS.get(row["decision"].casefold(), row["decision"])
            days = row.get("days late", "")
            if days and not (days.isascii() and days.isdecimal() and len(days) < 5):
                raise CourseError(
                    f"{path}:{line}: {days!r} is no number of days. Write 0 for in time, or 1, 2, …"
                )
            decision = Decision(row["file"], row["content"], answer, days, line)
            if not database.add(decision):
                raise CourseError(
                    f"{path}:{line}: another line decides about the same file. Take one out."
                )

    def of(self, file: FileRow) -> Decided | None:
        """Return what was decided about a file, or None."""
        rows = self._rows(file)
        for row in rows:
            if row.answer and row.content == file.content:
                return Decided(row.answer, int(row.days) if row.days else None, row.line)
        if all(row.content != file.content for row in rows) and any(row.answer for row in rows):
            note = f"it is another than when you decided (line {rows[0].line}); decide again"
            self.database.add(Problem("stale", "", "", file.path, note))
        return None

    def seen(self, file: FileRow) -> bool:
        """Tell whether the file stood in the table that was filled in."""
        return any(row.content == file.content for row in self._rows(file))

    def _rows(self, file: FileRow) -> list[Decision]:
        if self.path is None:
            return []
        # The table writes a path as it writes all cells.
        rows = self.database.decisions(file.path, unquoted(str(cell(file.path))))
        self._used |= {row.path for row in rows}
        return rows

    def student(self, decided: Decided) -> str:
        """Return the student whom a decision names."""
        text = decided.answer
        for key in (text, identity(text)):
            student = self.database.student(key)
            found = student.key if student else find(self.database, key)[0]
            if not found and (numbered := self.database.student_numbered(key)):
                found = numbered.key
            if found:
                return found
        raise self.error(
            decided, f"no student {text!r} is on your list; write yes, no, or the student's id"
        )

    def error(self, decided: Decided, what: str) -> CourseError:
        """Return an error that names the line of a decision."""
        return CourseError(f"{self.path}:{decided.line}: {what}.")

    def check_used(self) -> None:
        """Report decisions about files that are no longer there."""
        for row in self.database.answered_decisions():
            if row.path not in self._used:
                note = f"you decided about it (line {row.line}), and it is no longer there"
                self.database.add(Problem("stale", "", "", row.path, note))

    def wait(
        self, file: FileRow, key: str, why: str, found: str, worth: float | None = None
    ) -> None:
        """Keep a file for the table."""
        self.database.wait(Waiting(file.id, key, why, found, worth))

    def write(self, settings: Settings, folder: Path) -> int:
        """Write the table of all that waits, and return how many files that are."""
        count = 0
        with (folder / DECISIONS).open("w", encoding="utf-8-sig", newline="") as table:
            table.write(csv_line(_COLUMNS))
            for file, key, why, found, worth in self.database.waiting():
                student = self.database.student(key)
                number, name = (student.number or key, student.name) if student else (key, "")
                table.write(
                    csv_line(
                        [
                            *(file.path, file.content, number, name, file.signed),
                            *(_WHY.get(why, why), found, file.made, worth, settings.points, "", ""),
                        ]
                    )
                )
                count += 1
        return count


def _known(heads: Sequence[str]) -> int:
    return len({" ".join(head.split()).casefold() for head in heads} & set(_COLUMNS))


def read_marks(path: Path, database: Database, settings: Settings) -> int:
    """Read marks into the database, and return how many there are. Empty cells give no mark.

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
            _take(database, known, f"{path}:{line}", row, line)
            count += 1
    return count


def _take(
    database: Database, known: dict[str, int], where: str, row: dict[str, str], line: int
) -> None:
    question, student = row["question"], _student(database, where, row["student"])
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
    if not database.add(ManualMark(student, question, mark, line)):
        earlier = next(
            row.line for row in database.manual_marks(student) if row.question == question
        )
        raise CourseError(
            f"{where}: line {earlier} marks the same answer. Take one of the two lines out."
        )


def _student(database: Database, where: str, text: str) -> str:
    for key in (text, identity(text)):
        student = database.student(key)
        found = student.key if student else find(database, key)[0]
        if found:
            return found
    raise CourseError(
        f"{where}: no student {text!r} is on your list, or handed something in. "
        "Keep the column student as it was written."
    )


_TO_MARK_COLUMNS = (
    *("student", "name", "question", "why", "asked", "rubric", "answer"),
    *("would earn", "of", "mark"),
)
_WHY_TO_MARK = {
    "open": "open answer; what it would earn is the student's own judgement",
    "variant": "an answer to another variant than this student's own",
    "changed": "an answer to another version of the question",
    "damaged": "the answer is damaged",
    "unread": "it cannot be read as an answer, and in an exam nobody told the student",
    "near": "a letter differs from the right answer",
    "": "no answer was handed in",
}


def write_to_mark(database: Database, folder: Path) -> int:
    """Write the table of answers that a person has to mark, and return how many there are."""
    count = 0
    with (folder / "to-mark.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(_TO_MARK_COLUMNS))
        for row in database.to_mark():
            about = row.student, row.name, row.question, _WHY_TO_MARK[row.state]
            asked = row.ask, row.rubric, row.answer, row.worth, row.points, ""
            file.write(csv_line([*about, *asked]))
            count += 1
    return count


def write_trials(database: Database, folder: Path) -> int:
    """Write what students tried at exercises in code, and return how many students did.

    It is shown to the instructor, and worth no points. There is no table where nobody tried.
    """
    students, lines = 0, [csv_line(_TRIAL_COLUMNS)]
    for row in database.trials():
        students += 1
        lines += (csv_line([row.key, row.name, *trial]) for trial in json.loads(row.trials))
    if students:
        with (folder / TRIALS).open("w", encoding="utf-8-sig", newline="") as file:
            file.writelines(lines)
    return students
