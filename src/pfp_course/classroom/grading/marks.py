"""Mark a receipt anew, with the instructor's key: nothing that it claims to be worth is read."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import ValidationError

from pfp_course.classroom.assignment import Key, KeyQuestion
from pfp_course.classroom.grading.mending import mended_specs, moved
from pfp_course.classroom.receipt import Receipt, ReceiptError, read_receipt
from pfp_course.questions.exam import restored
from pfp_course.questions.kinds import Mark, mark
from pfp_course.questions.record import Answer

__all__ = ["HELD", "Given", "Marker", "Read", "State"]

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


class Given(NamedTuple):
    """An answer as it is kept: the variant, the response, and what the key makes of it.

    ``share`` is what the response earns of the points, from 0 to 1; if a person has to decide
    (``state`` in `HELD`), what it would earn.
    """

    variant: int
    response: Any
    share: float
    state: State
    attempts: int = 0
    hints: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Read:
    """A file of a student, read: a receipt with its answers marked, or what is wrong with it."""

    kind: str
    said: str = ""
    student: str = ""
    made: str = ""
    checksum: str = ""
    banks: str = ""
    begun: str = ""  # the name that decided on variants, if it is another than the student's
    given: tuple[Given | None, ...] = ()


class Marker:
    """Marks receipts by a key.

    Parameters
    ----------
    key : Key
        The key of the assignment, as it was given to students.
    mended : Key, optional
        A later key, whose answers hold instead.

    Raises
    ------
    CourseError
        If the mended key has other questions than the key.
    """

    def __init__(self, key: Key, mended: Key | None = None) -> None:
        self.key = key
        self.specs = mended_specs(key, mended)
        self._places = [
            {one.fingerprint: place for place, one in enumerate(question.variants)}
            for question in key.questions
        ]
        self._asked = [[one.spec for one in question.variants] for question in key.questions]
        self._mark = lru_cache(4000)(self._marked)

    def read(self, raw: bytes) -> Read:
        """Return what a file holds. It never raises, whatever the bytes are."""
        try:
            receipt = read_receipt(raw)
            made = datetime.fromisoformat(receipt.made).astimezone(UTC)
        except ReceiptError as error:
            return Read(_kind_of(raw, str(error)), str(error))
        except (ValueError, OverflowError):
            return Read("damaged", "its date is no date")
        known = Read("", student=receipt.student, made=made.strftime("%Y-%m-%dT%H:%M:%SZ"))
        if receipt.assignment not in ("", self.key.id):
            other = receipt.assignment
            return replace(known, kind="assignment", said=f"it belongs to {other!r}")
        given = tuple(
            self._given(place, question, receipt)
            for place, question in enumerate(self.key.questions)
        )
        if not receipt.assignment and not any(given):
            said = "it names no assignment, and answers none of these questions"
            return replace(known, kind="assignment", said=said)
        return replace(
            known,
            kind="receipt",
            said="" if receipt.assignment else "it names no assignment, but answers its questions",
            checksum=_content(receipt),
            banks=self._other_banks(receipt),
            begun="" if receipt.seed == self.key.seed_for(receipt.student) else receipt.seed,
            given=given,
        )

    def says(self, place: int, given: Given) -> tuple[str, ...]:
        """Return what the question says to a response."""
        return self.mark(place, given).says

    def mark(self, place: int, given: Given) -> Mark:
        """Return the mark of a response that was kept."""
        return self._mark(place, given.variant, _frozen(given.response))

    def expected(self, place: int, student: str) -> int:
        """Return which variant a student was given."""
        question = self.key.questions[place]
        return question.variants.index(question.drawn(self.key.seed_for(student)))

    def _given(self, place: int, question: KeyQuestion, receipt: Receipt) -> Given | None:
        raw = receipt.answers.get(question.id)
        if raw is None:
            return None
        try:
            answer = Answer.model_validate(raw)
        except ValidationError:
            return Given(0, None, 0.0, "damaged")
        effort = answer.attempts, answer.hints, answer.seconds
        variant = self._places[place].get(answer.fingerprint)
        if variant is None:
            return Given(0, _kept(answer.response), 0.0, "changed", *effort)
        if answer.response is None:
            return None
        response = answer.response
        if self.key.mode == "exam":
            response = restored(self._asked[place][variant], response)
        response = moved(self._asked[place][variant], self.specs[place][variant], response)
        found = self._mark(place, variant, _frozen(response))
        state, share = self._judged(question, answer, found)
        if len(question.variants) > 1 and variant != self.expected(place, receipt.student):
            state = "variant"
        return Given(variant, _kept(response), share, state, *effort)

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
        return mark(self.specs[place][variant], _thawed(response))

    def _other_banks(self, receipt: Receipt) -> str:
        return ", ".join(
            name
            for name, version in receipt.banks.items()
            if name in self.key.banks and self.key.banks[name] != version
        )


def _kind_of(raw: bytes, said: str) -> str:
    if "larger" in said:
        return "large"
    head = raw[:400]
    if b"pfp-course/progress" in head:
        return "progress"
    if b"pfp-course/key" in head:
        return "key"
    return "damaged"


def _content(receipt: Receipt) -> str:
    """Return digits by which equal answers of two receipts are seen."""
    text = json.dumps(receipt.answers, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if receipt.answers else ""


def _kept(response: Any) -> Any:
    if isinstance(response, str):
        return response[:_LONGEST]
    if isinstance(response, dict):
        return {
            str(name)[:20]: value[:_LONGEST] if isinstance(value, str) else value[:20]
            for name, value in list(response.items())[:4]
        }
    if isinstance(response, list):
        return response[:100]
    return response


def _frozen(response: Any) -> Any:
    # A key of the cache: a list becomes a tuple, and a text stays what it is.
    if isinstance(response, list):
        return tuple(response)
    if isinstance(response, dict):
        return frozenset(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in response.items()
        )
    return response


def _thawed(response: Any) -> Any:
    if isinstance(response, tuple):
        return list(response)
    if isinstance(response, frozenset):
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in response
        }
    return response
