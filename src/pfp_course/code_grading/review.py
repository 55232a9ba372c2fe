"""Which results of a notebook wait for a person, whatever its tests say.

Where the notebook is as it was given, and a test fails, the student's answer is wrong and the test
earns nothing. Where a cell was put back, guessed or not found, or the answer may stand elsewhere,
a result below the points of its cell may be wrong itself.
"""

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from pfp_course.code_grading.release import AssignedCell, Matched, Release, normal
from pfp_course.questions.comparison import Compare, differs, received

__all__ = ["Claim", "claims", "waiting"]


def waiting(notebook: Any, release: Release, found: Matched, notes: list[str]) -> dict[str, str]:
    """Return why a result below its points waits, by the name of a graded cell.

    Parameters
    ----------
    notebook
        As it will be run.
    release
        As it was given.
    found
        Which cell is which.
    notes
        What was repaired: each of them lets every cell wait.
    """
    graded = [one for one in release.given if one.is_graded]
    if notes:
        more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
        return {one.name: f"{notes[0]}{more}" for one in graded}
    waits: dict[str, str] = {}
    for one in graded:
        why = _elsewhere(notebook, release, found, one) or _set_up(notebook, release, found, one)
        if why:
            waits[one.name] = why
    return waits


def _elsewhere(notebook: Any, release: Release, found: Matched, graded: AssignedCell) -> str:
    """Return why the answer may stand in a cell that was added."""
    answers = release.answers[graded.name]
    if not found.extra or not answers:
        return ""
    if all(_says_nothing(found.cells[one.name].source, one) for one in answers):
        count = len(found.extra)
        return "its answer's cell is as it was given, and the answer may stand in " + (
            "a cell that was added" if count == 1 else f"one of {count} cells that were added"
        )
    if graded.is_answer:
        return ""
    after = {id(cell) for cell in notebook.cells[_index(notebook, found.cells[graded.name]) :]}
    used = _loaded(graded.source)
    for cell in found.extra:
        if id(cell) in after and cell.cell_type == "code" and _bound(cell.source) & used:
            return "a cell that was added after it gives the answer anew"
    return ""


def _says_nothing(text: str, answer: AssignedCell) -> bool:
    if normal(text) in (normal(answer.released), ""):
        return True
    return answer.cell_type == "code" and _bare(text)


def _bare(text: str) -> bool:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) and _is_blank(node.value))
        for node in body
    )


def _is_blank(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and (
        value.value in (None, ...) or isinstance(value.value, str)
    )


def _changed(cells: list[Any], release: Release) -> list[tuple[int, str]]:
    """Return cells of code of the assignment that are not among cells, with their places."""
    held = [cell.source for cell in cells if cell.cell_type == "code"]
    texts = {normal(source) for source in held}
    statements = [_statements(source) for source in held]
    return [
        (place, cell.text)
        for place, cell in enumerate(release.cells)
        if cell.cell_type == "code"
        and not cell.name
        and normal(cell.text)
        and normal(cell.text) not in texts
        and not _is_within(_statements(cell.text), statements)
    ]


@lru_cache(2000)
def _statements(source: str) -> list[str]:
    tree = _parsed(source)
    return [] if tree is None else [ast.dump(node) for node in tree.body]


def _is_within(wanted: list[str], held: list[list[str]]) -> bool:
    """Tell whether a cell has all statements in their order, and perhaps more."""
    for statements in held:
        left = iter(statements)
        if wanted and all(statement in left for statement in wanted):
            return True
    return False


def _set_up(notebook: Any, release: Release, found: Matched, graded: AssignedCell) -> str:
    """Return why what a test builds on may have been changed, moved or deleted."""
    if not release.complete or not graded.is_test:
        return ""
    before = notebook.cells[: _index(notebook, found.cells[graded.name])]
    order = {cell.name: place for place, cell in enumerate(release.cells) if cell.name}
    changed: list[str] = []
    for one in [*release.answers[graded.name], graded]:
        # What stood before an answer has to stand before it, and not before its test alone.
        cells = notebook.cells[: _index(notebook, found.cells[one.name])]
        changed += [text for place, text in _changed(cells, release) if place < order[one.name]]
    needed = _loaded(graded.source)
    for cell in reversed(before if changed else []):
        if cell.cell_type == "code" and _bound(cell.source) & needed:
            needed |= _loaded(cell.source)
    for text in changed:
        if _parsed(text) is None or _bound(text) & needed:
            line = next(line for line in text.splitlines() if line.strip())
            return f"a cell of the assignment is not before it as given: {line.strip()[:60]}"
    return ""


def _index(notebook: Any, cell: Any) -> int:
    return next(place for place, one in enumerate(notebook.cells) if one is cell)


def _parsed(source: str) -> ast.Module | None:
    lines = [
        "" if line.lstrip().startswith(("%", "!", "?")) else line for line in source.splitlines()
    ]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _loaded(source: str) -> set[str]:
    tree = _parsed(source)
    nodes = ast.walk(tree) if tree else ()
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _bound(source: str) -> set[str]:
    """Return the names that a cell gives a value, or whose value it may change."""
    tree = _parsed(source)
    names: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.partition(".")[0])
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=value))):
                names |= _base(value)
            case ast.Attribute(value=value, ctx=ast.Store()):
                names |= _base(value)
            case ast.Subscript(value=value, ctx=ast.Store()):
                names |= _base(value)
    return names


def _base(value: ast.expr) -> set[str]:
    while isinstance(value, ast.Attribute | ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    return {value.id} if isinstance(value, ast.Name) else set()


_LONGEST = 2_000_000


@dataclass(frozen=True)
class Claim:
    """A test says that the value of ``expression`` equals ``key``."""

    expression: str
    key: Any
    compare: Compare
    tolerance: float

    @property
    def request(self) -> str:
        """The expression that sends the value over from a kernel."""
        module = "__import__('pfp_course.questions.comparison', fromlist=['portable'])"
        return f"{module}.portable({self.expression}, {self.compare!r})"

    def holds(self, reply: Any) -> bool:
        """Tell whether a kernel's reply to the request is the right value."""
        try:
            shown = reply["data"]["text/plain"]
            if not isinstance(shown, str) or len(shown) > _LONGEST:
                return False
            text = ast.literal_eval(shown)
            value = received(text)
            return differs(value, self.key, self.compare, self.tolerance) is None
        except (KeyError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
            return False


def claims(source: str) -> list[Claim]:
    """Return what the asserts of a test cell claim, where they have the form we write.

    Other tests are left to what nbgrader makes of them.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = []
    for node in tree.body:
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
            call = node.test.left
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id == "differs"
                and len(call.args) == 4
            ):
                found.append(_claim(call))
    return [claim for claim in found if claim is not None]


def _claim(call: ast.Call) -> Claim | None:
    try:
        key, compare, tolerance = (ast.literal_eval(part) for part in call.args[1:])
    except ValueError:
        return None
    if compare not in get_args(Compare):
        return None
    return Claim(ast.unparse(call.args[0]), key, compare, float(tolerance))
