"""The glossary in several languages, and links to it from bold terms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from pfp_course.course import Course
from pfp_course.data import package
from pfp_course.sphinx_ext import course_of
from pfp_course.sphinx_ext.listings import finder

__all__ = ["Term", "connect", "terms"]


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


def connect(app: Sphinx) -> None:
    """Register the directive and the transform."""
    app.add_directive("glossary-table", _GlossaryTable)
    app.add_transform(_LinkTerms)


class _GlossaryTable(SphinxDirective):
    """All terms in alphabetical order."""

    def run(self) -> list[nodes.Node]:
        course = course_of(self.env.app)
        self.env.note_dependency(str(package(course).tables["glossary"].path))
        entries = sorted(set(terms(course).values()), key=lambda term: term.term.casefold())
        listing = nodes.definition_list(classes=["pfp-glossary"])
        listing += [self._item(term) for term in entries]
        return [finder("Find a term, in any of the languages"), listing]

    def _item(self, term: Term) -> nodes.definition_list_item:
        self.env.get_domain("std").note_hyperlink_target(  # type: ignore[attr-defined]
            term.anchor, self.env.docname, term.anchor, term.term
        )
        head = nodes.term("", term.term, ids=[term.anchor])
        if term.acronym:
            head += nodes.Text(f" ({term.acronym})")
        body = nodes.definition("", nodes.paragraph("", term.definition))
        body += list(_translations(term))
        return nodes.definition_list_item("", head, body)


def _translations(term: Term) -> Iterator[nodes.Node]:
    line = nodes.paragraph("", classes=["pfp-other-languages"])
    for code, name in term.names.items():
        if name:
            language = Locale.parse(code).get_language_name("en")
            line += nodes.inline("", f"{language}: ", classes=["pfp-language"])
            # Docutils makes an attribute `lang` of such a class.
            line += nodes.inline("", name, classes=[f"language-{code}"])
            line += nodes.Text("; ")
    if not line.children:
        return
    line.pop()
    if term.translation == "unconfirmed":
        line += nodes.inline("", " (unconfirmed)", classes=["pfp-mark"])
    yield line


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
            strong.parent.replace(strong, self._link(strong, term))

    def _link(self, strong: nodes.strong, term: Term) -> addnodes.pending_xref:
        node = addnodes.pending_xref(
            "",
            nodes.inline("", "", *strong.children, classes=["pfp-term"]),
            refdomain="std",
            reftype="ref",
            reftarget=term.anchor,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        node.source, node.line = strong.source, strong.line
        return node
