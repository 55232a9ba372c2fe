"""The folder of grades: written beside the old one and put into its place whole."""

import ctypes
import errno
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from pfp_course.errors import CourseError

__all__ = ["RECORD", "earlier_of", "fresh_folder", "mended", "stopped", "undisturbed"]

RECORD = "grades.jsonl"  # written last: a folder that holds it is whole
_OF_DISKS = (errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC))
_DISK = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),
    sqlite3.SQLITE_CORRUPT,
)
_AT_FDCWD = -100
_EXCHANGE = 2


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.new")


def earlier_of(out: Path) -> Path:
    """Return the folder that keeps earlier grades."""
    return out.with_name(f"{out.name}-earlier")


@contextmanager
def fresh_folder(out: Path, *, regrade: bool) -> Iterator[Path]:
    """Give an empty folder, and put it into the place of ``out`` if all went well.

    The old folder is moved to ``<out>-earlier``. Whatever happens on the way, ``out`` is the old
    folder or the new one, and never a part of either.

    Raises
    ------
    CourseError
        If there are grades already and ``regrade`` was not asked for, if the folder holds other
        things, or if it cannot be written.
    """
    out = out.absolute()
    # In the system's temporary folder, so that nothing but grades lies beside the grades.
    name = sha256(str(out).encode()).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"pfp-grades-{name}.lock", timeout=0)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with lock:
            mended(out)
            _check(out, regrade=regrade)
            new = _beside(out)
            new.mkdir()
            _finished.clear()
            _unfinished.append(new)
            try:
                yield new
            except BaseException:
                stopped()
                raise
            with undisturbed():
                _unfinished.clear()
                _swap(new, out)
                _finished.append(out)
    except Timeout:
        raise CourseError(f"Somebody is grading into {out} at this moment. Wait for it.") from None
    except OSError as error:
        if error.filename is None and error.errno not in _OF_DISKS:
            raise CourseError(
                f"The system stopped the grading: {error}. "
                "Grades that were there before are unchanged."
            ) from None
        raise _unwritten(error.filename or out, error.strerror or str(error)) from None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _DISK:
            raise
        raise _unwritten(out, str(error)) from None


_unfinished: list[Path] = []
_finished: list[Path] = []


def stopped() -> bool:
    """Take away the folder of a run that has not come to its end, and tell whether one has.

    What cannot be taken away now is taken away by the next run.
    """
    while _unfinished:
        shutil.rmtree(_unfinished.pop(), ignore_errors=True)
    return bool(_finished)


def _unwritten(where: Path | str, why: str) -> CourseError:
    return CourseError(
        f"{where} cannot be written ({why}). Make room, or name another --out. "
        "Grades that were there before are unchanged."
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nobody stop the program with Ctrl-C for a moment in which a stop would be a half."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def mended(out: Path) -> None:
    """Put in order what a run that was killed has left."""
    new = _beside(out)
    if not new.exists():
        return
    if out.exists() and (new / RECORD).is_file() and _older(new, out):
        _keep(new, out)  # the swap was done, and the old folder not yet put away
    elif not out.exists() and (new / RECORD).is_file():
        new.rename(out)  # the old folder was put away, and the new one is whole
    else:
        shutil.rmtree(new)


def _older(new: Path, out: Path) -> bool:
    record = out / RECORD
    return record.is_file() and _stamp(new) < _stamp(out)


def _stamp(folder: Path) -> int:
    return (folder / RECORD).stat().st_mtime_ns


def _check(out: Path, *, regrade: bool) -> None:
    if not out.exists():
        return
    if not out.is_dir() or (not (out / RECORD).is_file() and any(out.iterdir())):
        raise CourseError(f"{out} holds other things than grades. Name another folder with --out.")
    if (out / RECORD).is_file() and not regrade:
        raise CourseError(
            f"{out} holds grades already. To grade again, say --regrade: the earlier grades are "
            f"kept in {earlier_of(out).name}, and a log lists what changed for whom."
        )


def _swap(new: Path, out: Path) -> None:
    if not out.exists():
        new.rename(out)
    elif not (out / RECORD).is_file():
        out.rmdir()
        new.rename(out)
    elif _exchanged(new, out):
        _keep(new, out)
    else:
        _keep(out, out)
        new.rename(out)


def _exchanged(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, where the system can (Linux, macOS)."""
    pair = os.fsencode(first), os.fsencode(second)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return int(libc.renamex_np(*pair, _EXCHANGE)) == 0
        return int(libc.renameat2(_AT_FDCWD, pair[0], _AT_FDCWD, pair[1], _EXCHANGE)) == 0
    except (OSError, AttributeError, TypeError):
        return False


def _keep(old: Path, out: Path) -> None:
    kept = earlier_of(out)
    kept.mkdir(exist_ok=True)
    made = datetime.fromtimestamp((old / RECORD).stat().st_mtime, UTC)
    name = made.strftime("%Y-%m-%d-%H%M%S")
    number = 1
    while (kept / name).exists():
        number += 1
        name = f"{made.strftime('%Y-%m-%d-%H%M%S')}-{number}"
    old.rename(kept / name)
