"""What the build finds wrong, as it is told to an author: file, cell, line, cause, mend."""

import re
from pathlib import Path

from pfp_course.files import json_or

__all__ = ["spoken"]

_TOLD = re.compile(
    r"(?P<path>[^\s:][^:]*\.(?:md|ipynb|yml|py))(?::(?P<line>\d*))?: "
    r"(?:WARNING|ERROR|CRITICAL|SEVERE): (?P<text>.*?)(?: \[(?P<kind>[\w.-]+)\])?"
)
_BARE = re.compile(r"(?:WARNING|ERROR|CRITICAL): (?P<text>.*?)(?: \[(?P<kind>[\w.-]+)\])?")
# Sphinx puts this around the words of an error of ours.
_THROWN = re.compile(
    r"(?:Extension error.*?:)?\s*Handler <.*> for event '[\w-]+' threw an exception "
    r"\(exception: (?P<text>.*)\)"
)
# MyST-NB counts the lines of a notebook in ten thousands, one for each cell, the first line as 2.
_CELL = 10_000
# By how the kind of a warning begins, as Sphinx and MyST name it, or its text where it has none.
_MENDS = {
    "myst.xref": "Correct the link, or add what it leads to.",
    "myst.header": "Give the headings their levels in order: # before ## before ###.",
    "myst.directive": "Correct the lines between the colons or backticks.",
    "myst.role": "Correct the role, or write plain Markdown.",
    "ref": "Correct the reference.",
    "image": "Correct the name of the picture, or add the file.",
    "toc": "Correct the entry in _toc.yml.",
    "etoc": "Correct the entry in _toc.yml.",
    "download": "Correct the name of the file, or add it.",
    "config": "Correct _config.yml.",
    "unknown document": "Correct the name of the page.",
    "unknown config": "Correct _config.yml.",
}


def spoken(line: str) -> str:
    """Return a line of the build's log as one sentence, and the mend where one is known.

    A place in a notebook is told by its cell, and what went wrong in an extension by what was
    said of it; what is not of this form stays as it is.
    """
    if found := _THROWN.fullmatch(line):
        return found["text"]
    if found := _TOLD.fullmatch(line):
        place = _place(Path(found["path"]), int(found["line"] or 0))
        return f"{place}: {_with_mend(found['text'], found['kind'])}"
    if found := _BARE.fullmatch(line):
        return _with_mend(found["text"], found["kind"])
    return line


def _place(path: Path, line: int) -> str:
    if path.suffix != ".ipynb" or line < _CELL:
        return f"{path}:{line}" if line else str(path)
    number, inside = divmod(line, _CELL)
    cell = json_or(path, lambda notebook: repr(notebook["cells"][number - 1]["id"]), "")
    return f"{path}: cell {cell or f'number {number}'}, line {max(inside - 1, 1)}"


def _with_mend(text: str, kind: str | None) -> str:
    fitting = [mend for name, mend in _MENDS.items() if (kind or text).startswith(name)]
    sentence = text if text.endswith((".", "!", "?")) else f"{text}."
    return f"{sentence} {fitting[0]}" if fitting else sentence
