"""The data set: tables, sources, data cards and the map.

The facts lie in a Frictionless data package; this room reads it and knows nothing of
quizzes, figures or the book.
"""

from pfp_course.data.package import DataError, Field, Licence, Table, package
from pfp_course.data.sources import (
    Citation,
    Source,
    cite,
    document,
    documents,
    source,
    sources,
    standing,
)
from pfp_course.data.tables import DataCard, Outline, about, load, tables, world

__all__ = [
    "Citation",
    "DataCard",
    "DataError",
    "Field",
    "Licence",
    "Outline",
    "Source",
    "Table",
    "about",
    "cite",
    "document",
    "documents",
    "load",
    "package",
    "source",
    "sources",
    "standing",
    "tables",
    "world",
]
