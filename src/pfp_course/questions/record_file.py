"""The file of a record on disk: read with patience, written whole, set aside, found in copies."""

import errno
import json
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from pfp_course.files import replace_file

__all__ = [
    "FILE_NAME",
    "OversizedError",
    "RecordFile",
    "UnreadableError",
    "cause",
    "cut_short",
    "decoded",
    "is_sync_copy",
    "mend",
    "not_kept",
    "whole_objects",
]


FILE_NAME = "pfp-progress.json"
_LARGEST = 5_000_000  # bytes; a whole course needs less than a tenth
_LOCK_SECONDS = 5  # to wait for another notebook that saves at this moment
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds between two tries; the last one is repeated
# What waiting does not mend: no room, no such folder, a folder that may not be written.
_LASTING = {
    *(errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP),
    *(errno.ENAMETOOLONG, errno.EFBIG, errno.EDQUOT, errno.EMFILE, errno.ENFILE),
}
# Names that the programs of Dropbox, OneDrive, Google Drive, iCloud, Nextcloud and Syncthing give
# to a file that was changed at two places, or that a browser gives to a second download.
_SYNC_COPY = re.compile(
    r"(?:"
    r"pfp-progress(?:\.json)?(?:"
    r" ?\(\d+\)| \d+|[ ._-]*\(?(?i:[^()]*conflict[^()]*(?:\([^()]*\)[^()]*)?\)?)|_conf\(.*\)"
    r"|-(?:DESKTOP|LAPTOP|WIN|PC)-[A-Z0-9]+(?:-\d+)?|-[A-Z0-9-]*\d[A-Z0-9-]*"
    r"|-[\w-]*(?:MacBook|iMac|Mac-mini)[\w-]*"
    r")(?:\.json)?"
    r"|Copy of pfp-progress(?: \(\d+\))?\.json"
    r")"
)
_Given = TypeVar("_Given")


class OversizedError(OSError):
    """The file is far larger than a record of answers can be."""


class UnreadableError(OSError):
    """The record is there, but cannot be read, so that nothing is written over it.

    ``mend`` says what to do.
    """

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(errno.EACCES, reason)
        self.mend = mend


def cause(error: BaseException) -> str:
    """Return in a few words why the system refused."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")


def mend(error: OSError) -> str:
    """Return what the student can do about a file that cannot be read."""
    if isinstance(error, UnreadableError):
        return error.mend
    if error.errno in (errno.EACCES, errno.EPERM):
        return "Close other programs that use the file, and look at its rights."
    return "Wait a moment: a scanner or a sync program may hold it."


def not_kept(error: OSError) -> str:
    """Return what the student is told when answers could not be written."""
    if isinstance(error, UnreadableError):
        return (
            f"Your answers are not kept on disk: {FILE_NAME} could not be read ({error.strerror}), "
            "and what cannot be read is not written over. They stay here while this notebook "
            f"runs, and are saved when it can be read. {error.mend}"
        )
    return (
        f"Your answers are not kept on disk: {FILE_NAME} could not be written "
        f"({cause(error)}). They stay here while this notebook runs. Make room on the disk, "
        "or move the notebook to a folder where you may write, and answer again."
    )


def is_sync_copy(name: str) -> bool:
    """Tell whether a file's name is one that a program gives to a second copy of the record."""
    return _SYNC_COPY.fullmatch(name) is not None


class RecordFile:
    """The record of one folder, as a file. Nothing that was not read is written over.

    ``patience`` is how many seconds a scanner or a sync program that holds the file is waited for.
    So that a notebook does not stand still at each answer, a wait after one in vain is a tenth.
    """

    def __init__(self, folder: Path, patience: float) -> None:
        self.path = folder / FILE_NAME
        self._patience = patience
        self._in_vain = False

    def _until_done(
        self, action: Callable[[], _Given], lasting: Callable[[OSError], bool]
    ) -> _Given:
        """Return what an action gives, repeated until it succeeds, is refused, or time is up."""
        end = time.monotonic() + self._patience * (0.1 if self._in_vain else 1.0)
        pauses = [*_PAUSES]
        while True:
            try:
                done = action()
            except OSError as error:
                left = end - time.monotonic()
                if lasting(error) or left <= 0:
                    self._in_vain = self._in_vain or not lasting(error)
                    raise
                time.sleep(min(pauses.pop(0) if len(pauses) > 1 else pauses[0], left))
            else:
                self._in_vain = False
                return done

    def mark(self) -> tuple[int, ...]:
        """Return numbers that change when the file does; empty where there is none."""
        try:
            known = self.path.stat()
        except OSError:
            return ()
        return (known.st_mtime_ns, known.st_size)

    def read(self) -> bytes | None:
        """Return the content, or None where there is no file.

        Raises
        ------
        OversizedError
            If it is too large to be a record.
        OSError
            If the file is there but cannot be read, even after a wait.
        """
        return self._until_done(
            self._read, lambda error: isinstance(error, UnreadableError | OversizedError)
        )

    def _read(self) -> bytes | None:
        try:
            known = self.path.stat()
        except FileNotFoundError:
            self._refuse_placeholder()
            if FILE_NAME in os.listdir(self.path.parent):  # noqa: PTH208 (a file, and no link)
                raise OSError(errno.EBUSY, "it is there, but cannot be opened") from None
            return None
        if not stat.S_ISREG(known.st_mode):
            what = "a folder" if stat.S_ISDIR(known.st_mode) else "no ordinary file"
            raise UnreadableError(
                f"it is {what}", "Give what stands there another name, and answer again."
            )
        return self.read_at(self.path)

    @staticmethod
    def read_at(path: Path) -> bytes:
        """Return the content of a record at another place; `OversizedError` if it can be none."""
        if path.stat().st_size > _LARGEST:
            raise OversizedError(errno.EFBIG, "is too large to be a record of answers")
        return path.read_bytes()

    def _refuse_placeholder(self) -> None:
        if self.path.is_symlink():
            raise UnreadableError(
                "it is a link to a file that is not there",
                "Connect the disk that it leads to, or delete the link.",
            )
        if self.path.with_name(f".{FILE_NAME}.icloud").exists():
            raise UnreadableError(
                "it lies in iCloud and not on this computer",
                "Open the folder in Finder and download the file.",
            )

    def write(self, content: bytes, mark: tuple[int, ...]) -> bool:
        """Replace the file by this content, whole or not at all; return whether it was done.

        Where the file has no longer the ``mark`` that it had when it was read, it is left as it is.

        Raises
        ------
        OSError
            If it cannot be written, even after a wait.
        """
        return self._until_done(
            lambda: replace_file(self.path, content, unless=lambda: self.mark() != mark),
            self._lasting,
        )

    def _lasting(self, error: OSError) -> bool:
        if error.errno in (errno.EACCES, errno.EPERM):
            return not os.access(self.path.parent, os.W_OK)
        return error.errno in _LASTING

    def set_aside(self) -> Path:
        """Move the file to a name that is free, and return it.

        Raises
        ------
        OSError
            If it cannot be moved; then it is still in its place.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}.set-aside-{stamp}.json")

        def move() -> None:
            if os.path.lexists(aside):
                raise FileExistsError(errno.EEXIST, "the name is taken", str(aside))
            self.path.rename(aside)

        self._until_done(move, lambda error: error.errno in {*_LASTING, errno.EEXIST})
        return aside

    def copies(self) -> list[Path]:
        """Return other files of this folder that look like a record: copies of a sync program."""
        try:
            names = sorted(entry.name for entry in os.scandir(self.path.parent))
        except OSError:
            return []
        return [
            self.path.with_name(name)
            for name in names
            if name.lower().startswith(("pfp-progress", "copy of pfp-progress"))
            and name != FILE_NAME
            and not name.startswith("pfp-progress.set-aside-")
        ]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other notebooks of the folder from saving at the same moment.

        Raises
        ------
        filelock.Timeout
            If another one holds the lock for long.
        """
        lock = None
        # Where a system knows no locks, answers are kept all the same: what another notebook
        # writes in between is seen by `mark`. A lock lies in another folder than the student's.
        try:
            name = sha256(str(self.path.resolve()).encode("utf-8", "replace")).hexdigest()[:16]
            file = FileLock(Path(tempfile.gettempdir()) / f"pfp-progress-{name}.lock")
            file.acquire(timeout=_LOCK_SECONDS)
            lock = file
        except Timeout:
            raise
        except (OSError, NotImplementedError, RuntimeError):
            pass
        try:
            yield
        finally:
            if lock is not None:
                with suppress(OSError):  # the system lets go of it when this process ends
                    lock.release()


_NAMED = re.compile(r'"((?:[^"\\]|\\.){1,200})"\s*:\s*(?=\{)')
_MOST_OBJECTS = 20_000


def decoded(raw: bytes, errors: str = "strict") -> str:
    """Return the text of a file, whatever mark an editor has put before it.

    Raises
    ------
    UnicodeDecodeError
        If it is neither UTF-8 nor UTF-16 with a mark, and ``errors`` are not replaced.
    """
    is_utf_16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    return raw.decode("utf-16" if is_utf_16 else "utf-8-sig", errors)


def cut_short(raw: bytes) -> bool:
    """Tell whether a file may still be on its way: empty, filled with zeros, or without its end."""
    text = raw.rstrip(b"\0 \t\r\n")
    return len(text) < len(raw.rstrip(b" \t\r\n")) or not text.endswith((b"}", b"]"))


def whole_objects(raw: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    r"""Yield the objects that are still whole in damaged JSON, each with its name, in their order.

    A name inside a text cannot be taken for one: its quotes are written ``\"``.
    """
    text = decoded(raw, "replace")
    decoder = json.JSONDecoder()
    for number, found in enumerate(_NAMED.finditer(text)):
        if number > _MOST_OBJECTS:
            return
        if found.start() and text[found.start() - 1] == "\\":
            continue
        try:
            value, _ = decoder.raw_decode(text, found.end())
            name = json.loads(f'"{found[1]}"')
        except (ValueError, RecursionError):
            continue
        yield name, value
