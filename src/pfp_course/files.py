"""Files written whole or not at all, and zips that come out the same to the byte each time."""

import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pfp_course.errors import CourseError

__all__ = ["pack", "packed", "whole", "write_whole"]

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
