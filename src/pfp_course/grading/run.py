"""A run from the receipts of a class to its grades, and the processes that share its work."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pfp_course import __version__
from pfp_course.course import Course
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.grading.attribution import choose
from pfp_course.grading.collect import collect, count
from pfp_course.grading.database import Database
from pfp_course.grading.identification import identify, report_other_files
from pfp_course.grading.item_report import similar_pairs, write_analysis
from pfp_course.grading.marks import Marker, Settings
from pfp_course.grading.output_folder import (
    RECORD,
    fresh_folder,
    kept_for_record,
    write_changes,
    write_record,
)
from pfp_course.grading.pages import file_name, write_report
from pfp_course.grading.roster import other_maximum, read_roster
from pfp_course.grading.rows import StudentWork
from pfp_course.grading.teacher_tables import (
    TRIALS,
    Decisions,
    read_marks,
    write_gradebooks,
    write_to_mark,
    write_trials,
)
from pfp_course.grading.workers import Items, Worker

__all__ = ["Outcome", "batches", "grade", "sharing"]

_Progress: TypeAlias = Callable[[str, int, int], None]

_Item = TypeVar("_Item")
_AHEAD = 2  # batches that lie ready for each of the other processes
_Share = Callable[[str, Iterable[list[Any]]], Iterator[Any]]
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
    changed: int | None = None


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
    progress: _Progress = lambda what, done, total: None,
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
    progress
        Is told what is done, how much of it, and of how much.

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
        with closing(Database(folder / "work.sqlite")) as database:
            run = _Run(source, folder, settings, marker, database, progress)
            outcome = run.all(roster, marks, decisions, processes)
            write_record(database, settings, marker, folder / f"{RECORD}.part")
        (folder / "work.sqlite").unlink()
        if (out / RECORD).is_file():
            changed = write_changes(out / RECORD, folder / f"{RECORD}.part", folder)
            outcome = replace(outcome, changed=changed)
        # Its name is what says that the folder is whole.
        (folder / f"{RECORD}.part").rename(folder / RECORD)
    return outcome


@dataclass
class _Run:
    source: Path
    folder: Path
    settings: Settings
    marker: Marker
    database: Database
    progress: _Progress

    def all(
        self, roster: Path | None, marks: Path | None, decisions: Path | None, processes: int
    ) -> Outcome:
        """Read, mark and write; the record of grades is not yet written then."""
        database, settings, folder = self.database, self.settings, self.folder
        listed = None
        if roster is not None:
            listed = read_roster(roster, database)
            database.add_all(other_maximum(listed, database, settings.points))
        decided = Decisions(database, decisions)
        files = count(self.source)
        processes = min(processes, 1 + files // _WORTH_A_PROCESS)
        pages = folder / "feedback"
        pages.mkdir()
        values = settings, self.marker.course, pages
        with sharing(Worker, values, processes=processes) as share:
            self._read(share, files)
            self.progress("Finding whose they are", 0, 1)
            identify(database, decided, listed=listed is not None)
            choose(database, settings, decided)
            report_other_files(database)
            if marks is not None:
                read_marks(marks, database, settings)
            items = self._mark(share)
        self.progress("Comparing", 0, 1)
        pairs = similar_pairs(database, settings.key, items)
        write_analysis(items, settings, self.marker, pairs, folder)
        grades = kept_for_record(database, settings, database.grades())
        statuses = write_gradebooks(database, grades, settings, folder, listed)
        held = write_to_mark(database, folder)
        about = self._about(files, write_trials(database, folder))
        waiting = decided.write(settings, folder)
        problems = write_report(database, settings, folder, statuses, about)
        return Outcome(sum(statuses.values()), statuses, problems, held, waiting)

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

    def _read(self, share: _Share, files: int) -> None:
        done = 0
        submitted = enumerate(collect(self.source), 1)
        for batch in share("read", batches(submitted, _BATCH)):
            for file, content in batch:
                self.database.add(file, content)
            done += len(batch)
            self.progress("Reading", done, max(files, done))
        self.database.index_files()

    def _mark(self, share: _Share) -> Items:
        total = self.database.count_students()
        items, done = Items(), 0
        for finished in share("finish", batches(self._students(), _BATCH)):
            self.database.add_all(finished.rows)
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


_worker: Any = None


def batches(things: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield things in lists of a size."""
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


def _begin(make: Callable[..., Any], values: tuple[Any, ...]) -> None:
    global _worker
    _worker = make(*values)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    """End with the parent, even if it was killed and could say nothing."""
    wait_for([sentinel])
    os._exit(1)


def _do(name: str, batch: list[Any]) -> Any:
    return getattr(_worker, name)(batch)


@contextmanager
def sharing(
    make: Callable[..., Any], values: tuple[Any, ...], *, processes: int
) -> Iterator[_Share]:
    """Give a function that does a task of a worker for batches, and yields what comes back.

    The worker is made by ``make(*values)``, once in each process. As many ``processes`` work at one
    time, this one among them.
    """
    mine = make(*values)
    others = processes - 1
    pool = _others(make, values, others) if others else None
    if pool is None:
        yield lambda name, parts: (getattr(mine, name)(part) for part in parts)
        return
    try:
        # Where no further process can be had, that is seen again at the first batch.
        with _unheard(), suppress(OSError):
            for _ in range(others):
                pool.submit(_hello)
        yield lambda name, parts: _shared(pool, others, mine, name, parts)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _hello() -> None:
    """Let another process begin."""


@contextmanager
def _unheard() -> Iterator[None]:
    """Begin processes that do not hear Ctrl-C: they end with this one, and say nothing.

    This one hears it when they are there. A mask alone holds it off this thread only; another, such
    as that of a progress bar, would take it, and this one end in the middle of beginning a process.
    """
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "pthread_sigmask")):
        yield
        return
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler or signal.SIG_DFL)
        if heard:
            signal.raise_signal(signal.SIGINT)


def _others(
    make: Callable[..., Any], values: tuple[Any, ...], count: int
) -> ProcessPoolExecutor | None:
    """Return processes beside this one; None where processes cannot share memory.

    That is so in a container without ``/dev/shm``, or where it may not be written. The task is the
    same with one process, and only takes longer.
    """
    context = multiprocessing.get_context("spawn")
    try:
        return ProcessPoolExecutor(count, context, _begin, (make, values))
    except (OSError, ImportError, NotImplementedError):
        return None


def _shared(
    pool: ProcessPoolExecutor, others: int, mine: Any, name: str, parts: Iterable[list[Any]]
) -> Iterator[Any]:
    ahead: deque[Future[Any]] = deque()
    alone = False
    try:
        for part in parts:
            while ahead and ahead[0].done():
                yield ahead.popleft().result()
            if not alone and len(ahead) < _AHEAD * others:
                try:
                    ahead.append(pool.submit(_do, name, part))
                    continue
                except OSError:  # the system begins no further process
                    alone = True
            yield getattr(mine, name)(part)
        while ahead:
            wait([ahead[0]], return_when=FIRST_COMPLETED)
            yield ahead.popleft().result()
    except BrokenProcessPool:
        raise CourseError(
            "A process was ended from outside, perhaps because memory ran out. "
            "Nothing was changed. Try again with --workers 1."
        ) from None
