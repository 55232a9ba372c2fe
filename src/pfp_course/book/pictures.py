"""Pictures that stand in the page itself, so that they follow its colours."""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("picture", _Picture)


class _Picture(SphinxDirective):
    """An SVG file of the book, with a caption."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"caption": directives.unchanged}  # noqa: RUF012 - docutils names the type

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        svg = Path(path).read_text(encoding="utf-8")
        figure = nodes.figure("", classes=["pfp-picture"])
        figure += nodes.raw("", svg[svg.index("<svg") :], format="html")
        if "caption" in self.options:
            figure += nodes.caption("", self.options["caption"])
        return [figure]
