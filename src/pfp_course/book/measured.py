"""What was measured of the pages, from the files that the measurements wrote.

``make accessibility`` and ``make lighthouse`` write them; a page says no more than they hold.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from pfp_course.book.grid import grid

__all__ = ["conformance", "connect", "read"]

_FOLDER = "book/measured"
_COLUMNS = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}


def connect(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("accessibility-status", _Status)
    app.add_directive("accessibility-checks", _Checks)
    app.add_directive("lighthouse-table", _Lighthouse)


def read(root: Path, name: str) -> dict[str, Any]:
    """Return what a measurement found.

    Raises
    ------
    ExtensionError
        If the file is missing or is none; the message names the command that writes it.
    """
    path = root / _FOLDER / f"{name}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExtensionError(
            f"{path} cannot be read ({error}). Write it anew: make {name}"
        ) from None
    return found


def conformance(found: dict[str, Any]) -> str:
    """Return how far the pages conform, as the W3C's model of a statement words it."""
    failed = [one for one in found["checks"] if one["result"] != "passed"]
    if failed or not found["checks"]:
        return (
            "The pages of this book conform partially to WCAG 2.2, level AA: some parts do not "
            "conform. The checks that failed are named below."
        )
    # Rules and keyboards find a part of all barriers: full conformance was not examined.
    return (
        "The pages of this book conform partially to WCAG 2.2, level AA. Every check below was "
        "passed; what they do not examine is listed under the known gaps."
    )


def _spoken(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.day} {on:%B %Y}"


class _Status(SphinxDirective):
    """How far the pages conform, and when and with what this was examined."""

    def run(self) -> list[nodes.Node]:
        found = _noted(self, "accessibility")
        when = (
            f"Examined on {_spoken(found['date'])}, version {found['version']} of the course, "
            f"{found['pages']} pages, with {found['browser']} and {found['axe']}."
        )
        return [nodes.paragraph("", conformance(found)), nodes.paragraph("", when)]


class _Checks(SphinxDirective):
    """Each check and its result."""

    def run(self) -> list[nodes.Node]:
        listing = nodes.bullet_list()
        for one in _noted(self, "accessibility")["checks"]:
            word = nodes.strong("", f"{one['result'].capitalize()}. ")
            listing += nodes.list_item("", nodes.paragraph("", "", word, nodes.Text(one["check"])))
        return [listing]


class _Lighthouse(SphinxDirective):
    """The scores of each page on a simulated slow phone, and what its first visit sends."""

    def run(self) -> list[nodes.Node]:
        found = _noted(self, "lighthouse")
        head = ["Page", *_COLUMNS.values(), "Seen after", "Sent"]
        rows = [[nodes.inline("", cell) for cell in self._cells(row)] for row in found["pages"]]
        said = (
            f"Measured on {_spoken(found['date'])}, version {found['version']} of the course, with "
            f"Lighthouse {found['lighthouse']} and Chromium {found['browser']}: {found['device']}."
        )
        label = "Scores of the pages"
        return [nodes.paragraph("", said), grid(head, rows, label=label, classes=["pfp-scores"])]

    def _cells(self, row: dict[str, Any]) -> list[str]:
        seen = f"{row['largest_paint_ms'] / 1000:.1f} s"
        title = self._title(row["page"].removesuffix(".html"))
        return [title, *(str(row[name]) for name in _COLUMNS), seen, f"{row['bytes'] // 1000} KB"]

    def _title(self, docname: str) -> str:
        if docname == self.config.root_doc:
            return "Landing page"
        # The titles of pages that are read later are not known yet; their numbers are.
        number = docname.rpartition("/")[2].partition("-")[0]
        return f"Chapter {int(number)}" if number.isdigit() else docname


def _noted(directive: SphinxDirective, name: str) -> dict[str, Any]:
    root = Path(directive.env.app.confdir)
    directive.env.note_dependency(str(root / _FOLDER / f"{name}.json"))
    return read(root, name)
