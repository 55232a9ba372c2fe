"""The list of students: whom a receipt belongs to, who is missing; and given back with grades."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from pfp_course.assignments.assignment import moment
from pfp_course.errors import CourseError
from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import (
    Role,
    folded,
    identity,
    is_blind,
    known_heads,
    roles,
    squeezed,
    tidy,
)
from pfp_course.grading.rows import Listed, Problem, StudentRow
from pfp_course.grading.sheets import Table, cell, open_table, round_trip, unquoted

__all__ = [
    *("Roster", "by_account", "find", "find_all", "other_maximum", "read_roster"),
    "returned_tables",
]

# A spreadsheet shows 030215500123 as 3.02155E+10, and saves what it shows.
_CUT = re.compile(r"[0-9](?:[.,][0-9]{1,14}[Ee]\+?[0-9]{1,2}|[Ee]\+[0-9]{1,2})")
_LETTERS_LOST = re.compile(r"\w\?|\?\w|\ufffd")
# Excel keeps a zero in front in ="0123" and '0123; other programs make a number of an id: 123.0.
_AS_TEXT = re.compile(r"""=?"([^"]*)"|'([0-9].*)|([0-9]{1,18})[.,]0""")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:[ T]+([0-9]{1,2}:[0-9]{2}))?")
_OF_ONE_LINE: tuple[Role, ...] = ("name", "first", "last", "number", "login", "email")
_NO_STUDENT = ("points possible", "student, test", "test student")
# What a name is worth that is not quite the one on the list.
_EXACT, _FOLDED, _TURNED = range(3)


@dataclass(frozen=True)
class Roster:
    """A list of students that was read: its table, and which of its columns holds what."""

    table: Table
    columns: dict[Role, int]

    @property
    def is_worksheet(self) -> bool:
        """Whether it is a grading worksheet of Moodle."""
        return {"moodle", "grade", "modified"} <= self.columns.keys()

    @property
    def is_canvas(self) -> bool:
        """Whether it is a gradebook of Canvas."""
        return "canvas" in self.columns and self.columns["canvas"] in (1, 2)


def read_roster(path: Path, database: Database) -> Roster:
    """Read the list of students into the database.

    Raises
    ------
    CourseError
        If it cannot be read, has no column of names, or gives two students one id.
    """
    table = open_table(path, "the list of students", known_heads)
    columns = roles(table.head)
    heads = [name.strip() for name in table.head if name.strip()]
    if heads and not columns.keys() & {"name", "first", "last", "moodle"}:
        raise CourseError(
            f"{path}:{table.line}: no column is called name, so there is no name to read. The "
            "first line of the list must name its columns: name, and if you have them id, email, "
            "section, also, due. What Moodle and Canvas export is understood in English, Russian, "
            "Kazakh, German, French and Spanish. These names were found: "
            f"{tidy(', '.join(heads)) or 'none'}."
        )
    empty = True
    for line, row in table.rows():
        cells = {
            role: unquoted(" ".join(row[place].split())) if place < len(row) else ""
            for role, place in columns.items()
        }
        _check_quotes(path, line, table.mark, row, columns)
        name = _name(cells)
        key = ""
        if not _is_no_student(name, cells):
            if not name:
                raise CourseError(
                    f"{path}:{line}: there is no name. Write one into the column "
                    f"{table.head[columns.get('name', columns.get('last', 0))]}."
                )
            key = _add(database, path, line, name, cells)
            empty = False
        database.add(Listed(key, tuple(row)))
    if empty:
        raise CourseError(f"{path} holds no students. Its first line names the columns: name, id.")
    return Roster(table, columns)


def _check_quotes(
    path: Path, line: int, mark: str, row: list[str], columns: dict[Role, int]
) -> None:
    """Refuse a row into which a quotation mark that is not closed drew the students after it."""
    for role in _OF_ONE_LINE:
        text = row[columns[role]] if columns.get(role, len(row)) < len(row) else ""
        breaks = len(text.splitlines()) - 1
        if breaks > 1 or (breaks and mark in text):
            raise CourseError(
                f"{path}:{line - breaks}: a quotation mark is not closed, so that the lines after "
                'it became one student. Delete the sign ", or write a second one behind the name.'
            )


def _as_text(number: str) -> str:
    """Return an id without what a spreadsheet puts around it."""
    found = _AS_TEXT.fullmatch(number)
    return next(filter(None, found.groups()), "") if found else number


def _name(cells: dict[Role, str]) -> str:
    parts = (cells.get("first", ""), cells.get("middle", ""), cells.get("last", ""))
    name = tidy(cells.get("name", "") or " ".join(part for part in parts if part))
    # A worksheet of blind marking has no names.
    return name or tidy(cells.get("moodle", ""))


def _is_no_student(name: str, cells: dict[Role, str]) -> bool:
    # Canvas writes a line of points, one of postings, and a test student into its table.
    return name.casefold() in _NO_STUDENT or not (name or any(cells.values()))


def _add(database: Database, path: Path, line: int, name: str, cells: dict[Role, str]) -> str:
    number, login, email = (cells.get(role, "") for role in ("number", "login", "email"))
    number = _as_text(number)
    canvas = tidy(cells.get("canvas", ""))
    moodle = "".join(re.findall(r"[0-9]+$", cells.get("moodle", "")))
    cut = ""
    if _CUT.fullmatch(number):
        digits = max(0, len(re.split("[Ee]", number)[0]) - 2)  # behind the first
        cut = f"{float(number.replace(',', '.')):.{digits}E}"
        note = (
            f"line {line}: a spreadsheet has cut the id to {number}. The student is found by the "
            "name alone. Save the list again with the column of ids formatted as text."
        )
        database.add(Problem("roster", "", name, path.name, note))
        number = ""
    if _LETTERS_LOST.search(name):
        note = f"line {line}: letters of this name were lost. Save the list again as CSV UTF-8."
        database.add(Problem("roster", "", name, path.name, note))
    number = tidy(number or canvas)
    own = identity(number or login or email or (f"moodle {moodle}" if moodle else ""))
    key = own or identity(name)
    if database.student(key):
        if own:
            raise CourseError(
                f"{path}:{line}: {name} stands twice, or shares an id with another student. "
                "Give each student a line with an id of their own."
            )
        key = _another(database, key)
        note = (
            f"line {line}: another line has this name, and neither has an id or an address. "
            "Receipts under this name wait until you add one."
        )
        database.add(Problem("roster", key, name, path.name, note))
    database.add(
        StudentRow(
            *(key, name, identity(name), number, tidy(login), tidy(email)),
            *(tidy(cells.get("section", "")), canvas, moodle, _due(path, line, cells)),
            known=True,
        )
    )
    for text, rank in _aliases(name, cells, number, moodle, canvas):
        if text:
            database.add_alias(text, key, rank)
    if cut:
        database.add_alias(f"cut:{cut}", key, _EXACT)
    return key


def _another(database: Database, key: str) -> str:
    number = 2
    while database.student(f"{key} ({number})"):
        number += 1
    return f"{key} ({number})"


def _due(path: Path, line: int, cells: dict[Role, str]) -> str:
    due = cells.get("due", "")
    if not due:
        return ""
    # A spreadsheet of Germany, Russia or Kazakhstan turns 2027-02-20 into 20.02.2027.
    if dotted := _DOTTED_DAY.fullmatch(due):
        day, month, year, hour = dotted.groups()
        due = f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>5}" if hour else "")
    try:
        return moment(due).strftime("%Y-%m-%dT%H:%M:%SZ")
    except CourseError as error:
        raise CourseError(f"{path}:{line}: {error}") from None


def _aliases(
    name: str, cells: dict[Role, str], number: str, moodle: str, canvas: str
) -> Iterator[tuple[str, int]]:
    """Yield all by which a student may be called, and how sure each is."""
    last, comma, first = name.partition(",")
    names = [name, *([f"{first} {last}"] if comma else [])]
    names += cells.get("also", "").split(";")
    if cells.get("first") and cells.get("last"):
        names.append(f"{cells['first']} {cells['last']}")
    for one in names:
        yield identity(one), _EXACT
        yield folded(one), _FOLDED
        # Canvas joins the family name and the given name, in this order.
        yield f"canvas-name:{squeezed(folded(one))}", _EXACT if "," in one else _TURNED
        words = [] if "," in one else folded(one).split()
        for order in (words[-1:] + words[:-1], words[1:] + words[:1]):
            # A family name may stand first or last.
            yield " ".join(order), _TURNED
            yield f"canvas-name:{''.join(map(squeezed, order))}", _EXACT
    for text in (number, canvas, cells.get("login", ""), cells.get("email", "")):
        yield identity(text), _EXACT
    if number.isdecimal():
        # A spreadsheet takes a zero in front away.
        yield f"digits:{number.lstrip('0')}", _EXACT
    if moodle:
        yield f"moodle:{moodle}", _EXACT
    if canvas:
        yield f"canvas:{identity(canvas)}", _EXACT


def find_all(database: Database, text: str) -> list[str]:
    """Return the students who are called so, and nobody whom the text fits less well."""
    forms = [(identity(text), 0), (folded(text), _FOLDED)]
    if text.strip().isdecimal():
        forms.append((f"digits:{text.strip().lstrip('0')}", _FOLDED))
    best = 9
    found: list[str] = []
    for form, least in forms:
        for alias in database.called(form):
            worth = max(alias.rank, least)
            if worth < best:
                best, found = worth, []
            if worth == best and alias.key not in found:
                found.append(alias.key)
    return found


def find(database: Database, text: str) -> str:
    """Return the one student who has this key, or is called so, or an empty text."""
    for key in (text, identity(text)):
        if database.student(key):
            return key
        if len(found := find_all(database, key)) == 1:
            return found[0]
    return ""


def by_account(database: Database, system: str, number: str, owner: str) -> tuple[str, list[str]]:
    """Return the student whose account has a number, if any, and all who have its name."""
    form = f"{system}:{identity(number)}"
    numbered = next((alias.key for alias in database.called(form)), "")
    if not owner or (system == "moodle" and is_blind(owner)):
        return numbered, []
    if system == "moodle":
        return numbered, find_all(database, owner)
    form = f"canvas-name:{squeezed(folded(owner))}"
    aliases = database.called(form)
    best = min((alias.rank for alias in aliases), default=9)
    return numbered, [alias.key for alias in aliases if alias.rank == best]


_ABOUT = (
    *("student", "lastname", "firstname", "id", "sis user id", "sis login id"),
    *("integration id", "root account", "section"),
)
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.][0-9]{1,9})?")
_WITH_ID = re.compile(r"\s*\(\d+\)$")


@dataclass(frozen=True)
class ReturnedTable:
    """A table that came from a system: where the grade stands in it, and how it is written.

    ``kept`` are the places of its columns that are written back, ``head`` their names and that of
    one that is added. ``grade`` and ``feedback`` are the places of the two columns that are written
    anew, or None where there is no such column.
    """

    table: Table
    kept: list[int]
    head: list[str]
    grade: int | None = None
    feedback: int | None = None

    def lines(
        self, database: Database, grades: dict[str, tuple[Any, str]], points: int
    ) -> Iterator[bytes]:
        """Yield the lines of the table, the mark of its encoding with the first.

        ``grades`` holds grade and comment by the key of the student; ``points`` is what Canvas is
        told to be the most.
        """
        table = self.table
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


def returned_tables(roster: Roster, title: str) -> dict[str, ReturnedTable]:
    """Return the worksheet of Moodle or the gradebook of Canvas, by the name of its file."""
    table, columns = roster.table, roster.columns
    head = list(table.head)
    if roster.is_worksheet:
        places = [*range(len(head))], head, columns["grade"], columns.get("feedback")
        return {"moodle-worksheet.csv": ReturnedTable(table, *places)}
    if not roster.is_canvas:
        return {}
    kept = [place for place, name in enumerate(head) if name.strip().casefold() in _ABOUT]
    wanted = tidy(title).casefold()
    names = [_WITH_ID.sub("", name).strip().casefold() for name in head]
    if wanted not in names:
        added = [*(head[place] for place in kept), title]
        return {"canvas.csv": ReturnedTable(table, kept, added)}
    kept.append(names.index(wanted))
    named = [head[place] for place in kept]
    return {"canvas.csv": ReturnedTable(table, kept, named, kept[-1])}


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
