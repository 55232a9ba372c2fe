"""The quiz's front end: one module for a widget, one script for a page, one style sheet.

The parts are ES modules, so that an editor and a browser understand them as they are. They are
joined here, because a page opened from the disk may not load modules.
"""

import re
from functools import cache
from pathlib import Path

from pfp_course import palette

__all__ = ["page_script", "stylesheet", "widget_module", "widget_stylesheet"]

_HERE = Path(__file__).parent
# A part stands after the parts that it imports.
_SHARED = (
    *("nodes.js", "seeds.js", "numbers.js", "words.js", "days.js", "choices.js", "entries.js"),
    *("kinds/single.js", "kinds/multiple.js", "kinds/numeric.js", "kinds/text.js"),
    *("kinds/date.js", "kinds/order.js", "kinds/pairing.js", "kinds/picking.js", "kinds/open.js"),
    *("marking.js", "clock.js", "question.js", "review.js", "handin.js", "quiz.js"),
)
_PAGE = ("record.js", "receipt.js", "progress.js", "page.js")
_IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const)\b)", re.MULTILINE)


def _joined(names: tuple[str, ...]) -> str:
    parts = [(_HERE / name).read_text(encoding="utf-8") for name in names]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)).strip() + "\n" for part in parts)


@cache
def widget_module() -> str:
    """Return the front-end module for anywidget: its default export has ``render``."""
    names = "dueItems, mark, nextReview, pick, shuffled"
    return f"{_joined(_SHARED)}\nexport default {{ render }};\nexport {{ {names} }};\n"


@cache
def page_script() -> str:
    """Return a script that makes every quiz of a page live, from the disk too."""
    body = _joined((*_SHARED, *_PAGE))
    begin = (
        'if (document.readyState === "loading") '
        'document.addEventListener("DOMContentLoaded", start);\nelse start();'
    )
    return f'(() => {{\n"use strict";\n{body}\n{begin}\n}})();\n'


@cache
def stylesheet() -> str:
    """Return the rules of a quiz; the page gives the colours."""
    return (_HERE / "quiz.css").read_text(encoding="utf-8")


@cache
def widget_stylesheet() -> str:
    """Return the rules of a quiz with its colours, light and dark, for a notebook."""
    return palette.notebook_rules(".pfp-quiz-live") + stylesheet()
