"""Tables as typed DataFrames, their data cards, and the outlines of countries."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from pfp_course.course import Course, default_course
from pfp_course.data.package import DataError, Field, Table, package
from pfp_course.data.sources import sources
from pfp_course.errors import clear_errors

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DataCard", "Outline", "about", "load", "read_table", "tables", "world"]

_DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
}


@clear_errors
def load(name: str, course: Course | None = None) -> "pd.DataFrame":
    """Return a table of the data set.

    Parameters
    ----------
    name : str
        Name of a table, for example ``"signatories"``. ``tables()`` lists them all.
    course : Course, optional
        The course whose table it is. In a notebook it is left out.

    Returns
    -------
    pandas.DataFrame
        One row for each row of the table, in its order; the columns are described by
        ``about(name)``. Whole numbers are ``Int64``, other numbers ``Float64``, true or false
        ``boolean``, full dates ``datetime64``. An empty cell is missing. A date whose
        precision varies keeps its ISO text and gains two columns: ``<name>_parsed`` (the first
        day of the period) and ``<name>_precision`` (``day``, ``month`` or ``year``). A column
        ``country`` with the short name follows ``iso3``.

    Raises
    ------
    DataError
        If there is no table of that name; the message lists the tables and the nearest match.
    """
    # A copy, so that a student who changes a table does not change it for the next cell.
    course = course or default_course()
    table = package(course).table(name)
    frame = _loaded(course, table.name).copy()
    # What is made of these rows still tells which table they are of: see `figures.show`.
    frame.attrs["table"] = table.name
    return frame


@cache
def _loaded(course: Course, name: str) -> "pd.DataFrame":
    described = package(course).tables
    table = described[name]
    frame = read_table(table)
    if "iso3" in frame and name != "countries" and "countries" in described:
        names = read_table(described["countries"]).set_index("iso3")["name"]
        frame.insert(
            list(frame.columns).index("iso3") + 1, "country", frame["iso3"].map(names.to_dict())
        )
        frame["country"] = frame["country"].astype("string")
    return frame


def read_table(table: Table) -> "pd.DataFrame":
    """Read a table with the types of its description, without names joined from others.

    Raises
    ------
    DataError
        If the file is missing or no CSV in UTF-8, or a cell does not fit the type of its column.
    """
    import pandas as pd

    try:
        text = pd.read_csv(table.path, dtype="string", keep_default_na=False, na_values=[""])
    except FileNotFoundError:
        raise DataError(
            f"{table.path}: the table is missing. Restore the file from the project."
        ) from None
    except pd.errors.ParserError as error:
        place = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if place is None:
            raise DataError(f"{table.path}: it is no CSV ({error}). Restore the file.") from None
        raise DataError(
            f"{table.path}:{place[2]}: the row has {place[3]} cells, but the table has {place[1]} "
            "columns. Put quotes around a cell with a comma in it."
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{table.path}: byte {error.start} is not UTF-8. Save the file in UTF-8."
        ) from None
    expected = [field.name for field in table.fields]
    if list(text.columns) != expected:
        raise DataError(
            f"{table.path}:1: the columns are {', '.join(text.columns)}, but datapackage.json "
            f"describes {', '.join(expected)}. Make the two agree."
        )
    frame = pd.DataFrame(index=text.index)
    for field in table.fields:
        for name, column in _typed(field, text[field.name], table).items():
            frame[name] = column
    return frame


def _typed(field: Field, text: Any, table: Table) -> dict[str, Any]:
    import pandas as pd

    try:
        if field.partial_date:
            return {
                field.name: text,
                f"{field.name}_parsed": pd.to_datetime(text.str.slice(0, 10), format="ISO8601"),
                f"{field.name}_precision": text.str.len()
                .map({4: "year", 7: "month", 10: "day"})
                .astype("string"),
            }
        if field.type == "date":
            return {field.name: pd.to_datetime(text, format="%Y-%m-%d")}
        if field.type == "boolean":
            return {field.name: text.map({"true": True, "false": False}).astype("boolean")}
        if field.type in ("integer", "number"):
            return {field.name: pd.to_numeric(text).astype(_DTYPES[field.type])}
        return {field.name: text}
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{table.path}: column {field.name!r} holds a cell that is not a {field.type}: "
            f"{error}. See the line with: pfp check data"
        ) from None


@clear_errors
def tables() -> "pd.DataFrame":
    """Return a list of the tables of a course: ``table``, ``title``, ``rows`` and ``columns``."""
    import pandas as pd

    course = default_course()
    return pd.DataFrame(
        [
            {
                "table": table.name,
                "title": table.title,
                "rows": len(_loaded(course, table.name)),
                "columns": len(table.fields),
            }
            for table in package(course).tables.values()
        ]
    )


@dataclass(frozen=True)
class DataCard:
    """A table's description together with what can be counted in it.

    ``missing`` counts the empty cells by column; ``confidence`` counts the rows by their
    word of confidence and is empty for a table without that column. ``kinds`` counts the
    sources that the table names, each once, by what they are: primary, official, press,
    research or encyclopaedia.
    """

    table: Table
    rows: int
    missing: dict[str, int]
    confidence: dict[str, int]
    kinds: dict[str, int]

    @property
    def licence(self) -> str:
        """The licence in words."""
        return "; ".join(licence.title for licence in self.table.licences)

    @property
    def mixed(self) -> str:
        """The kinds of the sources with their counts, in words; empty where none is named."""
        return ", ".join(f"{count} {kind}" for kind, count in self.kinds.items())

    def __str__(self) -> str:
        table = self.table
        lines = [
            f"{table.title} (table {table.name}, {self.rows} rows)",
            table.description,
            "Columns:",
            *(f"  {f.name}: {f.description} [{f.unit}]{self._gap(f.name)}" for f in table.fields),
            *(f"{name}: {said}" for name, said in self._facts() if name != "Cite as"),
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _gap(self, column: str) -> str:
        count = self.missing[column]
        return f" ({count} of {self.rows} empty)" if count else ""

    def _facts(self) -> list[tuple[str, str]]:
        """Return what is said of the table as a whole, as far as there is something to say."""
        facts = {
            "Confidence of rows": ", ".join(f"{word} {n}" for word, n in self.confidence.items()),
            "Kinds of sources": self.mixed,
            "Take care": self.table.caveats,
            "Source": "; ".join(title for title, _ in self.table.origins),
            "Cite as": self.table.citation,
            "Licence": self.licence,
        }
        return [(name, said) for name, said in facts.items() if said]

    def _repr_html_(self) -> str:
        table = self.table
        rows = "".join(
            f'<tr><th scope="row"><code>{escape(f.name)}</code></th>'
            f"<td>{escape(f.description)}</td><td>{escape(f.unit)}</td>"
            f"<td>{self.missing[f.name] or 'none'}</td></tr>"
            for f in table.fields
        )
        facts = [("Rows", str(self.rows)), *self._facts()]
        listed = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts)
        return (
            f'<div class="pfp-card"><p><strong>{escape(table.title)}</strong> '
            f"(<code>{escape(table.name)}</code>). {escape(table.description)}</p>"
            f"<dl>{listed}</dl>"
            '<div class="pfp-scroll" tabindex="0" role="region" '
            f'aria-label="Columns of {escape(table.name)}"><table>'
            "<thead><tr><th>Column</th><th>Meaning</th><th>Unit</th><th>Empty cells</th></tr>"
            f"</thead><tbody>{rows}</tbody></table></div></div>"
        )


@clear_errors
def about(name: str, course: Course | None = None) -> DataCard:
    """Return the data card of a table.

    Raises
    ------
    DataError
        If there is no table of that name; the message lists the tables and the nearest match.
    """
    course = course or default_course()
    table = package(course).table(name)
    frame = load(name, course)
    confidence: dict[str, int] = {}
    if "confidence" in frame:
        counts = frame["confidence"].value_counts()
        confidence = {str(word): int(count) for word, count in counts.items()}
    return DataCard(
        table=table,
        rows=len(frame),
        missing={field.name: int(frame[field.name].isna().sum()) for field in table.fields},
        confidence=confidence,
        kinds=_kinds(table, frame, course),
    )


def _kinds(table: Table, frame: "pd.DataFrame", course: Course) -> dict[str, int]:
    named = set(table.source_keys)
    for key in table.foreign_keys:
        if key.table == "sources":
            cells = frame[key.field].dropna()
            named |= {part.strip() for cell in cells for part in cell.split(key.separator)}
    if table.name == "sources":
        named = set(frame["key"])
    counts = Counter(sources(course)[key].kind for key in named)
    order = package(course).table("sources").field("kind").constraints["enum"]
    return {kind: counts[kind] for kind in order if counts[kind]}


Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outline:
    """A country's outline: rings of (longitude, latitude) in degrees, WGS84.

    ``iso3`` is empty for three territories that have no ISO code in the source.
    """

    iso3: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@cache
def world(course: Course) -> tuple[Outline, ...]:
    """Return the outlines of the world at 1:110 million (Natural Earth 4.1.0)."""
    path = package(course).files["world_110m"].path
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return tuple(
        Outline(
            iso3=feature["properties"]["iso3"] or "",
            name=feature["properties"]["name"],
            polygons=_polygons(feature["geometry"]),
        )
        for feature in features
    )


def _polygons(geometry: dict[str, list[list[list[list[float]]]]]) -> tuple[tuple[Ring, ...], ...]:
    shapes = geometry["coordinates"]
    if str(geometry["type"]) == "Polygon":
        shapes = [shapes]  # type: ignore[list-item]
    return tuple(
        tuple(tuple((point[0], point[1]) for point in ring) for ring in polygon)
        for polygon in shapes
    )
