"""Files that are written whole or not at all, and archives that come out the same each time."""

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from pfp_course.errors import CourseError

__all__ = ["edition_day", "pack", "whole"]

_STAMP = (1980, 1, 1, 0, 0, 0)


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a path to write to; it takes the target's place when all went well.

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
            f"{target} cannot be written ({error.strerror}). Make room on the disk, or name a "
            "folder where you may write."
        ) from None


def pack(archive: Path, members: Iterable[tuple[str, bytes | Path]], first: str = "") -> None:
    """Write a zip whose bytes depend on its content alone.

    Parameters
    ----------
    archive : pathlib.Path
        The file to write.
    members
        Name in the archive, and the bytes or the file that holds them, in their order.
    first : str
        Type of an ePub: it is told in a first member, ``mimetype``, that is not compressed.
    """
    with zipfile.ZipFile(archive, "w") as file:
        if first:
            file.writestr(zipfile.ZipInfo("mimetype", _STAMP), first)
        for name, content in members:
            member = zipfile.ZipInfo(name, _STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            member.create_system = 3  # the same on Windows
            file.writestr(member, content if isinstance(content, bytes) else content.read_bytes())


def edition_day() -> date:
    """Return the day of an edition: that of ``SOURCE_DATE_EPOCH`` if it is set, or today's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdigit() else date.today()
