"""The notebooks of an assignment: chapters with a place to hand in, and sheets of questions."""

import ast
import json
import re
from collections.abc import Sequence
from typing import Any

__all__ = ["question_sheet", "with_hand_in", "without_questions"]

# What asks, checks or shows the questions of a chapter.
_ASKING = {"quiz", "check", "review", "progress", "read_bank", "submit"}
_TASK = re.compile(r"\*\*Exercise \d+\.\*\*|\A## (?:Questions|Hand in)\b|\A#+ [^\n]*\Z")
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

Cell = dict[str, Any]


def with_hand_in(notebook: bytes, words: str) -> bytes:
    """Return a chapter with the form to hand in at its end; under these words if it has none."""
    content = json.loads(notebook)
    if not any(cell.get("id") == "submit" for cell in content["cells"]):
        content["cells"] += _hand_in(words)
    return _bytes(content)


def without_questions(notebook: bytes) -> bytes:
    """Return a chapter without the cells that ask or check, and without the words of its tasks."""
    content = json.loads(notebook)
    kept: list[Cell] = []
    for cell in content["cells"]:
        if not _asks(cell):
            kept.append(cell)
        elif kept and kept[-1]["cell_type"] == "markdown" and _TASK.search(_source(kept[-1])):
            kept.pop()
    content["cells"] = kept
    return _bytes(content)


def question_sheet(
    title: str, words: str, quizzes: Sequence[tuple[str, str]], hand_in: str
) -> bytes:
    """Return a notebook that asks questions and takes the answers in.

    Parameters
    ----------
    title, words : str
        Its heading, and what a student is told before the questions.
    quizzes
        Of each file of questions its title and its name.
    hand_in : str
        What a student is told before the form to hand in.
    """
    cells = [
        _markdown("opening", f"# {_line(title)}\n\n{words}"),
        _code("set-up", "from pfp_course import about, load, quiz, submit"),
    ]
    for number, (heading, name) in enumerate(quizzes, 1):
        cells.append(_markdown(f"part-{number}", f"## {_line(heading)}"))
        cells.append(_code(f"ask-{number}", f"quiz({json.dumps(name, ensure_ascii=False)})"))
    cells += _hand_in(hand_in)
    return _bytes({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def _hand_in(words: str) -> list[Cell]:
    return [
        _markdown("hand-in", f"## Hand in\n\n{words}"),
        _code("submit", "from pfp_course import submit\n\nsubmit()"),
    ]


def _asks(cell: Cell) -> bool:
    if cell["cell_type"] != "code":
        return False
    calls = (node for node in ast.walk(ast.parse(_source(cell))) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in _ASKING for call in calls)


def _source(cell: Cell) -> str:
    return "".join(cell["source"])


def _line(text: str) -> str:
    # A title of the instructor's must not become another kind of line.
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))


def _markdown(name: str, text: str) -> Cell:
    lines = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines}


def _code(name: str, text: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }


def _bytes(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
