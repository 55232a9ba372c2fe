"""Further reading: works worth reading, and why, from the data set."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course.data import package
from pfp_course.questions.expressions import rows

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("reading-list", _ReadingList)


class _ReadingList(SphinxDirective):
    """The works of some kinds, named with commas between them."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        table = package().table("further_reading")
        self.env.note_dependency(str(table.path))
        works = rows(table.name)
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
            listing += nodes.definition_list_item(
                "",
                nodes.term("", "", title),
                nodes.definition(
                    "",
                    nodes.paragraph("", details + ".", classes=["pfp-reading-details"]),
                    nodes.paragraph("", work["why_read"]),
                ),
            )
        return [listing]
