"""A run from the receipts of a class to its grades."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pfp_course import __version__
from pfp_course.course import Course
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.grading.attribution import choose
from pfp_course.grading.collect import collect, count
from pfp_course.grading.database import Database
from pfp_course.grading.gradebooks import other_maximum, write_gradebooks
from pfp_course.grading.identification import identify
from pfp_course.grading.item_report import write_analysis
from pfp_course.grading.item_statistics import Items, similar_pairs
from pfp_course.grading.marks import Marker
from pfp_course.grading.output_folder import RECORD, fresh_folder
from pfp_course.grading.pages import file_name
from pfp_course.grading.regrade_log import kept_for_record, write_changes, write_record
from pfp_course.grading.reporting import report_other_files, write_report
from pfp_course.grading.roster import Roster, read_roster
from pfp_course.grading.rows import StudentWork
from pfp_course.grading.rules import Settings
from pfp_course.grading.teacher_tables import (
    TRIALS,
    Decisions,
    read_marks,
    write_to_mark,
    write_trials,
)
from pfp_course.grading.workers import Share, Worker, batches, sharing

__all__ = ["Outcome", "Progress", "grade"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much."""

_BATCH = 50
_WORTH_A_PROCESS = 300  # files; to begin a process takes as long as to mark these


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    ``statuses`` counts students, ``problems`` the lines of the report, ``held`` the answers that
    wait for a person, ``decisions`` the files that do; ``changed`` counts students whose grade is
    another than before, or is None if there was none before.
    """

    students: int
    statuses: dict[str, int]
    problems: int
    held: int
    decisions: int
    changed: int | None


def _no_progress(what: str, done: int, total: int) -> None:
    pass


def grade(
    source: Path,
    out: Path,
    settings: Settings,
    course: Course,
    *,
    roster: Path | None = None,
    marks: Path | None = None,
    decisions: Path | None = None,
    regrade: bool = False,
    processes: int = 2,
    progress: Progress = _no_progress,
) -> Outcome:
    """Grade what a class handed in, into a folder.

    Parameters
    ----------
    source : pathlib.Path
        A folder or a zip with receipts.
    out : pathlib.Path
        The folder of grades. It is written beside and put into its place whole.
    settings : Settings
        What the instructor decided.
    course : Course
        The course of the exercises in code.
    roster, marks, decisions : pathlib.Path, optional
        The list of students; marks that a person gave; what a person decided about receipts.
    regrade : bool
        Whether grades that are there may be replaced; they are kept beside.
    processes : int
        How many processes work at one time; fewer where there are few files.

    Raises
    ------
    CourseError
        If a file of the instructor cannot be used. What students handed in never raises.
    """
    unknown = sorted(settings.drop - {question.id for question in settings.key.questions})
    if unknown:
        hint = nearest(unknown[0], [question.id for question in settings.key.questions])
        raise CourseError(f"The assignment has no question {unknown[0]!r}.{hint}")
    if not settings.counted:
        raise CourseError("Every question was dropped. Keep one.")
    if out.resolve().is_relative_to(source.resolve()):
        raise CourseError(
            f"The grades would lie among the receipts. Put what your students handed in into a "
            f"folder of its own, or name another folder than {out} with --out."
        )
    marker = Marker(settings.key, course, settings.mended)
    with fresh_folder(out, regrade=regrade) as folder:
        (folder / "feedback").mkdir()
        database = Database(folder / "work.sqlite")
        try:
            tables = _Tables(roster, marks, decisions)
            run = _Run(source, folder, settings, course, marker, database, progress, tables)
            outcome = run.all(processes)
            write_record(database, settings, marker, folder / f"{RECORD}.part")
        finally:
            database.close()
        (folder / "work.sqlite").unlink()
        changed = None
        if (out / RECORD).is_file():
            changed = write_changes(out / RECORD, folder / f"{RECORD}.part", folder)
        # Its name is what says that the folder is whole.
        (folder / f"{RECORD}.part").rename(folder / RECORD)
    return Outcome(**outcome, changed=changed)


class _Tables(NamedTuple):
    """The instructor's own tables, as far as there are any."""

    roster: Path | None
    marks: Path | None
    decisions: Path | None


@dataclass
class _Run:
    source: Path
    folder: Path
    settings: Settings
    course: Course
    marker: Marker
    database: Database
    progress: Progress
    tables: _Tables

    def all(self, processes: int) -> dict[str, Any]:
        """Read, mark and write; return the fields of the outcome."""
        database, settings, folder = self.database, self.settings, self.folder
        roster = self._roster()
        decisions = Decisions(database, self.tables.decisions)
        files = count(self.source)
        processes = min(processes, 1 + files // _WORTH_A_PROCESS)
        values = (settings, self.course, folder / "feedback")
        with sharing(Worker, values, processes=processes) as share:
            self._read(share, files)
            self.progress("Finding whose they are", 0, 1)
            identify(database, decisions, listed=roster is not None)
            choose(database, settings, decisions)
            report_other_files(database)
            if self.tables.marks is not None:
                read_marks(self.tables.marks, database, settings)
            items = self._mark(share)
        self.progress("Comparing", 0, 1)
        pairs = similar_pairs(database, settings.key, items)
        write_analysis(items, settings, self.marker, pairs, folder)
        grades = kept_for_record(database, settings, database.grades())
        statuses = write_gradebooks(database, grades, settings, folder, roster)
        to_mark = write_to_mark(database, folder)
        about = self._about(files, write_trials(database, folder))
        waiting = decisions.write(settings, folder)
        return {
            "students": sum(statuses.values()),
            "statuses": statuses,
            "problems": write_report(database, settings, folder, statuses, about),
            "held": to_mark,
            "decisions": waiting,
        }

    def _roster(self) -> Roster | None:
        if self.tables.roster is None:
            return None
        roster = read_roster(self.tables.roster, self.database)
        self.database.add_all(other_maximum(roster, self.database, self.settings.points))
        return roster

    def _about(self, files: int, with_trials: int) -> list[str]:
        """Return sentences about the run, for the head of the report."""
        settings = self.settings
        about = [
            f"{files} files were looked at; {self.database.count_receipts()} are receipts of this "
            f"assignment. Its deadline was {settings.due.strftime('%Y-%m-%d %H:%M')} UTC. "
            f"Scores were computed anew from the answers (version {__version__} of the course). "
            "The time of a receipt is that of the student's own computer.",
        ]
        if settings.drop:
            about.append(f"Dropped, and counted for nobody: {', '.join(sorted(settings.drop))}.")
        if with_trials:
            who = "1 student" if with_trials == 1 else f"{with_trials} students"
            about.append(
                f"{who} handed in what they tried at exercises in code: see {TRIALS}. It earns no "
                "points here; to grade exercises, use pfp assign --to nbgrader."
            )
        if settings.mended is not None:
            about.append("Answers were marked by the mended key.")
        return about

    def _read(self, share: Share, files: int) -> None:
        done = 0
        submitted = enumerate(collect(self.source), 1)
        for batch in share("read", batches(submitted, _BATCH)):
            for file, content in batch:
                self.database.add(file, content)
            done += len(batch)
            self.progress("Reading", done, max(files, done))
        self.database.index_files()

    def _mark(self, share: Share) -> Items:
        total = self.database.count_students()
        items, done = Items(), 0
        for finished in share("finish", batches(self._students(), _BATCH)):
            for rows in (finished.grades, finished.to_mark, finished.wrong, finished.problems):
                self.database.add_all(rows)
            items.add(finished.items)
            done += finished.students
            self.progress("Marking", done, total)
        return items

    def _students(self) -> Iterator[StudentWork]:
        """Yield students in the order of their names, each with a page of its own."""
        for place, student in enumerate(self.database.student_work()):
            manual = tuple((m.question, m.mark) for m in self.database.manual_marks(student.key))
            responses = "" if student.status == "refused" else student.responses
            page = self._page(student.key, student.name)
            yield student._replace(place=place, page=page, manual=manual, responses=responses)

    def _page(self, key: str, name: str) -> str:
        """Return the name of a student's page; no two students have the same."""
        page = wanted = file_name(key, name)
        number = 1
        while not self.database.change_student(key, page=page):
            number += 1
            page = wanted.replace(".html", f"-{number}.html")
        return page
