"""A run from the receipts of a class to its grades."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pfp_course._version import __version__
from pfp_course.classroom.grading.analysis import write_analysis
from pfp_course.classroom.grading.changes import write_changes, write_record
from pfp_course.classroom.grading.choosing import choose, place
from pfp_course.classroom.grading.collecting import Handed, collect, count
from pfp_course.classroom.grading.desk import Desk, Student
from pfp_course.classroom.grading.feedback import file_name
from pfp_course.classroom.grading.folder import RECORD, fresh_folder
from pfp_course.classroom.grading.gradebooks import write_gradebooks, write_held
from pfp_course.classroom.grading.items import Items
from pfp_course.classroom.grading.ledger import Ledger, Problem, given_of
from pfp_course.classroom.grading.manual import read_marks
from pfp_course.classroom.grading.marks import Given, Marker
from pfp_course.classroom.grading.owners import tidy
from pfp_course.classroom.grading.reporting import write_report
from pfp_course.classroom.grading.roster import read_roster
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.sharing import Share, batches, sharing
from pfp_course.classroom.grading.similar import Pair, pairs
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError

__all__ = ["Outcome", "Progress", "grade"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much."""

_BATCH = 50
_WORTH_A_PROCESS = 300  # files; to begin a process takes as long as to mark these
_SEVERAL: dict[str, str] = {"variant": "variant", "changed": "changed", "damaged": "answer"}


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    ``statuses`` counts students, ``problems`` the lines of the report, ``held`` the answers that
    wait for a person; ``changed`` counts students whose grade is another than before, or is None
    if there was none before.
    """

    students: int
    statuses: dict[str, int]
    problems: int
    held: int
    changed: int | None


def _no_progress(what: str, done: int, total: int) -> None:
    pass


def grade(
    source: Path,
    out: Path,
    settings: Settings,
    *,
    roster: Path | None = None,
    marks: Path | None = None,
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
    roster, marks : pathlib.Path, optional
        The list of students; marks that a person gave.
    regrade : bool
        Whether grades that are there may be replaced; they are kept beside.
    processes : int
        One or two.

    Raises
    ------
    CourseError
        If a file of the instructor cannot be used. What students handed in never raises.
    """
    unknown = sorted(settings.drop - {one.id for one in settings.key.questions})
    if unknown:
        hint = nearest(unknown[0], [one.id for one in settings.key.questions])
        raise CourseError(f"The assignment has no question {unknown[0]!r}.{hint}")
    if not settings.counted:
        raise CourseError("Every question was dropped. Keep one.")
    if out.resolve().is_relative_to(source.resolve()):
        raise CourseError(
            f"The grades would lie among the receipts. Put what your students handed in into a "
            f"folder of its own, or name another folder than {out} with --out."
        )
    marker = Marker(settings.key, settings.mended)
    with fresh_folder(out, regrade=regrade) as folder:
        (folder / "feedback").mkdir()
        ledger = Ledger(folder / "work.sqlite")
        try:
            run = _Run(source, folder, settings, marker, ledger, progress, roster, marks)
            outcome = run.all(processes)
            write_record(ledger, settings, marker, folder / f"{RECORD}.part")
        finally:
            ledger.close()
        (folder / "work.sqlite").unlink()
        changed = None
        if (out / RECORD).is_file():
            changed = write_changes(out / RECORD, folder / f"{RECORD}.part", folder)
        # Its name is what says that the folder is whole.
        (folder / f"{RECORD}.part").rename(folder / RECORD)
    return Outcome(**outcome, changed=changed)


class _Run:
    def __init__(
        self,
        source: Path,
        folder: Path,
        settings: Settings,
        marker: Marker,
        ledger: Ledger,
        progress: Progress,
        roster: Path | None,
        marks: Path | None,
    ) -> None:
        self.source, self.folder, self.settings = source, folder, settings
        self.marker, self.ledger, self.progress = marker, ledger, progress
        self.roster, self.marks = roster, marks

    def all(self, processes: int) -> dict[str, Any]:
        listed = self.roster is not None
        if self.roster is not None:
            read_roster(self.roster, self.ledger)
        files = count(self.source)
        processes = processes if files >= _WORTH_A_PROCESS else 1
        values = (self.settings, self.folder / "feedback")
        with sharing(Desk, values, processes=processes) as share:
            self._read(share, files)
            self.progress("Finding whose they are", 0, 1)
            place(self.ledger, self.settings, listed=listed)
            choose(self.ledger, self.settings)
            if self.marks is not None:
                read_marks(self.marks, self.ledger, self.settings)
            items = self._mark(share)
        self.progress("Comparing", 0, 1)
        alike = self._pairs(items)
        write_analysis(items, self.settings, self.marker, alike, self.folder)
        statuses = write_gradebooks(self.ledger, self.settings, self.folder, listed=listed)
        held = write_held(self.ledger, self.folder)
        problems = write_report(
            self.ledger, self.settings, self.folder, statuses, self._facts(files)
        )
        return {
            "students": sum(statuses.values()),
            "statuses": statuses,
            "problems": problems,
            "held": held,
        }

    def _facts(self, files: int) -> list[str]:
        settings = self.settings
        receipts = self.ledger.one("select count(*) from handed where kind = 'receipt'")
        facts = [
            f"{files} files were looked at; {receipts} are receipts of this assignment. "
            f"Its deadline was {settings.due.strftime('%Y-%m-%d %H:%M')} UTC. "
            f"Scores were computed anew from the answers (version {__version__} of the course). "
            "The time of a receipt is that of the student's own computer.",
        ]
        if settings.drop:
            facts.append(f"Dropped, and counted for nobody: {', '.join(sorted(settings.drop))}.")
        if settings.mended is not None:
            facts.append("Answers were marked by the mended key.")
        return facts

    def _read(self, share: Share, files: int) -> None:
        done = 0
        for found in share("read", batches(self._handed(), _BATCH)):
            self.ledger.add(found)
            done += len(found)
            self.progress("Reading", done, max(files, done))
        self.ledger.db.execute("create index by_student on handed (student, kind)")

    def _handed(self) -> Iterator[Handed]:
        yield from collect(self.source)

    def _mark(self, share: Share) -> Items:
        total = int(self.ledger.one("select count(*) from student") or 0)
        items, done = Items(), 0
        for part in share("finish", batches(self._students(), _BATCH)):
            self.ledger.write("insert into grade values (?,?,?)", part.grades)
            self.ledger.write(
                "insert into held (student, name, question, line) values (?,?,?,?)", part.held
            )
            self.ledger.write("insert into wrong values (?,?)", part.wrong)
            items.add(part.items)
            done += part.students
            self.progress("Marking", done, total)
        return items

    def _students(self) -> Iterator[Student]:
        """Yield students in the order of their names, each with a page of its own."""
        rows = self.ledger.all(
            "select s.rowid, s.key, s.name, s.status, s.days, h.made, h.given, h.place"
            " from student s left join handed h on h.id = s.handed order by s.sort, s.key"
        )
        for number, row in enumerate(rows):
            rowid, key, name, status, days, made, given, where = row
            refused = status == "refused"
            answers = "" if refused else given or ""
            page = self._page(key, name)
            self._about_answers(key, name, where or "", given_of(answers))
            yield Student(
                *(number, rowid, key, name, page, status, days, made or "", answers),
                self._manual(key),
            )

    def _page(self, key: str, name: str) -> str:
        """Return the name of a student's page; no two students have the same."""
        page = wanted = file_name(key, name)
        number = 1
        while self.ledger.one("select 1 from student where page = ?", page):
            number += 1
            page = wanted.replace(".html", f"-{number}.html")
        self.ledger.write("update student set page = ? where key = ?", [(page, key)])
        return page

    def _manual(self, key: str) -> dict[str, float]:
        found = self.ledger.all("select question, mark from manual where student = ?", key)
        return dict(found)

    def _about_answers(
        self, key: str, name: str, where: str, given: Sequence[Given | None]
    ) -> None:
        """List what is wrong with single answers, a line for each kind."""
        for state, kind in _SEVERAL.items():
            names = [
                question.id
                for question, one in zip(self.settings.key.questions, given, strict=False)
                if one is not None and one.state == state
            ]
            if names:
                said = tidy(f"answers to {', '.join(names)}", 300)
                self.ledger.report([Problem(kind, key, name, where, said)])

    def _pairs(self, items: Items) -> list[Pair]:
        def answers(number: int) -> Sequence[Given | None]:
            return given_of(
                self.ledger.one(
                    "select h.given from student s join handed h on h.id = s.handed"
                    " where s.rowid = ?",
                    number,
                )
            )

        return pairs(self.ledger, self.marker, items, answers)
