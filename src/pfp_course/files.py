"""The files of a project: found, read, packed, written whole; and what a book was made from."""

import io
import json
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeVar

from pfp_course.errors import CourseError

__all__ = [
    *("BookState", "files_in", "installed_versions", "json_or", "line_of", "merge_marks"),
    *("notebook_in", "pack", "packed", "read_json", "replace_file", "safe_cell", "source_files"),
    *("stamps", "whole", "write_whole"),
]

_Made = TypeVar("_Made")

# Some moment. Not the first that a zip knows, 1980: in another time zone it lies before that.
_THEN = (2020, 2, 2, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a path to write to; what lies there takes the target's place when all went well.

    Raises
    ------
    CourseError
        If the folder cannot be made, or the file cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pfp-", dir=target.parent) as folder:
            part = Path(folder) / target.name
            yield part
            part.replace(target)
    except OSError as error:
        raise CourseError(
            f"{target} cannot be written ({error.strerror}). Make room on the disk, or work in a "
            "folder where you may write."
        ) from None


def read_json(path: Path, make: Callable[[Any], _Made], damaged: str) -> _Made:
    """Return what a function makes of the content of a file of JSON.

    ``make`` gets the parsed content, such as the ``model_validate`` of a model; it may raise
    whatever a content of another form leads to. ``damaged`` is then said after the name of the
    file: what it is not, and the mend.

    Raises
    ------
    CourseError
        If the file cannot be read, or has another form.
    """
    try:
        return make(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, CourseError):
        raise CourseError(f"{path} {damaged}") from None


def json_or(path: Path, make: Callable[[Any], _Made], otherwise: _Made) -> _Made:
    """Return what `read_json` does, or something else where it would raise."""
    try:
        return read_json(path, make, "")
    except CourseError:
        return otherwise


def notebook_in(path: Path) -> dict[str, Any]:
    """Return a notebook as JSON-ready data, with its ``cells``.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no notebook.
    """
    mend = "is not a notebook. Restore it, or export it again."
    return read_json(path, lambda held: {**held, "cells": [*map(dict, held["cells"])]}, mend)


def replace_file(target: Path, content: bytes, unless: Callable[[], bool] | None = None) -> bool:
    """Put content in the place of a file: whole and on the disk, or not at all; tell whether.

    The folder is there; only this user may read the file. ``unless`` is asked when the content is
    on the disk, just before it takes its place: where it returns true, the file is left as it is.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".pfp-", suffix=".tmp")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if unless is not None and unless():
            return False
        part.replace(target)
        return True
    finally:
        with suppress(OSError):  # the cause of a failure is told, and not that of the clearing up
            part.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all, and only then come back.

    Raises
    ------
    CourseError
        If it cannot be written.
    """
    with whole(target) as part, part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def pack(
    archive: Path | IO[bytes],
    members: Iterable[tuple[str, bytes | Path]],
    *,
    first: str = "",
) -> None:
    """Write a zip whose bytes depend on its content alone, and not on the time or the system.

    ``members`` are names in the archive with the bytes or the file that holds them, in their order;
    ``first`` is the type of an ePub, told in a first member, ``mimetype``, that is not compressed.
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        if first:
            file.writestr(zipfile.ZipInfo("mimetype", _THEN), first)
        for name, content in members:
            info = zipfile.ZipInfo(name, _THEN)
            info.create_system, info.external_attr = _UNIX, _READABLE
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content if isinstance(content, bytes) else content.read_bytes())


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of these members, in the order of their names."""
    file = io.BytesIO()
    pack(file, sorted(members.items()))
    return file.getvalue()


_FORMULA = re.compile(r"""((?:^|[;,|"'\t])\s*)([=+\-@＝＋－＠])""")


def safe_cell(text: str) -> str:
    """Return a text for a cell of a table that a spreadsheet does not take for a formula.

    A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula to a spreadsheet, wherever the
    text came from. It gets a ``'`` in front, as OWASP advises (CSV Injection). A spreadsheet may
    also split a line at ``;`` where commas were meant, so the same is done behind every mark that
    it could take for the end of a cell.
    """
    return _FORMULA.sub(r"\1'\2", text)


# Folders of a project that no page is made of.
_NO_SOURCES = ("_build", "dist", "site", "tests", "benchmarks", "node_modules")
_TEXTS = {
    *(".bib", ".cff", ".css", ".csv", ".html", ".ipynb", ".js", ".json", ".md", ".py", ".svg"),
    *(".toml", ".txt", ".yaml", ".yml"),
}
# Git begins these lines at the edge; in a notebook the line may be one of a cell, in quotes.
_MARK = re.compile(r"""^(?:[ \t]*")?(?P<mark><{7}|>{7}|\|{7})(?=[ "\r\n]|\\n|$)""", re.MULTILINE)


def files_in(folder: Path, left_out: Iterable[str] = ()) -> Iterator[Path]:
    """Return the files in a folder, without hidden ones, links to folders and compiled ones.

    ``left_out`` names folders at the top that are passed over.
    """
    for base, folders, names in os.walk(folder):
        here = Path(base)
        skipped = {*left_out} if here == folder else set()
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "__pycache__"))
            and name not in skipped
            # An environment, whatever its name.
            and not (here / name / "pyvenv.cfg").is_file()
        ]
        paths = (here / name for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file())


def source_files(root: Path) -> list[Path]:
    """Return the files of a project that its book can rest on, in order."""
    return sorted(files_in(root, _NO_SOURCES))


def merge_marks(paths: Iterable[Path]) -> list[str]:
    """Name each file that holds the marks of a merge, with the line of the first.

    Git writes them where two versions of a line do not agree. A file that is no text is passed
    over.
    """
    problems = []
    for path in paths:
        if path.suffix not in _TEXTS:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # told by whatever reads it
        if found := _MARK.search(text):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(
                f"{path}:{line}: a merge is not finished: the line begins with {found['mark']}. "
                "Keep one of the two versions, and delete the lines that git put around them."
            )
    return problems


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, from 1, on which a value stands in a text of YAML or JSON.

    ``path`` is the keys and numbers that lead to the value. Where one is missing, the line is that
    of what it is missing from.
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 1
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            held = [pair for pair in node.value if pair[0].value == str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            held = [(one, one) for one in node.value[step : step + 1]]
        else:
            held = []
        if not held:
            break
        key, node = held[0]
        line = key.start_mark.line + 1
    return line


@cache
def installed_versions() -> str:
    """Return the versions of Python and of all libraries that are installed, as a text."""
    folders = [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
    installed = sorted(path.name for folder in folders for path in folder.glob("*.dist-info"))
    return json.dumps([sys.version, installed])


_LARGE = 20_000_000  # bytes
_PROSE = (".md", ".ipynb")


@dataclass(frozen=True)
class BookState:
    """What a book was made from, and what was made, as digests."""

    prose: str
    rest: str
    pages: str

    @classmethod
    def read(cls, path: Path) -> "BookState":
        """Return the state that was kept, or one that equals no other."""
        return json_or(path, lambda kept: cls(**kept), cls("", "", ""))

    @classmethod
    def of(cls, root: Path, html: Path, base: str, version: str = "") -> "BookState":
        """Return the state of a project as it is now, for a book at an address."""
        package = Path(__file__).resolve().parent
        sources = source_files(root)
        if not package.is_relative_to(root):
            sources += sorted(files_in(package))
        # The day that the book names, where it is not today.
        day = os.environ.get("SOURCE_DATE_EPOCH", "")
        names = [str(path) for path in sources if path.suffix in _PROSE]
        return cls(
            prose=_digest(path for path in sources if path.suffix in _PROSE),
            # Which pages there are belongs to it: `_toc.yml` and other pages name them.
            rest=_digest(
                (path for path in sources if path.suffix not in _PROSE),
                json.dumps([installed_versions(), base, version, day, names]),
            ),
            pages=stamps(html),
        )


def _digest(paths: Iterable[Path], more: str = "") -> str:
    digest = sha256(more.encode())
    for path in paths:
        digest.update(f"\0{path}\0".encode())
        try:
            stat = path.stat()
            # No source of a book is so large; what else lies here is not read at each build.
            large = stat.st_size > _LARGE
            digest.update(str(stat.st_mtime_ns).encode() if large else path.read_bytes())
        except OSError as error:
            raise CourseError(
                f"{path} cannot be read ({error.strerror}). Give yourself the right to read it, "
                "or move it out of the project."
            ) from None
    return digest.hexdigest()


def stamps(folder: Path) -> str:
    """Return a text that changes when a file of a folder is added, written or removed."""
    stats = ((path, path.stat()) for path in sorted(files_in(folder)))
    lines = [f"{path.relative_to(folder)} {it.st_size} {it.st_mtime_ns}" for path, it in stats]
    return sha256("\n".join(lines).encode()).hexdigest()
