"""The constructs of Python in a notebook, as a table for beginners would name them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pfp_course.files import notebook_in

__all__ = ["constructs", "constructs_of"]

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
