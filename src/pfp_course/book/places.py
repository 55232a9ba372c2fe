"""Places in the pages that are filled when the book is published, and the page for lost readers.

A place is a pair of comments, such as ``<!--pfp:note--><!--/pfp:note-->``. Versions and downloads
are known only then; a book that is not published shows nothing there.
"""

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["LOST", "connect", "place"]

LOST = "404"


def connect(app: Sphinx) -> None:
    """Register the directive and the page."""
    app.add_directive("downloads", _Downloads)
    app.connect("html-collect-pages", _lost)


def place(name: str, content: str = "") -> str:
    """Return a place with its content."""
    return f"<!--pfp:{name}-->{content}<!--/pfp:{name}-->"


class _Downloads(SphinxDirective):
    """Where the files to carry away are offered, if they were made."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", place("downloads"), format="html")]


def _lost(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    yield LOST, {"title": "This page does not exist"}, "404.html"
