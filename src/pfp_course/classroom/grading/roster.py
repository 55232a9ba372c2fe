"""The list of students: whom a receipt belongs to, and who is missing."""

from collections.abc import Iterator
from pathlib import Path

from pfp_course.classroom.assignment import moment
from pfp_course.classroom.grading.ledger import Ledger
from pfp_course.classroom.grading.owners import identity, squeezed, tidy
from pfp_course.classroom.grading.sheets import read_table
from pfp_course.errors import CourseError

__all__ = ["COLUMNS", "find", "read_roster"]

# What a column is called in our own list, in Canvas's gradebook and in Moodle's tables.
COLUMNS = {
    "name": ("name", "full name", "student", "student name", "имя", "фио", "аты-жөні"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "number": ("student id", "id number", "sis user id", "number", "student number"),
    "canvas": ("id", "canvas id"),
    "moodle": ("identifier", "participant"),
    "login": ("login", "username", "sis login id"),
    "email": ("email", "e-mail", "email address"),
    "section": ("section", "group", "class"),
    "also": ("also", "also known as"),
    "due": ("due", "extension"),
}


def read_roster(path: Path, ledger: Ledger) -> int:
    """Read the list of students into the ledger, and return how many there are.

    Raises
    ------
    CourseError
        If it cannot be read, has no column of names, or names a student twice.
    """
    count = 0
    for line, row in read_table(path, "the list of students"):
        cells = {
            field: next((row[name] for name in names if row.get(name)), "")
            for field, names in COLUMNS.items()
        }
        name = tidy(cells["name"] or f"{cells['first']} {cells['last']}")
        if _is_no_student(name, cells):
            continue
        if not name:
            raise CourseError(
                f"{path}:{line}: there is no name. The first line of the list must name its "
                "columns: name, and if you have them id, email, section, also, due."
            )
        # Only in Canvas's own table is the column ID the number of an account.
        _add(ledger, path, line, name, cells, of_canvas="student" in row and "id" in row)
        count += 1
    if not count:
        raise CourseError(f"{path} holds no students. Its first line names the columns: name, id.")
    return count


def _is_no_student(name: str, cells: dict[str, str]) -> bool:
    # Canvas writes a line of points, and a test student, into its table.
    if name.casefold() in ("points possible", "student, test"):
        return True
    return not name and not any(cells.values())


def _add(
    ledger: Ledger, path: Path, line: int, name: str, cells: dict[str, str], *, of_canvas: bool
) -> None:
    number = tidy(cells["number"] or cells["canvas"])
    moodle = "".join(one for one in cells["moodle"] if one.isdigit())
    key = identity(number or cells["login"] or cells["email"]) or identity(name)
    due = cells["due"]
    if due:
        try:
            due = moment(due).strftime("%Y-%m-%dT%H:%M:%SZ")
        except CourseError as error:
            raise CourseError(f"{path}:{line}: {error}") from None
    if ledger.one("select 1 from student where key = ?", key):
        raise CourseError(
            f"{path}:{line}: {name} stands twice, or shares an id with another student. "
            "Give each student a line with an id of their own."
        )
    ledger.write(
        "insert into student (key, name, sort, number, login, email, section, canvas, moodle, due,"
        " known) values (?,?,?,?,?,?,?,?,?,?,1)",
        [
            (
                *(key, name, identity(name), number, tidy(cells["login"]), tidy(cells["email"])),
                *(tidy(cells["section"]), tidy(cells["canvas"]) if of_canvas else "", moodle, due),
            )
        ],
    )
    names = {text for text in _names(name, cells, moodle) if text}
    if of_canvas and cells["canvas"]:
        names.add(f"canvas:{identity(cells['canvas'])}")
    ledger.write("insert or ignore into alias values (?,?)", ((text, key) for text in names))


def _names(name: str, cells: dict[str, str], moodle: str) -> Iterator[str]:
    """Yield all by which a student may be called."""
    last, comma, first = name.partition(",")
    yield from (identity(name), identity(f"{first} {last}") if comma else "")
    words = identity(name).split()
    if len(words) == 2:
        yield f"{words[1]} {words[0]}"
    yield from (identity(cells[field]) for field in ("number", "canvas", "login", "email"))
    yield from (identity(other) for other in cells["also"].split(";"))
    if moodle:
        yield f"moodle:{moodle}"
    for order in (words[1:] + words[:1], words[-1:] + words[:-1]):
        yield f"canvas-name:{squeezed(last + first if comma else ''.join(order))}"


def find(ledger: Ledger, text: str) -> tuple[str, bool]:
    """Return the one student who is called so, or an empty text; and whether there are several."""
    found = [key for (key,) in ledger.all("select key from alias where text = ? limit 2", text)]
    return (found[0], False) if len(found) == 1 else ("", len(found) > 1)
