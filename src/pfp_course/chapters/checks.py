"""Check a notebook: its form, its citations and its questions."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pfp_course.data import sources
from pfp_course.errors import CourseError
from pfp_course.questions import Bank, read_bank

__all__ = ["check_notebook", "cited_keys", "run_notebook"]

CITATION = re.compile(r"\[@(?P<keys>[^\]\s][^\]]*)\]")
_QUIZ = re.compile(r"""\bquiz\(\s*["'](?P<id>[\w.-]+)["']""")
_CHECK = re.compile(r"""\bcheck\(\s*["'](?P<id>[\w.-]+)["']""")
_CITE = re.compile(r"\bcite\(([^)]*)\)")
_MYST = re.compile(r"^:::|^```\{|\{(cite|ref|doc|term|numref)[^}]*\}`", re.MULTILINE)
_LONGEST_CELL = 10


def check_notebook(path: Path, bank: Path) -> list[str]:
    """Return every problem of a notebook as ``file: cell 'id': what is wrong; the mend``.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    bank : pathlib.Path
        The question bank of the same chapter.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{path}: this is not a notebook ({error}). Restore it, or export it again."]
    problems = [*_form(notebook), *_texts(cells), *_code(cells)]
    try:
        problems += _questions(cells, read_bank(bank))
    except CourseError as error:
        problems.append(f"its bank cannot be read: {error}")
    return [f"{path}: {problem}" for problem in problems]


def _form(notebook: dict[str, Any]) -> Iterator[str]:
    if notebook.get("metadata", {}).get("kernelspec", {}).get("name") != "python3":
        yield "no kernel is named, so that JupyterLab would ask. Set kernelspec to python3."
    cells = notebook["cells"]
    if not cells or not _text(cells[0]).startswith("# "):
        yield "it does not open with a title. Begin the first cell with '# 2. Title'."
    ids = [cell.get("id", "") for cell in cells]
    for double in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"cell {double!r}: the id is used twice. Give each cell an id of its own."
    for cell in cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"cell {cell['id']!r}: it holds outputs. Clear all outputs and save."


def _texts(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] != "markdown":
            continue
        text = _text(cell)
        if _MYST.search(text):
            yield (
                f"cell {cell['id']!r}: it uses Sphinx markup, which JupyterLab shows raw. "
                "Write plain Markdown; cite as [@key]."
            )
        for key in cited_keys(text):
            if key not in sources():
                yield (
                    f"cell {cell['id']!r}: there is no source {key!r}. "
                    "Correct the key, or add the source to sources.csv."
                )


def _code(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        lines = [line for line in _text(cell).splitlines() if line.strip()]
        folded = "hide-input" in cell["metadata"].get("tags", [])
        if len(lines) > _LONGEST_CELL and not folded:
            yield (
                f"cell {cell['id']!r}: {len(lines)} lines of code are too many for a beginner. "
                f"Split it, or fold it away with the tag hide-input (at most {_LONGEST_CELL})."
            )
        for call in _CITE.findall(_text(cell)):
            for key in re.findall(r"""["']([^"']+)["']""", call):
                if key not in sources():
                    yield f"cell {cell['id']!r}: cite() names no source {key!r}. Correct the key."


def _questions(cells: list[dict[str, Any]], bank: Bank) -> Iterator[str]:
    code = "\n".join(_text(cell) for cell in cells if cell["cell_type"] == "code")
    asked = set(_QUIZ.findall(code))
    checked = set(_CHECK.findall(code))
    inline = {question.id for question in bank.questions if question.inline}
    exercises = {exercise.id for exercise in bank.exercises}
    heading = f"# {int(bank.chapter)}. {bank.title}"
    if not _text(cells[0]).startswith(heading + "\n"):
        yield f"its title is not that of the bank. Make it: {heading}"
    if bank.chapter not in asked:
        yield f'the closing quiz is never asked. Add a cell: quiz("{bank.chapter}")'
    for name in sorted(asked - inline - {bank.chapter}):
        yield f"quiz({name!r}) names no inline question of {bank.chapter}. Correct the id."
    for name in sorted(inline - asked):
        yield f'question {name} is inline but is never asked. Add a cell: quiz("{name}")'
    for name in sorted(checked - exercises):
        yield f"check({name!r}) names no exercise of {bank.chapter}. Correct the id."
    for name in sorted(exercises - checked):
        yield f'exercise {name} is never checked. Add a cell: check("{name}", answer)'


def cited_keys(text: str) -> list[str]:
    """Return the keys of all citations ``[@key; @other]`` in a text, in order."""
    return [
        key.strip().lstrip("@")
        for found in CITATION.finditer(text)
        for key in found["keys"].split(";")
    ]


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def run_notebook(path: Path, folder: Path) -> list[str]:
    """Run a notebook from top to bottom in a clean kernel, in a folder; return its errors.

    The notebook itself is not changed. A kernel that does not answer for two minutes counts
    as an error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return [f"{path}: it does not run. {str(error).strip()}"]
    return []
