"""Cards for the chapters that exist, for the landing page."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import Chapter, chapters
from pfp_course.content import bank_path

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("chapter-cards", _ChapterCards)


class _ChapterCards(SphinxDirective):
    """One card for each chapter that the book holds."""

    def run(self) -> list[nodes.Node]:
        cards = nodes.container(classes=["pfp-chapters"])
        for chapter in chapters():
            docname = f"{chapter.notebook.parent.name}/{chapter.notebook.stem}"
            if docname in self.env.found_docs:
                self.env.note_dependency(str(chapter.notebook))
                self.env.note_dependency(str(bank_path(chapter.number)))
                cards += self._card(docname, chapter)
        return [cards] if cards.children else []

    def _card(self, docname: str, chapter: Chapter) -> nodes.container:
        link = addnodes.pending_xref(
            "",
            nodes.inline("", chapter.title),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        number = f"{chapter.part}, chapter {int(chapter.number)}"
        minutes = f"About {chapter.minutes} minutes"
        return nodes.container(
            "",
            nodes.paragraph("", number, classes=["pfp-card-number"]),
            nodes.paragraph("", "", link, classes=["pfp-card-title"]),
            nodes.paragraph("", chapter.promise, classes=["pfp-card-promise"]),
            nodes.paragraph("", minutes, classes=["pfp-card-minutes"]),
            classes=["pfp-chapter-card"],
        )
