"""Collect what was handed in: from a folder, a zip or an archive of tar, as a stream, with limits.

Nothing is unpacked to the disk, no link is followed, and no size that a file states is believed.
What cannot be read becomes a line for the instructor, and never stops the rest.
"""

import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from pfp_course.assignments.receipt import LARGEST
from pfp_course.errors import CourseError
from pfp_course.grading.lms_names import owner_of, tidy
from pfp_course.grading.sheets import reading
from pfp_course.grading.submitted_files import (
    NEVER_RECEIPTS,
    RECEIPT_ENDINGS,
    SEARCHED,
    Kind,
    SubmittedFile,
    bundle_of,
    mentions_receipt,
    nature,
    path_of,
    read_file,
    submitted,
)

__all__ = ["collect", "count"]

_DEEPEST_FOLDER = 12
# Not every system has all of these flags.
_FLAGS = ("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")
_READ = sum(getattr(os, name, 0) for name in _FLAGS)
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
_DOCUMENTS = ("word/document.xml", "content.xml")


def collect(path: Path) -> Iterator[SubmittedFile]:
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


def _folder(path: Path, parts: tuple[str, ...]) -> Iterator[SubmittedFile]:
    try:
        listing = os.scandir(path)
    except OSError as error:
        yield submitted("damaged", parts, f"the folder cannot be opened ({error.strerror})")
        return
    with listing:
        for entry in listing:
            if _is_junk(entry.name):
                continue
            inner = (*parts, entry.name)
            if entry.is_symlink():
                yield submitted("link", inner, "it is a link, and links are not followed")
            elif entry.is_dir(follow_symlinks=False):
                if len(inner) > _DEEPEST_FOLDER:
                    yield submitted("damaged", inner, "its folders are nested too deeply")
                else:
                    yield from _folder(Path(entry.path), inner)
            else:
                yield from _file(Path(entry.path), inner)


def _file(path: Path, parts: tuple[str, ...], *, named: bool = True) -> Iterator[SubmittedFile]:
    try:
        handle = os.open(path, _READ)
    except OSError as error:
        yield submitted("damaged", parts, f"it cannot be opened ({error.strerror})")
        return
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            yield submitted("special", parts, "it is no ordinary file")
            return
        try:
            head = file.read(4)
            file.seek(0)
            if _is_packed(parts[-1], head):
                size = os.fstat(handle).st_size
                yield from _Archive(file, parts if named else (), size, 1).files()
            else:
                yield read_file(file, parts)
        except OSError as error:
            yield submitted("damaged", parts, f"it cannot be read ({error.strerror})")


def _is_packed(name: str, head: bytes) -> bool:
    """Tell whether a file is opened as a zip or as an archive of tar."""
    return (
        head[:2] == b"PK"
        or head[:2] == b"\x1f\x8b"
        or PurePosixPath(name).suffix.lower() in (".zip", ".tar")
    )


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
    """A packed file, read member by member."""

    def __init__(
        self,
        file: IO[bytes],
        parts: tuple[str, ...],
        size: int,
        depth: int,
        budget: _Budget | None = None,
        bundle: str = "",
    ) -> None:
        self.file, self.parts, self.depth = file, parts, depth
        self.of_class = depth == 1 and owner_of(parts) is None
        most = _BUDGET_OF_CLASS + _RATIO * size if self.of_class else _BUDGET
        self.budget = budget or _Budget(most)
        self.others = 0
        self.directory = _DIRECTORY if self.of_class else _DIRECTORY_INSIDE
        self.bundle = bundle or bundle_of((*parts, "")) or path_of(parts)

    def files(self) -> Iterator[SubmittedFile]:
        """Yield what is in it; whatever is wrong is a line, and never an error."""
        for file in self._files():
            # Whoever packed it may have named it as they liked; an account is a system's word.
            yield file if file.bundle else replace(file, bundle=self.bundle)

    def _files(self) -> Iterator[SubmittedFile]:
        head = self.file.read(4)
        self.file.seek(0)
        if head[:2] == b"\x1f\x8b" or PurePosixPath((self.parts or ("",))[-1]).suffix == ".tar":
            yield from self._unzipped(head)
            return
        if _directory_size(self.file) > self.directory:
            yield self._trouble("zip", "it lists more files than any honest zip")
            return
        try:
            with zipfile.ZipFile(self.file) as archive:
                names = set(archive.namelist())
                if document := next((one for one in _DOCUMENTS if one in names), None):
                    yield self._document(archive, document)
                    return
                if self.parts and all(one.endswith("/") or _is_junk(one) for one in names):
                    yield self._trouble("other", "it is an archive without a file in it")
                for member in archive.infolist():
                    if not member.filename.endswith("/") and not _is_junk(member.filename):
                        yield from self._member(archive, member)
            if self.others > _OTHERS:
                note = f"it holds {self.others - _OTHERS} more files that are no receipts"
                yield self._trouble("other", note)
        except _SpentError:
            note = f"it unpacks to more than {self.budget.most // 1_000_000} MB and was left there"
            yield self._trouble("zip", note)
        except Exception as error:
            # A damaged zip makes the library raise nearly anything, and a class must not wait.
            yield self._trouble("zip", f"it is no zip, or is damaged ({tidy(str(error), 80)})")

    def _trouble(self, kind: Kind, note: str) -> SubmittedFile:
        return submitted(kind, self.parts, note, self.bundle)

    def _document(self, archive: zipfile.ZipFile, name: str) -> SubmittedFile:
        with archive.open(name) as stream:
            raw = self._read(stream, LARGEST)
        if len(raw) <= LARGEST and mentions_receipt(raw):
            return submitted("file", self.parts, "", self.bundle, raw)
        return self._trouble("other", "it is a document of a word processor, and holds no receipt")

    def _unzipped(self, head: bytes) -> Iterator[SubmittedFile]:
        """Yield what is in an archive of tar, or in one file that was packed with gzip."""
        try:
            raw = self.file.read(_LARGEST_ZIP + 1)
            if head[:2] == b"\x1f\x8b":
                raw = zlib.decompressobj(31).decompress(raw, _LARGEST_ZIP + 1)
            self.budget.spend(len(raw))
            if len(raw) > _LARGEST_ZIP:
                yield self._trouble("large", f"it is larger than {_LARGEST_ZIP // 1_000_000} MB")
            elif raw[257:262] == b"ustar":
                yield from self._tarred(raw)
            else:
                inner = (*self.parts, PurePosixPath(self.parts[-1] if self.parts else "x").stem)
                yield read_file(io.BytesIO(raw), inner, self.bundle)
        except _SpentError:
            yield self._trouble("zip", "it unpacks to more than any honest file")
        except Exception as error:
            yield self._trouble("zip", f"it cannot be unpacked ({tidy(str(error), 80)})")

    def _tarred(self, raw: bytes) -> Iterator[SubmittedFile]:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
            for member in archive:
                parts = (*self.parts, *_names(member.name))
                if member.isdir() or _is_junk(member.name):
                    continue
                if not member.isfile():
                    note = "it is a link, and links are not followed"
                    yield submitted("link", parts, note, self.bundle)
                elif stream := archive.extractfile(member):
                    file = read_file(stream, parts, self.bundle)
                    yield from self._other(file) if file.kind == "other" else (file,)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[SubmittedFile]:
        parts = (*self.parts, *_names(_spelt(member)))
        if stat.S_ISLNK(member.external_attr >> 16):
            yield submitted("link", parts, "it is a link, and links are not followed")
        elif member.flag_bits & 0x1:
            yield submitted("damaged", parts, "it is locked with a password")
        elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The other methods let a file ask for memory without a limit.
            yield submitted("damaged", parts, "it is packed in an unusual way; pack it as a zip")
        else:
            yield from self._opened(archive, member, parts)

    def _opened(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...]
    ) -> Iterator[SubmittedFile]:
        suffix = PurePosixPath(parts[-1]).suffix.lower()
        packed = suffix in (".zip", ".docx", ".odt", ".gz", ".tgz", ".tar")
        if not packed and (suffix in NEVER_RECEIPTS or self.others > 50 * _OTHERS):
            yield from self._other(submitted("other", parts, nature(suffix) or "it is no receipt"))
            return
        if packed and self.depth >= _DEEPEST_ZIP:
            note = "it is a zip in a zip in a zip; hand in the receipt alone"
            yield submitted("zip", parts, note)
            return
        most = _LARGEST_ZIP if packed else LARGEST if suffix in RECEIPT_ENDINGS else SEARCHED
        try:
            with archive.open(member) as stream:
                raw = self._read(stream, most)
        except _SpentError:
            raise
        except Exception as error:
            yield submitted("damaged", parts, f"it is damaged ({tidy(str(error), 80)})")
            return
        if len(raw) > most and (packed or suffix in RECEIPT_ENDINGS):
            yield submitted("large", parts, f"it is larger than {most // 1_000_000} MB")
        elif packed or raw[:2] == b"PK":
            inner = self._budget_of(parts)
            bundle = bundle_of(parts) or ("" if self.of_class else self.bundle)
            packed_file, depth = io.BytesIO(raw), self.depth + 1
            yield from _Archive(packed_file, parts, len(raw), depth, inner, bundle).files()
        else:
            file = read_file(io.BytesIO(raw), parts)
            yield from self._other(file) if file.kind == "other" else (file,)

    def _other(self, file: SubmittedFile) -> Iterator[SubmittedFile]:
        self.others += 1
        if self.others <= _OTHERS:
            yield file

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


def _spelt(member: zipfile.ZipInfo) -> str:
    """Return the name of a file in a zip; programs of Windows write it in their own code page."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    with suppress(UnicodeError):
        raw = member.filename.encode("cp437")
        with suppress(UnicodeDecodeError):
            return raw.decode("utf-8")
        return reading(raw, ("cp866", "cp850", "cp1251", "cp1252", "cp437"))[0]
    return member.filename


def _names(path: str) -> tuple[str, ...]:
    # Programs of Windows write backslashes into zips, against the rule.
    names = (part for part in path.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    return tuple(names) or ("?",)


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    return any(part in _JUNK for part in parts) or parts[-1].startswith(("._", "~$", ".~lock."))


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
