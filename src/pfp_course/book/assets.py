"""The book's own style sheet, and the quiz's files where a page has a quiz."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from pfp_course.book import palette

__all__ = ["connect", "has_quiz", "stylesheet"]

_SHEETS = ("base.css", "layout.css", "content.css")


def connect(app: Sphinx) -> None:
    """Write the files when the pages are built, and name them on the pages that need them."""
    app.connect("html-collect-pages", _write)
    app.connect("html-page-context", _name_files)


def stylesheet() -> str:
    """Return the book's style sheet: colours, then the parts in order."""
    folder = Path(__file__).with_name("css")
    parts = [(folder / name).read_text(encoding="utf-8") for name in _SHEETS]
    return "\n".join([palette.stylesheet(), *parts])


def has_quiz(doctree: nodes.document | None) -> bool:
    """Tell whether a page holds a quiz; a listing that shows the words does not count."""
    if doctree is None:
        return False
    return any("data-quiz" in node.astext() for node in doctree.findall(nodes.raw))


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    from pfp_course.questions import frontend

    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "pfp-book.css": stylesheet(),
        "pfp-quiz.css": frontend.stylesheet(),
        "pfp-quiz.js": frontend.page_script(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return []


def _name_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    quiz = has_quiz(doctree)
    context["pfp_styles"] = ["pfp-quiz.css"] if quiz else []
    context["pfp_scripts"] = ["pfp-quiz.js"] if quiz else []
    if pagename == "search":
        context["pfp_scripts"] = ["pfp-search-index.js"]
