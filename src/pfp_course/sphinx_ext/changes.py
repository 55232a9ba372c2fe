"""When the sources of a page were last changed, as git remembers it."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

__all__ = ["last_changes"]

_PATIENCE = 60  # seconds


def last_changes(root: Path, sources: Mapping[str, Sequence[Path]]) -> dict[str, date]:
    """Return for each name the day on which one of its sources was last changed.

    Parameters
    ----------
    root : pathlib.Path
        A folder under git; elsewhere, and without git, nothing is known.
    sources : mapping of str to sequence of pathlib.Path
        The files by name. What is changed and not committed was changed today.
    """
    paths = sorted({str(path.relative_to(root)) for held in sources.values() for path in held})
    told = _git(root, "log", "--format=%x00%cs", "--name-only", "--no-renames", "--", *paths)
    days: dict[str, date] = {}
    for commit in told.split("\0")[1:]:
        day, *names = commit.split("\n")
        for name in filter(None, names):
            days.setdefault(name, date.fromisoformat(day))
    for line in _git(root, "status", "--porcelain", "--no-renames", "--", *paths).splitlines():
        days[line[3:]] = edition_day()
    # Git names files from the top of the clone, which may lie above the project.
    above = _git(root, "rev-parse", "--show-prefix").strip()
    changed: dict[str, date] = {}
    for name, held in sources.items():
        keys = (above + path.relative_to(root).as_posix() for path in held)
        if found := [days[key] for key in keys if key in days]:
            changed[name] = max(found)
    return changed


def edition_day() -> date:
    """Return the day of an edition: that of ``SOURCE_DATE_EPOCH`` if it is set, or today's."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given), UTC).date() if given.isdigit() else date.today()


def _git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), "-c", "core.quotepath=off", *words]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout
