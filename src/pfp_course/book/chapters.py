"""Cards for the parts of the course and the chapters that exist, for the landing page."""

from collections.abc import Iterable
from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.chapters import Chapter, chapters
from pfp_course.content import bank_path

__all__ = ["connect", "docname", "parts", "to_chapter"]

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("chapter-cards", _ChapterCards)


class _ChapterCards(SphinxDirective):
    """One card for each part of the course, with the chapters that the book holds."""

    def run(self) -> list[nodes.Node]:
        held = [one for one in chapters() if docname(one) in self.env.found_docs]
        for chapter in held:
            self.env.note_dependency(str(chapter.notebook))
            self.env.note_dependency(str(bank_path(chapter.number)))
        listing = nodes.container(classes=["pfp-parts"])
        listing += [self._part(part, of_part) for part, of_part in parts(held)]
        return [listing]

    def _part(self, name: str, held: list[Chapter]) -> nodes.section:
        anchor = nodes.make_id(name)
        listing = nodes.bullet_list(classes=["pfp-part-chapters"])
        listing += [self._entry(chapter) for chapter in held]
        numeral, _, title = name.partition(": ")
        heading = nodes.title(
            "", "", nodes.inline("", f"{numeral}: ", classes=["pfp-part-number"]), nodes.Text(title)
        )
        return nodes.section(
            "", heading, listing, ids=[anchor], names=[anchor], classes=["pfp-part-card"]
        )

    def _entry(self, chapter: Chapter) -> nodes.list_item:
        link = to_chapter(chapter, nodes.inline("", chapter.title), self.env.docname)
        mark = f'<span class="pfp-reached" data-chapter="{chapter.number}"></span>'
        title = nodes.paragraph("", "", classes=["pfp-card-title"])
        title += [
            nodes.inline("", f"{int(chapter.number)} ", classes=["pfp-card-number"]),
            link,
        ]
        minutes = nodes.paragraph(
            "", f"About {chapter.minutes} minutes", classes=["pfp-card-minutes"]
        )
        minutes += nodes.raw("", f" {mark}", format="html")
        promise = nodes.paragraph("", chapter.promise, classes=["pfp-card-promise"])
        return nodes.list_item("", title, promise, minutes)


def parts(held: Iterable[Chapter] | None = None) -> list[tuple[str, list[Chapter]]]:
    """Return the parts of the course by name, such as ``Part I: History``, with their chapters."""
    grouped = groupby(chapters() if held is None else held, key=lambda one: one.part)
    return [
        (f"Part {numeral}: {part}", list(of_part))
        for numeral, (part, of_part) in zip(_NUMERALS, grouped, strict=False)
    ]


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
