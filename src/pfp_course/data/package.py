"""The description of the data set, read from ``datapackage.json``."""

import csv
import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pfp_course.course import Course
from pfp_course.errors import CourseError, described, quoted

__all__ = [
    "Condition",
    "DataError",
    "Field",
    "ForeignKey",
    "Licence",
    "Package",
    "Quotation",
    "Table",
    "package",
]


class DataError(CourseError):
    """A problem with the data set or with what was asked of it."""


@dataclass(frozen=True)
class ForeignKey:
    """A column that points to another table; ``separator`` is set where a cell holds a list."""

    field: str
    table: str
    target: str
    separator: str | None = None


@dataclass(frozen=True)
class Quotation:
    """What holds for a column of quotations of others.

    ``words`` is the most that may be quoted, unless the column ``ground`` names one of ``free``;
    ``source`` is the column with the keys of the sources.
    """

    words: int
    ground: str
    free: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Field:
    """A column: its name, type, meaning and unit."""

    name: str
    type: str
    description: str
    unit: str
    constraints: dict[str, Any]
    partial_date: bool
    quotation: Quotation | None = None


@dataclass(frozen=True)
class Condition:
    """A rule for the rows of a table that a constraint on one column cannot express.

    It holds for the rows whose cells equal ``when``, where ``*`` stands for any cell that is not
    empty. In these rows the columns ``filled`` have a cell and the columns ``empty`` have none.
    ``because`` says in words why, for the message of the check.
    """

    when: tuple[tuple[str, str], ...]
    filled: tuple[str, ...]
    empty: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Licence:
    """The terms under which a table may be used; ``path`` is empty where there is no text."""

    name: str
    title: str
    path: str


@dataclass(frozen=True)
class Table:
    """A table or another file of the data set, as its publisher would describe it."""

    name: str
    path: Path
    kind: str
    media_type: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    conditions: tuple[Condition, ...]
    licences: tuple[Licence, ...]
    origins: tuple[tuple[str, str], ...]
    source_keys: tuple[str, ...]
    citation: str
    caveats: str

    def rows(self) -> list[dict[str, str]]:
        """Return the rows as they are written, by the names of the columns."""
        with self.path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def field(self, name: str) -> Field:
        """Return the column of that name, or raise `DataError` with the nearest match."""
        for field in self.fields:
            if field.name == name:
                return field
        names = [field.name for field in self.fields]
        raise DataError(
            f"Table {self.name!r} has no column {name!r}.{nearest(name, names)} "
            f"Its columns are: {', '.join(names)}."
        )


@dataclass(frozen=True)
class Package:
    """The data set: its title and its tables by name."""

    title: str
    description: str
    tables: dict[str, Table]
    files: dict[str, Table]

    def table(self, name: str) -> Table:
        """Return the table of that name, or raise `DataError` with the nearest match."""
        names = list(self.tables)
        if not isinstance(name, str) or not name.strip():
            raise DataError(
                f"The name of a table is needed, in quotes, such as {names[0]!r}. It was given "
                f"{described(name)}. tables() lists them all."
            )
        name = name.strip().removesuffix(".csv")
        if name in self.tables:
            return self.tables[name]
        raise DataError(
            f"There is no table {quoted(name)}.{nearest(str(name), names)} "
            f"The tables are: {', '.join(names)}."
        )


def nearest(name: str, names: list[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest of the names, or nothing."""
    close = get_close_matches(name[:100].lower(), names, n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def _foreign_keys(schema: dict[str, Any]) -> tuple[ForeignKey, ...]:
    single = [
        ForeignKey(key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
        for key in schema.get("foreignKeys", [])
    ]
    lists = [
        ForeignKey(field["name"], to["resource"], to["field"], to["separator"])
        for field in schema.get("fields", [])
        if (to := field.get("listOf"))
    ]
    return (*single, *lists)


def _quotation(rule: dict[str, Any] | None) -> Quotation | None:
    if rule is None:
        return None
    return Quotation(rule["words"], rule["ground"], tuple(rule["free"]), rule["source"])


def _conditions(schema: dict[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            when=tuple(rule["when"].items()),
            filled=tuple(rule.get("filled", [])),
            empty=tuple(rule.get("empty", [])),
            because=rule["because"],
        )
        for rule in schema.get("conditions", [])
    )


def _table(resource: dict[str, Any], folder: Path) -> Table:
    schema = resource.get("schema", {})
    fields = tuple(
        Field(
            name=field["name"],
            type=field["type"],
            description=field["description"],
            unit=field["unit"],
            constraints=field.get("constraints", {}),
            partial_date=field.get("partialDate", False),
            quotation=_quotation(field.get("quotation")),
        )
        for field in schema.get("fields", [])
    )
    return Table(
        name=resource["name"],
        path=folder / resource["path"],
        kind=resource["type"],
        media_type=resource.get("mediatype", ""),
        title=resource["title"],
        description=resource["description"],
        fields=fields,
        primary_key=tuple(schema.get("primaryKey", [])),
        foreign_keys=_foreign_keys(schema),
        conditions=_conditions(schema),
        licences=tuple(
            Licence(x["name"], x["title"], x.get("path", "")) for x in resource["licenses"]
        ),
        origins=tuple((x["title"], x.get("path", "")) for x in resource["sources"]),
        source_keys=tuple(resource.get("sourceKeys", [])),
        citation=resource.get("citation", ""),
        caveats=resource.get("caveats", ""),
    )


def read_package(folder: Path) -> Package:
    """Read the description of a data set from a folder.

    Raises
    ------
    DataError
        If ``datapackage.json`` is missing, is not JSON, or lacks a required property.
    """
    path = folder / "datapackage.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        entries = {entry["name"]: _table(entry, folder) for entry in raw["resources"]}
        return Package(
            title=raw["title"],
            description=raw["description"],
            tables={name: table for name, table in entries.items() if table.kind == "table"},
            files={name: table for name, table in entries.items() if table.kind != "table"},
        )
    except FileNotFoundError:
        raise DataError(
            f"{path}: the description of the data set is missing. Restore it from the project."
        ) from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path}:{error.lineno}: this is not JSON ({error.msg}). Mend the line, then check "
            "again with: pfp check data"
        ) from None
    except KeyError as error:
        raise DataError(
            f"{path}: the property {error} is missing. Every table needs it; add it, then check "
            "again with: pfp check data"
        ) from None


@cache
def package(course: Course) -> Package:
    """Return the description of a course's data set."""
    return read_package(course.data)
