"""The work on batches, which processes share: files are read, students are finished and counted.

Difficulty is the share of the points earned by those who answered. Discrimination is the
correlation of a question's points with those of all other questions of the same student (the
corrected item-total, or point-biserial, correlation): whether those who know more in general know
more here. Counting needs no more memory for a larger class.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pfp_course.course import Course
from pfp_course.grading.lms_names import identity, tidy
from pfp_course.grading.marks import Marker, Response, Score, Settings, decoded, reached, score
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
from pfp_course.grading.submitted_files import SubmittedFile

__all__ = ["FEWEST", "FEWEST_SHARED", "Finished", "Item", "Items", "Worker"]

_MOST_WRONG = 3000  # different wrong answers that are counted for a question
_LONGEST = 4 * 3600  # seconds; a question that was left open for longer says nothing
_LOW = 0.15
FEWEST = 10  # students; a correlation of fewer is chance
FEWEST_SHARED = 3  # wrong answers


@dataclass
class Item:
    """What a class did with one question."""

    answered: int = 0
    right: int = 0
    blank: int = 0
    shown: int = 0
    waiting: int = 0
    hinted: int = 0
    attempts: int = 0
    share: float = 0.0
    # Sums of the item's points (x), of the rest (r), of squares and of products.
    count: int = 0
    x: float = 0.0
    r: float = 0.0
    xx: float = 0.0
    rr: float = 0.0
    xr: float = 0.0
    seconds: Counter[int] = field(default_factory=Counter)
    wrong: Counter[tuple[int, str]] = field(default_factory=Counter)
    misses: Counter[int] = field(default_factory=Counter)  # wrong answers by variant

    def score(self, points: float, rest: float) -> None:
        """Count a pair of points, of this question and of all others."""
        self.count += 1
        self.x += points
        self.r += rest
        self.xx += points * points
        self.rr += rest * rest
        self.xr += points * rest

    def took(self, seconds: int) -> None:
        """Count how long an answer took; from ten minutes on by tens, to keep the table short."""
        if seconds:
            exact = min(seconds, _LONGEST)
            self.seconds[exact if exact < 600 else exact // 10 * 10] += 1

    def missed(self, variant: int, answer: str) -> None:
        """Count a wrong answer. Of very many different ones, the rare ones are forgotten."""
        self.wrong[variant, answer] += 1
        self.misses[variant] += 1
        if len(self.wrong) > _MOST_WRONG:
            self.wrong = Counter(dict(self.wrong.most_common(_MOST_WRONG // 2)))

    @property
    def difficulty(self) -> float | None:
        """The share of the points that was earned, from 0 to 1; a high one is an easy question."""
        return self.share / self.answered if self.answered else None

    @property
    def discrimination(self) -> float | None:
        """The correlation with the rest, from -1 to 1; None for few students, or all alike."""
        if self.count < FEWEST:
            return None
        across = self.xx - self.x * self.x / self.count
        along = self.rr - self.r * self.r / self.count
        if across < 1e-9 or along < 1e-9:
            return None
        both = self.xr - self.x * self.r / self.count
        return max(-1.0, min(1.0, both / math.sqrt(across * along)))

    @property
    def low(self) -> bool:
        """Whether it tells too little who knows more, and is not just very easy or very hard."""
        found = self.discrimination
        return found is not None and found < _LOW and 0.05 < (self.difficulty or 0.0) < 0.95

    @property
    def median_seconds(self) -> float | None:
        """The median of the times taken, or None if none is known."""
        total = self.seconds.total()
        if not total:
            return None
        return (self._nth((total - 1) // 2) + self._nth(total // 2)) / 2

    def _nth(self, number: int) -> int:
        for value in sorted(self.seconds):
            number -= self.seconds[value]
            if number < 0:
                return value
        raise AssertionError("a median lies among its values")

    def add(self, other: "Item") -> None:
        """Add what another process counted."""
        _add(self, other)
        if len(self.wrong) > _MOST_WRONG:
            self.wrong = Counter(dict(self.wrong.most_common(_MOST_WRONG)))


def _add(counts: Any, others: Any) -> None:
    for name, value in vars(others).items():
        if isinstance(value, Counter):
            getattr(counts, name).update(value)
        else:
            setattr(counts, name, getattr(counts, name) + value)


@dataclass
class Objective:
    """How a class reached one objective."""

    students: int = 0
    met: int = 0
    share: float = 0.0


@dataclass
class Items:
    """What a class did with all questions, by id, and with all objectives."""

    items: dict[str, Item] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    students: int = 0
    totals: Counter[int] = field(default_factory=Counter)  # by percent, rounded down

    def item(self, name: str) -> Item:
        """Return the counts of a question."""
        if name not in self.items:
            self.items[name] = Item()
        return self.items[name]

    def reached(self, shares: Mapping[str, tuple[float, int]]) -> None:
        """Count a student's objectives: what was earned, of how much."""
        for name, (earned, points) in shares.items():
            objective = self.objectives.setdefault(name, Objective())
            objective.students += 1
            objective.share += earned / points
            objective.met += earned >= points - 1e-9

    def add(self, other: "Items") -> None:
        """Add what another process counted."""
        self.students += other.students
        self.totals.update(other.totals)
        for name, item in other.items.items():
            self.item(name).add(item)
        for name, objective in other.objectives.items():
            _add(self.objectives.setdefault(name, Objective()), objective)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


_KNOWN = ("open", "variant", "near")  # states in which it is known what an answer would earn
# States of responses that are reported, and the kinds of lines.
_REPORTED = {"variant": "variant", "changed": "changed", "damaged": "answer"}


@dataclass
class Finished:
    """What became of a batch of students: rows for the database, and what was counted."""

    rows: list[Grade | ToMark | WrongAnswer | Problem] = field(default_factory=list)
    items: Items = field(default_factory=Items)
    students: int = 0


class Worker:
    """Marks by one key, and writes the pages of students into one folder.

    ``course`` is that of the exercises in code.
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
                finished.rows.append(Grade(student.key, student.place, student.status))
                return
            # Somebody without a receipt can still be given points by hand.
            responses = [None] * len(self.settings.key.questions)
        manual = dict(student.manual)
        result = score(self.settings, responses, manual, student.days)
        wrong = {
            place: (response.variant, self._token(place, response))
            for place, response in enumerate(responses)
            if response is not None and response.state in ("wrong", "part", "near")
        }
        self._count(finished.items, responses, result, wrong)
        finished.rows.append(_grade(student, result, manual))
        finished.rows += self._problems(student, responses)
        finished.rows += (self._to_mark(student, n, responses[n]) for n in result.waiting)
        finished.rows += self._wrong_answers(wrong, student.number)
        page = self.feedback.page(
            *(student.name, responses, result, student.days, student.made),
            waits=student.status == "decide",
        )
        (self.pages / student.page).write_text(page, encoding="utf-8")

    def _token(self, place: int, response: Response) -> str:
        """Return a text that is the same for responses that say the same."""
        if isinstance(response.value, str):
            return identity(response.value)[:100]
        form = self.marker.forms[place][response.variant]
        return json.dumps(form.canonical(response.value), separators=(",", ":"))[:300]

    def _count(
        self,
        items: Items,
        responses: Sequence[Response | None],
        result: Score,
        wrong: Mapping[int, tuple[int, str]],
    ) -> None:
        """Count a student's responses into the item analysis.

        What a student's own rubric says of an open answer is no measure, and is left out until a
        person has marked it.
        """
        items.students += 1
        points_of_all = self.settings.points
        items.totals[int(100 * result.earned / points_of_all) if points_of_all else 0] += 1
        for place in self.settings.counted:
            question, points = self.settings.key.questions[place], result.points[place]
            response, item = responses[place], items.item(question.id)
            if response is None or response.state == "unread":
                item.blank += 1
            else:
                item.hinted += response.hints > 0
                item.shown += response.state == "shown"
                item.attempts += response.attempts
                item.took(response.seconds)
            if place in result.waiting:
                item.waiting += 1
            if points is None:
                continue
            share = points / question.points
            item.answered += 1
            item.share += share
            item.right += share > 1 - 1e-9
            item.score(points, result.earned - points)
            if place in wrong:
                item.missed(*wrong[place])
        items.reached(reached(self.settings, result))

    def _wrong_answers(
        self, wrong: Mapping[int, tuple[int, str]], student: int
    ) -> Iterator[WrongAnswer]:
        """Yield a student's entries of the index of wrong answers; partly right ones count too."""
        texts = {place: f"{place}:{variant}:{text}" for place, (variant, text) in wrong.items()}
        for place, text in texts.items():
            yield WrongAnswer(_digest(text), student, place, wrong[place][0])
        count = len(self.settings.key.questions)
        # The name of the part keeps a half apart from the same mistakes of a whole.
        for name, low, high in (("a", 0, count // 2), ("b", count // 2, count), ("c", 0, count)):
            part = [text for place, text in texts.items() if low <= place < high]
            if len(part) >= FEWEST_SHARED:
                yield WrongAnswer(_digest(f"{name}|{'|'.join(part)}"), student)

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
