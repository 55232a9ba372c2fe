"""Check the data set: types, constraints, keys, and rules between cells and between tables.

They stand in ``datapackage.json`` beside the constraints of the standard:

``sequences`` (of a schema)
    Lists of date columns; none of the dates in a row may lie before one that stands earlier in
    the list.
``agrees`` (of a schema)
    Cells that must be the same as those of another table.
``yearOf`` (of a field)
    The cell is the year of another one, a date, where that is filled.

``conditions`` (of a schema)
    In a row whose cells equal ``when``, where ``*`` stands for any cell that is not empty, the
    columns ``filled`` have a cell and the columns ``empty`` have none. ``because`` says why.
``quotation`` (of a field)
    How many ``words`` of others the cell may quote, unless the column ``ground`` names one of
    ``free``; the column ``source`` holds the keys of the sources.
``listOf`` (of a field)
    The cell holds several keys of another table.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from pfp_course.data.package import description_faults, read_package
from pfp_course.errors import CourseError

__all__ = ["broken", "rows_of", "validate"]

Row = dict[str, str]


def rows_of(path: Path) -> list[tuple[int, Row]]:
    """Return the rows of a CSV file with the number of the line on which each ends."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def broken(folder: Path, described: dict[str, Any]) -> list[str]:
    """Return what breaks the order of dates or the agreement of tables, as ``file:line: what``.

    ``described`` is what ``datapackage.json`` holds. A table whose file is missing is passed over.
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
    """Check the data package in a folder; return every problem as ``file:line: what; the mend``.

    The standard part (types, constraints, primary and foreign keys) is checked by the
    frictionless library; what is outside the standard is said at the head of this module. Besides,
    no leaked paper may be a source, and no table may be without a description.
    """
    path = folder / "datapackage.json"
    try:
        if faults := description_faults(path):
            return faults
    except (OSError, ValueError):
        pass  # told by the reader of the description
    try:
        read_package(folder)
    except CourseError as error:
        return [str(error)]
    described = json.loads(path.read_text(encoding="utf-8"))
    tables = {
        entry["name"]: (folder / entry["path"], entry["schema"])
        for entry in described["resources"]
        if entry["type"] == "table" and (folder / entry["path"]).exists()
    }
    paths = {entry["name"]: folder / entry["path"] for entry in described["resources"]}
    return [
        *_standard(folder),
        *_in_rows(tables, lambda schema: _lists(schema, paths)),
        *_in_rows(tables, _quotations),
        *_in_rows({name: tables[name] for name in ("sources",) if name in tables}, _leaks),
        *_in_rows(tables, _conditions),
        *broken(folder, described),
        *_strays(folder, {path.name for path in paths.values()}),
    ]


_Check = Callable[[Row], Iterable[str]]


def _in_rows(
    tables: dict[str, tuple[Path, dict[str, Any]]],
    checks: Callable[[dict[str, Any]], Iterable[_Check]],
) -> list[str]:
    """Return what the checks that a schema asks for say of the rows of each table."""
    return [
        f"{path}:{line}: {problem}"
        for path, schema in tables.values()
        for check in checks(schema)
        for line, row in rows_of(path)
        for problem in check(row)
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


def _lists(schema: dict[str, Any], paths: dict[str, Path]) -> Iterator[_Check]:
    for field in schema["fields"]:
        if to := field.get("listOf"):
            known = {row.get(to["field"], "") for _, row in rows_of(paths[to["resource"]])}
            yield partial(_unresolved, field["name"], to, known)


def _unresolved(column: str, to: dict[str, str], known: set[str], row: Row) -> Iterator[str]:
    cell = row.get(column) or ""
    for part in cell.split(to["separator"]) if cell else ():
        if part.strip() not in known:
            yield (
                f"{column} {part.strip()!r} is not in the table {to['resource']}. "
                f"Correct the key, or add a row to {to['resource']}.csv."
            )


def _quotations(schema: dict[str, Any]) -> Iterator[_Check]:
    for field in schema["fields"]:
        if rule := field.get("quotation"):
            yield partial(_misquoted, field["name"], rule)


def _misquoted(column: str, rule: dict[str, Any], row: Row) -> Iterator[str]:
    words = len((row.get(column) or "").replace("[...]", " ").split())
    if words > rule["words"] and row.get(rule["ground"]) not in rule["free"]:
        yield (
            f"{column} has {words} words, but only {rule['words']} of a text that is not free may "
            f"be quoted. Shorten it, and mark what is left out by [...]; free is: "
            f"{', '.join(rule['free'])}."
        )
    if not set((row.get(rule["source"]) or "").split(";")) - {"", "background"}:
        yield (
            f"{rule['source']} names no text in which the words of {column} were read. Name its "
            "key, or leave the quotation out."
        )


_LEAKED = re.compile(r"wikileaks|\bleaked\b", re.IGNORECASE)
_SAID = ("title", "publisher", "url", "note")


def _leaks(schema: dict[str, Any]) -> list[_Check]:
    return [_leaked]


def _leaked(row: Row) -> Iterator[str]:
    if _LEAKED.search(" ".join(row.get(name) or "" for name in _SAID)):
        yield (
            f"the source {row['key']!r} is a leaked paper. Leaked papers are not used: remove it, "
            "and the rows that rest on it."
        )


def _conditions(schema: dict[str, Any]) -> Iterator[_Check]:
    if rules := schema.get("conditions"):
        yield lambda row: (problem for rule in rules for problem in _unmet(row, rule))


def _unmet(row: Row, rule: dict[str, Any]) -> Iterator[str]:
    def holds(column: str, value: str) -> bool:
        cell = row.get(column) or ""
        return bool(cell) if value == "*" else cell == value

    if not all(holds(column, value) for column, value in rule["when"].items()):
        return
    case = " and ".join(f"{column} is {row.get(column) or 'empty'}" for column in rule["when"])
    for column in rule.get("filled", []):
        if not row.get(column):
            yield (
                f"{case}, so {column} must not be empty: {rule['because']}. Fill the cell, or "
                "correct the others."
            )
    for column in rule.get("empty", []):
        if row.get(column):
            yield (
                f"{case}, so {column} must be empty: {rule['because']}. Empty the cell, or correct "
                "the others."
            )


def _strays(folder: Path, described: set[str]) -> list[str]:
    return [
        f"{path}: the file is not described. Add it to datapackage.json, or remove it."
        for path in sorted(folder.glob("*.csv"))
        if path.name not in described
    ]
