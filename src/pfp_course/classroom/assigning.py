"""From an instructor's wish to an assignment: its questions, its key and its id."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pfp_course._version import __version__
from pfp_course.chapters import Chapter
from pfp_course.classroom.assignment import Key, KeyQuestion, KeyVariant, moment
from pfp_course.content import bank_path
from pfp_course.errors import CourseError
from pfp_course.questions import Bank, check_bank, read_bank
from pfp_course.questions.assigned import seed_of
from pfp_course.questions.bank import bank_version, text_version
from pfp_course.questions.exam import release, released
from pfp_course.questions.kinds import Question
from pfp_course.questions.public import variants

__all__ = ["Assignment", "Sheet", "Wish", "assign"]

_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Wish:
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
    """An assignment: what was wished, the banks that are asked, and the key to them."""

    wish: Wish
    sheets: tuple[Sheet, ...]
    key: Key

    @property
    def name(self) -> str:
        """The name of its files."""
        return "-".join(["pfp", *map(str, self.wish.numbers), self.wish.mode])

    @property
    def public_questions(self) -> int:
        """How many of its questions are the course's own, so that anyone can read their keys."""
        return sum(len(sheet.bank.questions) for sheet in self.sheets if not sheet.own)

    @property
    def varied(self) -> int:
        """How many of its questions have variants."""
        return sum(len(question.variants) > 1 for question in self.key.questions)


def assign(wish: Wish) -> Assignment:
    """Return the assignment that is wished for. The same wish gives the same assignment.

    Raises
    ------
    CourseError
        If a setting cannot be, a bank has a problem, or the result would be no examination.
    """
    moment(wish.due)
    title = " ".join(wish.title.split()) or _title(wish)
    if len(title) > _LONGEST_TITLE:
        raise CourseError(f"The title is longer than {_LONGEST_TITLE} characters. Shorten it.")
    if wish.seed and wish.seed_by == "student":
        raise CourseError("--seed is for --seed-by class: with student, the name is the seed.")
    sheets = tuple(_sheets(wish))
    questions = [
        _question(question, sheet, wish.mode)
        for sheet in sheets
        for question in sheet.bank.questions
    ]
    if not questions:
        raise CourseError(
            "There is nothing to ask: this copy of the course came with an exam, and the "
            "questions are left out of it. Install the course itself."
        )
    _refuse_doubles([question.id for question in questions])
    settings = {
        "chapters": wish.numbers,
        "title": title,
        "due": wish.due,
        "mode": wish.mode,
        "seed_by": wish.seed_by,
        "seed": wish.seed,
        "banks": {sheet.name: sheet.version for sheet in sheets},
    }
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    # A class without a seed of its own gets one that no other assignment has.
    seed = "" if wish.seed_by == "student" else seed_of(wish.seed) or digest[10:18]
    key = Key(
        format="pfp-course/key",
        version=1,
        course=__version__,
        id=f"a-{digest[:10]}",
        title=title,
        due=wish.due,
        mode=wish.mode,
        seed_by=wish.seed_by,
        seed=seed,
        banks={sheet.name: sheet.version for sheet in sheets},
        objectives=_objectives(sheets),
        questions=questions,
    )
    made = Assignment(wish, sheets, key)
    if wish.mode == "exam" and made.public_questions and not made.varied:
        raise CourseError(
            "This would be no examination: the keys to the questions of these chapters are public "
            "with the course's source, and none of the questions has variants. Name a bank of "
            "your own, which nobody else has: --bank my-exam.yml"
        )
    return made


def _title(wish: Wish) -> str:
    numbers = [str(number) for number in wish.numbers]
    if len(numbers) == 1:
        return f"Chapter {numbers[0]}"
    return f"Chapters {', '.join(numbers[:-1])} and {numbers[-1]}"


def _sheets(wish: Wish) -> Iterator[Sheet]:
    exam = wish.mode == "exam"
    # An examination asks the instructor's own questions alone, where there are any.
    if not (exam and wish.banks):
        for chapter in wish.chapters:
            path = bank_path(chapter.number)
            name = f"chapter-{chapter.number}.json" if exam else chapter.number
            yield _sheet(name, read_bank(path), path, own=False, exam=exam)
    names: set[str] = set()
    for path in wish.banks:
        if path.suffix not in (".yml", ".yaml"):
            raise CourseError(f"{path} is no bank: its name must end in .yml. See: pfp questions")
        if path.stem.casefold() in names:
            raise CourseError(f"Two banks are named {path.stem}. Rename one of them.")
        names.add(path.stem.casefold())
        if problems := check_bank(path):
            raise CourseError("\n".join(str(problem) for problem in problems))
        name = f"{path.stem}.json" if exam else path.name
        yield _sheet(name, read_bank(path), path, own=True, exam=exam)


def _sheet(name: str, bank: Bank, path: Path, *, own: bool, exam: bool) -> Sheet:
    if exam:
        text = release(bank)
        return Sheet(name, bank, text_version(text), own, text)
    text = path.read_text(encoding="utf-8") if own else ""
    return Sheet(name, bank, bank_version(path), own, text)


def _question(question: Question, sheet: Sheet, mode: str) -> KeyQuestion:
    found = [
        KeyVariant(
            fingerprint=(released(spec) if mode == "exam" else spec)["fingerprint"], spec=spec
        )
        for spec in variants(question)
    ]
    return KeyQuestion(
        id=question.id,
        chapter=sheet.bank.chapter,
        objective=question.objective,
        kind=question.kind,
        points=question.points,
        variants=found,
    )


def _refuse_doubles(ids: list[str]) -> None:
    double = next((one for one in ids if ids.count(one) > 1), None)
    if double is not None:
        raise CourseError(
            f"The question {double} stands in two of the banks. Ids must differ: give your own "
            "bank a number that no chapter of the course has, such as 91."
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
