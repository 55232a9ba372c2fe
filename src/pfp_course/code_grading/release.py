"""An assignment's notebook as students were given it, and which cell of a student's is which.

nbgrader knows a cell by metadata alone, and many tools remove that. Here a cell without it is
recognised by its text or, between two cells that are known, by its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

__all__ = [
    *("AssignedCell", "Matched", "Release", "assigned_cells", "grade_id", "match", "normal"),
    "release_of",
]

_MOST_CELLS = 2000


@dataclass(frozen=True)
class AssignedCell:
    """A cell of the assignment as the gradebook holds it.

    ``released`` is its text as students saw it: without hidden tests.
    """

    name: str
    cell_type: str
    source: str
    metadata: dict[str, Any]
    released: str = ""

    @property
    def is_test(self) -> bool:
        """Whether it earns points and is not the student's to write."""
        return bool(self.metadata["grade"]) and not self.metadata["solution"]

    @property
    def is_answer(self) -> bool:
        """Whether the student writes into it."""
        return bool(self.metadata["solution"] or self.metadata["task"])

    @property
    def is_graded(self) -> bool:
        """Whether it has points of its own."""
        return bool(self.metadata["grade"] or self.metadata["task"])

    def new_cell(self, source: str, cell_id: str) -> Any:
        """Return a cell of a notebook that is this one to nbgrader, with another text."""
        new: Any = nbformat.v4.new_markdown_cell
        if self.cell_type == "code":
            new = nbformat.v4.new_code_cell
        cell = new(source, id=cell_id)
        self.mark(cell)
        return cell

    def mark(self, cell: Any) -> None:
        """Make a cell of a notebook this one to nbgrader."""
        cell.metadata["nbgrader"] = nbformat.from_dict(dict(self.metadata))


@dataclass(frozen=True)
class ReleasedCell:
    """A cell as students were given it; ``name`` is empty where nbgrader does not know it."""

    name: str
    cell_type: str
    text: str


@dataclass(frozen=True)
class Release:
    """A notebook of an assignment.

    ``given`` are the cells that the gradebook knows, in their order. ``cells`` are all, and then
    it is ``complete``, or those of ``given`` alone if no file of the course has the rest.
    """

    given: list[AssignedCell]
    cells: list[ReleasedCell]
    complete: bool

    @property
    def wanted(self) -> dict[str, AssignedCell]:
        """The cells of the gradebook by name."""
        return {one.name: one for one in self.given}

    @property
    def answers(self) -> dict[str, list[AssignedCell]]:
        """By the name of a graded cell, the answers that it is about."""
        found: dict[str, list[AssignedCell]] = {}
        group: list[AssignedCell] = []
        tested = False
        for one in self.given:
            if one.is_answer:
                group = [one] if tested else [*group, one]
                tested = False
            if one.is_graded:
                found[one.name] = [one] if one.is_answer else list(group)
                tested = tested or not one.is_answer
        return found

    @property
    def texts(self) -> set[str]:
        """What the assignment itself says in Markdown."""
        own = {cell.text for cell in self.cells if cell.cell_type == "markdown"}
        return own | {one.source for one in self.given if one.cell_type == "markdown"}


def grade_id(cell: Any) -> Any:
    """Return the name by which nbgrader knows a cell, whatever stands there; None without one."""
    held = cell.metadata.get("nbgrader")
    return held.get("grade_id") if isinstance(held, dict) else None


def normal(text: str) -> str:
    """Return a text without the spaces that tools change at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def assigned_cells(notebook: Any, hidden: Any) -> list[AssignedCell]:
    """Return the cells of a notebook of the gradebook, in their order.

    ``hidden`` is nbgrader's step that takes hidden tests away, a `ClearHiddenTests`.
    """
    points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
    grades = {cell.name for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    return [
        AssignedCell(
            cell.name,
            cell.cell_type,
            cell.source,
            {
                "schema_version": 3,
                "grade_id": cell.name,
                "cell_type": cell.cell_type,
                "checksum": cell.checksum,
                "grade": cell.name in grades,
                "solution": cell.name in solutions,
                "task": cell.name in tasks,
                "locked": cell.locked,
                **({"points": points[cell.name]} if cell.name in points else {}),
            },
            _without_hidden(cell, hidden),
        )
        for cell in notebook.source_cells
    ]


def _without_hidden(cell: Any, hidden: Any) -> str:
    shown: Any = nbformat.v4.new_code_cell(cell.source)
    shown.metadata["nbgrader"] = {"grade": True}
    try:
        hidden.preprocess_cell(shown, {}, 0)
    except RuntimeError:  # nested or open regions, which nbgrader itself refuses to release
        return str(cell.source)
    return str(shown.source)


def release_of(given: Sequence[AssignedCell], paths: Sequence[Path] = ()) -> Release:
    """Return a notebook with the cells that the gradebook does not hold.

    ``paths`` may hold the notebook as it was released, or its source: the first that fits to the
    cells of the gradebook, which are given, is taken.
    """
    by_name = {one.name: one for one in given}
    for path in paths:
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception:  # it is missing, or somebody has changed it
            continue
        cells = []
        for cell in notebook.cells:
            known = by_name.get(str(grade_id(cell) or ""))
            name, text = (known.name, known.released) if known else ("", cell.source)
            cells.append(ReleasedCell(name, cell.cell_type, text))
        if cells and [cell.name for cell in cells if cell.name] == list(by_name):
            return Release(list(given), cells, complete=True)
    alone = [ReleasedCell(one.name, one.cell_type, one.released) for one in given]
    return Release(list(given), alone, complete=False)


@dataclass
class Matched:
    """What was found."""

    # Cells of the student by name, and names that stood on more than one.
    cells: dict[str, Any] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    # Names whose mark was lost, by how their cells were recognised.
    by_text: list[str] = field(default_factory=list)
    by_place: list[str] = field(default_factory=list)
    # By the place of a released cell, the student's cell that it has become.
    known: dict[int, Any] = field(default_factory=dict)
    # Cells of the student that are none of the assignment's, and not empty.
    extra: list[Any] = field(default_factory=list)


def match(notebook: Any, release: Release) -> Matched:
    """Return which cell is which, and take all metadata from the cells."""
    found = Matched()
    _by_name(notebook, release, found)
    if len(notebook.cells) <= _MOST_CELLS:
        _by_text(notebook, release, found)
        _by_place(notebook, release, found)
    # A cell that was moved is known by its text, wherever it stands.
    texts = {normal(cell.text) for cell in release.cells}
    taken = {id(cell) for cell in [*found.cells.values(), *found.known.values()]}
    found.extra = [
        cell
        for cell in notebook.cells
        if id(cell) not in taken and normal(cell.source) and normal(cell.source) not in texts
    ]
    return found


def _by_name(notebook: Any, release: Release, found: Matched) -> None:
    named: dict[str, list[Any]] = {}
    for cell in notebook.cells:
        name = grade_id(cell)
        # Tags and other metadata change how a cell is run or shown.
        cell.metadata = type(cell.metadata)()
        if isinstance(name, str) and name in release.wanted:
            named.setdefault(name, []).append(cell)
    for name, cells in named.items():
        given = release.wanted[name]
        # A copy that still says what was given is no answer.
        written = [cell for cell in cells if normal(cell.source) != normal(given.released)]
        found.cells[name] = (written if given.is_answer and written else cells)[0]
        if len(cells) > 1:
            found.doubled.add(name)


def _by_text(notebook: Any, release: Release, found: Matched) -> None:
    names = {id(cell): name for name, cell in found.cells.items()}
    given = [
        ("name", cell.name) if cell.name in found.cells else ("text", normal(cell.text))
        for cell in release.cells
    ]
    held = [
        ("name", names[id(cell)]) if id(cell) in names else ("text", normal(cell.source))
        for cell in notebook.cells
    ]
    blocks = SequenceMatcher(None, given, held, autojunk=False).get_matching_blocks()
    for block in blocks:
        for step in range(block.size):
            released, cell = release.cells[block.a + step], notebook.cells[block.b + step]
            if given[block.a + step] == ("text", ""):
                continue
            found.known[block.a + step] = cell
            if released.name and released.name not in found.cells:
                found.cells[released.name] = cell
                found.by_text.append(released.name)


def _by_place(notebook: Any, release: Release, found: Matched) -> None:
    places = {id(cell): place for place, cell in enumerate(notebook.cells)}
    anchors = [(place, places[id(cell)]) for place, cell in sorted(found.known.items())]
    edges = [(-1, -1), *anchors, (len(release.cells), len(notebook.cells))]
    for (before, first), (after, last) in pairwise(edges):
        lost = [
            release.wanted[cell.name]
            for cell in release.cells[before + 1 : after]
            if cell.name and cell.name not in found.cells and release.wanted[cell.name].is_answer
        ]
        taken = {id(cell) for cell in found.cells.values()}
        free = [
            cell
            for cell in notebook.cells[first + 1 : last]
            if id(cell) not in taken and normal(cell.source)
        ]
        if lost and free:
            _pair(lost, free, found)


def _pair(lost: list[AssignedCell], free: list[Any], found: Matched) -> None:
    """Take cells between two known ones for the answers that are missing there."""
    for code in (True, False):
        answers = [one for one in lost if (one.cell_type == "code") == code]
        cells = [cell for cell in free if (cell.cell_type == "code") == code]
        if not cells and len(lost) == 1:
            cells = free  # it became a cell of another kind
        if len(answers) == 1 and cells:
            cells = [max(cells, key=lambda cell: len(cell.source))]
        if len(answers) == len(cells):
            for answer, cell in zip(answers, cells, strict=True):
                found.cells[answer.name] = cell
                found.by_place.append(answer.name)
