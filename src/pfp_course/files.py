"""Files written whole or not at all, JSON read, zips the same to the byte, safe cells."""

import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from pfp_course.errors import CourseError

__all__ = [
    *("json_or", "notebook_in", "pack", "packed", "read_json", "replace_file", "safe_cell"),
    *("whole", "write_whole"),
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

    Parameters
    ----------
    path : pathlib.Path
        The file.
    make
        Makes it of the parsed content, such as the ``model_validate`` of a model. It may raise
        whatever a content of another form leads to.
    damaged : str
        What is said, after the name of a file of another form: what it is not, and the mend.

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
    """Put content in the place of a file: whole and on the disk, or not at all.

    Parameters
    ----------
    target : pathlib.Path
        The file; its folder is there.
    content : bytes
        What is to stand in it. Only this user may read it.
    unless
        Asked when the content is on the disk, just before it takes its place: where it returns
        true, the file is left as it is.

    Returns
    -------
    bool
        Whether the file was replaced.

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

    Parameters
    ----------
    archive
        The file to write.
    members
        Name in the archive, and the bytes or the file that holds them, in their order.
    first : str
        Type of an ePub: it is told in a first member, ``mimetype``, that is not compressed.
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
