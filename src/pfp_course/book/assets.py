"""The book's own style sheet and script, and the quiz's files where a page has a quiz."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from pfp_course.book import palette

__all__ = ["connect", "has_quiz", "outline", "script", "stylesheet"]

_SHEETS = ("base.css", "layout.css", "content.css", "landing.css", "citing.css", "published.css")
# Each part has one function to call; what stands on one page only is in a file of its own.
_PARTS = {
    "scheme.js": "setUpScheme",
    "menu.js": "setUpMenu",
    "contents.js": "setUpContents",
    "scrollers.js": "setUpScrollers",
    "marks.js": "setUpMarks",
    "sources.js": "setUpSources",
    "citing.js": "setUpCiting",
    "versions.js": "setUpVersions",
    "worker.js": "setUpWorker",
}
_ON_SEARCH = {"search.js": "setUpSearch"}
_COMMENT = re.compile(r"/\*.*?\*/\n?|(?<=\n) +", re.DOTALL)
_SHORT = 5  # digits of a fingerprint: enough to tell the wordings of one question apart


def connect(app: Sphinx) -> None:
    """Write the files when the pages are built, and name them on the pages that need them."""
    app.connect("html-collect-pages", _write)
    app.connect("html-page-context", _name_files)


def stylesheet() -> str:
    """Return the book's style sheet: colours, then the parts in order."""
    folder = Path(__file__).with_name("css")
    parts = [(folder / name).read_text(encoding="utf-8") for name in _SHEETS]
    # The comments are for those who write it.
    return _COMMENT.sub("", "\n".join([palette.stylesheet(), *parts]))


def outline() -> dict[str, list[list[str | int]]]:
    """Return the questions of each chapter, as short as the marks in the side bar need them.

    A question is its name, its points and the beginnings of its fingerprints.
    """
    from pfp_course.questions import course_outline

    return {
        chapter["chapter"]: [
            [
                question["id"].split(".", 1)[1],
                question["points"],
                *(one[:_SHORT] for one in question["fingerprints"]),
            ]
            for question in chapter["questions"]
        ]
        for chapter in course_outline()
    }


def script(parts: dict[str, str], known: str = "") -> str:
    """Return parts of the script as one classic script, which runs from the disk too.

    Parameters
    ----------
    parts
        File names, each with the function to call.
    known
        Code that stands before them.
    """
    folder = Path(__file__).with_name("js")
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("nodes.js", *parts)]
    calls = "".join(f"{name}();\n" for name in parts.values())
    return "\n".join(['(() => {\n"use strict";', known, *texts, f"{calls}}})();\n"])


def has_quiz(doctree: nodes.document | None) -> bool:
    """Tell whether a page holds a quiz; a listing that shows the words does not count."""
    if doctree is None:
        return False
    return any("data-quiz" in node.astext() for node in doctree.findall(nodes.raw))


def _write(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    from pfp_course.questions import frontend

    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    known = f"const outline = {json.dumps(outline(), separators=(',', ':'))};"
    texts = {
        "pfp-book.css": stylesheet(),
        "pfp-book.js": script(_PARTS, known),
        "pfp-search.js": script(_ON_SEARCH),
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
        context["pfp_scripts"] = ["pfp-search-index.js", "pfp-search.js"]
