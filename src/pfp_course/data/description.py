"""Check ``datapackage.json`` itself: what each table and column must say, and what it refers to.

The library frictionless stops at the first such fault; an author wants all of them, with lines.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pfp_course.files import line_of

__all__ = ["description_faults"]

_TEXT = {"type": "string", "minLength": 1}
_NAMES = {"type": "array", "items": _TEXT, "minItems": 1}
_TITLED = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "required": ["title"], "properties": {"title": _TEXT}},
}
_LICENCES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["name", "title"],
        "properties": {"name": _TEXT, "title": _TEXT},
    },
}
_TYPES = ["string", "integer", "number", "boolean", "date", "time", "datetime", "year", "any"]
_FIELD = {
    "type": "object",
    "required": ["name", "type", "description", "unit"],
    "properties": {
        "name": _TEXT,
        "type": {"enum": _TYPES},
        "description": _TEXT,
        "unit": {"type": "string"},
        "constraints": {"type": "object"},
        "listOf": {"type": "object", "required": ["resource", "field", "separator"]},
        "quotation": {"type": "object", "required": ["words", "ground", "free", "source"]},
    },
}
_FOREIGN_KEY = {
    "type": "object",
    "required": ["fields", "reference"],
    "properties": {
        "fields": _NAMES,
        "reference": {
            "type": "object",
            "required": ["resource", "fields"],
            "properties": {"resource": {"type": "string"}, "fields": _NAMES},
        },
    },
}
_TABLE_SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "items": _FIELD, "minItems": 1},
        "foreignKeys": {"type": "array", "items": _FOREIGN_KEY},
        "conditions": {
            "type": "array",
            "items": {"type": "object", "required": ["when", "because"]},
        },
    },
}
_PACKAGE = {
    "type": "object",
    "required": ["title", "description", "resources"],
    "properties": {
        "title": _TEXT,
        "description": _TEXT,
        "resources": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    *("name", "type", "path", "title", "description", "licenses", "sources"),
                ],
                "properties": {
                    **dict.fromkeys(("name", "type", "path", "title", "description"), _TEXT),
                    "licenses": _LICENCES,
                    "sources": _TITLED,
                    "schema": _TABLE_SCHEMA,
                },
                "if": {"properties": {"type": {"const": "table"}}},
                "then": {"required": ["schema"]},
            },
        },
    },
}

_Place = list[str | int]


def description_faults(path: Path) -> list[str]:
    """Return each fault of ``datapackage.json`` as ``file:line: table, field: what; the mend``.

    Parameters
    ----------
    path : pathlib.Path
        The file, which is there and is JSON.
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
        for column in _listed(schema.get("primaryKey", [])):
            if column not in own:
                yield [*inside, "primaryKey"], _no_column(column, "primaryKey", "this table")
        for count, key in enumerate(schema.get("foreignKeys", [])):
            to = key["reference"]
            where = [*inside, "foreignKeys", count]
            yield from _pointing(where, key["fields"], own, "this table")
            yield from _into(where, to["resource"] or resource["name"], to["fields"], tables)
        for count, field in enumerate(schema["fields"]):
            if to := field.get("listOf"):
                where = [*inside, "fields", count, "listOf"]
                yield from _into(where, to["resource"], [to["field"]], tables)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _into(
    place: _Place, table: str, columns: list[str], tables: dict[str, set[str]]
) -> Iterator[tuple[_Place, str]]:
    if table not in tables:
        yield place, f"it refers to a table {table!r}, which is not described. Correct the name."
        return
    yield from _pointing(place, columns, tables[table], f"the table {table!r}")


def _pointing(
    place: _Place, columns: list[str], known: set[str], table: str
) -> Iterator[tuple[_Place, str]]:
    for column in columns:
        if column not in known:
            yield place, _no_column(column, "it", table)


def _no_column(column: str, what: str, table: str) -> str:
    return f"{what} names a column {column!r}, and {table} has none. Correct the name."
