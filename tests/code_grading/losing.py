"""Every way in which a tool or a student loses nbgrader's metadata, as functions of a notebook.

Each takes a notebook in which every answer is right, and loses something of one cell or of all.
Whatever it is, no graded cell may then have a mark of its own below its points.
"""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import nbformat

Loss = Callable[[Any, int], None]
__all__ = ["LOSSES", "by_chance", "every_place", "kind"]


def _all_metadata(notebook: Any, place: int) -> None:
    notebook.cells[place].metadata = nbformat.from_dict({})


def _nbgrader(value: Any) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        notebook.cells[place].metadata["nbgrader"] = nbformat.from_dict({"x": value})["x"]

    return lose


def _field(name: str, value: Any = None) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        held = notebook.cells[place].metadata.get("nbgrader")
        if isinstance(held, dict):
            if value is None:
                held.pop(name, None)
            else:
                held[name] = value

    return lose


def _retyped(cell_type: str) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        cell = notebook.cells[place]
        cell.cell_type = cell_type
        for name in ("outputs", "execution_count", "attachments"):
            cell.pop(name, None)
        if cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    return lose


def _retyped_and_stripped(cell_type: str) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        _all_metadata(notebook, place)
        _retyped(cell_type)(notebook, place)

    return lose


def _written_anew(step: int) -> Loss:
    """Delete the cell, and write the same into a new one here or further on."""

    def lose(notebook: Any, place: int) -> None:
        cell = copy.deepcopy(notebook.cells.pop(place))
        cell.metadata, cell["id"] = nbformat.from_dict({}), "written-anew"
        notebook.cells.insert(max(0, place + step), cell)

    return lose


def _stub_left(place_of_new: int) -> Loss:
    """Leave the cell as it was given, and write the answer into a new cell."""

    def lose(notebook: Any, place: int) -> None:
        cell = notebook.cells[place]
        new = copy.deepcopy(cell)
        new.metadata, new["id"] = nbformat.from_dict({}), "new"
        cell.source = "YOUR ANSWER HERE" if cell.cell_type == "markdown" else "answer = ..."
        notebook.cells.insert(place + place_of_new, new)

    return lose


def _split(notebook: Any, place: int) -> None:
    cell = notebook.cells[place]
    first, _, rest = cell.source.partition("\n")
    if not rest:
        first, rest = "# first" if cell.cell_type == "code" else "First.", cell.source
    second = copy.deepcopy(cell)
    cell.source, second.source, second["id"] = first, rest, "second-half"
    notebook.cells.insert(place + 1, second)


def _merged(notebook: Any, place: int) -> None:
    if place + 1 < len(notebook.cells):
        cell = notebook.cells[place]
        cell.source += "\n\n" + notebook.cells.pop(place + 1).source


def _moved(step: int) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        cell = notebook.cells.pop(place)
        notebook.cells.insert(max(0, min(len(notebook.cells), place + step)), cell)

    return lose


def _copied(blank: bool) -> Loss:
    def lose(notebook: Any, place: int) -> None:
        twin = copy.deepcopy(notebook.cells[place])
        twin["id"] = "twin"
        if blank:
            twin.source = ""
        notebook.cells.insert(place if blank else len(notebook.cells), twin)

    return lose


def _deleted(notebook: Any, place: int) -> None:
    del notebook.cells[place]


def _edited(notebook: Any, place: int) -> None:
    notebook.cells[place].source = "Something else, instead of what stood here."
    if notebook.cells[place].cell_type == "code":
        notebook.cells[place].source = "something = 'else'"


def _tagged(notebook: Any, place: int) -> None:
    tags = ["skip-execution", "raises-exception", "remove-cell", "hide-input"]
    notebook.cells[place].metadata["tags"] = tags
    notebook.cells[place].metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
    notebook.cells[place].metadata["transient"] = {"remove_source": True}


_NO_METADATA: tuple[Any, ...] = (None, {}, [], "x", 7)
_FIELDS = ("grade_id", "schema_version", "cell_type", "grade", "solution", "task", "locked")

LOSSES: dict[str, Loss] = {
    "all metadata": _all_metadata,
    **{f"nbgrader is {value!r}": _nbgrader(value) for value in _NO_METADATA},
    **{f"{name} lost": _field(name) for name in _FIELDS},
    **{f"{name} lost": _field(name) for name in ("points", "checksum")},
    "grade_id of nobody": _field("grade_id", "nobody"),
    "grade_id a number": _field("grade_id", 5),
    "schema of old": _field("schema_version", 1),
    "points altered": _field("points", 0.001),
    **{
        f"{name} is {value}": _field(name, value)
        for name in ("grade", "solution", "locked", "task")
        for value in (False, True)
    },
    "wrong cell_type in it": _field("cell_type", "raw"),
    **{f"became {name}": _retyped(name) for name in ("code", "markdown", "raw")},
    **{
        f"became {name}, stripped": _retyped_and_stripped(name)
        for name in ("code", "markdown", "raw")
    },
    **{f"written anew {step:+}": _written_anew(step) for step in (-3, -1, 0, 1, 3)},
    **{f"answer in a new cell {step:+}": _stub_left(step) for step in (0, 1, 2)},
    "split": _split,
    "merged": _merged,
    **{f"moved {step:+}": _moved(step) for step in (-99, -2, -1, 1, 2, 99)},
    "copied": _copied(blank=False),
    "copied, the first one empty": _copied(blank=True),
    "deleted": _deleted,
    "edited": _edited,
    "tagged": _tagged,
}


def every_place(notebook: Any, loss: str) -> Iterator[tuple[str, Any]]:
    """Yield a name and a notebook for a loss at each cell, and at all cells."""
    count = len(notebook.cells)
    for lost in (*((one,) for one in range(count)), tuple(range(count))):
        yield f"{loss} at {', '.join(map(str, lost))}", _lost(notebook, [(loss, n) for n in lost])


def by_chance(notebook: Any, seed: int) -> tuple[str, Any]:
    """Return a notebook with two or three losses, and their names."""
    chance = random.Random(seed)
    count = chance.randint(2, 3)
    losses = [
        (chance.choice(list(LOSSES)), chance.randrange(len(notebook.cells))) for _ in range(count)
    ]
    return f"{seed}: {losses}", _lost(notebook, losses)


def _lost(notebook: Any, losses: list[tuple[str, int]]) -> Any:
    changed = copy.deepcopy(notebook)
    for loss, place in sorted(losses, key=lambda one: -one[1]):
        if place < len(changed.cells):
            LOSSES[loss](changed, place)
    return changed


def kind(cell: Any) -> str:
    """Return what a cell is to nbgrader, in a word."""
    held = cell.metadata.get("nbgrader", {})
    flags = [name for name in ("grade", "solution", "task", "locked") if held.get(name)]
    return "+".join(flags) or "plain"
