"""The work on batches, which processes share: files are read, and students are finished."""

import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any, TypeVar

from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.grading.item_statistics import Items, count_items, wrong_answers
from pfp_course.grading.lms_names import tidy
from pfp_course.grading.marks import Marker, Response, decoded
from pfp_course.grading.pages import Feedback
from pfp_course.grading.rows import (
    Content,
    FileRow,
    Grade,
    Problem,
    StudentWork,
    ToMark,
    WrongAnswer,
)
from pfp_course.grading.rules import Score, Settings, score
from pfp_course.grading.submitted_files import SubmittedFile

__all__ = ["Finished", "Share", "Worker", "batches", "sharing"]

_KNOWN = ("open", "variant", "near")  # states in which it is known what an answer would earn
# States of responses that are reported, and the kinds of lines.
_REPORTED = {"variant": "variant", "changed": "changed", "damaged": "answer"}


@dataclass
class Finished:
    """What became of a batch of students."""

    grades: list[Grade] = field(default_factory=list)
    to_mark: list[ToMark] = field(default_factory=list)
    wrong: list[WrongAnswer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    items: Items = field(default_factory=Items)
    students: int = 0


class Worker:
    """Marks by one key, and writes the pages of students into one folder.

    Parameters
    ----------
    settings : Settings
        What the instructor decided.
    course : Course
        The course of the exercises in code.
    pages : pathlib.Path
        The folder for the pages.
    """

    def __init__(self, settings: Settings, course: Course, pages: Path) -> None:
        self.settings, self.pages = settings, pages
        self.marker = Marker(settings.key, course, settings.mended)
        self.feedback = Feedback(settings, self.marker)

    def read(self, batch: Sequence[tuple[int, SubmittedFile]]) -> list[tuple[FileRow, Content]]:
        """Read files, each with its id; one that could not be opened keeps what is wrong."""
        return [self._read(number, file) for number, file in batch]

    def _read(self, number: int, file: SubmittedFile) -> tuple[FileRow, Content]:
        owner = file.owner
        row = FileRow(
            id=number,
            path=file.path,
            kind=file.kind,
            system=owner.system if owner else "",
            owner=owner.name if owner else "",
            number=owner.number if owner else "",
            late=bool(owner and owner.late),
            attached=owner.file if owner else "",
            bundle=file.bundle,
            note=file.note,
        )
        return self.marker.read(row, file.raw) if file.kind == "file" else (row, Content(number))

    def finish(self, batch: Iterable[StudentWork]) -> Finished:
        """Mark students, write their pages, and count what they did."""
        finished = Finished()
        for student in batch:
            self._finish(student, finished)
            finished.students += 1
        return finished

    def _finish(self, student: StudentWork, finished: Finished) -> None:
        responses = decoded(student.responses)
        if not responses:
            if not student.manual:
                finished.grades.append(Grade(student.key, student.place, student.status))
                return
            # Somebody without a receipt can still be given points by hand.
            responses = [None] * len(self.settings.key.questions)
        manual = dict(student.manual)
        result = score(self.settings, responses, manual, student.days)
        count_items(finished.items, self.settings, self.marker, responses, result)
        finished.grades.append(_grade(student, result, manual))
        finished.problems += self._problems(student, responses)
        finished.to_mark += [
            self._to_mark(student, place, responses[place]) for place in result.waiting
        ]
        finished.wrong += wrong_answers(self.marker, responses, student.number)
        page = self.feedback.page(
            *(student.name, responses, result, student.days, student.made),
            waits=student.status == "decide",
        )
        (self.pages / student.page).write_text(page, encoding="utf-8")

    def _problems(
        self, student: StudentWork, responses: Sequence[Response | None]
    ) -> Iterator[Problem]:
        """Yield what is wrong with single responses, a line for each kind."""
        for state, kind in _REPORTED.items():
            names = [
                question.id
                for question, response in zip(self.settings.key.questions, responses, strict=True)
                if response is not None and response.state == state
            ]
            if names:
                note = tidy(f"answers to {', '.join(names)}", 300)
                yield Problem(kind, student.key, student.name, student.path, note)

    def _to_mark(self, student: StudentWork, place: int, response: Response | None) -> ToMark:
        question = self.settings.key.questions[place]
        form = self.marker.forms[place][response.variant if response else 0]
        answer, worth = "", None
        if response is not None:
            written = response.state in ("damaged", "changed")
            value = response.value
            answer = json.dumps(value, ensure_ascii=False) if written else form.describe(value)
            judged = response.state != "open" or response.share > 0
            if judged and response.state in _KNOWN:
                worth = round(response.share * question.points, 4)
        return ToMark(
            student=student.key,
            name=student.name,
            question=question.id,
            state=response.state if response else "",
            ask=form.ask,
            rubric="; ".join(form.solution()) if question.manual else "",
            answer=answer,
            worth=worth,
            points=question.points,
        )


def _grade(student: StudentWork, result: Score, manual: dict[str, float]) -> Grade:
    status = "to mark" if result.waiting else "graded"
    return Grade(
        student=student.key,
        place=student.place,
        status="decide" if student.status == "decide" else status,
        total=result.total,
        earned=result.earned,
        penalty=result.penalty,
        points=result.points,
        manual=tuple(sorted(manual)),
    )


_Item = TypeVar("_Item")
_AHEAD = 2  # batches that lie ready for each of the other processes
Share = Callable[[str, Iterable[list[Any]]], Iterator[Any]]

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
) -> Iterator[Share]:
    """Give a function that does a task of a worker for batches, and yields what comes back.

    Parameters
    ----------
    make, values
        Makes the worker, once in each process.
    processes : int
        How many work at one time, this one among them.
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
    """Begin processes that do not hear Ctrl-C: they end with this one, and say nothing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
