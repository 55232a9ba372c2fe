"""The tables of grades: our own, and those that Canvas and Moodle import.

Canvas (``lib/gradebook_importer.rb``) wants ``Student``, ``ID``, ``SIS User ID``, ``SIS Login
ID``, ``Section``, then a column for each assignment, and a line *Points Possible* under the head.
Moodle imports a grading worksheet by ``Identifier``, ``Grade`` and ``Last modified (grade)``
(``mod/assign/feedback/offline/importgradeslib.php``), or any table into its gradebook, where the
teacher says which column names the student (*Email address*, *ID number*) and which the grade.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import tidy
from pfp_course.grading.roster import Roster
from pfp_course.grading.rows import GradeRow, Problem
from pfp_course.grading.rules import Settings
from pfp_course.grading.sheets import cell, csv_line, identified_line, round_trip

__all__ = ["STATUS", "other_maximum", "write_gradebooks"]


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

    Parameters
    ----------
    rows
        The students and their grades, in the order of the tables.
    roster
        The list of students, where there is one; then those who are not on it are named so, and
        stand in our own table only. A table of Moodle or Canvas is written as it came.
    """
    counts: dict[str, int] = {}
    names = ("gradebook.csv", "canvas.csv", "moodle.csv", "moodle-worksheet.csv")
    worksheet_back, canvas_back = returned_tables(roster, settings.key.title)
    grades: dict[str, tuple[Any, str]] = {}
    with (
        # Spreadsheets read UTF-8 by this mark; the systems need none.
        (folder / names[0]).open("w", encoding="utf-8-sig", newline="") as ours,
        (folder / names[1]).open("w", encoding="utf-8", newline="") as canvas,
        (folder / names[2]).open("w", encoding="utf-8", newline="") as moodle,
        (folder / names[3]).open("w", encoding="utf-8", newline="") as worksheet,
    ):
        ours.write(csv_line(_head(settings)))
        for line in _canvas_head(settings):
            canvas.write(csv_line(line))
        moodle.write(csv_line(_moodle_head(settings)))
        worksheet.write(csv_line(_WORKSHEET))
        for row in rows:
            status = row.status
            counts[status] = counts.get(status, 0) + 1
            ours.write(csv_line(_ours(settings, row, listed=roster is not None)))
            if roster is not None and not row.known:
                continue
            canvas.write(identified_line(_canvas(row), 1, 2, 3))
            moodle.write(identified_line(_moodle(row, settings), 1, 2))
            if row.moodle:
                worksheet.write(identified_line(_of_worksheet(row, settings), 0, 2))
            if worksheet_back or canvas_back:
                grades[row.key] = _final(row), _comment(row, settings)
    for back, name in ((canvas_back, names[1]), (worksheet_back, names[3])):
        if back is not None:
            with (folder / name).open("wb") as file:
                file.writelines(back.lines(database, grades, settings.points))
    return counts


def _head(settings: Settings) -> list[str]:
    return [
        *("student", "name", "login", "email", "section", "status", "points", "of", "percent"),
        *("earned", "taken off", "days late", "made", "file", "feedback"),
        *(settings.key.questions[place].id for place in settings.counted),
    ]


def _ours(settings: Settings, row: GradeRow, *, listed: bool) -> list[Any]:
    total = row.total
    status = STATUS[row.status]
    if listed and not row.known:
        status = f"not on your list; {status}"
    points = row.points or [None] * len(settings.key.questions)
    return [
        *(row.number or row.key, row.name, row.login, row.email, row.section),
        *(status, total, settings.points, _percent(total, settings), row.earned),
        *(row.penalty or None, int(row.days) or None, row.made, row.path),
        f"feedback/{row.page}" if total is not None and row.page else "",
        *(points[place] for place in settings.counted),
    ]


def _percent(total: float | None, settings: Settings) -> float | None:
    if total is None or not settings.points:
        return None
    return round(100 * total / settings.points, 2)


def _canvas_head(settings: Settings) -> Iterator[list[Any]]:
    about = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    yield [*about, settings.key.title]
    yield ["    Points Possible", "", "", "", "", settings.points]


def _canvas(row: GradeRow) -> list[Any]:
    number = "" if row.number == row.canvas else row.number
    login = row.login or row.email
    return [row.name, row.canvas, number, login, row.section, _final(row)]


def _final(row: GradeRow) -> float | None:
    """Return a grade that may be passed on: none while an answer waits for a person."""
    return row.total if row.status == "graded" else None


def _moodle_head(settings: Settings) -> list[str]:
    return ["Full name", "ID number", "Email address", settings.key.title, "Feedback comments"]


def _moodle(row: GradeRow, settings: Settings) -> list[Any]:
    return [row.name, row.number, row.email, _final(row), _comment(row, settings)]


_WORKSHEET = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)"),
    "Feedback comments",
)


def _of_worksheet(row: GradeRow, settings: Settings) -> list[Any]:
    return [
        *(f"Participant {row.moodle}", row.name, row.email, STATUS[row.status]),
        *(_final(row), settings.points, "Yes", "", "", _comment(row, settings)),
    ]


def _comment(row: GradeRow, settings: Settings) -> str:
    if _final(row) is None:
        return ""
    late = f" {row.penalty:g} points were taken off for lateness." if row.penalty else ""
    return f"{row.total:g} of {settings.points} points.{late}"


_ABOUT = (
    *("student", "lastname", "firstname", "id", "sis user id", "sis login id"),
    *("integration id", "root account", "section"),
)
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.][0-9]{1,9})?")
_WITH_ID = re.compile(r"\s*\(\d+\)$")


class ReturnedTable:
    """A table that came from a system: where the grade stands in it, and how it is written.

    Parameters
    ----------
    roster : Roster
        The table.
    kept
        Which of its columns are written back.
    grade, feedback
        The places of the two columns that are written anew; None where there is no such column.
    head
        Names of the columns that are kept, and of one that is added.
    """

    def __init__(
        self,
        roster: Roster,
        kept: list[int],
        grade: int | None,
        feedback: int | None,
        head: list[str],
    ) -> None:
        self.roster, self.kept, self.head = roster, kept, head
        self.grade, self.feedback = grade, feedback

    def lines(
        self, database: Database, grades: dict[str, tuple[Any, str]], points: int
    ) -> Iterator[bytes]:
        """Yield the lines of the table, the mark of its encoding with the first.

        Parameters
        ----------
        grades
            Grade and comment by the key of the student.
        points
            What Canvas is told to be the most.
        """
        table = self.roster.table
        yield table.signature + table.written([round_trip(name) for name in self.head])
        for key, row in database.listed():
            cells: list[Any] = [
                round_trip(row[place]) if place < len(row) else "" for place in self.kept
            ]
            if not key and not (row and "points possible" in row[0].casefold()):
                continue  # the test student, and lines between the students
            grade, comment = grades.get(key, (None, "")) if key else (points, "")
            if self.grade is None:
                cells.append(cell(grade))
            elif key:
                cells[self.kept.index(self.grade)] = cell(grade)
            if self.feedback is not None and key:
                cells[self.kept.index(self.feedback)] = cell(comment)
            yield table.written(cells)


def returned_tables(
    roster: Roster | None, title: str
) -> tuple[ReturnedTable | None, ReturnedTable | None]:
    """Return the worksheet of Moodle and the gradebook of Canvas, as far as one came."""
    if roster is None:
        return None, None
    head = list(roster.table.head)
    if roster.is_worksheet:
        columns = roster.columns
        every = list(range(len(head)))
        return ReturnedTable(roster, every, columns["grade"], columns.get("feedback"), head), None
    if roster.is_canvas:
        names = [name.strip().casefold() for name in head]
        kept = [place for place, name in enumerate(names) if name in _ABOUT]
        wanted = tidy(title).casefold()
        grade = next(
            (
                n
                for n, name in enumerate(head)
                if _WITH_ID.sub("", name).strip().casefold() == wanted
            ),
            None,
        )
        if grade is None:
            return None, ReturnedTable(roster, kept, None, None, [*(head[n] for n in kept), title])
        kept.append(grade)
        return None, ReturnedTable(roster, kept, grade, None, [head[n] for n in kept])
    return None, None


def other_maximum(roster: Roster, database: Database, points: int) -> list[Problem]:
    """Tell of a worksheet whose maximum grade is not the sum of the points.

    Moodle takes the number as it stands: 20 of 20 points would be 20 of 100 there.
    """
    place = roster.columns.get("most")
    if not roster.is_worksheet or place is None:
        return []
    students = (row for key, row in database.listed() if key)
    for row in islice(students, 100):
        number = row[place].strip().replace(",", ".") if place < len(row) else ""
        if _NUMBER.fullmatch(number) and float(number) != points:
            note = (
                f"the maximum grade in this worksheet is {float(number):g}, and the work is worth "
                f"{points} points, which are passed on as they are. In Moodle, set the maximum "
                f"grade of the assignment to {points}, and download the worksheet again."
            )
            return [Problem("roster", "", "", roster.table.path.name, note)]
    return []
