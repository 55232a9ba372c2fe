"""Tables as document nodes, so that the page, the PDF and the e-book all show them."""

from collections.abc import Sequence

from docutils import nodes

__all__ = ["grid"]


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


def _row(cells: Sequence[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))
