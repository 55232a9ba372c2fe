"""A class for tests and benchmarks: a key, students, and what each of them is worth.

What a student earns is known here by how the response was made, and never by marking it.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pfp_course.assignments.assignment import Key, KeyQuestion, KeyVariant
from pfp_course.assignments.receipt import receipt_text
from pfp_course.course import default_course
from pfp_course.questions import read_bank
from pfp_course.questions.bank import bank_version
from pfp_course.questions.kinds import Spec, form_of
from pfp_course.questions.record_model import Answer
from pfp_course.questions.seeds import pick, seed_of
from pfp_course.questions.spec import variants

COURSE = default_course()

DUE = "2027-02-15"
MADE = "2027-02-14T10:00:00.000Z"
# Given names and family names of several scripts; a class has them all.
GIVEN = ("Aigerim", "Дәулет", "Nurlan", "Зарина", "José", "李", "Anne-Marie", "O'Brien", "Әсел")
FAMILY = (
    "Bekova",
    "Сейітқали",
    "Smith",
    "d'Arcy",
    "Müller",
    "Иванова",
    "Khan",
    "Nguyễn",
    "Ağaoğlu",
)


def make_key(
    *chapters: str,
    mode: str = "practice",
    seed_by: str = "class",
    name: str = "week-3",
    manual: bool = True,
) -> Key:
    """Return the key of an assignment of chapters, with or without what a person has to mark."""
    banks = {chapter: read_bank(COURSE.bank(chapter), COURSE) for chapter in chapters}
    return Key.model_validate(
        {
            "format": "pfp-course/key",
            "version": 1,
            "course": "0.1.0",
            "id": name,
            "title": "Week 3: paths and tools",
            "due": DUE,
            "mode": mode,
            "seed_by": seed_by,
            "seed": "spring" if seed_by == "class" else "",
            "banks": {chapter: bank_version(COURSE.bank(chapter)) for chapter in chapters},
            "objectives": {
                name: text for bank in banks.values() for name, text in bank.objectives.items()
            },
            "questions": [
                KeyQuestion(
                    id=one.id,
                    chapter=chapter,
                    objective=one.objective,
                    kind=one.kind,
                    points=one.points,
                    variants=[
                        KeyVariant(
                            fingerprint=(
                                form_of(spec).release().as_json() if mode == "exam" else spec
                            )["fingerprint"],
                            spec=spec,
                        )
                        for spec in variants(one)
                    ],
                ).model_dump()
                for chapter, bank in banks.items()
                for one in bank.questions
                if manual or one.kind != "open"
            ],
        }
    )


def write_key(key: Key, path: Path) -> Path:
    """Write a key as its file."""
    path.write_text(json.dumps(key.model_dump(), ensure_ascii=False), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Work:
    """What a student hands in, and what each answer is worth: points, or None for no answer."""

    student: str
    text: str
    worth: dict[str, float | None]

    @property
    def total(self) -> float:
        """What it is worth as a whole."""
        return sum(one for one in self.worth.values() if one is not None)


def response(spec: Spec, how: str, chance: random.Random) -> tuple[Any, float]:
    """Return a response, and which share of the points it is worth.

    Parameters
    ----------
    how : str
        ``right``, ``part`` where the kind knows it, or ``wrong``.
    """
    kind = spec["kind"]
    if kind in ("single", "place", "point"):
        wanted = [n for n, one in enumerate(spec["choices"]) if one["right"] == (how == "right")]
        return chance.choice(wanted), float(how == "right")
    if kind == "multiple":
        return [n for n, one in enumerate(spec["choices"]) if one["right"] == (how == "right")], (
            float(how == "right")
        )
    if kind == "order":
        places = list(range(len(spec["items"])))
        return (places, 1.0) if how == "right" else (places[::-1], 0.0)
    if kind in ("match", "classify"):
        right = [item["right"] for item in spec["items"]]
        other = [(one + 1) % len(spec["options"]) for one in right]
        if how == "part":
            return [right[0], *other[1:]], 1 / len(right)
        return (right, 1.0) if how == "right" else (other, 0.0)
    if kind == "numeric":
        far = spec["key"] + 7 * (abs(spec["key"]) + spec["tolerance"] + chance.randint(1, 9))
        return (repr(spec["key"]), 1.0) if how == "right" else (repr(float(far)), 0.0)
    if kind == "date":
        return (spec["key"], 1.0) if how == "right" else ("1901-01-01", 0.0)
    if kind == "gaps":
        given, shares = zip(*(response(gap, how, chance) for gap in spec["gaps"]), strict=True)
        weights = [gap.get("weight", 1) for gap in spec["gaps"]]
        earned = sum(weight * share for weight, share in zip(weights, shares, strict=True))
        return list(given), earned / sum(weights)
    assert kind == "text"
    return (spec["accept"][0], 1.0) if how == "right" else (f"qqqq{chance.randint(1, 30)}", 0.0)


def as_released(spec: Spec, given: Any) -> Any:
    """Return a response as the released form of the question counts it, found by its words."""
    shown = form_of(spec).release().as_json()
    if spec["kind"] == "order":
        return [shown["items"].index(spec["items"][one]) for one in given]
    if spec["kind"] in ("single", "multiple"):
        texts = [choice["text"] for choice in shown["choices"]]
        moved = [
            texts.index(spec["choices"][one]["text"])
            for one in (given if isinstance(given, list) else [given])
        ]
        return moved if isinstance(given, list) else moved[0]
    return given


def variant_of(key: Key, question: KeyQuestion, student: str) -> KeyVariant:
    """Return the variant that a student was given."""
    seed = key.seed if key.seed_by == "class" else seed_of(student)
    return question.variants[pick(len(question.variants), seed, question.id)]


def work(
    key: Key,
    student: str,
    *,
    number: int = 0,
    skill: float | None = None,
    made: str = MADE,
    assignment: str | None = None,
) -> Work:
    """Return what a student of a skill (0 to 1) hands in; the same number, the same work."""
    chance = random.Random(number)
    skill = chance.random() if skill is None else skill
    answers: dict[str, Answer] = {}
    worth: dict[str, float | None] = {}
    for question in key.questions:
        variant = variant_of(key, question, student)
        how = "right" if chance.random() < skill else chance.choice(["part", "wrong", "none"])
        if how == "none" or question.kind == "open":
            worth[question.id] = None
            if question.kind != "open" or how == "none":
                continue
            text = " ".join(["word"] * (variant.spec["words"] + chance.randint(0, 9)))
            given: Any = {"text": f"{text} of {student}", "levels": []}
        else:
            given, share = response(variant.spec, how, chance)
            worth[question.id] = share * question.points
            if key.mode == "exam":
                given = as_released(variant.spec, given)
        answers[question.id] = Answer(
            fingerprint=variant.fingerprint,
            response=given,
            attempts=chance.randint(1, 3),
            hints=chance.randint(0, 1),
            seconds=chance.randint(5, 300),
            at=f"2027-02-1{chance.randint(0, 3)}T10:{chance.randint(10, 59)}:{number % 60:02}.000Z",
        )
    text = receipt_text(
        student=student,
        seed=key.seed if key.seed_by == "class" else seed_of(student),
        assignment=key.id if assignment is None else assignment,
        made=made,
        banks=key.banks,
        answers=answers,
    )
    return Work(student, text, worth)


def name_of(number: int) -> str:
    """Return the name of a student; no two numbers have the same."""
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    return f"{given} {family} {number}" if number >= 81 else f"{given} {family}"


def class_of(key: Key, size: int) -> Iterator[Work]:
    """Yield the work of a class of honest students."""
    for number in range(size):
        yield work(key, name_of(number), number=number)
