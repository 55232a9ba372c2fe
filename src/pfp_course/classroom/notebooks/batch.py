"""Grade an assignment's notebooks: plan, run in the pool, write into the gradebook."""

import compileall
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.utils import determine_grade

import pfp_course
from pfp_course.classroom.notebooks.course import Course
from pfp_course.classroom.notebooks.execution import Outcome
from pfp_course.classroom.notebooks.grades import (
    COLUMNS,
    gradebook_rows,
    record,
    report_rows,
    write_table,
)
from pfp_course.classroom.notebooks.kernels import sweep
from pfp_course.classroom.notebooks.limits import Limits
from pfp_course.classroom.notebooks.planning import Plan, Planner, Work
from pfp_course.classroom.notebooks.pools import Broken, Pool, pool
from pfp_course.classroom.notebooks.sandbox import fonts, how_to_allow, sandbox, visible
from pfp_course.classroom.notebooks.selftest import nothing_stays, walls_hold
from pfp_course.classroom.notebooks.store import Store
from pfp_course.errors import CourseError

__all__ = ["Summary", "grade_notebooks"]

_TRIES = 2
_REPORT = ("assignment", "student_id", "notebook", "what")


@dataclass
class Summary:
    """What a batch came to.

    Attributes
    ----------
    run, kept : int
        Notebooks that were run now, and that were run before.
    seconds : float
        How long the notebooks of this batch ran, added up.
    report : list of dict
        What a teacher should know, in the order of students.
    """

    run: int = 0
    kept: int = 0
    seconds: float = 0.0
    report: list[dict[str, str]] = field(default_factory=list)


def grade_notebooks(
    course: Course,
    assignments: Sequence[str],
    out: Path,
    *,
    limits: Limits,
    workers: int = 2,
    scheduler: str | None = None,
    bare: bool = False,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Grade what students handed in, and write ``gradebook.csv`` and ``report.csv`` into ``out``.

    What was graded before is not run again. Killed at any moment and called again, it ends with
    the same gradebook.

    Parameters
    ----------
    course : Course
        The course.
    assignments
        Names of assignments; all if empty.
    out : Path
        The folder for the tables.
    limits : Limits
        What a notebook may take.
    workers : int
        Notebooks at one time, on this machine.
    scheduler : str, optional
        Address of a Dask cluster to use instead.
    bare : bool
        Run notebooks without the sandbox, with the rights of the caller.
    watch
        Called with the numbers of notebooks done and of all.

    Raises
    ------
    CourseError
        If the sandbox does not hold, or the course cannot be graded. Nothing is run then.
    """
    names = course.assignments(assignments)
    _get_ready(course, bare=bare)
    with pool(workers, scheduler) as running:
        batch = _Batch(course, running, limits, bare, watch)
        batch.grade(names)
    write_table(out / "gradebook.csv", COLUMNS, gradebook_rows(course, names))
    batch.summary.report.sort(key=lambda row: tuple(row[name] for name in _REPORT))
    write_table(out / "report.csv", _REPORT, batch.summary.report)
    return batch.summary


def _get_ready(course: Course, *, bare: bool) -> None:
    """Do once, before workers are forked, what each of them would do else."""
    sandbox(bare=bare)
    fonts()
    sweep()
    # A kernel cannot keep what it compiles.
    compileall.compile_dir(Path(pfp_course.__file__).parent, quiet=2)
    if bare:
        return
    for path in map(Path, visible()):
        if course.root.is_relative_to(path):
            raise CourseError(
                f"{course.root} lies in {path}, which notebooks can read. Move the course to a "
                "folder of its own."
            )


def _check_walls(running: Pool, course: Course) -> None:
    secret = str(course.root / "gradebook.db")
    problems = running.everywhere(partial(walls_hold, secret), nothing_stays)
    if problems:
        told = "\n".join(
            [
                "The sandbox does not hold on this machine, so no notebook was run:",
                *(f"- {problem}" for problem in problems),
                how_to_allow(" ".join(problems)),
            ]
        )
        raise CourseError(told.strip())


class _Batch:
    def __init__(
        self,
        course: Course,
        running: Pool,
        limits: Limits,
        bare: bool,
        watch: Callable[[int, int], None],
    ) -> None:
        self.course, self.running, self.limits, self.bare = course, running, limits, bare
        self.summary, self._watch = Summary(), watch
        self._store = Store(course.root / ".pfp-grade")
        self._waiting: dict[Future[Outcome], tuple[Planner, Plan, Work]] = {}
        self._tries: Counter[int] = Counter()
        self._tested = bare
        self._done = self._total = 0

    def grade(self, names: Sequence[str]) -> None:
        planners = [Planner(self.course, name, self.limits, bare=self.bare) for name in names]
        counts = [sum(1 for _ in self.course.folders(one.assignment)) for one in planners]
        self._total = sum(
            count * len(one.given) for count, one in zip(counts, planners, strict=True)
        )
        self._advance(0)
        todo = self._todo(planners)
        more = True
        while more or self._waiting:
            while more and len(self._waiting) < 2 * self.running.workers:
                more = next(todo, None) is not None
            if self._waiting:
                ended, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    self._ended(future)

    def _todo(self, planners: list[Planner]) -> Iterator[bool]:
        """Start one notebook after another."""
        for planner in planners:
            for submission in self.course.submissions(planner.assignment):
                plan = planner.plan(submission)
                if self._store.is_done(plan, self.limits):
                    self.summary.report += self._store.told(plan)
                    self.summary.kept += sum(work.job is not None for work in plan.works)
                    self._advance(len(plan.works))
                    continue
                for work in plan.works:
                    if work.job is not None:
                        work.outcome = self._store.outcome(work.key, self.limits)
                        self.summary.kept += work.outcome is not None
                    if work.job is None or work.outcome is not None:
                        self._advance(1)
                    else:
                        self._start(planner, plan, work)
                        yield True
                self._finish_if_all_ran(planner, plan)

    def _start(self, planner: Planner, plan: Plan, work: Work) -> None:
        assert work.job is not None
        if not self._tested:
            _check_walls(self.running, self.course)
            self._tested = True
        self._tries[id(work)] += 1
        self._waiting[self.running.submit(work.job)] = (planner, plan, work)

    def _ended(self, future: "Future[Outcome]") -> None:
        planner, plan, work = self._waiting.pop(future)
        try:
            outcome = future.result()
        except Broken:
            outcome = Outcome(fault="the process that ran it was killed")
        except Exception as error:  # such as a worker of a cluster that was lost
            outcome = Outcome(fault=f"{type(error).__name__}: {error}")
        if outcome.fault and self._tries[id(work)] < _TRIES:
            self._start(planner, plan, work)
            return
        work.outcome = outcome
        if not outcome.fault:
            _doubt_doubles(planner, work)
            self._store.keep(work.key, outcome, self.limits)
        self.summary.run += 1
        self.summary.seconds += outcome.seconds
        self._advance(1)
        self._finish_if_all_ran(planner, plan)

    def _finish_if_all_ran(self, planner: Planner, plan: Plan) -> None:
        if any(work.job is not None and work.outcome is None for work in plan.works):
            return
        try:
            plan.submission.student.encode()
            record(self.course, planner, plan)
        except UnicodeEncodeError:
            plan.submission.problems.append(("", "the name of its folder is no text; rename it"))
            self.summary.report += report_rows(plan)
            return
        except Exception as error:  # one submission must not stop the others
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            plan.submission.problems.append(("", f"its marks could not be saved: {reason}"))
            self.summary.report += report_rows(plan)
            return
        self.summary.report += report_rows(plan)
        if not any(work.outcome and work.outcome.fault for work in plan.works):
            self._store.finish(plan, report_rows(plan))

    def _advance(self, number: int) -> None:
        self._done += number
        self._watch(self._done, self._total)


def _doubt_doubles(planner: Planner, work: Work) -> None:
    """Doubt a test that failed where it, or the answer before it, stood more than once."""
    if not work.doubled or work.outcome is None:
        return
    notebook = nbformat.reads(work.outcome.notebook, as_version=4)
    failed = {
        cell.metadata["nbgrader"]["grade_id"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade") and determine_grade(cell)[0] == 0
    }
    answer = ""
    for cell in planner.given[work.name]:
        if cell.metadata["solution"]:
            answer = cell.name
        if cell.is_test and cell.name in failed and work.doubled & {cell.name, answer}:
            work.outcome.doubts.setdefault(
                cell.name, "it failed, and its cell or the answer's stood there more than once"
            )
