"""Cards for the chapters that exist, for the landing page."""

from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import Chapter, chapters
from pfp_course.content import bank_path

__all__ = ["connect", "docname", "to_chapter"]

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("chapter-cards", _ChapterCards)


class _ChapterCards(SphinxDirective):
    """One card for each chapter that the book holds, under the name of its part."""

    def run(self) -> list[nodes.Node]:
        held = [one for one in chapters() if docname(one) in self.env.found_docs]
        for chapter in held:
            self.env.note_dependency(str(chapter.notebook))
            self.env.note_dependency(str(bank_path(chapter.number)))
        return [
            self._part(f"Part {numeral}: {part}", list(of_part))
            for numeral, (part, of_part) in zip(
                _NUMERALS, groupby(held, key=lambda one: one.part), strict=False
            )
        ]

    def _part(self, name: str, held: list[Chapter]) -> nodes.section:
        anchor = nodes.make_id(name)
        cards = nodes.container(classes=["pfp-chapters"])
        cards += [self._card(chapter) for chapter in held]
        return nodes.section("", nodes.title("", name), cards, ids=[anchor], names=[anchor])

    def _card(self, chapter: Chapter) -> nodes.container:
        link = to_chapter(chapter, nodes.inline("", chapter.title), self.env.docname)
        number = f"Chapter {int(chapter.number)}"
        minutes = f"About {chapter.minutes} minutes"
        return nodes.container(
            "",
            nodes.paragraph("", number, classes=["pfp-card-number"]),
            nodes.paragraph("", "", link, classes=["pfp-card-title"]),
            nodes.paragraph("", chapter.promise, classes=["pfp-card-promise"]),
            nodes.paragraph("", minutes, classes=["pfp-card-minutes"]),
            classes=["pfp-chapter-card"],
        )


def docname(chapter: Chapter) -> str:
    """Return the name under which the book knows the page of a chapter."""
    return f"{chapter.notebook.parent.name}/{chapter.notebook.stem}"


def to_chapter(chapter: Chapter, words: nodes.Element, here: str) -> addnodes.pending_xref:
    """Return a link from the page ``here`` to the page of a chapter."""
    return addnodes.pending_xref(
        "",
        words,
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname(chapter)}",
        refdoc=here,
        refexplicit=True,
        refwarn=True,
    )
