"""How far to trust the course: contradictions of its sources, and how sure its rows are."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.book.grid import grid
from pfp_course.data import about, load, package

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("contradictions", _Contradictions)
    app.add_directive("confidence-table", _Confidence)


class _Contradictions(SphinxDirective):
    """Each question that the sources answer in two ways, and what the course does about it."""

    def run(self) -> list[nodes.Node]:
        table = package().table("contradictions")
        self.env.note_dependency(str(table.path))
        listing = nodes.definition_list(classes=["pfp-contradictions"])
        for row in load(table.name).itertuples():
            body = nodes.definition("")
            body += nodes.paragraph("", f"{_cited(row.one_answer, row.one_source)}")
            body += nodes.paragraph("", f"{_cited(row.other_answer, row.other_source)}")
            mark = nodes.emphasis("", "What we do: ")
            body += nodes.paragraph("", "", mark, nodes.Text(str(row.treatment)))
            listing += nodes.definition_list_item("", nodes.term("", str(row.question)), body)
        return [listing]


def _cited(answer: object, keys: object) -> str:
    # The book's own transform makes links of the keys.
    joined = "; ".join(f"@{key}" for key in str(keys).split(";"))
    return f"{str(answer).rstrip('.')} [{joined}]."


class _Confidence(SphinxDirective):
    """How many rows of each table were seen in a source, are known, or are uncertain."""

    def run(self) -> list[nodes.Node]:
        words = ("seen", "known", "uncertain")
        rows = []
        for name, table in package().tables.items():
            self.env.note_dependency(str(table.path))
            counts = about(name).confidence
            if counts:
                cells = [f"{counts.get(word, 0)} {word}" for word in words]
                rows.append([nodes.literal("", name), *(nodes.inline("", cell) for cell in cells)])
        head = ["Table", "Seen", "Known", "Uncertain"]
        return [grid(head, rows, label="How sure the rows are", classes=["pfp-stack"])]
