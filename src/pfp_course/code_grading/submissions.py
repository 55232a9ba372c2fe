"""What students handed in, read whatever it is: folders, files, and notebooks of any make."""

import json
import os
import re
import stat
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import is_ignored

from pfp_course.code_grading.inert import fenced, make_inert
from pfp_course.code_grading.release import AssignedCell, Release, normal

__all__ = [
    *("Submission", "also_cell", "read_folder", "read_notebook", "show_also", "sought"),
    "unreadable",
]

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Submission:
    """What one student handed in for an assignment, or what else a folder of notebooks holds."""

    student: str = ""
    assignment: str = ""
    notebooks: dict[str, bytes] = field(default_factory=dict)  # by name without its ending
    files: dict[str, bytes] = field(default_factory=dict)  # all else, by path inside the folder
    timestamp: datetime | None = None
    # The name of a notebook or nothing, and what is wrong, or why something was left out.
    problems: list[tuple[str, str]] = field(default_factory=list)
    unread: bool = False  # its folder could not be read at all; ``problems`` says why


_MOST_FILES, _LARGEST_NOTEBOOK, _LARGEST_FILES = 200, 50_000_000, 20_000_000
_SEEN = 20_000  # files that are looked at at all


def read_folder(folder: Path, ignore: Sequence[str] = ()) -> Submission:
    """Return the files of a folder, but for those whose names match a pattern of ``ignore``."""
    read, left = Submission(), _LARGEST_FILES
    # Notebooks first: however many files lie beside them, they are read.
    files = sorted(
        islice(_walk(folder, list(ignore)), _SEEN + 1),
        key=lambda file: (not _is_notebook(file[1]), file[1] != "timestamp.txt"),
    )
    others = 0
    for path, name in files:
        notebook = _is_notebook(name)
        others += not notebook
        if others > _MOST_FILES or len(read.notebooks) > _MOST_FILES:
            many = f"over {_MOST_FILES} files" if len(files) > _SEEN else f"{len(files)} files"
            read.problems.append(
                ("", f"it has {many}; its notebooks were read, and {_MOST_FILES} of the others")
            )
            break
        told = name.rpartition(".")[0] if notebook else ""
        content = _content(path, _LARGEST_NOTEBOOK if notebook else left)
        if isinstance(content, str):
            read.problems.append((told, f"{name}: {content}"))
        elif notebook:
            read.notebooks[told] = content
        else:
            left -= len(content)
            read.files[name] = content
    return read


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb") and "/" not in name


def _walk(folder: Path, ignore: list[str]) -> Iterator[tuple[Path, str]]:
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name for name in folders if not is_ignored(str(Path(here, name)), ignore)
        )
        odd = [
            name
            for name in folders
            if Path(here, name).is_symlink() or name.lower().endswith(".ipynb")
        ]
        for name in sorted([*names, *odd], key=lambda name: (not _is_notebook(name), name)):
            path = Path(here, name)
            if not is_ignored(str(path), ignore):
                yield path, path.relative_to(folder).as_posix()


def _content(path: Path, most: int) -> bytes | str:
    """Return what a file holds, or why it is not read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "is a link or cannot be opened; it was left out"
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        os.close(descriptor)
        kind = "a folder and no file" if stat.S_ISDIR(told.st_mode) else "no ordinary file"
        return f"is {kind}; it was left out"
    with os.fdopen(descriptor, "rb") as file:
        if told.st_size > most:
            return f"is larger than {most / 1_000_000:.0f} MB; it was left out"
        return file.read(most)


# What browsers, file managers and JupyterLab add to the name of a copy.
_COPY = re.compile(r"[ _-]*(\(\d+\)|\[\d+\]|copy *\(?\d*\)?|kopie *\(?\d*\)?|копия *\(?\d*\)?)$")


def sought(
    notebooks: Mapping[str, bytes], given: Mapping[str, Sequence[AssignedCell]]
) -> dict[str, list[str]]:
    """Return the names of files for each notebook of the assignment; the first one is run.

    A file with the right name comes first. Others are those whose names differ as those of copies
    do, or that hold cells of this notebook and of no other.
    """
    found = {name: [name] if name in notebooks else [] for name in given}
    for name in sorted(set(notebooks) - set(given)):
        fitting = [one for one in given if _plain(one) == _plain(name)]
        if len(fitting) != 1:
            held = _grade_ids(notebooks[name])
            fitting = [one for one, cells in given.items() if held & {cell.name for cell in cells}]
        if len(fitting) == 1:
            found[fitting[0]].append(name)
    return found


def _plain(name: str) -> str:
    name = name.casefold().strip()
    while (shorter := _COPY.sub("", name)) != name and shorter:
        name = shorter
    return re.sub(r"[\s_-]+", "-", name).strip("-")


def _grade_ids(content: bytes) -> set[str]:
    try:
        cells = json.loads(content.decode("utf-8-sig"))["cells"]
        held = [cell["metadata"].get("nbgrader") for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()
    names = [one.get("grade_id") for one in held if isinstance(one, dict)]
    return {name for name in names if isinstance(name, str)}


def read_notebook(content: bytes, notes: list[str] | None = None) -> Any:
    """Return a notebook in the newest form of its format; ``notes`` get what was replaced in it.

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
        notebook.cells.append(also_cell(notebook, f"**Also handed in, and not run: {name}.ipynb**"))
        for cell in new:
            source = cell.source if cell.cell_type == "markdown" else fenced(cell.source)
            notebook.cells.append(also_cell(notebook, source))
    return shown


def also_cell(notebook: Any, source: str) -> Any:
    """Return a cell of text that is to be added to a notebook."""
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
    notebook.cells += [
        one.new_cell(one.released, f"given-{place}")
        for place, one in enumerate(release.given)
        if one.is_graded
    ]
    make_inert(notebook)
    return str(nbformat.writes(notebook))
