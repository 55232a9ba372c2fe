"""The tables of grades: our own, and those that Canvas and Moodle import.

Canvas (``lib/gradebook_importer.rb``) wants ``Student``, ``ID``, ``SIS User ID``, ``SIS Login
ID``, ``Section``, then a column for each assignment, and a line *Points Possible* under the head.
Moodle imports a grading worksheet by ``Identifier``, ``Grade`` and ``Last modified (grade)``
(``mod/assign/feedback/offline/importgradeslib.php``), or any table into its gradebook, where the
teacher says which column names the student (*Email address*, *ID number*) and which the grade.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pfp_course.classroom.grading.ledger import Ledger
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.sheets import csv_line

__all__ = ["STATUS", "Row", "rows", "write_gradebooks", "write_held"]

STATUS = {
    "graded": "graded",
    "to mark": "some answers wait for you",
    "missing": "nothing handed in",
    "unreadable": "look at the report",
    "refused": "late, not accepted",
}
HELD_COLUMNS = (
    *("student", "name", "question", "why", "asked", "rubric", "answer"),
    *("would earn", "of", "mark"),
)
_WHY = {
    "open": "open answer; what it would earn is the student's own judgement",
    "variant": "an answer to another variant than this student's own",
    "changed": "an answer to another version of the question",
    "damaged": "the answer is damaged",
    "near": "a letter differs from the right answer",
    "": "no answer was handed in",
}
Row = dict[str, Any]


def rows(ledger: Ledger) -> Iterator[Row]:
    """Yield all students in the order of their names, each with the grade."""
    columns = (
        *("key", "name", "number", "login", "email", "section", "canvas", "moodle", "days"),
        *("made", "place", "checksum", "page", "known", "line"),
    )
    found = ledger.all(
        "select s.key, s.name, s.number, s.login, s.email, s.section, s.canvas, s.moodle, s.days,"
        " h.made, h.place, h.checksum, s.page, s.known, g.line from grade g join student s"
        " on s.key = g.student left join handed h on h.id = s.handed order by g.ord"
    )
    for values in found:
        row = dict(zip(columns, values, strict=True))
        yield {**row, **json.loads(row.pop("line"))}


def write_gradebooks(
    ledger: Ledger, settings: Settings, folder: Path, *, listed: bool
) -> dict[str, int]:
    """Write the three tables, and return how many students have which status.

    Parameters
    ----------
    listed : bool
        Whether there was a list of students; then those who are not on it are named so, and
        stand in our own table only.
    """
    counts: dict[str, int] = {}
    names = ("gradebook.csv", "canvas.csv", "moodle.csv", "moodle-worksheet.csv")
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
        for row in rows(ledger):
            status = row["status"]
            counts[status] = counts.get(status, 0) + 1
            ours.write(csv_line(_ours(settings, row, listed=listed)))
            if listed and not row["known"]:
                continue
            canvas.write(csv_line(_canvas(row)))
            moodle.write(csv_line(_moodle(row, settings)))
            if row["moodle"]:
                worksheet.write(csv_line(_of_worksheet(row, settings)))
    return counts


def _head(settings: Settings) -> list[str]:
    return [
        *("student", "name", "login", "email", "section", "status", "points", "of", "percent"),
        *("earned", "taken off", "days late", "made", "file", "feedback"),
        *(settings.key.questions[place].id for place in settings.counted),
    ]


def _ours(settings: Settings, row: Row, *, listed: bool) -> list[Any]:
    total = row.get("total")
    status = STATUS[row["status"]]
    if listed and not row["known"]:
        status = f"not on your list; {status}"
    points = row.get("points") or [None] * len(settings.key.questions)
    return [
        *(row["number"] or row["key"], row["name"], row["login"], row["email"], row["section"]),
        *(status, total, settings.points, _percent(total, settings), row.get("earned")),
        *(row.get("penalty") or None, int(row["days"]) or None, row["made"], row["place"]),
        f"feedback/{row['page']}" if total is not None and row["page"] else "",
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


def _canvas(row: Row) -> list[Any]:
    number = "" if row["number"] == row["canvas"] else row["number"]
    login = row["login"] or row["email"]
    return [row["name"], row["canvas"], number, login, row["section"], _final(row)]


def _final(row: Row) -> float | None:
    """Return a grade that may be passed on: none while an answer waits for a person."""
    return row["total"] if row["status"] == "graded" else None


def _moodle_head(settings: Settings) -> list[str]:
    return ["Full name", "ID number", "Email address", settings.key.title, "Feedback comments"]


def _moodle(row: Row, settings: Settings) -> list[Any]:
    return [row["name"], row["number"], row["email"], _final(row), _comment(row, settings)]


_WORKSHEET = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)"),
    "Feedback comments",
)


def _of_worksheet(row: Row, settings: Settings) -> list[Any]:
    return [
        *(f"Participant {row['moodle']}", row["name"], row["email"], STATUS[row["status"]]),
        *(_final(row), settings.points, "Yes", "", "", _comment(row, settings)),
    ]


def _comment(row: Row, settings: Settings) -> str:
    if _final(row) is None:
        return ""
    late = f" {row['penalty']:g} points were taken off for lateness." if row["penalty"] else ""
    return f"{row['total']:g} of {settings.points} points.{late}"


def write_held(ledger: Ledger, folder: Path) -> int:
    """Write the table of answers that a person has to mark, and return how many there are."""
    count = 0
    with (folder / "to-mark.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(HELD_COLUMNS))
        found = ledger.all(
            "select h.student, h.name, h.question, h.line from held h join grade g"
            " on g.student = h.student order by h.question, g.ord"
        )
        for key, name, question, line in found:
            held = json.loads(line)
            file.write(
                csv_line(
                    [
                        *(key, name, question, _WHY[held["state"]], held["ask"]),
                        *(held["rubric"], held["answer"]),
                        *(None if held["worth"] == "" else held["worth"], held["most"], ""),
                    ]
                )
            )
            count += 1
    return count
