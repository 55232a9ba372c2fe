"""Tables as typed DataFrames."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pfp_course.data.package import DataError, Field, Table, package

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load", "read_table", "tables"]

_DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
}


def load(name: str) -> "pd.DataFrame":
    """Return a table of the data set.

    Parameters
    ----------
    name : str
        Name of a table, for example ``"signatories"``. ``tables()`` lists them all.

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
    return _loaded(package().table(name).name).copy()


@cache
def _loaded(name: str) -> "pd.DataFrame":
    table = package().tables[name]
    frame = read_table(table)
    if "iso3" in frame and name != "countries":
        names = read_table(package().tables["countries"]).set_index("iso3")["name"]
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


def tables() -> "pd.DataFrame":
    """Return a list of the tables: ``table``, ``title``, ``rows`` and ``columns``."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "table": table.name,
                "title": table.title,
                "rows": len(_loaded(table.name)),
                "columns": len(table.fields),
            }
            for table in package().tables.values()
        ]
    )
