"""An nbgrader course as it lies on disk: its settings, its gradebook, what students handed in."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

from pfp_course.classroom.notebooks.folders import read_folder
from pfp_course.classroom.notebooks.source import CONFIG
from pfp_course.errors import CourseError

__all__ = ["Course", "Submission", "open_course"]


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
    """

    student: str
    assignment: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Course:
    """A course: its folder, and nbgrader's settings for it."""

    root: Path
    config: Any
    directory: Any

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
        for found in sorted(map(str, self.root.glob(self._inside(step, assignment)))):
            match = pattern.fullmatch(found)
            if match is not None:
                yield Path(found), match["id"]

    def _inside(self, step: str, assignment: str) -> str:
        structure = self.directory.directory_structure
        return str(structure.format(nbgrader_step=step, student_id="*", assignment_id=assignment))

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
            read.problems.append(
                ("", "its folder is a link to somewhere else; it was not followed")
            )
            return read
        self._read_into(read, folder)
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


def open_course(root: Path) -> Course:
    """Return the course in a folder.

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
    return Course(root, config, CourseDirectory(config=config))
