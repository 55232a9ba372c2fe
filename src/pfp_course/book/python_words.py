"""The Python of the course: each construct, what it does, and where it is explained."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.book.chapters import docname, to_chapter
from pfp_course.book.grid import grid
from pfp_course.chapters import chapters
from pfp_course.data import load, package

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("python-words", _PythonWords)


class _PythonWords(SphinxDirective):
    """A table of all constructs, in the order of the chapters."""

    def run(self) -> list[nodes.Node]:
        table = package().table("constructs")
        self.env.note_dependency(str(table.path))
        pages = {one.number: one for one in chapters() if docname(one) in self.env.found_docs}
        rows = []
        for row in load(table.name).itertuples():
            where: nodes.Element = nodes.inline("", f"chapter {int(str(row.chapter))}")
            if str(row.chapter) in pages:
                where = to_chapter(pages[str(row.chapter)], where, self.env.docname)
            code = nodes.literal("", str(row.construct))
            rows.append([code, nodes.inline("", str(row.meaning)), where])
        head = ["In the code", "What it does", "Explained in"]
        return [grid(head, rows, label="The Python of the course", classes=["pfp-stack"])]
