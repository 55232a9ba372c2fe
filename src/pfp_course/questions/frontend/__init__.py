"""The quiz's front end: one module for a widget, one script for a page, one style sheet.

The parts are ES modules, so that an editor, a checker and a browser understand them as they are.
They are joined here, because a page opened from the disk may not load modules.
"""

import re
from functools import cache
from pathlib import Path

from pfp_course import palette
from pfp_course.questions.kinds import KINDS

__all__ = [
    "FOLDER",
    "classic",
    "joined",
    "page_script",
    "personal_script",
    "short",
    "stylesheet",
    "widget_module",
    "widget_stylesheet",
]

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import\b[^;]*?from "(\.[^"]+)";\n', re.MULTILINE)
# What is for those who write it: comments, types, the space before a line, and empty lines. No text
# of ours has several lines.
_COMMENTS = re.compile(
    r"^ *//.*\n"
    r"|^ */\*\*[^*]*(?:\*(?!/)[^*]*)*\*/\n"
    r"|/\*\*[^\n]*?\*/ ?"
    r"|(?<=[;,{]) // .*$"
    r"|^[ \n]+",
    re.MULTILINE,
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"""(?P<kept>"[^"]*"|'[^']*'|url\([^)]*\))|\s*(?P<sign>[{};,])\s*|:\s+|\s+""")
_EXPORT = re.compile(r"^export (?=(?:async function|function|const)\b)", re.MULTILINE)


def short(sheet: str) -> str:
    """Return a style sheet without comments, and without the space that says nothing."""
    return _SPACE.sub(
        lambda found: found["kept"] or found["sign"] or (":" if found[0][0] == ":" else " "),
        _CSS_COMMENT.sub("", sheet).strip(),
    )


def joined(*modules: Path) -> str:
    """Return ES modules as one script: each after those that it imports, and each once.

    What binds them as modules is left out, and so are the comments and types, which are for those
    who write them.
    """
    texts: dict[Path, str] = {}
    for module in modules:
        _read(module.resolve(), texts)
    bare = [_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts.values()]
    return "".join(f"{_COMMENTS.sub('', text).strip()}\n" for text in bare)


def _read(module: Path, texts: dict[Path, str]) -> None:
    """Put a module after what it imports."""
    if module in texts:
        return
    text = module.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        _read((module.parent / found[1]).resolve(), texts)
    texts[module] = text


def classic(*modules: Path, before: str = "", after: str = "") -> str:
    """Return ES modules as one script that keeps its names to itself.

    The code ``before`` them is what they find there, such as data; the code ``after`` calls them.
    """
    return f'(() => {{\n"use strict";\n{before}{joined(*modules)}{after}}})();\n'


def _modules(module: Path) -> list[Path]:
    """Return a module after those of all kinds."""
    kinds = dict.fromkeys(FOLDER / "kinds" / f"{kind.front_end}.js" for kind in KINDS.values())
    return [*kinds, module]


def _registered() -> str:
    """Return the code that tells ``mark`` the module of each kind."""
    modules = {name: Path(kind.front_end).name for name, kind in KINDS.items()}
    kinds = ", ".join(
        name if name == module else f"{name}: {module}" for name, module in modules.items()
    )
    return f"Object.assign(KINDS, {{ {kinds} }});\n"


@cache
def widget_module() -> str:
    """Return the front-end module for anywidget: its default export has ``render``.

    The other exports are for tests, which hold both languages to the same vectors.
    """
    names = "disordered, dueItems, literal, mark, nextReview, partsOf, pick, shuffled, unmarked"
    exports = f"export default {{ render: renderWidget }};\nexport {{ {names} }};\n"
    return f"{joined(*_modules(FOLDER / 'widget.js'))}{_registered()}{exports}"


@cache
def page_script(module: Path = FOLDER / "page.js", begin: str = "start") -> str:
    """Return a script that makes every quiz of a page live, from the disk too.

    The module, which may import those of this folder, does it by the function ``begin``; that is
    called without arguments when the page has been read.
    """
    begun = (
        'if (document.readyState === "loading") '
        f'document.addEventListener("DOMContentLoaded", () => {begin}());\nelse {begin}();\n'
    )
    return classic(*_modules(module), after=_registered() + begun)


@cache
def personal_script() -> str:
    """Return the script of the pages that show what a reader has answered, and what is due."""
    return page_script(FOLDER / "personal.js", "startPersonal")


@cache
def stylesheet() -> str:
    """Return the rules of a quiz; the page gives the colours."""
    return short((FOLDER / "quiz.css").read_text(encoding="utf-8"))


@cache
def widget_stylesheet() -> str:
    """Return the rules of a quiz with its colours, light and dark, for a notebook."""
    return palette.notebook_rules(".pfp-quiz-live") + stylesheet()
