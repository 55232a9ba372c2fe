"""What a book was made from, so that a build with nothing changed ends at once."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pfp_course.errors import CourseError
from pfp_course.files import json_or
from pfp_course.tree import files_in, installed_versions, source_files

__all__ = ["State", "stamps"]

_LARGE = 20_000_000  # bytes
_PROSE = (".md", ".ipynb")


@dataclass(frozen=True)
class State:
    """What a book was made from, and what was made, as digests."""

    prose: str
    rest: str
    pages: str

    @classmethod
    def read(cls, path: Path) -> "State":
        """Return the state that was kept, or one that equals no other."""
        return json_or(path, lambda kept: cls(**kept), cls("", "", ""))

    @classmethod
    def of(cls, root: Path, html: Path, base: str, version: str = "") -> "State":
        """Return the state of a project as it is now, for a book at an address."""
        package = Path(__file__).resolve().parents[1]
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
