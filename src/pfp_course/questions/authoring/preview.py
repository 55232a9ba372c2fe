"""A page of its own for questions that are being written."""

from html import escape
from typing import Any

from pfp_course import palette
from pfp_course.questions import frontend
from pfp_course.questions.plain import as_page

__all__ = ["preview_page"]

_RULES = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: var(--pfp-paper);
       color: var(--pfp-ink); font: 1rem/1.5 system-ui, sans-serif; }
"""


def preview_page(spec: dict[str, Any]) -> str:
    """Return a page that asks the questions of a quiz, whole in one file.

    Parameters
    ----------
    spec : dict
        A quiz with ``id``, ``title``, ``course``, ``seed`` and ``questions``.
    """
    dark = palette.properties("html", palette.DARK, "dark")
    colours = (
        palette.properties("html", palette.LIGHT, "light")
        + "@media (prefers-color-scheme: dark) {"
        + dark
        + "}"
    )
    title = escape(spec["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{colours}{_RULES}{frontend.stylesheet()}</style></head>"
        f"<body><main><h1>{title}</h1>{as_page(spec)}</main>"
        f"<script>{frontend.page_script()}</script></body></html>\n"
    )
