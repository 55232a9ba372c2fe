"""Check the data set: types, constraints, keys, and lists of keys."""

import csv
from pathlib import Path

from pfp_course.data.package import ForeignKey, Package, Table, read_package
from pfp_course.errors import CourseError

__all__ = ["validate"]


def validate(folder: Path) -> list[str]:
    """Check a data package and return every problem as ``file:line: what is wrong; the mend``.

    The standard part (types, constraints, primary and foreign keys) is checked by the
    frictionless library. A cell that holds several keys, such as ``source``, is outside the
    standard; its keys are looked up here.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of ``datapackage.json``.

    Returns
    -------
    list of str
        The problems in the order of the tables; empty if there are none.
    """
    try:
        described = read_package(folder)
    except CourseError as error:
        return [str(error)]
    return [*_standard(folder), *_lists(described), *_strays(folder, described)]


def _standard(folder: Path) -> list[str]:
    from frictionless import Package as FrictionlessPackage
    from frictionless import system

    try:
        with system.use_context(trusted=False):
            report = FrictionlessPackage(str(folder / "datapackage.json")).validate()
    except Exception as error:
        return [f"{folder / 'datapackage.json'}: {error}"]
    problems = [f"{folder / 'datapackage.json'}: {error.message}" for error in report.errors]
    for task in report.tasks:
        for found in task.errors:
            line = getattr(found, "row_number", None)
            place = f"{folder / str(task.place)}" + (f":{line}" if line else "")
            mend = _MENDS.get(found.type, "Correct the cell or its description.")
            problems.append(f"{place}: {found.message} {mend}")
    return problems


_MENDS = {
    "type-error": "Write the value in the type of the column, or leave the cell empty.",
    "constraint-error": "Correct the value, or widen the constraint if the value is right.",
    "primary-key": "Two rows have the same key: remove or rename one.",
    "foreign-key": "Add the key to the table that is referred to, or correct it here.",
    "missing-cell": "The row has too few cells: look for a missing comma.",
    "extra-cell": "The row has too many cells: put quotes around a cell with a comma in it.",
    "incorrect-label": "Make the header and the description agree.",
    "scheme-error": "Restore the file.",
}


def _lists(described: Package) -> list[str]:
    problems = []
    for table in described.tables.values():
        for key in table.foreign_keys:
            if key.separator and table.path.exists():
                problems += _unresolved(table, key, described)
    return problems


def _unresolved(table: Table, key: ForeignKey, described: Package) -> list[str]:
    known = {row.get(key.target, "") for _, row in _rows(described.table(key.table))}
    return [
        f"{table.path}:{line}: {key.field} {part.strip()!r} is not in the table {key.table}. "
        f"Correct the key, or add a row to {key.table}.csv."
        for line, row in _rows(table)
        for part in (row.get(key.field) or "").split(key.separator)
        if part.strip() not in known and (row.get(key.field) or "")
    ]


def _rows(table: Table) -> list[tuple[int, dict[str, str]]]:
    with table.path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def _strays(folder: Path, described: Package) -> list[str]:
    paths = {table.path.name for table in (*described.tables.values(), *described.files.values())}
    return [
        f"{path}: the file is not described. Add it to datapackage.json, or remove it."
        for path in sorted(folder.glob("*.csv"))
        if path.name not in paths
    ]
