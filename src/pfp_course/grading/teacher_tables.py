"""Tables for the teacher: grades, and what waits for a decision or a mark, to be filled in.

Canvas (``lib/gradebook_importer.rb``) wants ``Student``, ``ID``, ``SIS User ID``, ``SIS Login
ID``, ``Section``, then a column for each assignment, and a line *Points Possible* under the head.
Moodle imports a grading worksheet by ``Identifier``, ``Grade`` and ``Last modified (grade)``
(``mod/assign/feedback/offline/importgradeslib.php``), or any table into its gradebook, where the
teacher says which column names the student (*Email address*, *ID number*) and which the grade.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.grading.database import Database
from pfp_course.grading.marks import Settings
from pfp_course.grading.roster import Roster, find, returned_tables
from pfp_course.grading.rows import Decision, FileRow, GradeRow, ManualMark, Problem, Waiting
from pfp_course.grading.sheets import (
    cell,
    csv_line,
    read_table,
    unquoted,
    write_csv,
)

__all__ = [
    *("STATUS", "TRIALS", "Decisions", "read_marks", "write_gradebooks", "write_to_mark"),
    "write_trials",
]

STATUS = {
    "graded": "graded",
    "to mark": "some answers wait for you",
    "decide": "a receipt waits for your decision",
    "missing": "nothing handed in",
    "unreadable": "look at the report",
    "refused": "late, not accepted",
}


def write_gradebooks(
    database: Database,
    rows: Iterable[GradeRow],
    settings: Settings,
    folder: Path,
    roster: Roster | None,
) -> dict[str, int]:
    """Write the tables, and return how many students have which status.

    The rows come in the order of the tables. Where there is a list of students, those who are not
    on it are named so, and stand in our own table only. A table of Moodle or Canvas is written as
    it came.
    """
    counts: dict[str, int] = {}
    returned = returned_tables(roster, settings.key.title) if roster else {}
    grades: dict[str, tuple[Any, str]] = {}
    with (
        # Spreadsheets read UTF-8 by this mark; the systems need none.
        (folder / "gradebook.csv").open("w", encoding="utf-8-sig", newline="") as ours,
        (folder / "canvas.csv").open("w", encoding="utf-8", newline="") as canvas,
        (folder / "moodle.csv").open("w", encoding="utf-8", newline="") as moodle,
        (folder / "moodle-worksheet.csv").open("w", encoding="utf-8", newline="") as worksheet,
    ):
        ours.write(csv_line(_head(settings)))
        canvas.write(csv_line([*_CANVAS, settings.key.title]))
        canvas.write(csv_line(["    Points Possible", "", "", "", "", settings.points]))
        moodle.write(csv_line([*_MOODLE, settings.key.title, "Feedback comments"]))
        worksheet.write(csv_line(_WORKSHEET))
        for row in rows:
            counts[row.status] = counts.get(row.status, 0) + 1
            ours.write(csv_line(_ours(settings, row, listed=roster is not None)))
            if roster is not None and not row.known:
                continue
            # While an answer waits for a person, no grade is passed on.
            grade = row.total if row.status == "graded" else None
            comment = "" if grade is None else _comment(row, settings)
            number = "" if row.number == row.canvas else row.number
            login = row.login or row.email
            about = row.name, row.canvas, number, login, row.section
            canvas.write(csv_line([*about, grade], 1, 2, 3))
            moodle.write(csv_line([row.name, row.number, row.email, grade, comment], 1, 2))
            if row.moodle:
                cells = [
                    *(f"Participant {row.moodle}", row.name, row.email, STATUS[row.status]),
                    *(grade, settings.points, "Yes", "", "", comment),
                ]
                worksheet.write(csv_line(cells, 0, 2))
            if returned:
                grades[row.key] = grade, comment
    for name, table in returned.items():
        with (folder / name).open("wb") as file:
            file.writelines(table.lines(database, grades, settings.points))
    return counts


def _head(settings: Settings) -> list[str]:
    return [
        *("student", "name", "login", "email", "section", "status", "points", "of", "percent"),
        *("earned", "taken off", "days late", "made", "file", "feedback"),
        *(settings.key.questions[place].id for place in settings.counted),
    ]


def _ours(settings: Settings, row: GradeRow, *, listed: bool) -> list[Any]:
    total, most = row.total, settings.points
    percent = round(100 * total / most, 2) if total is not None and most else None
    status = STATUS[row.status]
    if listed and not row.known:
        status = f"not on your list; {status}"
    points = row.points or [None] * len(settings.key.questions)
    return [
        *(row.number or row.key, row.name, row.login, row.email, row.section),
        *(status, total, most, percent, row.earned),
        *(row.penalty or None, int(row.days) or None, row.made, row.path),
        f"feedback/{row.page}" if total is not None and row.page else "",
        *(points[place] for place in settings.counted),
    ]


_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_MOODLE = ("Full name", "ID number", "Email address")
_WORKSHEET = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)"),
    "Feedback comments",
)


def _comment(row: GradeRow, settings: Settings) -> str:
    late = f" {row.penalty:g} points were taken off for lateness." if row.penalty else ""
    return f"{row.total:g} of {settings.points} points.{late}"


_DECISIONS = "to-decide.csv"
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
_WHOSE = ("conflict", "ambiguous", "accounts", "nameless", "strange")
_WHICH = "which of these receipts counts? yes to several: their answers together"
_WHY = {
    **dict.fromkeys(_WHOSE, "whose is it?"),
    "empty": "is this all?",
    "date": "was it in time?",
    "lacks": _WHICH,
    "apart": _WHICH,
}


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
                    f"the column decision of {_DECISIONS} and keep its first line."
                )
            answer = _WORDS.get(row["decision"].casefold(), row["decision"])
            days = row.get("days late", "")
            if days and not (days.isascii() and days.isdecimal() and len(days) < 5):
                raise CourseError(
                    f"{path}:{line}: {days!r} is no number of days. Write 0 for in time, or 1, 2, …"
                )
            when = int(days) if days else None
            if not database.add(Decision(row["file"], row["content"], answer, when, line)):
                raise CourseError(
                    f"{path}:{line}: another line decides about the same file. Take one out."
                )

    def of(self, file: FileRow) -> Decision | None:
        """Return what was decided about a file, or None."""
        rows = self._rows(file)
        for row in rows:
            if row.answer and row.content == file.content:
                return row
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

    def student(self, decided: Decision) -> str:
        """Return the student whom a decision names."""
        if key := find(self.database, decided.answer):
            return key
        what = f"no student {decided.answer!r} is on your list; write yes, no, or the student's id"
        raise self.error(decided, what)

    def error(self, decided: Decision, what: str) -> CourseError:
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
        return write_csv(folder / _DECISIONS, _COLUMNS, self._lines(settings))

    def _lines(self, settings: Settings) -> Iterator[list[Any]]:
        for file, key, why, found, worth in self.database.waiting():
            student = self.database.student(key)
            number, name = (student.number or key, student.name) if student else (key, "")
            yield [
                *(file.path, file.content, number, name, file.signed),
                *(_WHY.get(why, why), found, file.made, worth, settings.points, "", ""),
            ]


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
    question, student = row["question"], find(database, row["student"])
    if not student:
        raise CourseError(
            f"{where}: no student {row['student']!r} is on your list, or handed something in. "
            "Keep the column student as it was written."
        )
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
    lines = (
        [
            *(row.student, row.name, row.question, _WHY_TO_MARK[row.state]),
            *(row.ask, row.rubric, row.answer, row.worth, row.points, ""),
        ]
        for row in database.to_mark()
    )
    return write_csv(folder / "to-mark.csv", _TO_MARK_COLUMNS, lines)


def write_trials(database: Database, folder: Path) -> int:
    """Write what students tried at exercises in code, and return how many students did.

    It is shown to the instructor, and worth no points. There is no table where nobody tried.
    """
    students = list(database.trials())
    lines = ([row.key, row.name, *trial] for row in students for trial in json.loads(row.trials))
    if students:
        write_csv(folder / TRIALS, _TRIAL_COLUMNS, lines)
    return len(students)
