"""The assignment as its instructor keeps it: settings, and the questions with their keys."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pfp_course.errors import CourseError
from pfp_course.questions.assigned import seed_of
from pfp_course.questions.seeds import pick

__all__ = ["Key", "KeyQuestion", "KeyVariant", "moment", "read_key"]


class KeyVariant(BaseModel):
    """One form of a question: its fingerprint as students get it, and the question itself.

    In an exam the fingerprint is that of the released form; ``spec`` is always the public form
    with its key, and an answer to the released form is first ``questions.exam.restored``.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    fingerprint: str
    spec: dict[str, Any]


class KeyQuestion(BaseModel):
    """A question of an assignment, in all its variants."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: str
    chapter: str
    objective: str
    kind: str
    points: int
    variants: list[KeyVariant]

    def drawn(self, seed: str) -> KeyVariant:
        """Return the variant that a seed draws."""
        return self.variants[pick(len(self.variants), seed, self.id)]

    @property
    def manual(self) -> bool:
        """Whether a person has to mark it."""
        return self.kind == "open"


class Key(BaseModel):
    """What is needed to mark an assignment. It stays with the instructor.

    ``banks`` holds the version of each bank as students have it, by chapter (``"03"``) or file
    name; in an exam that is the version of the released file, which names no key, so that a
    mended key changes neither it nor ``id``. ``questions`` stand in the order of asking.
    """

    model_config = ConfigDict(strict=True, frozen=True)

    format: Literal["pfp-course/key"]
    version: Literal[1]
    course: str
    id: str
    title: str
    due: str
    mode: Literal["practice", "exam"]
    seed_by: Literal["student", "class"]
    seed: str
    banks: dict[str, str]
    objectives: dict[str, str]
    questions: list[KeyQuestion]

    def seed_for(self, student: str) -> str:
        """Return the seed that decided on the variants of a student, by the name they gave."""
        return self.seed if self.seed_by == "class" else seed_of(student)


def moment(text: str) -> datetime:
    """Return a deadline in UTC; a day without a time ends at its last second in UTC.

    Raises
    ------
    CourseError
        If the text is neither a day nor a moment.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
        found = datetime.fromisoformat(text if "T" in text else "")
    except ValueError:
        raise CourseError(
            f"{text!r} is no day. Write it as 2027-02-15, or with a time and your distance "
            "to UTC as 2027-02-15T18:00+05:00."
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read_key(path: Path) -> Key:
    """Return the instructor's key of an assignment.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no key.
    """
    try:
        return Key.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Check its name.") from None
    except (ValueError, RecursionError, ValidationError):
        raise CourseError(
            f"{path} is no key of an assignment. Name the file that ends in .key.json, which "
            "`pfp assign` wrote beside the zip for students."
        ) from None
