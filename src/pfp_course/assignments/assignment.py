"""An assignment: what an instructor asks for, and the key to it that the instructor keeps."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pfp_course import __version__
from pfp_course.chapters import Chapter
from pfp_course.course import Course
from pfp_course.errors import CourseError
from pfp_course.files import read_json
from pfp_course.questions import Bank, check_bank, read_bank
from pfp_course.questions.bank import bank_version, release, text_version
from pfp_course.questions.kinds import KINDS, Question
from pfp_course.questions.seeds import pick, seed_of
from pfp_course.questions.spec import variant_forms

__all__ = [
    *("Assignment", "AssignmentRequest", "Key", "KeyQuestion", "KeyVariant", "Sheet", "assign"),
    *("moment", "read_key"),
]

_LONGEST_TITLE = 200


class KeyVariant(BaseModel):
    """One form of a question: its fingerprint as students get it, and the question itself.

    In an exam the fingerprint is that of the released form; ``spec`` is always the public form
    with its key, and an answer to the released form is first restored (`kinds.Form.restore`).
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
        known = KINDS.get(self.kind)
        return known is not None and known.form.is_manual


class Key(BaseModel):
    """What is needed to mark an assignment. It stays with the instructor.

    ``banks`` holds the version of each bank as students have it, by chapter (``"03"``) or file
    name; in an exam that is the version of the released file, which names no key, so that a
    mended key changes neither it nor ``id``. ``questions`` stand in the order of asking.
    ``made`` is the day on which the assignment was made, or empty in keys of older versions.
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
    made: str = ""

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
    return read_json(
        path,
        Key.model_validate,
        "is no key of an assignment. Name the file that ends in .key.json, which `pfp assign` "
        "wrote beside the zip for students.",
    )


@dataclass(frozen=True)
class AssignmentRequest:
    """What an instructor asks for; ``seed`` and ``title`` may be empty."""

    chapters: tuple[Chapter, ...]
    due: str
    title: str = ""
    mode: Literal["practice", "exam"] = "practice"
    seed_by: Literal["student", "class"] = "class"
    seed: str = ""
    banks: tuple[Path, ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the chapters."""
        return [int(chapter.number) for chapter in self.chapters]


@dataclass(frozen=True)
class Sheet:
    """A bank that is asked: as students have it, under its name among their files.

    ``name`` is the chapter's number (``"03"``) or a file's name, ``text`` what the file holds.
    """

    name: str
    bank: Bank
    version: str
    own: bool
    text: str = ""


@dataclass(frozen=True)
class Assignment:
    """An assignment: its course, what was asked for, the banks that are asked, and their key."""

    course: Course
    request: AssignmentRequest
    sheets: tuple[Sheet, ...]
    key: Key

    @property
    def name(self) -> str:
        """The name of its files."""
        return "-".join([self.course.slug, *map(str, self.request.numbers), self.request.mode])

    @property
    def public_questions(self) -> int:
        """How many of its questions are the course's own, so that anyone can read their keys."""
        return sum(len(sheet.bank.questions) for sheet in self.sheets if not sheet.own)

    @property
    def varied(self) -> int:
        """How many of its questions have variants."""
        return sum(len(question.variants) > 1 for question in self.key.questions)


def assign(request: AssignmentRequest, course: Course) -> Assignment:
    """Return the assignment that is asked for. The same request gives the same assignment.

    Raises
    ------
    CourseError
        If a setting cannot be, a bank has a problem, or the result would be no examination.
    """
    moment(request.due)
    title = " ".join(request.title.split()) or _title(request)
    if len(title) > _LONGEST_TITLE:
        raise CourseError(f"The title is longer than {_LONGEST_TITLE} characters. Shorten it.")
    if request.seed and request.seed_by == "student":
        raise CourseError("--seed is for --seed-by class: with student, the name is the seed.")
    sheets = tuple(_sheets(request, course))
    questions = [
        _question(question, sheet, request.mode)
        for sheet in sheets
        for question in sheet.bank.questions
    ]
    if not questions:
        raise CourseError(
            "There is nothing to ask: this copy of the course came with an exam, and the "
            "questions are left out of it. Install the course itself."
        )
    ids = [question.id for question in questions]
    if doubles := [name for name in ids if ids.count(name) > 1]:
        raise CourseError(
            f"The question {doubles[0]} stands in two of the banks. Ids must differ: give your own "
            "bank a number that no chapter of the course has, such as 91."
        )
    banks = {sheet.name: sheet.version for sheet in sheets}
    settings = {
        "chapters": request.numbers,
        "title": title,
        "due": request.due,
        "mode": request.mode,
        "seed_by": request.seed_by,
        "seed": request.seed,
        "banks": banks,
    }
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    # A class without a seed of its own gets one that no other assignment has.
    seed = "" if request.seed_by == "student" else seed_of(request.seed) or digest[10:18]
    key = Key(
        format="pfp-course/key",
        version=1,
        course=__version__,
        id=f"a-{digest[:10]}",
        title=title,
        due=request.due,
        mode=request.mode,
        seed_by=request.seed_by,
        seed=seed,
        banks=banks,
        objectives=_objectives(sheets),
        questions=questions,
        made=datetime.now(UTC).date().isoformat(),
    )
    made = Assignment(course, request, sheets, key)
    if request.mode == "exam" and made.public_questions and not made.varied:
        raise CourseError(
            "This would be no examination: the keys to the questions of these chapters are public "
            "with the course's source, and none of the questions has variants. Name a bank of "
            "your own, which nobody else has: --bank my-exam.yml"
        )
    return made


def _title(request: AssignmentRequest) -> str:
    *others, last = map(str, request.numbers)
    return f"Chapters {', '.join(others)} and {last}" if others else f"Chapter {last}"


def _sheets(request: AssignmentRequest, course: Course) -> Iterator[Sheet]:
    exam = request.mode == "exam"
    # An examination asks the instructor's own questions alone, where there are any.
    if not (exam and request.banks):
        for chapter in request.chapters:
            path = course.bank(chapter.number)
            name = f"chapter-{chapter.number}.json" if exam else chapter.number
            yield _sheet(name, read_bank(path, course), path, own=False, exam=exam)
    names: set[str] = set()
    for path in request.banks:
        if path.suffix not in (".yml", ".yaml"):
            raise CourseError(f"{path} is no bank: its name must end in .yml. See: pfp questions")
        if path.stem.casefold() in names:
            raise CourseError(f"Two banks are named {path.stem}. Rename one of them.")
        names.add(path.stem.casefold())
        if problems := check_bank(path, course):
            raise CourseError("\n".join(str(problem) for problem in problems))
        name = f"{path.stem}.json" if exam else path.name
        yield _sheet(name, read_bank(path, course), path, own=True, exam=exam)


def _sheet(name: str, bank: Bank, path: Path, *, own: bool, exam: bool) -> Sheet:
    if exam:
        text = release(bank)
        return Sheet(name, bank, text_version(text), own, text)
    text = path.read_text(encoding="utf-8") if own else ""
    return Sheet(name, bank, bank_version(path), own, text)


def _question(question: Question, sheet: Sheet, mode: str) -> KeyQuestion:
    forms = [
        KeyVariant(
            fingerprint=(form.release() if mode == "exam" else form).fingerprint,
            spec=form.as_json(),
        )
        for form in variant_forms(question)
    ]
    return KeyQuestion(
        id=question.id,
        chapter=sheet.bank.chapter,
        objective=question.objective,
        kind=question.kind,
        points=question.points,
        variants=forms,
    )


def _objectives(sheets: tuple[Sheet, ...]) -> dict[str, str]:
    together: dict[str, str] = {}
    for sheet in sheets:
        for name, text in sheet.bank.objectives.items():
            if together.setdefault(name, text) != text:
                raise CourseError(
                    f"The objective {name} has two meanings in these banks. Rename it in yours."
                )
    return together
