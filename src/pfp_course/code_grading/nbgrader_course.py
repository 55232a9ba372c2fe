"""An nbgrader course as it lies on disk: its settings, its gradebook, what students handed in."""

import json
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_ignored, parse_utc
from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

from pfp_course.code_grading.release import AssignedCell
from pfp_course.code_grading.source import CONFIG
from pfp_course.errors import CourseError

__all__ = ["Folder", "NbgraderCourse", "Submission", "open_course", "read_folder", "sought"]

_SETTINGS = re.compile(r"(.*/)?(nbgrader_config|jupyter\w*_config)\.(py|json)")


@dataclass
class Submission:
    """What one student handed in for an assignment.

    Attributes
    ----------
    notebooks : dict of str to bytes
        By name without its ending.
    files : dict of str to bytes
        All else, by path inside the folder.
    problems : list of (str, str)
        Name of a notebook or empty, and what is wrong.
    unread : bool
        Whether its folder could not be read at all; ``problems`` says why.
    """

    student: str
    assignment: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    unread: bool = False


@dataclass(frozen=True)
class NbgraderCourse:
    """A course: its folder, and nbgrader's settings for it.

    ``content`` is what `sandbox.content_of` returns for the course that its notebooks load.
    """

    root: Path
    config: Any
    directory: Any
    content: Path | None = None

    def gradebook(self) -> Any:
        """Return nbgrader's gradebook, to be closed after use."""
        return Gradebook(self.directory.db_url, self.directory.course_id)

    def assignments(self, wanted: Sequence[str]) -> list[str]:
        """Return names of assignments: those wanted, or all.

        Raises
        ------
        CourseError
            If one is not in the gradebook yet.
        """
        with self.gradebook() as gradebook:
            known = sorted(one.name for one in gradebook.assignments)
        missing = [name for name in wanted if name not in known]
        if missing or not known:
            name = missing[0] if missing else "NAME"
            raise CourseError(
                f"{self.root} has no assignment {name!r} in its gradebook. Run "
                f"`nbgrader generate_assignment {name}` in that folder first. "
                f"It knows: {', '.join(known) or 'none'}."
            )
        return list(wanted) or known

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a step such as ``autograded``."""
        return Path(self.directory.format_path(step, student, assignment))

    def submissions(self, assignment: str) -> Iterator[Submission]:
        """Yield what students handed in, in the order of their ids."""
        for folder, student in self.folders(assignment):
            yield self._read(folder, student, assignment)

    def folders(self, assignment: str) -> Iterator[tuple[Path, str]]:
        """Yield the folders of an assignment's submissions, with the ids of students."""
        step = self.directory.submitted_directory
        pattern = re.compile(
            self.directory.format_path(step, "(?P<id>.*)", assignment, escape=True)
        )
        for found in sorted(set(self._candidates(self._inside(step, assignment)))):
            match = pattern.fullmatch(found)
            if match is not None:
                yield Path(found), match["id"]

    def _candidates(self, pattern: str) -> Iterator[str]:
        yield from map(str, self.root.glob(pattern))
        # A link that leads nowhere is no file for `glob`, and has to be told of.
        parent, _, name = pattern.rpartition("/")
        if parent and "*" not in name:
            for folder in self.root.glob(parent):
                if folder.is_symlink() or (folder / name).is_symlink():
                    yield str(folder / name)

    def _inside(self, step: str, assignment: str) -> str:
        structure = self.directory.directory_structure
        return str(structure.format(nbgrader_step=step, student_id="*", assignment_id=assignment))

    def released(self, assignment: str, name: str) -> list[Path]:
        """Return the files that may hold a notebook of an assignment as it was given."""
        steps = (self.directory.release_directory, self.directory.source_directory)
        return [self.folder(step, ".", assignment) / f"{name}.ipynb" for step in steps]

    def given_files(self, assignment: str) -> dict[str, bytes]:
        """Return the files that lie beside the notebooks of the source."""
        folder = self.folder(self.directory.source_directory, ".", assignment)
        read = Submission("", assignment)
        self._read_into(read, folder)
        return read.files

    def _read(self, folder: Path, student: str, assignment: str) -> Submission:
        read = Submission(student, assignment)
        inside = [folder, *folder.parents]
        ways = inside[: inside.index(self.root)] if self.root in inside else [folder]
        if any(path.is_symlink() for path in ways):
            why = "its folder is a link to somewhere else; it was not followed"
        elif not folder.is_dir():
            why = "in the place of its folder there is a file"
        else:
            why = ""
        if why:
            read.unread = True
            read.problems.append(("", why))
            return read
        try:
            self._read_into(read, folder)
        except OSError as error:
            read.unread = True
            read.problems.append(("", f"its folder cannot be read ({error.strerror})"))
            return read
        for name in filter(_SETTINGS.fullmatch, read.files):
            read.problems.append(
                (
                    "",
                    f"{name} is a file of settings, which nbgrader or Jupyter would run if you "
                    "opened its folder there; nobody needs to hand one in",
                )
            )
        stamp = read.files.get("timestamp.txt", b"")[:100].decode("utf-8", "replace").strip()
        if stamp:
            try:
                read.timestamp = parse_utc(stamp)
            except (ValueError, OverflowError):
                read.problems.append(("", f"its timestamp.txt holds no moment: {stamp[:40]!r}"))
        return read

    def _read_into(self, read: Submission, folder: Path) -> None:
        found = read_folder(folder, self.directory.ignore)
        read.notebooks, read.files = found.notebooks, found.files
        read.problems += found.problems


def open_course(root: Path, content: Path | None = None) -> NbgraderCourse:
    """Return the course in a folder; see there for ``content``.

    Raises
    ------
    CourseError
        If the folder holds none.
    """
    root = root.resolve()
    if not (root / CONFIG).is_file() and not (root / "source").is_dir():
        raise CourseError(
            f"{root} is no course of nbgrader: it has neither {CONFIG} nor a folder source. "
            "Make one with `pfp assign 3 7 --to nbgrader --out course`."
        )
    # nbgrader calls a program of its environment by name, even where that is not activated.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
    config = Config()
    try:
        config.merge(PyFileConfigLoader(CONFIG, path=str(root)).load_config())
    except ConfigFileNotFound:
        pass
    except Exception as error:  # it is Python, so it can fail in any way
        raise CourseError(f"{root / CONFIG} cannot be run: {error}. Mend it.") from None
    config.CourseDirectory.root = str(root)
    return NbgraderCourse(root, config, CourseDirectory(config=config), content)


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


_MOST_FILES, _LARGEST_NOTEBOOK, _LARGEST_FILES = 200, 50_000_000, 20_000_000
_SEEN = 20_000  # files that are looked at at all


@dataclass
class Folder:
    """What a folder holds.

    Attributes
    ----------
    notebooks : dict of str to bytes
        By name without its ending.
    files : dict of str to bytes
        All else, by path inside the folder.
    problems : list of (str, str)
        Name of a notebook or empty, and why something was left out.
    """

    notebooks: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_folder(folder: Path, ignore: Sequence[str] = ()) -> Folder:
    """Return the files of a folder, but for those whose names match a pattern of ``ignore``."""
    read, left = Folder(), _LARGEST_FILES
    # Notebooks first: however many files lie beside them, they are read.
    files = sorted(
        _files(folder, list(ignore)),
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


def _files(folder: Path, ignore: list[str]) -> Iterator[tuple[Path, str]]:
    return islice(_walk(folder, ignore), _SEEN + 1)


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
