"""A student's notebook made fit for nbgrader where that is safe, and what then waits for a person.

Where the notebook is as it was given, and a test fails, the student's answer is wrong and the test
earns nothing. Where a cell was put back, guessed or not found, or the answer may stand elsewhere,
a result below the points of its cell may be wrong itself.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import nbformat

from pfp_course.code_grading.inert import fenced
from pfp_course.code_grading.release import AssignedCell, Matched, Release, match, normal

__all__ = ["Repair", "repaired"]


@dataclass
class Repair:
    """What was done to a notebook, in words.

    ``doubled`` names cells that stood there more than once; ``waits`` says by the name of a graded
    cell why a result below its points waits for a person.
    """

    notes: list[str] = field(default_factory=list)
    doubled: set[str] = field(default_factory=set)
    waits: dict[str, str] = field(default_factory=dict)


def repaired(notebook: Any, release: Release, notes: Sequence[str] = ()) -> Repair:
    """Put the assignment's own metadata on the cells of a notebook, and restore lost tests.

    The notebook is changed in place; ``notes`` say what had to be mended before. What a person has
    to look at is said in ``waits``: where anything was put back, guessed or not found, no result
    below the points of a cell counts by itself.
    """
    found = match(notebook, release)
    repair = Repair(notes=list(notes), doubled=found.doubled)
    twice = "stood there more than once; the first one counts"
    repair.notes += [f"the cell {name} {twice}" for name in sorted(found.doubled)]
    for names, sign in ((found.by_text, "text"), (found.by_place, "place")):
        if names:
            which, how = f"cell {names[0]}", f"was recognised by its {sign}"
            if len(names) > 1:
                which, how = f"cells {', '.join(names)}", f"were recognised by their {sign}s"
            repair.notes.append(f"the {which} had lost nbgrader's mark and {how}")
    for name, cell in list(found.cells.items()):
        _mark(notebook, cell, release.wanted[name], repair)
    lost = [one for one in release.given if one.name not in found.cells]
    for given in lost:
        _put_back(notebook, given, release, found, repair)
    _in_order(notebook, release, found, repair)
    repair.waits = _waiting(notebook, release, found, repair.notes)
    return repair


def _mark(notebook: Any, cell: Any, given: AssignedCell, repair: Repair) -> None:
    """Make a cell what it is in the assignment, and keep what the student wrote over."""
    given.mark(cell)
    if cell.cell_type != given.cell_type:
        kinds = {"code": "code", "markdown": "text", "raw": "raw text"}
        repair.notes.append(
            f"the cell {given.name} had become a cell of {kinds[cell.cell_type]}; it was made "
            f"{kinds[given.cell_type]} again"
        )
        _retype(cell, given.cell_type)
    if given.metadata["locked"] and not given.metadata["solution"]:
        written = cell.source
        cell.source = given.source
        if normal(written) not in (normal(given.released), normal(given.source)):
            repair.notes.append(f"the locked cell {given.name} was changed; it was put back")
            text = written if given.cell_type == "markdown" else fenced(written)
            name = _free_id(notebook, f"was-{given.name}")
            copy = nbformat.v4.new_markdown_cell(text, id=name)
            notebook.cells.insert(_place(notebook, cell) + 1, copy)


def _retype(cell: Any, cell_type: str) -> None:
    cell.cell_type = cell_type
    for name in ("outputs", "execution_count", "attachments"):
        cell.pop(name, None)
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _put_back(
    notebook: Any, given: AssignedCell, release: Release, found: Matched, repair: Repair
) -> None:
    if given.is_answer and not given.is_graded:
        # Its text would run as if it were the student's answer.
        repair.notes.append(f"the cell {given.name} was not found")
        return
    source = given.source
    if given.is_answer and not given.metadata["task"]:
        say = f"The cell {given.name} was not found. Its answer may stand in a cell near it."
        source = f"# {say}" if given.cell_type == "code" else f"*{say}*"
    cell = given.new_cell(source, _free_id(notebook, f"restored-{given.name}"))
    notebook.cells.insert(_where(notebook, given, release, found), cell)
    found.cells[given.name] = cell
    repair.notes.append(f"the cell {given.name} was missing; it was put back")


def _where(notebook: Any, given: AssignedCell, release: Release, found: Matched) -> int:
    """Return the place before the next cell of the assignment that the student still has."""
    start = next(n for n, cell in enumerate(release.cells) if cell.name == given.name)
    for place in range(start + 1, len(release.cells)):
        cell = found.cells.get(release.cells[place].name) or found.known.get(place)
        if cell is not None:
            return _place(notebook, cell)
    return len(notebook.cells)


def _place(notebook: Any, cell: Any) -> int:
    return next(place for place, one in enumerate(notebook.cells) if one is cell)


def _free_id(notebook: Any, name: str) -> str:
    taken = {cell.id for cell in notebook.cells}
    base = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:58]
    names = [base, *(f"{base}-{number}" for number in range(len(taken) + 1))]
    return next(one for one in names if one not in taken)


def _in_order(notebook: Any, release: Release, found: Matched, repair: Repair) -> None:
    """Let each test follow the answers that it tests, and come before the next answer."""
    order = [
        _place(notebook, found.cells[one.name]) for one in release.given if one.name in found.cells
    ]
    if order != sorted(order):
        repair.notes.append("its cells stand in another order than in the assignment")
    every = [one.name for one in release.given if one.is_answer and one.name in found.cells]
    for graded, before in release.answers.items():
        mine = {one.name for one in before if one.name in found.cells}
        if mine and release.wanted[graded].is_test:
            answers = [found.cells[name] for name in every if name in mine]
            others = [found.cells[name] for name in every if name not in mine]
            _after(notebook, found.cells[graded], answers, others)


def _after(notebook: Any, test: Any, answers: list[Any], others: list[Any]) -> None:
    def space() -> tuple[int, int | None]:
        last = max(_place(notebook, cell) for cell in answers)
        following = [place for cell in others if (place := _place(notebook, cell)) > last]
        return last, min(following, default=None)

    last, end = space()
    here = _place(notebook, test)
    if here < last or (end is not None and here > end):
        cell = notebook.cells.pop(here)
        last, end = space()
        notebook.cells.insert(last + 1 if end is None else end, cell)


def _waiting(notebook: Any, release: Release, found: Matched, notes: list[str]) -> dict[str, str]:
    """Return why a result below its points waits, by the name of a graded cell.

    The notebook is as it will be run. Each note of a repair lets every cell wait.
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
    after = {id(cell) for cell in notebook.cells[_place(notebook, found.cells[graded.name]) :]}
    used = _loaded(graded.source)
    for cell in found.extra:
        if id(cell) in after and cell.cell_type == "code" and _bound(cell.source) & used:
            return "a cell that was added after it gives the answer anew"
    return ""


def _says_nothing(text: str, answer: AssignedCell) -> bool:
    if normal(text) in (normal(answer.released), ""):
        return True
    if answer.cell_type != "code":
        return False
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
    before = notebook.cells[: _place(notebook, found.cells[graded.name])]
    order = {cell.name: place for place, cell in enumerate(release.cells) if cell.name}
    changed: list[str] = []
    for one in [*release.answers[graded.name], graded]:
        # What stood before an answer has to stand before it, and not before its test alone.
        cells = notebook.cells[: _place(notebook, found.cells[one.name])]
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
            case (
                ast.Expr(value=ast.Call(func=ast.Attribute(value=value)))
                | ast.Attribute(value=value, ctx=ast.Store())
                | ast.Subscript(value=value, ctx=ast.Store())
            ):
                names |= _base(value)
    return names


def _base(value: ast.expr) -> set[str]:
    while isinstance(value, ast.Attribute | ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    return {value.id} if isinstance(value, ast.Name) else set()
