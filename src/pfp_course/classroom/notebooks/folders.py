"""A folder of somebody else's: its files are read, and no link in it is followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.utils import is_ignored

__all__ = ["Folder", "read_folder"]

_MOST_FILES, _LARGEST_NOTEBOOK, _LARGEST_FILES = 200, 50_000_000, 20_000_000


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
    for count, (path, name) in enumerate(_files(folder, list(ignore)), start=1):
        if count > _MOST_FILES:
            read.problems.append(("", f"it has over {_MOST_FILES} files; the rest was left out"))
            break
        notebook = name.endswith(".ipynb") and "/" not in name
        told = name.removesuffix(".ipynb") if notebook else ""
        content = _content(path, _LARGEST_NOTEBOOK if notebook else left)
        if isinstance(content, str):
            read.problems.append((told, f"{name}: {content}"))
        elif notebook:
            read.notebooks[told] = content
        else:
            left -= len(content)
            read.files[name] = content
    return read


def _files(folder: Path, ignore: list[str]) -> Iterator[tuple[Path, str]]:
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name for name in folders if not is_ignored(str(Path(here, name)), ignore)
        )
        links = [name for name in folders if Path(here, name).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(here, name)
            if not is_ignored(str(path), ignore):
                yield path, path.relative_to(folder).as_posix()


def _content(path: Path, most: int) -> bytes | str:
    """Return what a file holds, or why it is not read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "is a link or cannot be opened; it was left out"
    with os.fdopen(descriptor, "rb") as file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            return "is no ordinary file; it was left out"
        if told.st_size > most:
            return f"is larger than {most / 1_000_000:.0f} MB; it was left out"
        return file.read(most)
