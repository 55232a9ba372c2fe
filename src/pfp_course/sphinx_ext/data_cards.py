"""Pages made from the data package: data cards, the licences of the tables, the documents."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import chapter
from pfp_course.data import DataCard, Table, about, documents, package
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.listings import entry, finder, grid, joined, link_to, note_anchor
from pfp_course.sphinx_ext.references import CITED
from pfp_course.sphinx_ext.settings import TABLES

__all__ = ["connect", "marked"]


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("data-cards", _DataCards)
    app.add_directive("document-list", _DocumentList)
    app.add_directive("table-licences", _TableLicences)


class _DataCards(SphinxDirective):
    """One section a table: what it holds, where it comes from, and what it cannot say."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        data = package(course)
        cards = [about(name, course) for name in data.tables]
        for card in cards:
            self.env.note_dependency(str(card.table.path))
        files = [
            self._section(file, [_facts(file, [("File", self._file(file))])])
            for file in data.files.values()
        ]
        tables = [self._section(card.table, self._table_parts(card)) for card in cards]
        return [finder("Find a table"), *tables, *files]

    def _section(self, table: Table, parts: Sequence[nodes.Node]) -> nodes.section:
        anchor = f"data-{table.name}"
        note_anchor(self, anchor, table.title)
        section = nodes.section("", nodes.title("", table.title), ids=[anchor], names=[anchor])
        section += nodes.paragraph("", table.description)
        section += parts
        return section

    def _file(self, table: Table) -> nodes.Node:
        up = "../" * self.env.docname.count("/")
        return nodes.reference("", table.path.name, refuri=f"{up}{TABLES}/{table.path.name}")

    def _table_parts(self, card: DataCard) -> list[nodes.Node]:
        counted: list[tuple[str, str | nodes.Node]] = [
            ("Name", nodes.literal("", card.table.name)),
            ("Rows", str(card.rows)),
            ("File", self._file(card.table)),
        ]
        if card.confidence:
            words = ", ".join(f"{count} {word}" for word, count in card.confidence.items())
            counted.append(("Confidence of the rows", words))
        if card.kinds:
            counted.append(("Kinds of sources", card.mixed))
        return [_facts(card.table, counted), _columns(card)]


class _TableLicences(SphinxDirective):
    """The licence of every table and file of the data set."""

    def run(self) -> list[nodes.Node]:
        data = package(course_of(self.env.app))
        alike: dict[tuple[Any, ...], list[Table]] = {}
        for table in (*data.tables.values(), *data.files.values()):
            alike.setdefault((*table.licences, *table.origins), []).append(table)
        rows = [
            [
                _inline(joined(self._to_card(table) for table in tables)),
                _inline(_licences(tables[0]), "pfp-licence"),
                _inline(_origins(tables[0]), "pfp-origin"),
            ]
            for tables in alike.values()
        ]
        head = ["Tables", "Licence", "Source"]
        return [grid(head, rows, label="Licences of the tables", classes=["pfp-stack"])]

    def _to_card(self, table: Table) -> nodes.Element:
        words = nodes.inline("", table.title)
        return link_to(f"data-{table.name}", words, self.env.docname)


class _DocumentList(SphinxDirective):
    """Every quotation of the data set with what it shows: one section a chapter."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        for name in ("documents", "sources"):
            self.env.note_dependency(str(package(course).table(name).path))
        sections: list[nodes.Node] = []
        by_chapter = attrgetter("chapter")
        ordered = sorted(documents(course).values(), key=by_chapter)
        for number, listed in groupby(ordered, key=by_chapter):
            anchor = f"documents-{number}"
            title = f"{int(number)}. {chapter(number, course).title}"
            section = nodes.section("", nodes.title("", title), ids=[anchor], names=[anchor])
            for document in listed:
                keys = [source.key for source in document.sources]
                self.env.metadata[self.env.docname].setdefault(CITED, []).extend(keys)
                figure = nodes.raw("", document._repr_html_(), format="html")
                entry = nodes.container("", nodes.paragraph("", document.shows), figure)
                entry["ids"] = [f"document-{document.id.lower()}"]
                section += entry
            sections.append(section)
        return sections


def _columns(card: DataCard) -> nodes.container:
    rows: list[list[nodes.Element]] = []
    for field in card.table.fields:
        missing = card.missing[field.name]
        gap = nodes.inline("", f"{missing} of {card.rows}" if missing else "none")
        gap["classes"].append("pfp-gap")
        rows.append(
            [
                nodes.literal("", field.name),
                _inline(marked(field.description, card.table)),
                nodes.inline("", field.unit, classes=["pfp-unit"]),
                gap,
            ]
        )
    head = ["Column", "Meaning", "Unit", "Empty cells"]
    label = f"Columns of {card.table.name}"
    return grid(head, rows, label=label, classes=["pfp-stack"])


def _facts(table: Table, counted: Sequence[tuple[str, str | nodes.Node]]) -> nodes.container:
    facts: list[tuple[str, Sequence[nodes.Node]]] = [
        (name, [value if isinstance(value, nodes.Node) else nodes.Text(value)])
        for name, value in counted
    ]
    facts.append(("Source", _origins(table)))
    if table.citation:
        facts.append(("Cite as", [nodes.Text(table.citation)]))
    facts.append(("Licence", _licences(table)))
    if table.caveats:
        facts.append(("Take care", marked(table.caveats, table)))
    listing = nodes.definition_list()
    for name, value in facts:
        listing += entry(nodes.term("", name), nodes.paragraph("", "", *value))
    return nodes.container("", listing, classes=["pfp-facts"])


def _origins(table: Table) -> list[nodes.Node]:
    return _linked(table.origins)


def _licences(table: Table) -> list[nodes.Node]:
    return _linked([(licence.title, licence.path) for licence in table.licences])


def _linked(items: Iterable[tuple[str, str]]) -> list[nodes.Node]:
    return joined(
        nodes.reference("", text, refuri=address, internal=False)
        if address.startswith("http")
        else nodes.Text(text)
        for text, address in items
    )


def marked(text: str, table: Table) -> list[nodes.Node]:
    """Return a text in which the names of columns are set as code.

    A name without an underscore may as well be a word, so it is left as it is.
    """
    names = {field.name for field in table.fields if "_" in field.name}
    return [
        nodes.literal("", word) if word in names else nodes.Text(word)
        for word in re.split(r"(\w+)", text)
        if word
    ]


def _inline(children: Sequence[nodes.Node], *classes: str) -> nodes.inline:
    return nodes.inline("", "", *children, classes=list(classes))
