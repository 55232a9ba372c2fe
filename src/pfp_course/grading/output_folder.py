"""The folder of grades: written beside the old one, put into its place whole, compared with it.

What a new grading changed is listed: for whom, in which question, from what to what, and why.
"""

import ctypes
import errno
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pfp_course.errors import CourseError
from pfp_course.grading.database import Database
from pfp_course.grading.marks import Marker, Settings
from pfp_course.grading.pages import page, table
from pfp_course.grading.rows import GradeRow, RecordLine
from pfp_course.grading.sheets import csv_line

__all__ = [
    *("RECORD", "fresh_folder", "kept_for_record", "mended", "stopped", "write_changes"),
    "write_record",
]

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


def _earlier_of(out: Path) -> Path:
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
            with _undisturbed():
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
def _undisturbed() -> Iterator[None]:
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
            f"kept in {_earlier_of(out).name}, and a log lists what changed for whom."
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
    kept = _earlier_of(out)
    kept.mkdir(exist_ok=True)
    made = datetime.fromtimestamp((old / RECORD).stat().st_mtime, UTC)
    name = stamp = made.strftime("%Y-%m-%d-%H%M%S")
    number = 1
    while (kept / name).exists():
        number += 1
        name = f"{stamp}-{number}"
    old.rename(kept / name)


_Json = dict[str, Any]
_HEAD = ("student", "name", "what", "from", "to", "why")
_SHOWN = 500  # lines of the page; the table holds all


def _made_with(settings: Settings, marker: Marker) -> _Json:
    """Return what a run was made with, as the first line of its record."""
    keys = {}
    for question, forms in zip(settings.key.questions, marker.forms, strict=True):
        text = json.dumps([form.as_json() for form in forms], sort_keys=True)
        keys[question.id] = sha256(text.encode()).hexdigest()[:16]
    return {
        "format": "pfp-course/grades",
        "version": 1,
        "assignment": settings.key.id,
        "title": settings.key.title,
        "points": settings.points,
        "drop": sorted(settings.drop),
        "late": settings.late,
        "penalty": settings.penalty if settings.late == "penalty" else 0,
        "grace": settings.grace,
        "variants": settings.variants,
        "due": settings.key.due,
        "keys": keys,
    }


def kept_for_record(
    database: Database, settings: Settings, rows: Iterable[GradeRow]
) -> Iterator[GradeRow]:
    """Keep a line of the record for each row, and yield the rows as they come."""
    names = [question.id for question in settings.key.questions]
    for row in rows:
        line = {
            "key": row.key,
            "name": row.name,
            "total": row.total,
            "days": row.days,
            "checksum": row.checksum or "",
            "manual": row.manual,
            "points": {
                name: points
                for name, points in zip(names, row.points, strict=bool(row.points))
                if points is not None
            },
        }
        database.add(RecordLine(row.key, _json(line)))
        yield row


def write_record(database: Database, settings: Settings, marker: Marker, path: Path) -> None:
    """Write the grades of a run as one line for each student, in the order of their keys."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_json(_made_with(settings, marker)) + "\n")
        file.writelines(f"{line}\n" for line in database.record())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_changes(old: Path, new: Path, folder: Path) -> int:
    """Write what is different between two records, as a table and as a page.

    Returns for how many students something changed.
    """
    with (
        old.open(encoding="utf-8") as before,
        new.open(encoding="utf-8") as after,
        (folder / "changes.csv").open("w", encoding="utf-8-sig", newline="") as file,
    ):
        was, now = json.loads(next(before)), json.loads(next(after))  # what they were made with
        file.write(csv_line(_HEAD))
        shown: list[list[str]] = []
        changed = 0
        for first, second in _paired(before, after):
            lines = list(_differences(first, second, was, now))
            changed += bool(lines)
            for line in lines:
                file.write(csv_line(line))
                if len(shown) < _SHOWN:
                    shown.append([escape(_shown(cell)) for cell in line[1:]])
    body = _page(was, now, changed, shown)
    (folder / "changes.html").write_text(body, encoding="utf-8")
    return changed


def _paired(before: Iterator[str], after: Iterator[str]) -> Iterator[tuple[_Json, _Json]]:
    """Yield the lines of two records, side by side; both are in the order of their keys."""
    first, second = _next(before), _next(after)
    while first or second:
        if second is None or (first is not None and first["key"] < second["key"]):
            yield first or {}, {}
            first = _next(before)
        elif first is None or second["key"] < first["key"]:
            yield {}, second
            second = _next(after)
        else:
            yield first, second
            first, second = _next(before), _next(after)


def _next(lines: Iterator[str]) -> _Json | None:
    text = next(lines, None)
    return None if text is None else json.loads(text)


def _differences(first: _Json, second: _Json, was: _Json, now: _Json) -> Iterator[list[Any]]:
    one = second or first
    who = [one["key"], one["name"]]
    if not first or not second:
        why = "not in the earlier grades" if not first else "no longer there"
        yield [*who, "total", first.get("total"), second.get("total"), why]
        return
    for name in {**first["points"], **second["points"]}:
        old, new = first["points"].get(name), second["points"].get(name)
        if old != new:
            yield [*who, name, old, new, _why(name, first, second, was, now)]
    old, new = first["total"], second["total"]
    if old != new:
        why = "lateness" if first["days"] or second["days"] else "the settings changed"
        why = "its questions changed" if first["points"] != second["points"] else why
        yield [*who, "total", old, new, why]
    if was["points"] != now["points"] and None not in (old, new):
        before, after = (
            round(100 * total / most, 2) if most else 0.0
            for total, most in ((old, was["points"]), (new, now["points"]))
        )
        if before != after:
            why = f"there are {now['points']} points, and were {was['points']}"
            yield [*who, "percent", before, after, why]


def _why(name: str, first: _Json, second: _Json, was: _Json, now: _Json) -> str:
    if (name in was["drop"]) != (name in now["drop"]):
        return "the question was dropped" if name in now["drop"] else "the question counts again"
    if name in first["manual"] or name in second["manual"]:
        return "marked by a person"
    if first["checksum"] != second["checksum"]:
        return "another receipt counts"
    if was["keys"].get(name) != now["keys"].get(name):
        return "the key was mended"
    return "the settings changed"


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _page(was: _Json, now: _Json, changed: int, shown: list[list[str]]) -> str:
    fields = ("points", "drop", "late", "penalty", "grace", "variants", "due")
    settings = [
        [escape(field), escape(_shown_setting(was[field])), escape(_shown_setting(now[field]))]
        for field in fields
        if was[field] != now[field]
    ]
    keys = [name for name in now["keys"] if was["keys"].get(name) != now["keys"][name]]
    body = f'<p class="pfp-over">{escape(now["title"])}</p><h1>What changed</h1>'
    body += f"<p>The grades of {changed} {'student' if changed == 1 else 'students'} changed.</p>"
    if keys:
        body += f"<p>Mended keys: {escape(', '.join(keys))}.</p>"
    if settings:
        body += table("What was asked for", ["setting", "before", "now"], settings)
    if shown:
        body += table("Students", [*_HEAD[1:]], shown)
        body += '<p class="pfp-soft">The file changes.csv holds every line.</p>'
    return page("What changed", body, wide=True)


def _shown_setting(value: Any) -> str:
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)
