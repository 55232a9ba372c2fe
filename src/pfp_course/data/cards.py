"""Data cards: what a table holds, where it comes from, and what it cannot say."""

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from pfp_course.course import Course, default_course
from pfp_course.data.package import Table, package
from pfp_course.data.sources import sources
from pfp_course.data.tables import load
from pfp_course.errors import clear_errors

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DataCard", "about"]


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
        ]
        if self.confidence:
            counts = ", ".join(f"{word} {count}" for word, count in self.confidence.items())
            lines.append(f"Confidence of rows: {counts}")
        if self.kinds:
            lines.append(f"Kinds of sources: {self.mixed}")
        if table.caveats:
            lines.append(f"Take care: {table.caveats}")
        lines.append(f"Source: {'; '.join(title for title, _ in table.origins)}")
        lines.append(f"Licence: {self.licence}")
        return "\n".join(lines)

    __repr__ = __str__

    def _gap(self, column: str) -> str:
        count = self.missing[column]
        return f" ({count} of {self.rows} empty)" if count else ""

    def _repr_html_(self) -> str:
        table = self.table
        rows = "".join(
            f'<tr><th scope="row"><code>{escape(f.name)}</code></th>'
            f"<td>{escape(f.description)}</td><td>{escape(f.unit)}</td>"
            f"<td>{self.missing[f.name] or 'none'}</td></tr>"
            for f in table.fields
        )
        facts = [("Rows", str(self.rows))]
        if self.confidence:
            words = ", ".join(f"{word} {count}" for word, count in self.confidence.items())
            facts.append(("Confidence of rows", words))
        if self.kinds:
            facts.append(("Kinds of sources", self.mixed))
        if table.caveats:
            facts.append(("Take care", table.caveats))
        facts.append(("Source", "; ".join(title for title, _ in table.origins)))
        if table.citation:
            facts.append(("Cite as", table.citation))
        facts.append(("Licence", self.licence))
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
