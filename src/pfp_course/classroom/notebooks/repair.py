"""Notebooks as students send them, made fit for nbgrader where that is safe, and told of."""

import json
import warnings
from dataclasses import dataclass
from typing import Any

import nbformat

__all__ = ["Given", "given_cells", "read_notebook", "repaired"]


@dataclass(frozen=True)
class Given:
    """A cell of the assignment as the gradebook holds it."""

    name: str
    cell_type: str
    source: str
    metadata: dict[str, Any]

    @property
    def is_test(self) -> bool:
        """Whether it earns points and is not the student's to write."""
        return bool(self.metadata["grade"]) and not self.metadata["solution"]


def given_cells(notebook: Any) -> list[Given]:
    """Return the cells of a notebook of the gradebook, in their order."""
    points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
    grades = {cell.name for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    return [
        Given(
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
        )
        for cell in notebook.source_cells
    ]


def read_notebook(content: bytes) -> Any:
    """Return a notebook in the newest form of its format.

    Raises
    ------
    ValueError
        If it is none; the message says why.
    """
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text)
        if not isinstance(value, dict) or ("cells" not in value and "worksheets" not in value):
            raise ValueError("it is JSON, but no notebook")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of copied ids, which are mended below
            notebook = nbformat.reads(text, as_version=4)
        for cell in notebook.cells:
            cell.metadata = cell.get("metadata", {})
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        notebook.metadata.pop("widgets", None)
        _name_anew(notebook, value.get("cells", []))
        nbformat.validate(notebook)
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("it is no JSON: cut off, or damaged") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except Exception as error:  # nbformat has a class of its own for each kind of damage
        raise ValueError(f"it is no notebook ({str(error).splitlines()[0][:80]})") from None
    return notebook


def _name_anew(notebook: Any, cells: list[Any]) -> None:
    # A copied cell keeps its id, which the format forbids. nbformat would give it one by chance,
    # and the same notebook would not be the same tomorrow.
    seen: set[str] = set()
    for place, cell in enumerate(notebook.cells):
        held = cells[place].get("id") if place < len(cells) else None
        name = held if isinstance(held, str) and held not in seen else f"cell-{place}"
        while name in seen:
            name += "-again"
        cell["id"] = name
        seen.add(name)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)


def repaired(notebook: Any, given: list[Given]) -> tuple[list[str], set[str]]:
    """Put the assignment's own metadata on the cells of a notebook, and restore lost tests.

    Returns
    -------
    tuple
        What was repaired, in words; and the names of cells that stood there more than once.
    """
    wanted = {cell.name: cell for cell in given}
    seen: set[str] = set()
    doubled: set[str] = set()
    for cell in notebook.cells:
        held = cell.metadata.pop("nbgrader", None)
        name = held.get("grade_id") if isinstance(held, dict) else None
        if not isinstance(name, str) or name not in wanted:
            continue
        if name in seen:
            doubled.add(name)
            continue
        seen.add(name)
        cell.metadata["nbgrader"] = dict(wanted[name].metadata)
    twice = "stood there more than once; the first one counts"
    notes = [f"the cell {name} {twice}" for name in sorted(doubled)]
    back = _restore(notebook, given, seen)
    notes += [f"the cell {name} was missing; it was put back" for name in back]
    return notes, doubled


def _restore(notebook: Any, given: list[Given], seen: set[str]) -> list[str]:
    back = []
    previous = -1
    for one in given:
        if one.name in seen:
            previous = max(previous, _place(notebook, one.name))
        elif one.metadata["grade"] or one.metadata["task"]:
            # It stands after the cell that it follows in the assignment.
            previous += 1
            notebook.cells.insert(previous, _cell(one))
            back.append(one.name)
    return back


def _place(notebook: Any, name: str) -> int:
    return next(
        place
        for place, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def _cell(one: Given) -> Any:
    new: Any = nbformat.v4.new_code_cell
    if one.cell_type != "code":
        new = nbformat.v4.new_markdown_cell
    cell = new(one.source, id=f"restored-{one.name}"[:64])
    cell.metadata["nbgrader"] = dict(one.metadata)
    return cell
