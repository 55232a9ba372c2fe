"""Mark a receipt anew, with the instructor's key: nothing that it claims to be worth is read."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from pfp_course.assignments.assignment import Key, KeyQuestion
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

__all__ = ["HELD", "Marker", "Response", "State", "decoded", "encoded"]

State: TypeAlias = Literal[
    "right",
    "part",
    "wrong",
    "near",
    "unread",
    "shown",  # marked by the key
    "open",
    "variant",
    "changed",
    "damaged",  # a person decides
]
HELD = frozenset({"open", "variant", "changed", "damaged"})
_LONGEST = 20_000  # characters of an answer that are kept
_LONGEST_VALUE = 300  # characters of a value that is shown


class Response(NamedTuple):
    """An answer as it is kept: the variant, the value, and what the key makes of it.

    ``share`` is what the value earns of the points, from 0 to 1; if a person has to decide
    (``state`` in `HELD`), what it would earn.
    """

    variant: int
    value: Any
    share: float
    state: State
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
    """Marks receipts by a key.

    Parameters
    ----------
    key : Key
        The key of the assignment, as it was given to students.
    course : Course
        The course of the exercises in code.
    mended : Key, optional
        A later key, whose answers hold instead.

    Raises
    ------
    CourseError
        If the mended key has other questions than the key.
    """

    def __init__(self, key: Key, course: Course, mended: Key | None = None) -> None:
        self.key, self.course = key, course
        self._asked = _forms(key)
        self.forms = self._asked if mended is None else _corrected(key, self._asked, mended)
        self._places = [
            {one.fingerprint: place for place, one in enumerate(question.variants)}
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
        responses = [
            self._response(place, question, receipt)
            for place, question in enumerate(self.key.questions)
        ]
        answered = [response for response in responses if response is not None]
        if not receipt.assignment and not answered:
            note = "it names no assignment, and answers none of these questions"
            return row._replace(kind="assignment", note=note), Content(row.id)
        row = row._replace(
            kind="receipt",
            note="" if receipt.assignment else "it names no assignment, but answers its questions",
            checksum=receipt.digest,
            banks=self._other_banks(receipt),
            begun="" if receipt.seed == self.key.seed_for(receipt.student) else receipt.seed,
            latest=max((response.at for response in answered), default=""),
            answered=len(answered),
        )
        return row, Content(row.id, encoded(responses), self.trials(receipt.exercises))

    def says(self, place: int, variant: int, value: Any) -> tuple[str, ...]:
        """Return what a question says to the value of a response."""
        return self._mark(place, variant, _frozen(value)).says

    def expected(self, place: int, student: str) -> int:
        """Return which variant a student was given."""
        question = self.key.questions[place]
        return question.variants.index(question.drawn(self.key.seed_for(student)))

    def _response(self, place: int, question: KeyQuestion, receipt: Receipt) -> Response | None:
        raw = receipt.answers.get(question.id)
        if raw is None:
            return None
        answer = readable(Answer, raw)
        if answer is None:
            return Response(0, None, 0.0, "damaged")
        effort = answer.attempts, answer.hints, answer.seconds, answer.at
        variant = self._places[place].get(answer.fingerprint)
        if variant is None:
            return Response(0, _kept(answer.response), 0.0, "changed", *effort)
        if answer.response is None:
            return None
        value, asked = answer.response, self._asked[place][variant]
        if self.key.mode == "exam":
            value = asked.restore(value)
        value = asked.move(value, self.forms[place][variant])
        state, share = self._judged(question, answer, self._mark(place, variant, _frozen(value)))
        if len(question.variants) > 1 and variant != self.expected(place, receipt.student):
            state = "variant"
        return Response(variant, _kept(value), share, state, *effort)

    def _judged(self, question: KeyQuestion, answer: Answer, found: Mark) -> tuple[State, float]:
        share = round(found.share, 6)
        if question.manual:
            return ("unread" if found.state == "unread" else "open"), share
        if answer.shown:
            return "shown", 0.0
        if found.state == "saved":
            return "unread", 0.0
        return found.state, share

    def _marked(self, place: int, variant: int, response: Any) -> Mark:
        return self.forms[place][variant].mark(_thawed(response))

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

    def _other_banks(self, receipt: Receipt) -> str:
        return ", ".join(
            name
            for name, version in receipt.banks.items()
            if name in self.key.banks and self.key.banks[name] != version
        )


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
            name = question.id
            raise CourseError(
                f"Question {name!r} of the mended key is another question, or has other choices. "
                "Take its old form into the mended key, or leave it out of the grade: "
                f"--drop {name}"
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


def _frozen(value: Any) -> Any:
    # A key of the cache: a list becomes a tuple, and a text stays what it is.
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return frozenset(
            (name, tuple(part) if isinstance(part, list) else part) for name, part in value.items()
        )
    return value


def _thawed(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, frozenset):
        return {name: list(part) if isinstance(part, tuple) else part for name, part in value}
    return value
