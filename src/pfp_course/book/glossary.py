"""The glossary in three languages, and links to it from bold terms."""

from collections.abc import Iterator
from csv import DictReader
from dataclasses import dataclass
from functools import cache

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from pfp_course.data import package

__all__ = ["Term", "connect", "terms"]


@dataclass(frozen=True)
class Term:
    """A term of the course, its meaning, and its names in Kazakh and Russian."""

    term: str
    acronym: str
    definition: str
    kk: str
    ru: str
    translation: str
    chapter: str
    source: str

    @property
    def anchor(self) -> str:
        """The address of the entry on the page of the glossary."""
        return f"term-{nodes.make_id(self.term)}"


@cache
def terms() -> dict[str, Term]:
    """Return the terms by their name and by their acronym, both in lower case."""
    with package().tables["glossary"].path.open(encoding="utf-8", newline="") as file:
        entries = [Term(**row) for row in DictReader(file)]
    named = {term.term.casefold(): term for term in entries}
    return {term.acronym.casefold(): term for term in entries if term.acronym} | named


def connect(app: Sphinx) -> None:
    """Register the directive and the transform."""
    app.add_directive("glossary-table", _GlossaryTable)
    app.add_transform(_LinkTerms)


class _GlossaryTable(SphinxDirective):
    """All terms in alphabetical order."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(package().tables["glossary"].path))
        entries = sorted(set(terms().values()), key=lambda term: term.term.casefold())
        listing = nodes.definition_list(classes=["pfp-glossary"])
        listing += [self._item(term) for term in entries]
        return [listing]

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
    names = [("Kazakh", "kk", term.kk), ("Russian", "ru", term.ru)]
    line = nodes.paragraph("", classes=["pfp-other-languages"])
    for language, code, name in names:
        if name:
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
        seen: set[str] = set()
        for strong in list(self.document.findall(nodes.strong)):
            term = terms().get(strong.astext().strip().casefold())
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
