"""The description of the data set, ``datapackage.json``: read, and checked by itself.

The library frictionless stops at the first fault of a description; an author wants all of them,
with lines.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pfp_course.course import Course
from pfp_course.errors import CourseError, described, quoted
from pfp_course.files import line_of

__all__ = [
    *("DataError", "Field", "ForeignKey", "Licence", "Package", "Table", "description_faults"),
    *("nearest", "package", "read_package"),
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
class Field:
    """A column: its name, type, meaning and unit."""

    name: str
    type: str
    description: str
    unit: str
    constraints: dict[str, Any]
    partial_date: bool


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


def _object(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _some(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": items}


# What each table and column must say, as a schema of JSON.
_TEXT = {"type": "string", "minLength": 1}
_TYPES = ["string", "integer", "number", "boolean", "date", "time", "datetime", "year", "any"]
_FIELD = _object(
    *("name", "type", "description", "unit"),
    name=_TEXT,
    type={"enum": _TYPES},
    description=_TEXT,
    unit={"type": "string"},
    constraints={"type": "object"},
    listOf=_object("resource", "field", "separator"),
    quotation=_object("words", "ground", "free", "source"),
)
_REFERENCE = _object("resource", "fields", resource={"type": "string"}, fields=_some(_TEXT))
_FOREIGN_KEY = _object("fields", "reference", fields=_some(_TEXT), reference=_REFERENCE)
_TABLE_SCHEMA = _object(
    "fields",
    fields=_some(_FIELD),
    foreignKeys={"type": "array", "items": _FOREIGN_KEY},
    conditions={"type": "array", "items": _object("when", "because")},
)
_RESOURCE = {
    **_object(
        *("name", "type", "path", "title", "description", "licenses", "sources"),
        **dict.fromkeys(("name", "type", "path", "title", "description"), _TEXT),
        licenses=_some(_object("name", "title", name=_TEXT, title=_TEXT)),
        sources=_some(_object("title", title=_TEXT)),
        schema=_TABLE_SCHEMA,
    ),
    "if": {"properties": {"type": {"const": "table"}}},
    "then": {"required": ["schema"]},
}
_PACKAGE = _object(
    *("title", "description", "resources"),
    title=_TEXT,
    description=_TEXT,
    resources={"type": "array", "items": _RESOURCE},
)

_Place = list[str | int]


def description_faults(path: Path) -> list[str]:
    """Return each fault of ``datapackage.json`` as ``file:line: table, field: what; the mend``.

    The file is there and is JSON.
    """
    from jsonschema import Draft202012Validator

    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    errors = Draft202012Validator(_PACKAGE).iter_errors(content)
    found: list[tuple[_Place, str]] = [([*one.absolute_path], _spoken(one)) for one in errors]
    if not found:
        found = list(_references(content))
    told = [(line_of(text, place), f"{_named(content, place)}{what}") for place, what in found]
    return [f"{path}:{line}: {what}" for line, what in sorted(told)]


def _spoken(error: Any) -> str:
    if error.validator == "required":
        # One error is given for each; its message begins with the name that is missing.
        missing = str(error.message).split("'")[1]
        return f"the property {missing!r} is missing. Add it."
    name = error.absolute_path[-1] if error.absolute_path else "the file"
    if error.validator == "enum":
        return (
            f"{name!r} is {error.instance!r}. It takes one of: {', '.join(error.validator_value)}."
        )
    if error.validator in ("minLength", "minItems"):
        return f"{name!r} is empty. Fill it."
    return f"{name!r}: {error.message}. Correct it."


def _named(content: Any, place: _Place) -> str:
    """Return which table and which column a place belongs to, for the beginning of a message."""
    names = []
    here, before = content, ""
    for step in place:
        try:
            here = here[step]
        except (LookupError, TypeError):
            break
        kind = {"resources": "table", "fields": "field"}.get(before, "")
        if kind and isinstance(step, int) and isinstance(here, dict):
            names.append(f"{kind} {here['name']!r}" if here.get("name") else f"{kind} {step + 1}")
        before = str(step)
    return f"{', '.join(names)}: " if names else ""


def _references(content: dict[str, Any]) -> Iterator[tuple[_Place, str]]:
    """Yield what refers to a table or a column that is not described, and names used twice."""
    tables = {
        resource["name"]: {field["name"] for field in resource["schema"]["fields"]}
        for resource in content["resources"]
        if "schema" in resource
    }
    seen: set[str] = set()
    for number, resource in enumerate(content["resources"]):
        place: _Place = ["resources", number]
        if resource["name"] in seen:
            yield [*place, "name"], "another table has this name. Give each its own."
        seen.add(resource["name"])
        if "schema" not in resource:
            continue
        schema, own = resource["schema"], tables[resource["name"]]
        inside: _Place = [*place, "schema"]
        keys = schema.get("primaryKey", [])
        keys = [keys] if isinstance(keys, str) else keys
        yield from _pointing([*inside, "primaryKey"], keys, own, "this table", "primaryKey")
        for count, key in enumerate(schema.get("foreignKeys", [])):
            to = key["reference"]
            where = [*inside, "foreignKeys", count]
            yield from _pointing(where, key["fields"], own, "this table")
            yield from _into(where, to["resource"] or resource["name"], to["fields"], tables)
        for count, field in enumerate(schema["fields"]):
            if to := field.get("listOf"):
                where = [*inside, "fields", count, "listOf"]
                yield from _into(where, to["resource"], [to["field"]], tables)


def _into(
    place: _Place, table: str, columns: list[str], tables: dict[str, set[str]]
) -> Iterator[tuple[_Place, str]]:
    if table not in tables:
        yield place, f"it refers to a table {table!r}, which is not described. Correct the name."
        return
    yield from _pointing(place, columns, tables[table], f"the table {table!r}")


def _pointing(
    place: _Place, columns: list[str], known: set[str], table: str, what: str = "it"
) -> Iterator[tuple[_Place, str]]:
    for column in columns:
        if column not in known:
            said = f"{what} names a column {column!r}, and {table} has none. Correct the name."
            yield place, said
