"""The Sphinx extension behind the book: theme, citations, glossary and data cards."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from pfp_course import __version__
from pfp_course.course import Course, for_static_page, read_course
from pfp_course.errors import CourseError

__all__ = ["Context", "Doctree", "course_of", "each_page", "setup"]

Context: TypeAlias = dict[str, Any]
"""What the template of a page is given."""
Doctree: TypeAlias = nodes.document | None
"""What a page was read as; None for a page of the template's own, such as the search."""

# Modules of this package, in the order in which they are connected.
_PARTS = (
    *("page_output", "settings", "theme", "metadata", "cite_this", "assets", "references"),
    *("listings", "data_cards", "execution", "chapter_pages", "measurements"),
)


def course_of(app: Sphinx) -> Course:
    """Return the course of the book that is built, from ``course.toml`` beside ``_config.yml``.

    The setting ``pfp_version`` takes the place of its version for one build.

    Raises
    ------
    ExtensionError
        If the file is missing or damaged; Sphinx shows the message and stops.
    """
    try:
        course = _read_once(Path(app.confdir))
    except CourseError as error:
        raise ExtensionError(str(error)) from None
    version = getattr(app.config, "pfp_version", "")
    return replace(course, version=version) if version else course


_read_once = cache(read_course)


def each_page(
    app: Sphinx, complete: Callable[[Sphinx, str, Context, Doctree], None], priority: int = 500
) -> None:
    """Call a function with the name of each page, its context to complete, and its doctree.

    A function with a larger ``priority`` is called later.
    """

    def hear(app: Sphinx, pagename: str, _: str, context: Context, doctree: Doctree) -> None:
        complete(app, pagename, context, doctree)

    app.connect("html-page-context", hear, priority=priority)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    for_static_page()  # what directives show
    for name in _PARTS:
        import_module(f"{__name__}.{name}").connect(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
