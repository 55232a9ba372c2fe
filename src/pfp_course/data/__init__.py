"""The data set: tables, sources, data cards and the map.

The facts lie in a Frictionless data package; this room reads it and knows nothing of
quizzes, figures or the book.
"""

from pfp_course.data.cards import DataCard, about
from pfp_course.data.documents import Document, document, documents
from pfp_course.data.package import DataError, Field, ForeignKey, Licence, Package, Table, package
from pfp_course.data.sources import Citation, Source, cite, source, sources, standing
from pfp_course.data.tables import Outline, load, tables, world

__all__ = [
    "Citation",
    "DataCard",
    "DataError",
    "Document",
    "Field",
    "ForeignKey",
    "Licence",
    "Outline",
    "Package",
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
