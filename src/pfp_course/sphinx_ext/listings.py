"""Tables and lists made from the data, such as the glossary in several languages.

They are document nodes, so that the page, the PDF and the e-book all show them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from babel import Locale
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from pfp_course.course import Course
from pfp_course.data import about, load, package
from pfp_course.sphinx_ext import course_of

__all__ = [
    *("connect", "entry", "finder", "grid", "joined", "link_to", "note_anchor", "table_rows"),
    "terms",
]


def connect(app: Sphinx) -> None:
    """Register the directives, and the links from bold terms to the glossary."""
    app.add_directive("reading-list", _ReadingList)
    app.add_directive("glossary-table", _GlossaryTable)
    app.add_transform(_LinkTerms)
    app.add_directive("contradictions", _Contradictions)
    app.add_directive("confidence-table", _Confidence)
    app.add_directive("fact-check", _FactCheck)
    app.add_directive("next-ninety-days", _NinetyDays)


def table_rows(directive: SphinxDirective, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table, which the page follows; an empty cell is None."""
    course = course_of(directive.env.app)
    directive.env.note_dependency(str(package(course).table(name).path))
    frame = load(name, course).astype(object)
    return [
        {str(column): value for column, value in row.items()}
        for row in frame.where(frame.notna(), None).to_dict("records")
    ]


def grid(
    head: Sequence[str],
    rows: Sequence[Sequence[nodes.Element]],
    *,
    label: str,
    classes: Sequence[str] = (),
) -> nodes.container:
    """Return a table whose first column names its rows; ``label`` names it to a reader's ear."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row([nodes.Text(text) for text in head]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    table = nodes.table("", group, classes=["pfp-grid"])
    return nodes.container("", table, classes=["pfp-scroll", *classes], label=label)


def finder(label: str) -> nodes.raw:
    """Return the place before a long list where the page's script sets letters and a filter."""
    html = f'<div class="pfp-finder" data-label="{escape(label)}"></div>'
    return nodes.raw("", html, format="html")


def entry(term: nodes.Element, *body: nodes.Node) -> nodes.definition_list_item:
    """Return a term of a definition list with what is said of it."""
    return nodes.definition_list_item("", term, nodes.definition("", *body))


def joined(parts: Iterable[nodes.Node], between: str = "; ") -> list[nodes.Node]:
    """Return nodes with a text between them."""
    return [node for part in parts for node in (part, nodes.Text(between))][:-1]


def note_anchor(directive: SphinxDirective, anchor: str, title: str) -> None:
    """Let a place of the page that is read be linked by its name."""
    standard: Any = directive.env.get_domain("std")
    standard.note_hyperlink_target(anchor, directive.env.docname, anchor, title)


def link_to(target: str, words: nodes.Element, here: str, kind: str = "ref") -> nodes.Element:
    """Return a link from the page ``here`` to a place, or, of the kind ``doc``, to a page."""
    return addnodes.pending_xref(
        "",
        words,
        refdomain="std",
        reftype=kind,
        reftarget=target,
        refdoc=here,
        refexplicit=True,
        refwarn=True,
    )


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


class _ReadingList(SphinxDirective):
    """The works of some kinds, named with commas between them."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        works = table_rows(self, "further_reading")
        kinds = [kind.strip() for kind in self.arguments[0].split(",")]
        known = {work["kind"] for work in works}
        unknown = sorted(set(kinds) - known)
        if unknown:
            there = ", ".join(sorted(known))
            raise self.error(f"there is no kind {unknown[0]!r} of reading. There are: {there}.")
        listing = nodes.definition_list(classes=["pfp-reading"])
        for work in works:
            if work["kind"] not in kinds:
                continue
            address = work["doi_or_url"] or ""
            if address.startswith("10."):
                address = f"https://doi.org/{address}"
            title: nodes.Node = nodes.Text(work["title"])
            if address.startswith("http"):
                title = nodes.reference("", work["title"], refuri=address, internal=False)
            parts = (work["author"], work["year"], work["venue"])
            details = ". ".join(str(part).rstrip(".") for part in parts if part is not None)
            listing += entry(
                nodes.term("", "", title),
                nodes.paragraph("", details + ".", classes=["pfp-reading-details"]),
                nodes.paragraph("", work["why_read"]),
            )
        return [listing]


class _Contradictions(SphinxDirective):
    """Each question that the sources answer in two ways, and what the course does about it."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.definition_list(classes=["pfp-contradictions"])
        for row in table_rows(self, "contradictions"):
            mark = nodes.emphasis("", "What we do: ")
            listing += entry(
                nodes.term("", str(row["question"])),
                nodes.paragraph("", _cited(row["one_answer"], row["one_source"])),
                nodes.paragraph("", _cited(row["other_answer"], row["other_source"])),
                nodes.paragraph("", "", mark, nodes.Text(str(row["treatment"]))),
            )
        return [listing]


def _keys(keys: object) -> str:
    # The book's own transform makes links of the keys.
    return f"[{'; '.join(f'@{key}' for key in str(keys).split(';'))}]"


def _cited(answer: object, keys: object) -> str:
    return f"{str(answer).rstrip('.')} {_keys(keys)}."


class _NinetyDays(SphinxDirective):
    """The recommendations for one state, by its code, as a sheet that an office can print."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        iso3 = self.arguments[0]
        every = table_rows(self, "recommendations")
        rows = [row for row in every if row["iso3"] == iso3]
        if not rows:
            there = ", ".join(sorted({str(row["iso3"]) for row in every}))
            raise self.error(f"there is no recommendation for {iso3!r}. There are: {there}.")
        cells = [[_parts(row, *part) for part in _SHEET] for row in rows]
        head = ["Who does what", "In the next ninety days", "Cost, law and risk", "Does it work?"]
        label = f"Recommendations for {iso3}"
        return [grid(head, cells, label=label, classes=["pfp-stack", "pfp-sheet"])]


# The columns of a sheet, each with the words before a cell and the column of the table.
_SHEET = (
    (("", "agency"), ("With: ", "with_agency"), ("", "action")),
    (("", "first_step"), ("Then: ", "by_when"), ("Tool: ", "tool")),
    (
        ("Cost: ", "cost"),
        ("Law: ", "legal_basis"),
        ("Risk: ", "risk"),
        ("Answer to the risk: ", "mitigation"),
    ),
    (
        ("Now: ", "baseline"),
        ("Measure: ", "measure"),
        ("Stop if ", "wrong_if"),
        ("Sources: ", "source"),
    ),
)


def _parts(row: dict[str, Any], *parts: tuple[str, str]) -> nodes.inline:
    said = nodes.inline()
    for words, column in parts:
        if row[column] is not None:
            text = _keys(row[column]) if column == "source" else str(row[column]).rstrip(".")
            text = text if words else text[:1].upper() + text[1:]
            kind = nodes.strong if column in ("agency", "first_step") else nodes.inline
            said += [nodes.emphasis("", words), kind("", f"{text}."), nodes.Text(" ")]
    return said


class _Confidence(SphinxDirective):
    """How many rows of each table were seen in a source, are known, or are uncertain."""

    def run(self) -> list[nodes.Node]:
        words = ("seen", "known", "uncertain")
        rows = []
        course = course_of(self.env.app)
        for name, table in package(course).tables.items():
            self.env.note_dependency(str(table.path))
            counts = about(name, course).confidence
            if counts:
                cells = [f"{counts.get(word, 0)} {word}" for word in words]
                rows.append([nodes.literal("", name), *(nodes.inline("", cell) for cell in cells)])
        head = ["Table", "Seen", "Known", "Uncertain"]
        return [grid(head, rows, label="How sure the rows are", classes=["pfp-stack"])]


class _FactCheck(SphinxDirective):
    """How many rows drawn by lot were right, and what was not right in the others."""

    def run(self) -> list[nodes.Node]:
        table = package(course_of(self.env.app)).table("fact_check")
        drawn = table_rows(self, table.name)
        counts = Counter(str(row["verdict"]) for row in drawn)
        cells = [
            [nodes.Text(word), nodes.inline("", str(counts[word]))]
            for word in table.field("verdict").constraints["enum"]
        ]
        faults = nodes.definition_list(classes=["pfp-contradictions"])
        for row in drawn:
            if row["mended"] is not None:
                term = nodes.term(
                    "", "", nodes.literal("", row["table"]), nodes.Text(f" {row['row']}")
                )
                faults += entry(term, nodes.paragraph("", row["mended"]))
        return [
            nodes.paragraph("", _rate(counts)),
            grid(["Verdict", "Rows"], cells, label="What the check found"),
            faults,
        ]


def _rate(counts: Counter[str]) -> str:
    wrong, misframed = counts["wrong"], counts["misframed"]
    faults = wrong + misframed
    checked = counts["right"] + faults
    return (
        f"Of {counts.total()} rows {checked} could be checked. Of these, {faults} were not right, "
        f"or {faults / checked:.0%}: {wrong} were wrong and {misframed} misframed."
    )


@dataclass(frozen=True)
class Term:
    """A term of the course, its meaning, and its names in other languages by their codes."""

    term: str
    acronym: str
    definition: str
    translation: str
    names: Mapping[str, str] = field(compare=False)

    @property
    def anchor(self) -> str:
        """The address of the entry on the page of the glossary."""
        return f"term-{nodes.make_id(self.term)}"


@cache
def terms(course: Course) -> dict[str, Term]:
    """Return the terms by their name and by their acronym, both in lower case."""
    entries = [_term(row) for row in package(course).tables["glossary"].rows()]
    named = {term.term.casefold(): term for term in entries}
    return {term.acronym.casefold(): term for term in entries if term.acronym} | named


def _term(row: dict[str, str]) -> Term:
    # The columns of other languages are named by their codes, which have two letters.
    names = {column: name for column, name in row.items() if len(column) == 2}
    return Term(row["term"], row["acronym"], row["definition"], row["translation"], names)


class _GlossaryTable(SphinxDirective):
    """All terms in alphabetical order."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        self.env.note_dependency(str(package(course).tables["glossary"].path))
        listing = nodes.definition_list(classes=["pfp-glossary"])
        for term in sorted(set(terms(course).values()), key=lambda term: term.term.casefold()):
            note_anchor(self, term.anchor, term.term)
            head = nodes.term("", term.term, ids=[term.anchor])
            if term.acronym:
                head += nodes.Text(f" ({term.acronym})")
            listing += entry(head, nodes.paragraph("", term.definition), *_translations(term))
        return [finder("Find a term, in any of the languages"), listing]


def _translations(term: Term) -> list[nodes.Node]:
    line = nodes.paragraph("", classes=["pfp-other-languages"])
    for code, name in term.names.items():
        if name:
            language = Locale.parse(code).get_language_name("en")
            if line.children:
                line += nodes.Text("; ")
            line += nodes.inline("", f"{language}: ", classes=["pfp-language"])
            # Docutils makes an attribute `lang` of such a class.
            line += nodes.inline("", name, classes=[f"language-{code}"])
    if line.children and term.translation == "unconfirmed":
        line += nodes.inline("", " (unconfirmed)", classes=["pfp-mark"])
    return [line] if line.children else []


class _LinkTerms(SphinxTransform):
    """Link the first bold use of each term on a page to the glossary."""

    default_priority = 340

    def apply(self, **kwargs: object) -> None:
        known = terms(course_of(self.app))
        seen: set[str] = set()
        for strong in list(self.document.findall(nodes.strong)):
            term = known.get(strong.astext().strip().casefold())
            inside_link = isinstance(strong.parent, nodes.reference | nodes.title)
            if term is None or term.anchor in seen or inside_link:
                continue
            seen.add(term.anchor)
            words = nodes.inline("", "", *strong.children, classes=["pfp-term"])
            link = link_to(term.anchor, words, self.env.docname)
            link.source, link.line = strong.source, strong.line
            strong.parent.replace(strong, link)
