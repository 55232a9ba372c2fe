"""Grade an assignment's notebooks: plan, run in the pool, write into the gradebook."""

import compileall
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

import nbformat
from nbgrader.utils import determine_grade

import pfp_course
from pfp_course.code_grading.execution import Outcome
from pfp_course.code_grading.kernels import sweep
from pfp_course.code_grading.marking import (
    COLUMNS,
    Plan,
    Planner,
    Work,
    gradebook_rows,
    record,
    report_rows,
    write_table,
)
from pfp_course.code_grading.nbgrader_course import NbgraderCourse
from pfp_course.code_grading.pools import (
    Broken,
    Pool,
    no_room,
    nothing_stays,
    pool,
    uninterrupted,
    walls_hold,
)
from pfp_course.code_grading.release import grade_id
from pfp_course.code_grading.sandbox import Limits, fonts, how_to_allow, sandbox, visible
from pfp_course.errors import CourseError
from pfp_course.files import json_or, write_whole

__all__ = ["Summary", "doubt", "grade_notebooks"]

_TRIES = 2
_REPORT = ("assignment", "student_id", "notebook", "what")


@dataclass
class Summary:
    """What a batch came to."""

    run: int = 0  # notebooks that were run now
    kept: int = 0  # notebooks that were run before
    seconds: float = 0.0  # how long the notebooks of this batch ran, added up
    # What a teacher should know, in the order of students.
    report: list[dict[str, str]] = field(default_factory=list)


def grade_notebooks(
    course: NbgraderCourse,
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
    assignments
        Their names; all if empty.
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


def _get_ready(course: NbgraderCourse, *, bare: bool) -> None:
    """Do once, before workers are forked, what each of them would do else."""
    sandbox(bare=bare)
    fonts()
    sweep()
    # A kernel cannot keep what it compiles.
    compileall.compile_dir(Path(pfp_course.__file__).parent, quiet=2)
    if bare:
        return
    for path in map(Path, visible(course.content)):
        if course.root.is_relative_to(path):
            raise CourseError(
                f"{course.root} lies in {path}, which notebooks can read. Move the course to a "
                "folder of its own."
            )


def _check_walls(running: Pool, course: NbgraderCourse) -> None:
    secret = str(course.root / "gradebook.db")
    problems = running.everywhere(partial(walls_hold, secret, course.content), nothing_stays)
    if full := no_room(" ".join(problems)):
        raise full
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise CourseError(
            "The sandbox does not hold on this machine, so no notebook was run:\n"
            f"{listed}\n{how_to_allow(' '.join(problems))}".strip()
        )


class _Batch:
    def __init__(
        self,
        course: NbgraderCourse,
        running: Pool,
        limits: Limits,
        bare: bool,
        watch: Callable[[int, int], None],
    ) -> None:
        self.course, self.running, self.limits, self.bare = course, running, limits, bare
        self.summary, self._watch = Summary(), watch
        self._store = _Store(course.root / ".pfp-grade")
        self._waiting: dict[Future[Outcome], tuple[Planner, Plan, Work]] = {}
        self._tries: Counter[int] = Counter()
        self._tested = bare
        self._done = self._total = 0

    def grade(self, names: Sequence[str]) -> None:
        planners = [Planner(self.course, name, self.limits, bare=self.bare) for name in names]
        self._total = sum(
            len(one.given) for one in planners for _ in self.course.folders(one.assignment)
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
                told = self._store.told(plan, self.limits)
                if told is not None:
                    self.summary.report += told
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
        if full := no_room(outcome.fault):
            raise full
        if outcome.fault and self._tries[id(work)] < _TRIES:
            self._start(planner, plan, work)
            return
        work.outcome = outcome
        if not outcome.fault:
            doubt(work)
            self._store.keep(work.key, outcome, self.limits)
        self.summary.run += 1
        self.summary.seconds += outcome.seconds
        self._advance(1)
        self._finish_if_all_ran(planner, plan)

    def _finish_if_all_ran(self, planner: Planner, plan: Plan) -> None:
        if any(work.job is not None and work.outcome is None for work in plan.works):
            return
        problem = self._recorded(planner, plan)
        if problem:
            plan.submission.problems.append(("", problem))
        report = list(report_rows(plan))
        self.summary.report += report
        if not problem and not any(work.outcome and work.outcome.fault for work in plan.works):
            self._store.finish(plan, report)

    def _recorded(self, planner: Planner, plan: Plan) -> str:
        """Write a submission's marks, and return why that could not be; empty if it could."""
        if why := _unfit_name(plan.submission.student):
            return f"the name of its folder {why}; rename it"
        try:
            with uninterrupted():
                record(self.course, planner, plan)
        except Exception as error:  # one submission must not stop the others
            if full := no_room(error):
                raise full from None
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            return f"its marks could not be saved: {reason}"
        return ""

    def _advance(self, number: int) -> None:
        self._done += number
        self._watch(self._done, self._total)


def _unfit_name(student: str) -> str:
    """Return why a folder's name cannot be a student's id; nbgrader's pages show it as it is."""
    try:
        student.encode()
    except UnicodeEncodeError:
        return "is no text"
    if any(letter in '<>"' or not letter.isprintable() for letter in student):
        return 'holds <, >, " or a character that is not shown'
    return ""


def doubt(work: Work) -> None:
    """Doubt a result below the points of its cell where it may be wrong itself."""
    if not work.waits or work.outcome is None or not work.outcome.notebook:
        return
    for cell in nbformat.reads(work.outcome.notebook, as_version=4).cells:
        why = work.waits.get(grade_id(cell))
        if why and cell.metadata.nbgrader.get("grade"):
            score, most = determine_grade(cell)
            if score is not None and score < most:
                work.outcome.doubts.setdefault(grade_id(cell), f"it may be better: {why}")


class _Store:
    """Outcomes by what was run, and submissions that are in the gradebook.

    Each file is whole or absent.
    """

    def __init__(self, folder: Path) -> None:
        self._runs, self._done = folder / "runs", folder / "done"
        for path in (self._runs, self._done):
            path.mkdir(parents=True, exist_ok=True)

    def outcome(self, key: str, limits: Limits) -> Outcome | None:
        """Return what came of the same notebook before, if it would be no other today."""
        held = json_or(self._runs / f"{key}.json", dict, None)
        if held is None:
            return None
        outcome = Outcome(**held["outcome"])
        # With other limits a notebook that ran into one may end better.
        smooth = not outcome.stopped and not outcome.doubts
        return outcome if smooth or held["limits"] == limits.as_dict() else None

    def keep(self, key: str, outcome: Outcome, limits: Limits) -> None:
        kept = {"outcome": asdict(outcome), "limits": limits.as_dict()}
        write_whole(self._runs / f"{key}.json", json.dumps(kept).encode())

    def told(self, plan: Plan, limits: Limits) -> list[dict[str, str]] | None:
        """Return the report of this very submission, if it is done and would be the same today."""
        held = json_or(self._place(plan), dict, None)
        if held is None or held["key"] != plan.key:
            return None
        same = all(self.outcome(work.key, limits) for work in plan.works if work.job)
        return list(held["report"]) if same else None

    def finish(self, plan: Plan, report: list[dict[str, str]]) -> None:
        """Note that a submission is in the gradebook."""
        write_whole(self._place(plan), json.dumps({"key": plan.key, "report": report}).encode())

    def _place(self, plan: Plan) -> Path:
        name = json.dumps([plan.submission.assignment, plan.submission.student])
        return self._done / f"{sha256(name.encode()).hexdigest()}.json"
