"""Check a notebook: its form, its citations, its questions, and the Python that it shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pfp_course.chapters.outline import promise_of
from pfp_course.course import Course
from pfp_course.data import sources
from pfp_course.errors import CourseError
from pfp_course.files import notebook_in
from pfp_course.questions import Bank, read_bank

__all__ = [
    "INSTALL",
    "RUN_FIRST",
    "check_notebook",
    "cited_keys",
    "constructs",
    "constructs_of",
    "course_address",
    "first_cells",
]


_OPERATORS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.Invert: "~",
    ast.USub: "-",
    ast.Not: "not",
    ast.And: "and",
    ast.Or: "or",
}
_SYNTAX = {
    ast.Assign: "name =",
    ast.AugAssign: "+=",
    ast.List: "[a, b]",
    ast.Dict: "{a: b}",
    ast.Set: "{a, b}",
    ast.Tuple: "(a, b)",
    ast.Slice: "[a:b]",
    ast.For: "for",
    ast.If: "if",
    ast.IfExp: "if else",
    ast.While: "while",
    ast.FunctionDef: "def",
    ast.Lambda: "lambda",
    ast.JoinedStr: 'f"..."',
    ast.ListComp: "[... for ...]",
    ast.DictComp: "{... for ...}",
    ast.SetComp: "{... for ...}",
    ast.GeneratorExp: "(... for ...)",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.With: "with",
    ast.Try: "try",
}
# The machinery of the course itself: folded away, or the same in every chapter.
_OURS = {"quiz", "check", "opener", "cite", "document", "figures", "say", "submit"}
# What stands after a point without brackets and is no column of a row.
_ATTRIBUTES = {"dt", "str", "year", "days", "index", "columns", "iloc", "loc", "values"}


def constructs(source: str) -> set[str]:
    """Return the constructs of a piece of code, as a table for beginners would name them.

    A function is given as ``len()``, a method or attribute as ``.head``, a function of a library
    as ``pd.crosstab``, an operator by its sign, a named argument as ``by=``, and syntax by its
    form, such as ``name =`` or ``[a, b]``. A column in brackets is ``table["column"]``.

    Raises
    ------
    SyntaxError
        If the code is not Python.
    """
    tree = ast.parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {
        name
        for node in ast.walk(tree)
        for name in (
            _attribute(node)
            if isinstance(node, ast.Attribute) and id(node) not in called
            else _named(node)
        )
    }


def _attribute(node: ast.Attribute) -> Iterator[str]:
    if not _of_a_library(node):
        yield f".{node.attr}" if node.attr in _ATTRIBUTES else "row.column"


def _named(node: ast.AST) -> Iterator[str]:
    if type(node) in _SYNTAX:
        yield _SYNTAX[type(node)]
    elif isinstance(node, ast.Compare):
        yield from (_OPERATORS[type(operator)] for operator in node.ops)
    elif isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp):
        yield _OPERATORS.get(type(node.op), type(node.op).__name__)
    elif isinstance(node, ast.Subscript):
        yield from _subscript(node)
    elif isinstance(node, ast.Call):
        yield from _call(node)
    elif isinstance(node, ast.Attribute) and not _of_a_library(node):
        yield f".{node.attr}"


def _call(node: ast.Call) -> Iterator[str]:
    # The names that `assign` is given are new columns of the student's own.
    ours = isinstance(node.func, ast.Attribute) and node.func.attr == "assign"
    if isinstance(node.func, ast.Name):
        ours = node.func.id in _OURS
        if not ours:
            yield f"{node.func.id}()"
    elif isinstance(node.func, ast.Attribute) and _of_a_library(node.func):
        assert isinstance(node.func.value, ast.Name)
        yield f"{node.func.value.id}.{node.func.attr}"
        ours = node.func.value.id in _OURS
    if not ours:
        yield from (f"{keyword.arg}=" for keyword in node.keywords if keyword.arg)


def _of_a_library(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("pd", "plt", "figures")


def _subscript(node: ast.Subscript) -> Iterator[str]:
    match node.slice:
        case ast.Constant(value=str()):
            yield 'table["column"]'
        case ast.List():
            yield "table[[columns]]"
        case ast.Compare() | ast.UnaryOp() | ast.BinOp() | ast.BoolOp() | ast.Call():
            yield "table[condition]"
        case ast.Constant(value=int()):
            yield "value[0]"
        case ast.Subscript() | ast.Name():
            yield "table[condition]"
        case _:
            pass


def constructs_of(notebook: Path) -> set[str]:
    """Return the constructs of all cells of a notebook whose code is shown to the student."""
    shown = (
        "".join(cell["source"])
        for cell in notebook_in(notebook)["cells"]
        if cell["cell_type"] == "code"
        and not {"hide-input", "remove-input"} & set(cell["metadata"].get("tags", []))
    )
    sources = list(shown)
    # Functions that the notebook itself makes are explained where they are made.
    own = {f"{name}()" for source in sources for name in re.findall(r"^def (\w+)", source, re.M)}
    return {name for source in sources for name in constructs(source)} - own


CITATION = re.compile(r"\[@(?P<keys>[^\]\s][^\]]*)\]")
_QUIZ = re.compile(r"""\bquiz\(\s*["'](?P<id>[\w.-]+)["']""")
_CHECK = re.compile(r"""\bcheck\(\s*["'](?P<id>[\w.-]+)["']""")
_CITE = re.compile(r"\bcite\(([^)]*)\)")
_MYST = re.compile(r"^:::|^```\{|\{(cite|ref|doc|term|numref)[^}]*\}`", re.MULTILINE)
_LONGEST_CELL = 10


def check_notebook(path: Path, bank: Path, course: Course) -> list[str]:
    """Return every problem of a notebook as ``file: cell 'id': what is wrong; the mend``.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    bank : pathlib.Path
        The question bank of the same chapter.
    course : Course
        The course whose sources the notebook cites.
    """
    try:
        notebook = notebook_in(path)
    except CourseError as error:
        return [str(error)]
    cells = notebook["cells"]
    problems = [
        *_form(notebook),
        *_promise(path),
        *first_cells(cells),
        *_texts(cells, course),
        *_code(cells, course),
    ]
    try:
        problems += _questions(cells, read_bank(bank, course))
    except CourseError as error:
        problems.append(f"its bank cannot be read: {error}")
    return [f"{path}: {problem}" for problem in problems]


def _promise(path: Path) -> Iterator[str]:
    try:
        promise_of(path)
    except CourseError as error:
        yield str(error).removeprefix(f"{path}: ")
    except IndexError:
        return  # it has no cells, which is told already


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


def _texts(cells: list[dict[str, Any]], course: Course) -> Iterator[str]:
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
            if key not in sources(course):
                yield (
                    f"cell {cell['id']!r}: there is no source {key!r}. "
                    "Correct the key, or add the source to sources.csv."
                )


def _code(cells: list[dict[str, Any]], course: Course) -> Iterator[str]:
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
                if key not in sources(course):
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


RUN_FIRST = (
    "**If you work in JupyterLab, VS Code or Colab, run all cells first.** In JupyterLab choose "
    "the menu *Run*, then *Run All Cells*. In VS Code the button is *Run All*, and in Colab the "
    "menu is *Runtime*, *Run all*. A quiz, a table or a figure appears only when its cell has run. "
    "If the course is not installed here, the next cell says what to do. In Colab it installs the "
    "course itself."
)
INSTALL = """\
# Where Colab finds the course: the address of its wheel, or git+ and that of its repository.
COURSE = ""

import os
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path


class CourseMissingError(Exception):
    def _render_traceback_(self):
        return [str(self)]


if find_spec("pfp_course") is None:
    colab = (
        "COLAB_RELEASE_TAG" in os.environ or "google.colab" in sys.modules
    )
    wheels = sorted(
        str(path.resolve()) for path in Path().glob("pfp_course-*.whl")
    )
    course = wheels[-1] if wheels else COURSE
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    if colab and course and subprocess.run([*pip, course]).returncode == 0:
        invalidate_caches()
    elif colab:
        raise CourseMissingError(
            "Colab does not have the course. Upload the file pfp_course-...whl that your teacher "
            "gave you, with the folder sign at the left, and run all cells again."
        )
    else:
        raise CourseMissingError(
            f"The course is not installed for this Python ({sys.executable}). Your teacher has a "
            "file that ends in .whl. Write into a new cell, and run it:\\n\\n"
            f'    %pip install "{course or "pfp_course-0.1.0-py3-none-any.whl"}"\\n\\n'
            "Then restart the kernel and run all cells again."
        )
"""
_ADDRESS = re.compile(r'^COURSE = "(?P<address>[^"\n]*)"$', re.MULTILINE)


def course_address(code: str) -> str:
    """Return where the cell gets the course from, or an empty text."""
    found = _ADDRESS.search(code)
    return found["address"] if found else ""


def first_cells(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the first cells of a notebook."""
    by_name = {cell.get("id"): "".join(cell["source"]) for cell in cells[:4]}
    code = by_name.get("install", "")
    plain = _ADDRESS.sub('COURSE = ""', code)
    if plain.strip() != INSTALL.strip() or by_name.get("run-first", "").strip() != RUN_FIRST:
        yield (
            "it does not say at its head how to install the course. Copy the cells 'run-first' and "
            "'install' of chapter 1, under the title."
        )
