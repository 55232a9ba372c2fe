"""Cues: what a bank gives away by the form of its single choices, whatever they ask."""

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pfp_course.course import Course
from pfp_course.questions.bank import Bank, read_bank
from pfp_course.questions.kinds.choice import OneChoiceForm
from pfp_course.questions.spec import variant_forms
from pfp_course.questions.texts import as_plain

__all__ = ["SHARE", "bank_cues", "positions", "share_of"]

SHARE = 0.35  # of the single choices: where the right choice may be the longest, or the shortest
_MEND: dict[Literal["longest", "shortest"], str] = {
    "longest": "Shorten right ones, or give wrong ones the words that a person who makes the "
    "mistake would use.",
    "shortest": "Say the right ones in full, or shorten wrong ones.",
}
_ENOUGH = 3  # single choices; in fewer, no order is a habit


def share_of(bank: Bank, extreme: Literal["longest", "shortest"]) -> float:
    """Return the share of single choices whose right choice is longer, or shorter, than all others.

    A question with variants counts as one: each variant has its part. 0.0 if there are none.
    """
    forms = _single(bank)
    told = [Fraction(sum(_is(extreme, form) for form in of), len(of)) for of in forms]
    return float(sum(told) / len(told)) if told else 0.0


def positions(bank: Bank) -> tuple[Counter[int], dict[int, Fraction]]:
    """Return how often the right choice stands at each position, and how often it should.

    Positions count from 1, in the order in which the bank is written. A question of four choices
    adds a quarter to what is expected at each of its positions.
    """
    stands: Counter[int] = Counter()
    expected: dict[int, Fraction] = {}
    for form, *_ in _single(bank):
        count = len(form.choices)
        stands[_right(form) + 1] += 1
        for place in range(1, count + 1):
            expected[place] = expected.get(place, Fraction()) + Fraction(1, count)
    return stands, expected


def bank_cues(path: Path, course: Course) -> list[str]:
    """Return what a student could learn from the form of a bank alone; [] if nothing.

    Raises
    ------
    BankError
        If the bank cannot be read.
    CourseError
        If one of its single choices cannot be computed.
    """
    bank = read_bank(path, course)
    total = len(_single(bank))
    if total < _ENOUGH:
        return []
    found = []
    for extreme, mend in _MEND.items():
        share = share_of(bank, extreme)
        if share > SHARE:
            found.append(
                f"{path}: the right choice is the {extreme} in {share:.0%} of {total} single "
                f"choices, and {SHARE:.0%} is the limit. {mend}"
            )
    stands, expected = positions(bank)
    if any(abs(stands[place] - often) >= 1 for place, often in expected.items()):
        order = ", ".join(f"{stands[place]} at position {place}" for place in sorted(expected))
        found.append(
            f"{path}: the right choice does not stand at each position equally often ({order}). "
            "Move choices."
        )
    return found


def _single(bank: Bank) -> list[list[OneChoiceForm]]:
    """Return the variants of each question of which one choice is taken."""
    every = [variant_forms(question) for question in bank.questions if question.kind == "single"]
    return [[form for form in forms if isinstance(form, OneChoiceForm)] for forms in every]


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
