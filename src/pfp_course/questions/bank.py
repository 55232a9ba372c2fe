"""Question banks: read from YAML, checked as a whole and for cues, released for an exam."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from pfp_course.course import Course
from pfp_course.data import package, sources
from pfp_course.data.package import nearest
from pfp_course.errors import CourseError
from pfp_course.files import read_json
from pfp_course.questions.exercises import Exercise
from pfp_course.questions.kinds import KINDS, AnyQuestion, Strict, Text, form_of
from pfp_course.questions.kinds.choice import OneChoiceForm
from pfp_course.questions.reading import BankError, Document, Problem, read_document, sentence
from pfp_course.questions.spec import variant_forms
from pfp_course.questions.texts import as_plain

__all__ = [
    "UNWRITTEN",
    "UNWRITTEN_OBJECTIVE",
    "Bank",
    "BankError",
    "bank_cues",
    "bank_version",
    "check_bank",
    "read_bank",
    "read_released",
    "release",
    "text_version",
]

# Fields whose value may be text, a number or a truth value.
_VALUES = ("key", "value", "with")
_GROUPS = ("questions", "exercises")
Place = tuple[str | int, ...]
_RELEASED = "pfp-course/released"
# What an import leaves for the author; a bank that still holds it is not finished.
UNWRITTEN = "Say here why this is so."
UNWRITTEN_OBJECTIVE = "Say here what a student can do after the chapter."


class Bank(Strict):
    """The questions and exercises of one chapter, and what the chapter is about."""

    version: Literal[1]
    chapter: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    title: Text
    part: Text
    minutes: Annotated[int, Field(ge=5, le=600)]
    needs: list[str] = []
    data: list[str] = []
    objectives: Annotated[dict[str, Text], Field(min_length=1)]
    questions: list[AnyQuestion]  # none in the copy of the course that an exam brings
    exercises: list[Exercise] = []


def read_bank(path: Path, course: Course) -> Bank:
    """Read a question bank, whose questions ask the data of the course.

    Raises
    ------
    BankError
        If the file cannot be used; it lists every problem as ``file:line: what; the mend``.
    """
    bank, document = _read(Path(path), _stamp(path), course)
    problems = [Problem(path, document.line(place), text) for place, text in _within(bank, path)]
    if problems:
        raise BankError(problems)
    return bank


def check_bank(path: Path, course: Course) -> list[Problem]:
    """Return every problem of a bank; [] if none.

    Keys and texts are tried against the data of the course.
    """
    try:
        bank, document = _read(Path(path), _stamp(path), course)
    except BankError as error:
        return error.problems
    broken = list(_within(bank, path))
    problems = [
        Problem(path, document.line(place), text)
        for place, text in (*broken, *_against_the_course(bank, course))
    ]
    unsound = {place[:2] for place, _ in broken}
    for group, items in _groups(bank):
        for number, item in enumerate(items):
            if (group, number) in unsound:
                continue
            try:
                item.resolved() if isinstance(item, Exercise) else variant_forms(item)
            except CourseError as error:
                line = document.line((group, number))
                problems.append(Problem(path, line, f"{_name(group, item.id)}: {error}"))
    return sorted(problems, key=lambda problem: problem.line)


def bank_version(path: Path) -> str:
    """Return 16 hexadecimal digits that change when the text of a bank changes.

    Raises
    ------
    CourseError
        If the file cannot be read.
    """
    try:
        # Line ends differ between systems, and mean nothing; so they are read as one.
        return text_version(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Check its name.") from None


def text_version(text: str) -> str:
    """Return the version of a bank that has this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


@cache
def _read(path: Path, stamp: tuple[int, int], course: Course) -> tuple[Bank, Document]:
    document = read_document(path)
    problems = _doubtful(document)
    try:
        context = {"course": course, "folder": path.parent.resolve()}
        bank = Bank.model_validate(document.value, context=context)
    except ValidationError as error:
        problems += [_problem(document, details) for details in error.errors(include_url=False)]
    if problems:
        raise BankError(sorted(problems, key=lambda problem: problem.line))
    return bank, document


def _name(group: str, identifier: str) -> str:
    return f"{group.removesuffix('s')} {identifier}"


def _item(document: Document, place: Place) -> str:
    """Return the name of the question or exercise in which a place lies; empty if in none."""
    if len(place) < 2 or place[0] not in _GROUPS or not isinstance(place[1], int):
        return ""
    item = document.value[place[0]][place[1]]
    identifier = item.get("id") if isinstance(item, dict) else None
    return _name(str(place[0]), str(identifier or f"number {place[1] + 1}")) + ": "


def _problem(document: Document, details: ErrorDetails) -> Problem:
    place: Place = details["loc"]
    if details["type"] == "union_tag_invalid":
        place = (*place, "kind")
    text = sentence(details, kinds=", ".join(KINDS))
    return Problem(document.path, document.line(place), _item(document, place) + text)


def _doubtful(document: Document) -> list[Problem]:
    """Return the values that stand without quotes where their type decides what is right."""
    problems = []
    for place, text in document.doubtful.items():
        names = [part for part in place if isinstance(part, str)]
        if len(place) < 3 or place[0] not in _GROUPS:
            continue
        if not {"let", "vary"} & set(names) and names[-1] not in _VALUES:
            continue
        problems.append(
            Problem(
                document.path,
                document.line(place),
                f"{_item(document, place)}{names[-1]!r} holds {text} without "
                f"quotes, which can be read in two ways. For text, write '{text}' in quotes; "
                "write a number like 12 or 0.5.",
            )
        )
    return problems


def _within(bank: Bank, path: Path) -> Iterator[tuple[Place, str]]:
    """Yield what is wrong with a bank by itself."""
    if path.stem.isdigit() and path.stem != bank.chapter:
        yield ("chapter",), f"the file is named {path.name}, but its chapter is {bank.chapter!r}."
    for group, items in _groups(bank):
        for number, item in enumerate(items):
            place, name = (group, number), _name(group, item.id)
            if not item.id.startswith(f"{bank.chapter}."):
                yield (*place, "id"), f"{name}: the id must begin with {bank.chapter + '.'!r}."
            if item.objective not in bank.objectives:
                hint = nearest(item.objective, list(bank.objectives))
                yield (
                    (*place, "objective"),
                    f"{name}: there is no objective {item.objective!r}.{hint}",
                )
            for inner, text in item.problems():
                yield (*place, *inner), f"{name}: {text}"
    seen: set[str] = set()
    for group, items in _groups(bank):
        for number, item in enumerate(items):
            if item.id in seen:
                yield (group, number, "id"), f"the id {item.id!r} is used twice. Change one."
            seen.add(item.id)


def _against_the_course(bank: Bank, course: Course) -> Iterator[tuple[Place, str]]:
    """Yield what does not fit the data set, and objectives that nothing asks for."""
    asked = {item.objective for _, items in _groups(bank) for item in items}
    for objective in bank.objectives:
        if objective not in asked:
            yield ("objectives", objective), f"nothing asks for {objective}. Add a question."
        if bank.objectives[objective] == UNWRITTEN_OBJECTIVE:
            yield ("objectives", objective), f"{objective} is not written. Say what is learnt."
    for number, table in enumerate(bank.data):
        if table not in package(course).tables:
            hint = nearest(table, list(package(course).tables))
            yield ("data", number), f"there is no table {table!r}.{hint}"
    for number, question in enumerate(bank.questions):
        if UNWRITTEN in question.model_dump_json():
            text = f"question {question.id}: it still says {UNWRITTEN!r}. Write the reason."
            yield ("questions", number), text
        for position, key in enumerate(question.source):
            if key not in sources(course):
                hint = nearest(key, list(sources(course)))
                yield (
                    ("questions", number, "source", position),
                    f"question {question.id}: there is no source {key!r}.{hint}",
                )


def _groups(bank: Bank) -> Iterator[tuple[str, Sequence[Any]]]:
    return ((group, getattr(bank, group)) for group in _GROUPS)


_MOST_TOLD = 0.35  # of the single choices: where the right one may be the longest, or shortest
_MEND = {
    "longest": "Shorten right ones, or give wrong ones the words that a person who makes the "
    "mistake would use.",
    "shortest": "Say the right ones in full, or shorten wrong ones.",
}
_ENOUGH = 3  # single choices; in fewer, no order is a habit


def bank_cues(path: Path, course: Course) -> list[str]:
    """Return what a student could learn from the form of a bank alone; [] if nothing.

    That is whether the right choice of a single choice is longer, or shorter, than all others
    too often (of a question with variants each has its part), and whether it stands at each
    position about as often as chance would have it.

    Raises
    ------
    BankError
        If the bank cannot be read.
    CourseError
        If one of its single choices cannot be computed.
    """
    questions = read_bank(path, course).questions
    variants = [variant_forms(question) for question in questions if question.kind == "single"]
    single = [[form for form in forms if isinstance(form, OneChoiceForm)] for forms in variants]
    if len(single) < _ENOUGH:
        return []
    found = []
    for extreme, mend in _MEND.items():
        told = [Fraction(sum(_is(extreme, form) for form in forms), len(forms)) for forms in single]
        share = float(sum(told) / len(told))
        if share > _MOST_TOLD:
            found.append(
                f"{path}: the right choice is the {extreme} in {share:.0%} of {len(single)} single "
                f"choices, and {_MOST_TOLD:.0%} is the limit. {mend}"
            )
    stands = Counter(_right(form) + 1 for form, *_ in single)
    expected: dict[int, Fraction] = {}  # a question of four choices adds a quarter to each of four
    for form, *_ in single:
        for place in range(1, len(form.choices) + 1):
            expected[place] = expected.get(place, Fraction()) + Fraction(1, len(form.choices))
    if any(abs(stands[place] - often) >= 1 for place, often in expected.items()):
        order = ", ".join(f"{stands[place]} at position {place}" for place in sorted(expected))
        found.append(
            f"{path}: the right choice does not stand at each position equally often ({order}). "
            "Move choices."
        )
    return found


def _right(form: OneChoiceForm) -> int:
    # Choices that earn a part of the points are right as well; the best one counts here.
    earned = [
        float(choice.right) if choice.share is None else choice.share for choice in form.choices
    ]
    return earned.index(max(earned))


def _is(extreme: str, form: OneChoiceForm) -> bool:
    lengths = [len(as_plain(choice.text)) for choice in form.choices]
    right = lengths.pop(_right(form))
    return right > max(lengths) if extreme == "longest" else right < min(lengths)


def release(bank: Bank) -> str:
    """Return a bank as a file for students, in JSON, with every variant in its released form.

    Raises
    ------
    CourseError
        If a question cannot be computed.
    """
    file = {
        "format": _RELEASED,
        "version": 1,
        "chapter": bank.chapter,
        "title": bank.title,
        "questions": [
            {
                "id": question.id,
                "variants": [form.release().as_json() for form in variant_forms(question)],
            }
            for question in bank.questions
        ],
    }
    return json.dumps(file, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_released(path: Path) -> dict[str, Any]:
    """Return a released file, checked for its form.

    Raises
    ------
    CourseError
        If the file cannot be read, or is no released bank.
    """
    mend = "is no file of released questions. Ask your teacher for it again."
    return read_json(path, _known_release, mend)


def _known_release(file: Any) -> dict[str, Any]:
    specs = [spec for question in file["questions"] for spec in question["variants"]]
    known = file["format"] == _RELEASED and file["version"] == 1
    if not known or not specs or not all(spec["exam"] is True for spec in specs):
        raise ValueError
    for spec in specs:
        form_of(spec)
    return dict(file)
