"""Files written whole, and zips that are the same to the byte whenever the same is packed."""

import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pfp_course.errors import CourseError

__all__ = ["packed", "write_whole"]

# Some moment. Not the first that a zip knows, 1980: in another time zone it lies before that.
_THEN = (2020, 2, 2, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of these members, in the order of their names and with one fixed time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _THEN)
            # The same on every system.
            info.create_system, info.external_attr = _UNIX, _READABLE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name])
    return file.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    CourseError
        If it cannot be written.
    """
    part = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pfp-", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written ({error.strerror}). Make room on the disk, or work in a "
            "folder where you may write."
        ) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
