"""What work earns: responses marked anew with the instructor's key, and the rules of a grade.

Nothing that a receipt claims to be worth is read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from pfp_course.assignments.assignment import Key, KeyQuestion, moment
from pfp_course.assignments.receipt import Receipt, ReceiptError, read_receipt
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.grading.rows import Content, FileRow
from pfp_course.grading.submitted_files import nature, salvaged
from pfp_course.questions import read_bank
from pfp_course.questions.comparison import received
from pfp_course.questions.exercises import Resolved
from pfp_course.questions.kinds import Form, Mark, form_of
from pfp_course.questions.record_model import Answer, Trial, readable

__all__ = [
    *("Late", "Marker", "Response", "Score", "Settings", "decoded", "encoded", "reached"),
    "score",
]

Late: TypeAlias = Literal["accept", "penalty", "refuse"]
_Marked: TypeAlias = Literal["right", "part", "wrong", "near", "unread", "shown"]  # by the key
_Held: TypeAlias = Literal["open", "variant", "changed", "damaged"]  # a person decides
_State: TypeAlias = _Marked | _Held
_HELD = frozenset(get_args(_Held))
_LONGEST = 20_000  # characters of an answer that are kept
_LONGEST_VALUE = 300  # characters of a value that is shown


class Response(NamedTuple):
    """An answer as it is kept: the variant, the value, and what the key makes of it.

    ``share`` is what the value earns of the points, from 0 to 1; if a person has to decide, what it
    would earn.
    """

    variant: int
    value: Any
    share: float
    state: _State
    attempts: int = 0
    hints: int = 0
    seconds: int = 0
    at: str = ""


def encoded(responses: Sequence[Response | None]) -> str:
    """Return responses, a place for each question of the key, as text."""
    return json.dumps(responses, separators=(",", ":"))


def decoded(text: str) -> list[Response | None]:
    """Return the responses in a text that `encoded` made; an empty text holds none."""
    rows = json.loads(text) if text else []
    return [None if row is None else Response(*row) for row in rows]


class Marker:
    """Marks receipts by a key, or by the answers of a later one, ``mended``.

    ``course`` is that of the exercises in code.

    Raises
    ------
    CourseError
        If the mended key has other questions than the key.
    """

    def __init__(self, key: Key, course: Course, mended: Key | None = None) -> None:
        self.key, self.course = key, course
        self._asked = _forms(key)
        self.forms = self._asked if mended is None else _corrected(key, self._asked, mended)
        self._variants = [
            {variant.fingerprint: n for n, variant in enumerate(question.variants)}
            for question in key.questions
        ]
        self._mark = lru_cache(4000)(self._marked)

    def read(self, row: FileRow, raw: bytes) -> tuple[FileRow, Content]:
        """Return a file's row with what the file holds, and the responses, marked.

        It never raises, whatever the bytes are.
        """
        try:
            return self._read(row, raw)
        except Exception as error:
            # Whatever a student wrote may cost that student's file alone. No file is known that
            # comes here; the tests fail if one does.
            note = f"it made the command fail ({type(error).__name__})"
            return row._replace(kind="failed", note=note), Content(row.id)

    def _read(self, row: FileRow, raw: bytes) -> tuple[FileRow, Content]:
        wrapped = False
        try:
            receipt = read_receipt(raw)
        except ReceiptError as error:
            found = salvaged(raw)
            if found is None:
                note = nature("", raw[:40]) or str(error)
                return row._replace(kind=_kind_of(raw, str(error)), note=note), Content(row.id)
            receipt, wrapped = found, True
        try:
            made = datetime.fromisoformat(receipt.made).astimezone(UTC)
        except (ValueError, OverflowError):
            return row._replace(kind="damaged", note="its date is no date"), Content(row.id)
        # Not by strftime, which writes the year 1 with one digit.
        stamp = made.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        row = row._replace(signed=receipt.student, made=stamp, wrapped=wrapped)
        if receipt.assignment not in ("", self.key.id):
            note = f"it belongs to {receipt.assignment!r}"
            return row._replace(kind="assignment", note=note), Content(row.id)
        questions = enumerate(self.key.questions)
        responses = [self._response(place, question, receipt) for place, question in questions]
        answered = [response for response in responses if response is not None]
        if not receipt.assignment and not answered:
            note = "it names no assignment, and answers none of these questions"
            return row._replace(kind="assignment", note=note), Content(row.id)
        row = row._replace(
            kind="receipt",
            note="" if receipt.assignment else "it names no assignment, but answers its questions",
            checksum=receipt.digest,
            banks=", ".join(
                name
                for name, version in receipt.banks.items()
                if self.key.banks.get(name, version) != version
            ),
            begun="" if receipt.seed == self.key.seed_for(receipt.student) else receipt.seed,
            latest=max((response.at for response in answered), default=""),
            answered=len(answered),
        )
        return row, Content(row.id, encoded(responses), self.trials(receipt.exercises))

    def says(self, place: int, variant: int, value: Any) -> tuple[str, ...]:
        """Return what a question says to the value of a response."""
        return self._mark(place, variant, json.dumps(value)).says

    def _response(self, place: int, question: KeyQuestion, receipt: Receipt) -> Response | None:
        raw = receipt.answers.get(question.id)
        if raw is None:
            return None
        answer = readable(Answer, raw)
        if answer is None:
            return Response(0, None, 0.0, "damaged")
        effort = answer.attempts, answer.hints, answer.seconds, answer.at
        variant = self._variants[place].get(answer.fingerprint)
        if variant is None:
            return Response(0, _kept(answer.response), 0.0, "changed", *effort)
        if answer.response is None:
            return None
        value, asked = answer.response, self._asked[place][variant]
        if self.key.mode == "exam":
            value = asked.restore(value)
        value = asked.move(value, self.forms[place][variant])
        state, share = self._judged(question, answer, self._mark(place, variant, json.dumps(value)))
        own = question.drawn(self.key.seed_for(receipt.student))
        if question.variants[variant].fingerprint != own.fingerprint:
            state = "variant"
        return Response(variant, _kept(value), share, state, *effort)

    def _judged(self, question: KeyQuestion, answer: Answer, mark: Mark) -> tuple[_State, float]:
        if question.manual:
            return ("unread" if mark.state == "unread" else "open"), round(mark.share, 6)
        if answer.shown:
            return "shown", 0.0
        if mark.state == "saved":
            return "unread", 0.0
        return mark.state, round(mark.share, 6)

    def _marked(self, place: int, variant: int, response: str) -> Mark:
        # As text, so that equal responses of a class are marked once.
        return self.forms[place][variant].mark(json.loads(response))

    def trials(self, exercises: Mapping[str, Any]) -> str:
        """Return what a receipt holds of exercises of the key's chapters, or an empty text.

        A receipt holds the last value that was checked. It is judged anew here; what the student's
        own computer said of it stands only where the value did not come along.
        """
        rows: list[tuple[str, int | None, str, str]] = []
        for name in sorted(exercises):
            if name.partition(".")[0] not in self.key.banks:
                continue
            trial = readable(Trial, exercises[name])
            if trial is None:
                rows.append((name, None, "cannot be read", ""))
                continue
            result = _result(_exercise(self.course, name), trial)
            rows.append((name, trial.attempts, result, trial.value[:_LONGEST_VALUE]))
        return json.dumps(rows) if rows else ""


@lru_cache(500)
def _exercise(course: Course, name: str) -> Resolved | None:
    chapter = name.partition(".")[0]
    try:
        exercises = read_bank(course.bank(chapter), course).exercises if chapter.isalnum() else []
        return next((one.resolved() for one in exercises if one.id == name), None)
    except CourseError:
        return None


def _result(exercise: Resolved | None, trial: Trial) -> str:
    if exercise is None or exercise.fingerprint != trial.fingerprint:
        return "of another version of the exercise"
    if not trial.value:
        claimed = "right" if trial.right else "not right"
        return f"{claimed}, as the student's computer said (the value is too long to be sent)"
    try:
        value = received(trial.value)
    except ValueError:
        return "its value cannot be read"
    return "right" if exercise.judge(value, 0).state == "right" else "not right"


def _forms(key: Key) -> list[list[Form]]:
    return [[form_of(one.spec) for one in question.variants] for question in key.questions]


def _corrected(key: Key, asked: list[list[Form]], mended: Key) -> list[list[Form]]:
    """Return the forms by which answers are marked: the later key, in the old order of choices."""
    later = dict(zip([question.id for question in mended.questions], _forms(mended), strict=True))
    forms = []
    for question, before in zip(key.questions, asked, strict=True):
        try:
            pairs = zip(before, later[question.id], strict=True)
            forms.append([old.corrected(new) for old, new in pairs])
        except (KeyError, ValueError):
            raise CourseError(
                f"Question {question.id!r} of the mended key is another question, or has other "
                "choices. Take its old form into the mended key, or leave it out of the grade: "
                f"--drop {question.id}"
            ) from None
    return forms


def _kind_of(raw: bytes, note: str) -> str:
    if "larger" in note:
        return "large"
    head = raw[:400]
    if b"pfp-course/progress" in head:
        return "progress"
    if b"pfp-course/key" in head:
        return "key"
    if b"pfp-course/assignment" in head and note.startswith("it is JSON"):
        return "working"
    return "damaged"


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, dict):
        return {
            str(name)[:20]: part[:_LONGEST] if isinstance(part, str) else part[:20]
            for name, part in list(value.items())[:4]
        }
    return value[:100] if isinstance(value, list) else value


@dataclass(frozen=True)
class Settings:
    """What an instructor decides about a grade.

    Attributes
    ----------
    key, mended
        The key of the assignment, and a later one whose answers hold instead.
    drop
        Ids of questions that count for nobody.
    late
        What becomes of work after the deadline: it counts, loses points, or does not count.
    penalty
        Percent of the points earned that each day begun after the deadline costs.
    grace
        Minutes after the deadline that are no delay.
    variants
        Whether an answer to another variant than the student's own counts, or is held back.
    reveal
        Whether feedback names the right answers.
    """

    key: Key
    mended: Key | None = None
    drop: frozenset[str] = frozenset()
    late: Late = "accept"
    penalty: float = 10.0
    grace: int = 15
    variants: Literal["hold", "count"] = "hold"
    reveal: bool = True

    @cached_property
    def due(self) -> datetime:
        """The deadline, in UTC."""
        return moment(self.key.due)

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The places of the questions that count."""
        questions = enumerate(self.key.questions)
        return tuple(place for place, question in questions if question.id not in self.drop)

    @property
    def points(self) -> int:
        """How many points there are."""
        return sum(self.key.questions[place].points for place in self.counted)

    def days_late(self, made: str, due: str, *, flagged: bool) -> int:
        """Return how many days have begun since the deadline; 0 if there was no delay.

        ``due`` is a student's own deadline, or empty; ``flagged`` tells that the system in which
        the receipt was handed in calls it late.
        """
        end = datetime.fromisoformat(due) if due else self.due
        delay = datetime.fromisoformat(made).astimezone(UTC) - end
        days = 0
        if delay > timedelta(minutes=self.grace):
            days = -(-delay // timedelta(days=1))
        # Somebody who was given more time is not late, whatever the system says.
        return max(1, days) if flagged and not due else days

    def waits(self, response: Response) -> bool:
        """Tell whether a person has to decide what an answer earns."""
        if response.state == "variant":
            return self.variants == "hold"
        if response.state in _HELD or self.key.mode != "exam":
            return response.state in _HELD
        # In an exam nobody was told that a letter is wrong, or that a number cannot be read.
        written = isinstance(response.value, str) and response.value.strip() != ""
        return response.state == "near" or (response.state == "unread" and written)


@dataclass(frozen=True)
class Score:
    """What a student earned.

    ``points`` has a place for each question of the key: None where nothing was answered, where
    a person has to decide, and where the question was dropped.
    """

    points: tuple[float | None, ...]
    waiting: tuple[int, ...]
    earned: float
    penalty: float

    @property
    def total(self) -> float:
        """The points that count, what lateness cost taken off."""
        return round(self.earned - self.penalty, 4)


def score(
    settings: Settings,
    responses: Sequence[Response | None],
    manual: Mapping[str, float],
    days: float,
) -> Score:
    """Return what responses earn; they have a place for each question of the key.

    ``manual`` holds points that a person gave, by the id of the question; ``days`` are the days of
    delay that have begun.
    """
    points: list[float | None] = [None] * len(settings.key.questions)
    waiting = []
    for place in settings.counted:
        question, response = settings.key.questions[place], responses[place]
        if question.id in manual:
            points[place] = manual[question.id]
        elif response is None:
            continue
        elif settings.waits(response):
            waiting.append(place)
        elif response.state == "unread":
            continue
        else:
            points[place] = round(response.share * question.points, 4)
    earned = round(sum(number for number in points if number is not None), 4)
    lost = min(1.0, settings.penalty / 100 * days) if settings.late == "penalty" else 0.0
    return Score(tuple(points), tuple(waiting), earned, round(earned * lost, 4))


def reached(settings: Settings, result: Score) -> dict[str, tuple[float, int]]:
    """Return what was earned for each objective, of how much; what waits is left out."""
    found: dict[str, tuple[float, int]] = {}
    for place in settings.counted:
        if place not in result.waiting:
            question = settings.key.questions[place]
            earned, most = found.get(question.objective, (0.0, 0))
            points = result.points[place] or 0.0
            found[question.objective] = earned + points, most + question.points
    return found
