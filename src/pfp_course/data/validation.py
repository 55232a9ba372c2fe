"""Check the data set: types, constraints, keys, and rules between cells and between tables.

They stand in ``datapackage.json`` beside the constraints of the standard:

``sequences`` (of a schema)
    Lists of date columns; none of the dates in a row may lie before one that stands earlier in
    the list.
``agrees`` (of a schema)
    Cells that must be the same as those of another table.
``yearOf`` (of a field)
    The cell is the year of another one, a date, where that is filled.

What must be filled or empty in a row is said by the conditions of a table (see `Condition` in
`pfp_course.data.package`).
"""

import csv
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pfp_course.data.description import description_faults
from pfp_course.data.package import Condition, Field, ForeignKey, Package, Table, read_package
from pfp_course.errors import CourseError

__all__ = ["broken", "rows_of", "validate"]


Row = dict[str, str]


def rows_of(path: Path) -> list[tuple[int, Row]]:
    """Return the rows of a CSV file with the number of the line on which each ends."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def broken(folder: Path, described: dict[str, Any]) -> list[str]:
    """Return each cell that breaks a rule, as ``file:line: what is wrong; the mend``.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the tables. A table whose file is missing is passed over.
    described : dict
        What ``datapackage.json`` holds.
    """
    resources = {entry["name"]: entry for entry in described["resources"]}
    problems = []
    for entry in resources.values():
        path = folder / entry["path"]
        schema = entry.get("schema", {})
        if entry["type"] != "table" or not path.exists():
            continue
        rows = rows_of(path)
        found = [
            *((line, text) for line, row in rows for text in _in_row(row, schema)),
            *_disagreeing(rows, schema, resources, folder),
        ]
        problems += [f"{path}:{line}: {text}" for line, text in sorted(found)]
    return problems


def _in_row(row: Row, schema: dict[str, Any]) -> Iterator[str]:
    for columns in schema.get("sequences", []):
        dated = [(column, row[column]) for column in columns if row.get(column)]
        for (first, early), (second, late) in pairwise(dated):
            # A date that is known to the month is compared by the month.
            length = min(len(early), len(late))
            if late[:length] < early[:length]:
                yield f"{second} {late} lies before {first} {early}. Correct one of the two."
    for field in schema["fields"]:
        other = field.get("yearOf")
        if other and row.get(other) and row[field["name"]] != row[other][:4]:
            year = row[field["name"]]
            yield f"{field['name']} {year!r} is not the year of {other} {row[other]}. Correct one."


def _disagreeing(
    rows: list[tuple[int, Row]],
    schema: dict[str, Any],
    resources: dict[str, Any],
    folder: Path,
) -> Iterator[tuple[int, str]]:
    for rule in schema.get("agrees", []):
        path = folder / resources[rule["resource"]]["path"]
        if not path.exists():
            continue
        where = rule.get("where", {})
        known = {
            tuple(row[column] for column in rule["on"]): row[rule["target"]]
            for _, row in rows_of(path)
            if all(row[column] == value for column, value in where.items())
        }
        for line, row in rows:
            if any(row[column] != value for column, value in rule["when"].items()):
                continue
            key = tuple(row[column] for column in rule["on"])
            if row[rule["field"]] != known.get(key, ""):
                yield (
                    line,
                    f"{rule['field']} {row[rule['field']]!r} is not {known.get(key, '')!r}, the "
                    f"{rule['target']} of {', '.join(key)} in {path.name}. Make the two agree.",
                )


def validate(folder: Path) -> list[str]:
    """Check a data package and return every problem as ``file:line: what is wrong; the mend``.

    The standard part (types, constraints, primary and foreign keys) is checked by the
    frictionless library. A cell that holds several keys, such as ``source``, is outside the
    standard; its keys are looked up here. So are the conditions of a table, such as that a
    count of people at one time has no beginning and a count of all who have served has one; how
    long a quotation of others may be, and that no leaked paper is a source; the order of dates
    and the agreement of tables (see `pfp_course.data.validation`).

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
        if faults := description_faults(folder / "datapackage.json"):
            return faults
    except (OSError, ValueError):
        pass  # told by the reader of the description
    try:
        described = read_package(folder)
    except CourseError as error:
        return [str(error)]
    raw = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return [
        *_standard(folder),
        *_lists(described),
        *_quotations(described),
        *_leaks(described),
        *_conditions(described),
        *broken(folder, raw),
        *_strays(folder, described),
    ]


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
    known = {row.get(key.target, "") for _, row in rows_of(described.table(key.table).path)}
    return [
        f"{table.path}:{line}: {key.field} {part.strip()!r} is not in the table {key.table}. "
        f"Correct the key, or add a row to {key.table}.csv."
        for line, row in rows_of(table.path)
        for part in (row.get(key.field) or "").split(key.separator)
        if part.strip() not in known and (row.get(key.field) or "")
    ]


def _quotations(described: Package) -> list[str]:
    return [
        f"{table.path}:{line}: {problem}"
        for table in described.tables.values()
        for field in table.fields
        if field.quotation and table.path.exists()
        for line, row in rows_of(table.path)
        for problem in _misquoted(field, row)
    ]


def _misquoted(field: Field, row: dict[str, str]) -> list[str]:
    rule = field.quotation
    assert rule is not None, "only columns of quotations are asked"
    problems = []
    words = len((row.get(field.name) or "").replace("[...]", " ").split())
    if words > rule.words and row.get(rule.ground) not in rule.free:
        problems.append(
            f"{field.name} has {words} words, but only {rule.words} of a text that is not free may "
            f"be quoted. Shorten it, and mark what is left out by [...]; free is: "
            f"{', '.join(rule.free)}."
        )
    if not set((row.get(rule.source) or "").split(";")) - {"", "background"}:
        problems.append(
            f"{rule.source} names no text in which the words of {field.name} were read. Name its "
            "key, or leave the quotation out."
        )
    return problems


_LEAKED = re.compile(r"wikileaks|\bleaked\b", re.IGNORECASE)


def _leaks(described: Package) -> list[str]:
    table = described.tables.get("sources")
    if table is None or not table.path.exists():
        return []
    return [
        f"{table.path}:{line}: the source {row['key']!r} is a leaked paper. Leaked papers are not "
        "used: remove it, and the rows that rest on it."
        for line, row in rows_of(table.path)
        if _LEAKED.search(
            " ".join(row.get(name) or "" for name in ("title", "publisher", "url", "note"))
        )
    ]


def _conditions(described: Package) -> list[str]:
    return [
        f"{table.path}:{line}: {problem}"
        for table in described.tables.values()
        if table.conditions and table.path.exists()
        for line, row in rows_of(table.path)
        for condition in table.conditions
        for problem in _broken(row, condition)
    ]


def _broken(row: dict[str, str], condition: Condition) -> list[str]:
    def holds(column: str, value: str) -> bool:
        cell = row.get(column) or ""
        return bool(cell) if value == "*" else cell == value

    if not all(holds(column, value) for column, value in condition.when):
        return []
    case = " and ".join(f"{column} is {row.get(column) or 'empty'}" for column, _ in condition.when)
    return [
        *(
            f"{case}, so {column} must not be empty: {condition.because}. Fill the cell, or "
            "correct the others."
            for column in condition.filled
            if not row.get(column)
        ),
        *(
            f"{case}, so {column} must be empty: {condition.because}. Empty the cell, or correct "
            "the others."
            for column in condition.empty
            if row.get(column)
        ),
    ]


def _strays(folder: Path, described: Package) -> list[str]:
    paths = {table.path.name for table in (*described.tables.values(), *described.files.values())}
    return [
        f"{path}: the file is not described. Add it to datapackage.json, or remove it."
        for path in sorted(folder.glob("*.csv"))
        if path.name not in paths
    ]
