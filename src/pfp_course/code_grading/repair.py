"""Notebooks as students send them, made fit for nbgrader where that is safe, with notes on it."""

import json
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from pfp_course.code_grading.inert import fenced, make_inert
from pfp_course.code_grading.markup import safe_markdown
from pfp_course.code_grading.release import AssignedCell, Matched, Release, match, normal
from pfp_course.code_grading.review import waiting

__all__ = ["Repair", "read_notebook", "repaired", "show_also", "unreadable", "with_notes"]

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Repair:
    """What was done to a notebook.

    Attributes
    ----------
    notes : list of str
        In words.
    doubled : set of str
        Names of cells that stood there more than once.
    waits : dict
        By the name of a graded cell, why a result below its points waits for a person.
    """

    notes: list[str] = field(default_factory=list)
    doubled: set[str] = field(default_factory=set)
    waits: dict[str, str] = field(default_factory=dict)


def read_notebook(content: bytes, notes: list[str] | None = None) -> Any:
    """Return a notebook in the newest form of its format.

    Parameters
    ----------
    content : bytes
        Of the file.
    notes : list of str, optional
        Gets what in it had to be replaced.

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
        if isinstance(value.get("nbformat"), int) and value["nbformat"] > 4:
            raise ValueError(f"its format is {value['nbformat']}, and 4 is the newest known")
        seen: set[str] = set()
        value = _without(value, seen)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of copied ids, which are mended below
            notebook = nbformat.reads(json.dumps(value), as_version=4)
        for cell in notebook.cells:
            # Whatever else tools write there changes no answer, and may be no metadata at all.
            held = cell.get("metadata", {}).get("nbgrader")
            cell.metadata = nbformat.from_dict({"nbgrader": held})
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        seen.update(_other_language(notebook))
        notebook.metadata = nbformat.from_dict({})
        _name_anew(notebook, value.get("cells", []))
        nbformat.validate(notebook)
    except UnicodeDecodeError:
        other = "" if content[:2] not in (b"\xff\xfe", b"\xfe\xff") else ", but in UTF-16"
        raise ValueError(f"it is not in UTF-8{other}") from None
    except json.JSONDecodeError:
        raise ValueError(_why_no_json(content)) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except Exception as error:  # nbformat has a class of its own for each kind of damage
        raise ValueError(f"it is no notebook ({str(error).splitlines()[0][:80]})") from None
    if notes is not None:
        notes += sorted(seen)
    return notebook


def _other_language(notebook: Any) -> list[str]:
    """Return a note if a notebook was last run with another language than Python."""
    for name, part in (("language_info", "name"), ("kernelspec", "language")):
        held = notebook.metadata.get(name)
        language = held.get(part) if isinstance(held, dict) else None
        if isinstance(language, str) and language and "python" not in language.lower():
            return [f"it was saved as a notebook of {language[:20]}; it was run with Python"]
    return []


def _why_no_json(content: bytes) -> str:
    if not content.strip():
        return "it is no JSON: the file is empty"
    if re.search(rb"^(<<<<<<<|>>>>>>>) ", content, re.MULTILINE):
        return "it is no JSON: git has left marks of a conflict in it (<<<<<<<)"
    return "it is no JSON: cut off, or damaged"


def _without(value: Any, seen: set[str]) -> Any:
    """Return JSON data without what is no character; what that was is added to ``seen``."""
    if isinstance(value, dict):
        return {_without(name, seen): _without(part, seen) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(part, seen) for part in value]
    if isinstance(value, str):
        if _SURROGATE.search(value):
            seen.add("half a character (a lone surrogate) stood in it; it is shown as \ufffd")
        if "\0" in value:
            seen.add("the character NUL, which Python refuses, stood in it; it was left out")
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value).replace("\0", "")
    return value


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


def repaired(notebook: Any, release: Release, notes: Sequence[str] = ()) -> Repair:
    """Put the assignment's own metadata on the cells of a notebook, and restore lost tests.

    What a person has to look at is said in ``waits``: where anything was put back, guessed or not
    found, no result below the points of a cell counts by itself.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    release : Release
        As it was given.
    notes
        What had to be mended before.
    """
    found = match(notebook, release)
    repair = Repair(notes=list(notes), doubled=found.doubled)
    twice = "stood there more than once; the first one counts"
    repair.notes += [f"the cell {name} {twice}" for name in sorted(found.doubled)]
    how = "had lost nbgrader's mark and {} recognised by {}"
    repair.notes += _together(found.by_text, how, "its text", "their texts")
    repair.notes += _together(found.by_place, how, "its place", "their places")
    for name, cell in list(found.cells.items()):
        _mark(notebook, cell, release.wanted[name], repair)
    lost = [one for one in release.given if one.name not in found.cells]
    for given in lost:
        _put_back(notebook, given, release, found, repair)
    _in_order(notebook, release, found, repair)
    repair.waits = waiting(notebook, release, found, repair.notes)
    return repair


def _together(names: list[str], how: str, one: str, many: str) -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        return [f"the cell {names[0]} {how.format('was', one)}"]
    return [f"the cells {', '.join(names)} {how.format('were', many)}"]


def _mark(notebook: Any, cell: Any, given: AssignedCell, repair: Repair) -> None:
    """Make a cell what it is in the assignment, and keep what the student wrote over."""
    cell.metadata["nbgrader"] = nbformat.from_dict(dict(given.metadata))
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
    new: Any = nbformat.v4.new_code_cell
    if given.cell_type != "code":
        new = nbformat.v4.new_markdown_cell
    source = given.source
    if given.is_answer and not given.metadata["task"]:
        say = f"The cell {given.name} was not found. Its answer may stand in a cell near it."
        source = f"# {say}" if given.cell_type == "code" else f"*{say}*"
    cell = new(source, id=_free_id(notebook, f"restored-{given.name}"))
    cell.metadata["nbgrader"] = nbformat.from_dict(dict(given.metadata))
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
    for graded, before in release.answers.items():
        if release.wanted[graded].is_test:
            answers = [found.cells[one.name] for one in before if one.name in found.cells]
            _after(notebook, found.cells[graded], answers, _others(release, found, answers))


def _others(release: Release, found: Matched, answers: list[Any]) -> list[Any]:
    cells = [found.cells.get(one.name) for one in release.given if one.is_answer]
    return [
        cell for cell in cells if cell is not None and not any(cell is answer for answer in answers)
    ]


def _after(notebook: Any, test: Any, answers: list[Any], others: list[Any]) -> None:
    if not answers:
        return
    last = max(_place(notebook, cell) for cell in answers)
    following = [place for cell in others if (place := _place(notebook, cell)) > last]
    here = _place(notebook, test)
    if last < here < min(following, default=len(notebook.cells) + 1):
        return
    cell = notebook.cells.pop(here)
    answers_end = max(_place(notebook, one) for one in answers) + 1
    following = [place for one in others if (place := _place(notebook, one)) >= answers_end]
    notebook.cells.insert(min(following, default=answers_end), cell)


_LONGEST_SHOWN = 20_000  # characters of a file that cannot be read
_MOST_SHOWN = 200  # cells of another file


def show_also(notebook: Any, release: Release, others: Mapping[str, bytes]) -> list[str]:
    """Add what other files of the same notebook say, as text, and return names of those files."""
    known = {normal(cell.source) for cell in notebook.cells}
    known |= {normal(cell.text) for cell in release.cells} | {""}
    shown = []
    for name, content in others.items():
        try:
            cells = read_notebook(content).cells
        except ValueError:
            cells = [nbformat.v4.new_raw_cell(content.decode("utf-8", "replace")[:_LONGEST_SHOWN])]
        new = [cell for cell in cells if normal(cell.source) not in known][:_MOST_SHOWN]
        if not new:
            continue
        shown.append(f"{name}.ipynb")
        notebook.cells.append(_text(notebook, f"**Also handed in, and not run: {name}.ipynb**"))
        for cell in new:
            source = cell.source if cell.cell_type == "markdown" else fenced(cell.source)
            notebook.cells.append(_text(notebook, source))
    return shown


def _text(notebook: Any, source: str) -> Any:
    taken = {cell.get("id") for cell in notebook.cells}
    name = next(f"also-{n}" for n in range(len(taken) + 1) if f"also-{n}" not in taken)
    return nbformat.v4.new_markdown_cell(source, id=name)


def unreadable(release: Release, reason: str, content: bytes) -> str:
    """Return a notebook in the place of one that cannot be read, so that it can be marked."""
    notebook = nbformat.v4.new_notebook()
    text = content.decode("utf-8", "replace").replace("\0", "")
    more = "\n[cut off here]" if len(text) > _LONGEST_SHOWN else ""
    head = f"This notebook cannot be read: {reason}. What the file holds:"
    notebook.cells = [
        nbformat.v4.new_markdown_cell(head, id="why"),
        nbformat.v4.new_markdown_cell(fenced(text[:_LONGEST_SHOWN] + more), id="held"),
    ]
    for place, one in enumerate(release.given):
        if one.is_graded:
            new: Any = nbformat.v4.new_code_cell
            if one.cell_type != "code":
                new = nbformat.v4.new_markdown_cell
            cell = new(one.released, id=f"given-{place}")
            cell.metadata["nbgrader"] = nbformat.from_dict(dict(one.metadata))
            notebook.cells.append(cell)
    make_inert(notebook)
    return str(nbformat.writes(notebook))


def with_notes(notebook: Any, notes: Iterable[str]) -> None:
    """Put what a teacher should know before the first cell."""
    lines = [f"- {note}" for note in notes]
    if lines:
        text = safe_markdown("\n".join(["**Notes of the grader**", "", *lines]), {})
        cell = _text(notebook, text)
        notebook.cells.insert(0, cell)
