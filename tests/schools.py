"""A folder of receipts for tests, what grading makes of it, and the teacher's word about it."""

import csv
import time
from pathlib import Path
from typing import Any

from classes import Work
from courses import COURSE

from pfp_course.assignments.assignment import Key
from pfp_course.grading import Outcome, Settings, grade

__all__ = ["School", "has_ended", "rows"]

_ENDING = 5  # seconds in which a process that was told to end has ended


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of the processes that work on a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line and "pytest" not in line:
            found.append(line)
    return found


def has_ended(folder: Path) -> bool:
    """Wait until no process works on a folder; return whether that came to be."""
    end = time.monotonic() + _ENDING
    while processes_of(folder):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class School:
    """A folder of receipts, and what grading makes of it."""

    def __init__(self, key: Key, folder: Path) -> None:
        self.key, self.folder = key, folder
        self.number = 0

    def put(self, where: str, receipt: Work | str) -> None:
        path = self.folder / "r" / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(receipt if isinstance(receipt, str) else receipt.text, encoding="utf-8")

    def grade(self, roster: str = "", decisions: Path | None = None, **settings: Any) -> Outcome:
        listing = None
        if roster:
            listing = self.folder / "students.csv"
            listing.write_text(roster, encoding="utf-8")
        self.number += 1
        return grade(
            self.folder / "r",
            self.out,
            Settings(key=self.key, **settings),
            COURSE,
            roster=listing,
            decisions=decisions,
            regrade=True,
        )

    @property
    def out(self) -> Path:
        return self.folder / f"g{self.number}"

    @property
    def book(self) -> dict[str, dict[str, str]]:
        return {row["student"]: row for row in rows(self.out / "gradebook.csv")}

    @property
    def report(self) -> list[tuple[str, str]]:
        return [(row["what"], row["file"]) for row in rows(self.out / "report.csv")]

    def decided(self, words: dict[str, str], days: dict[str, str] | None = None) -> Path:
        """Fill in the table of decisions, as a spreadsheet of another country saves it."""
        table = rows(self.out / "to-decide.csv")
        for row in table:
            row["decision"] = words.get(row["file"], "")
            row["days late"] = (days or {}).get(row["file"], "")
        path = self.folder / f"decided-{self.number}.csv"
        with path.open("w", encoding="utf-16", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(table)
        return path
