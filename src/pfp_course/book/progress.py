"""The pages *My progress* and *Review*, drawn from the reader's own record."""

import json

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pfp_course._version import __version__
from pfp_course.content import bank_path
from pfp_course.questions import course_outline, review_spec
from pfp_course.questions.plain import as_page

__all__ = ["connect"]


def connect(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("my-progress", _Progress)
    app.add_directive("my-review", _Review)


class _Progress(SphinxDirective):
    """The data behind the page; the quiz's script draws it from the browser's record."""

    def run(self) -> list[nodes.Node]:
        outline = course_outline()
        for chapter in outline:
            self.env.note_dependency(str(bank_path(chapter["chapter"])))
        data = json.dumps({"course": __version__, "outline": outline}, ensure_ascii=False)
        html = (
            '<div class="pfp-progress" data-quiz="progress"><script type="application/json">'
            f"{data.replace('<', chr(92) + 'u003c')}</script>"
            "<p>This page needs scripts: your answers are kept by your browser.</p></div>"
        )
        return [nodes.raw("", html, format="html")]


class _Review(SphinxDirective):
    """The questions and terms of the course; the script shows those that are due."""

    def run(self) -> list[nodes.Node]:
        for chapter in course_outline():
            self.env.note_dependency(str(bank_path(chapter["chapter"])))
        return [nodes.raw("", as_page(review_spec()), format="html")]
