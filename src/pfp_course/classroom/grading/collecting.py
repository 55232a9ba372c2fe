"""Collect what was handed in: from a folder or a zip, as a stream, with limits.

Nothing is unpacked to the disk, no link is followed, and no size that a file states is believed.
What cannot be read becomes a line for the instructor, and never stops the rest.
"""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from pfp_course.classroom.grading.owners import Owner, owner_of, tidy
from pfp_course.classroom.receipt import LARGEST
from pfp_course.errors import CourseError

__all__ = ["Handed", "collect", "count"]

Kind = Literal["file", "damaged", "large", "link", "special", "zip", "other"]

_DEEPEST_FOLDER = 12
_DEEPEST_ZIP = 3
_LARGEST_ZIP = 20_000_000  # bytes of a zip inside another
_DIRECTORY = 64_000_000  # bytes of a zip's own list of files
_DIRECTORY_INSIDE = 1_000_000
_BUDGET = 50_000_000  # bytes unpacked for one student
# For a zip of the whole class: receipts shrink tenfold, a bomb a thousandfold.
_BUDGET_OF_CLASS = 1_000_000_000
_RATIO = 200
_CHUNK = 65_536
_OTHERS = 20  # files of a zip that are no receipts; more are counted
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints")
_RECEIPT = (".json", ".txt", "")
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(frozen=True)
class Handed:
    """A file that was handed in: where it was, whose it is, and its bytes or what is wrong."""

    place: str
    owner: Owner | None
    kind: Kind
    raw: bytes = b""
    said: str = ""


def collect(path: Path) -> Iterator[Handed]:
    """Yield every file of a folder, of a zip, or the one file that is named.

    Raises
    ------
    CourseError
        If there is nothing of that name.
    """
    if path.is_dir():
        yield from _folder(path, ())
    elif path.is_file():
        # The name of a download is no student's.
        yield from _file(path.resolve(), (path.name,), named=False)
    else:
        raise CourseError(
            f"{path} is not there. Name the folder or the zip with the receipts of your students."
        )


def count(path: Path) -> int:
    """Return about how many files there are, for a progress bar."""
    if not path.is_dir():
        try:
            with path.open("rb") as file:
                return max(1, _directory_size(file) // 120)
        except OSError:
            return 1
    return _count(path, 0)


def _count(path: Path, depth: int) -> int:
    found = 0
    with suppress(OSError), os.scandir(path) as listing:
        for entry in listing:
            inside = depth < _DEEPEST_FOLDER and entry.is_dir(follow_symlinks=False)
            found += _count(Path(entry.path), depth + 1) if inside else 1
    return found


def _folder(path: Path, parts: tuple[str, ...]) -> Iterator[Handed]:
    try:
        listing = os.scandir(path)
    except OSError as error:
        yield _trouble("damaged", parts, f"the folder cannot be opened ({error.strerror})")
        return
    with listing:
        for entry in listing:
            if entry.name in _JUNK or entry.name.startswith("._"):
                continue
            inner = (*parts, entry.name)
            if entry.is_symlink():
                yield _trouble("link", inner, "it is a link, and links are not followed")
            elif entry.is_dir(follow_symlinks=False):
                if len(inner) > _DEEPEST_FOLDER:
                    yield _trouble("damaged", inner, "its folders are nested too deeply")
                else:
                    yield from _folder(Path(entry.path), inner)
            else:
                yield from _file(Path(entry.path), inner)


def _file(path: Path, parts: tuple[str, ...], *, named: bool = True) -> Iterator[Handed]:
    try:
        handle = os.open(path, _READ)
    except OSError as error:
        yield _trouble("damaged", parts, f"it cannot be opened ({error.strerror})")
        return
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            yield _trouble("special", parts, "it is no ordinary file")
            return
        try:
            if _is_zip(parts[-1], file):
                size = os.fstat(handle).st_size
                yield from _Archive(file, parts if named else (), size, 1).files()
            else:
                yield _taken(file, parts)
        except OSError as error:
            yield _trouble("damaged", parts, f"it cannot be read ({error.strerror})")


def _is_zip(name: str, file: IO[bytes]) -> bool:
    head = file.read(4)
    file.seek(0)
    return head[:2] == b"PK" or PurePosixPath(name).suffix.lower() == ".zip"


def _taken(file: IO[bytes], parts: tuple[str, ...]) -> Handed:
    if PurePosixPath(parts[-1]).suffix.lower() not in _RECEIPT:
        return _trouble("other", parts, "it is no receipt")
    raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        return _trouble("large", parts, f"it is larger than {LARGEST // 1_000_000} MB")
    return Handed(_place(parts), owner_of(parts), "file", raw)


def _trouble(kind: Kind, parts: tuple[str, ...], said: str) -> Handed:
    return Handed(_place(parts), owner_of(parts), kind, b"", said)


def _place(parts: tuple[str, ...]) -> str:
    return tidy("/".join(parts), 300)


class _SpentError(Exception):
    """More was unpacked than any honest zip holds."""


class _Budget:
    """How many bytes may be unpacked, counted while they are."""

    def __init__(self, most: int, outer: "_Budget | None" = None) -> None:
        self.most, self.left, self.outer = most, most, outer

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise _SpentError
        if self.outer is not None:
            self.outer.spend(size)


class _Archive:
    """A zip, read member by member."""

    def __init__(
        self,
        file: IO[bytes],
        parts: tuple[str, ...],
        size: int,
        depth: int,
        budget: _Budget | None = None,
    ) -> None:
        self.file, self.parts, self.depth = file, parts, depth
        self.of_class = depth == 1 and owner_of(parts) is None
        most = _BUDGET_OF_CLASS + _RATIO * size if self.of_class else _BUDGET
        self.budget = budget or _Budget(most)
        self.others = 0
        self.directory = _DIRECTORY if self.of_class else _DIRECTORY_INSIDE

    def files(self) -> Iterator[Handed]:
        if _directory_size(self.file) > self.directory:
            yield _trouble("zip", self.parts, "it lists more files than any honest zip")
            return
        try:
            with zipfile.ZipFile(self.file) as archive:
                for member in archive.infolist():
                    if not member.filename.endswith("/") and not _is_junk(member.filename):
                        yield from self._member(archive, member)
            if self.others > _OTHERS:
                said = f"it holds {self.others - _OTHERS} more files that are no receipts"
                yield _trouble("other", self.parts, said)
        except _SpentError:
            said = f"it unpacks to more than {self.budget.most // 1_000_000} MB and was left there"
            yield _trouble("zip", self.parts, said)
        except Exception as error:
            # A damaged zip makes the library raise nearly anything, and a class must not wait.
            said = tidy(str(error), 80)
            yield _trouble("zip", self.parts, f"it is no zip, or is damaged ({said})")

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Handed]:
        names = tuple(part for part in member.filename.split("/") if part not in ("", ".", ".."))
        parts = (*self.parts, *(names or ("?",)))
        if stat.S_ISLNK(member.external_attr >> 16):
            yield _trouble("link", parts, "it is a link, and links are not followed")
        elif member.flag_bits & 0x1:
            yield _trouble("damaged", parts, "it is locked with a password")
        elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The other methods let a file ask for memory without a limit.
            yield _trouble("damaged", parts, "it is packed in an unusual way; pack it as a zip")
        else:
            yield from self._opened(archive, member, parts)

    def _opened(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...]
    ) -> Iterator[Handed]:
        is_zip = PurePosixPath(parts[-1]).suffix.lower() == ".zip"
        if not is_zip and PurePosixPath(parts[-1]).suffix.lower() not in _RECEIPT:
            self.others += 1
            if self.others <= _OTHERS:
                yield _trouble("other", parts, "it is no receipt")
            return
        if is_zip and self.depth >= _DEEPEST_ZIP:
            yield _trouble("zip", parts, "it is a zip in a zip in a zip; hand in the receipt alone")
            return
        most = _LARGEST_ZIP if is_zip else LARGEST
        try:
            with archive.open(member) as stream:
                raw = self._read(stream, most)
        except _SpentError:
            raise
        except Exception as error:
            yield _trouble("damaged", parts, f"it is damaged ({tidy(str(error), 80)})")
            return
        if len(raw) > most:
            yield _trouble("large", parts, f"it is larger than {most // 1_000_000} MB")
        elif is_zip or raw[:2] == b"PK":
            inner = self._budget_of(parts)
            yield from _Archive(io.BytesIO(raw), parts, len(raw), self.depth + 1, inner).files()
        else:
            yield Handed(_place(parts), owner_of(parts), "file", raw)

    def _budget_of(self, parts: tuple[str, ...]) -> _Budget:
        if not self.of_class:
            return self.budget
        # What a student's account handed in costs only this student.
        return _Budget(_BUDGET, None if owner_of(parts) else self.budget)

    def _read(self, stream: IO[bytes], most: int) -> bytes:
        parts, size = [], 0
        while size <= most and (chunk := stream.read(_CHUNK)):
            parts.append(chunk)
            size += len(chunk)
            self.budget.spend(len(chunk))
        return b"".join(parts)


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    return any(part in _JUNK for part in parts) or parts[-1].startswith("._")


def _directory_size(file: IO[bytes]) -> int:
    """Return the size of a zip's list of files, which would be read into memory as one."""
    file.seek(0, os.SEEK_END)
    start = max(0, file.tell() - 65_557 - 20)
    file.seek(start)
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    size = int(struct.unpack_from("<L", tail, at + 12)[0])
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        with suppress(struct.error, OSError, OverflowError):
            file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
            size = max(size, int(struct.unpack_from("<Q", file.read(56), 40)[0]))
        file.seek(0)
    return size
