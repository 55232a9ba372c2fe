"""Receipts that share wrong answers which few others gave: a hint to look at, never a verdict.

Right answers agree because they are right, and common mistakes because they are common. So only
shared wrong answers weigh, each by its rarity: one that *d* of the *n* students who missed the
question gave weighs log2(n / d) bits. That two students are both weak weighs nothing.

Comparing everybody with everybody would take 50 million comparisons for 10,000 students. Pairs are
found through an index of wrong answers instead, and only through entries that at most `_RARE`
students share: a single rare mistake, or all mistakes of the first half, of the second half, or of
the whole work together. So each student's entry meets at most `_RARE` - 1 others, and the number of
pairs grows with the class and not with its square.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from pfp_course.classroom.grading.items import Items
from pfp_course.classroom.grading.ledger import Ledger
from pfp_course.classroom.grading.marks import Given, Marker
from pfp_course.classroom.grading.words import token

__all__ = ["Pair", "entries", "pairs"]

_RARE = 12
_FEWEST = 3  # shared wrong answers
_SHOWN = 40
_LOOKED_AT = 400


@dataclass(frozen=True)
class Pair:
    """Two students, the questions of their shared wrong answers, and how rare these are."""

    students: tuple[str, str]
    names: tuple[str, str]
    shared: tuple[int, ...]
    both_wrong: int
    bits: float


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def wrong_answers(marker: Marker, given: Sequence[Given | None]) -> dict[int, str]:
    """Return the wrong answers by the place of the question; partly right ones count too."""
    return {
        place: f"{answer.variant}:{token(marker.specs[place][answer.variant], answer.response)}"
        for place, answer in enumerate(given)
        if answer is not None and answer.state in ("wrong", "part", "near")
    }


def entries(marker: Marker, given: Sequence[Given | None]) -> list[bytes]:
    """Return a student's entries of the index."""
    wrong = wrong_answers(marker, given)
    found = [_digest(f"{place}:{text}") for place, text in wrong.items()]
    middle = len(marker.key.questions) // 2
    parts = [
        [f"{place}:{text}" for place, text in wrong.items() if low <= place < high]
        for low, high in ((0, middle), (middle, len(given)), (0, len(given)))
    ]
    # The name of the part keeps a half apart from the same mistakes of a whole.
    found += [
        _digest(f"{name}|{'|'.join(part)}")
        for name, part in zip("abc", parts, strict=True)
        if len(part) >= _FEWEST
    ]
    return found


def pairs(
    ledger: Ledger,
    marker: Marker,
    items: Items,
    answers: Callable[[int], Sequence[Given | None]],
) -> list[Pair]:
    """Return the pairs that share more rare mistakes than chance explains, the rarest first.

    Parameters
    ----------
    items
        Tells how many students missed a question.
    answers
        Gives a student's answers by the number that the student has in the index.
    """
    db = ledger.db
    students = int(ledger.one("select count(distinct student) from wrong") or 0)
    if students < 2:
        return []
    db.execute("create index by_token on wrong (token, student)")
    db.execute(
        "create table rare as select token, count(*) as d from wrong group by token"
        f" having d between 2 and {_RARE}"
    )
    # Two students whose mistakes had nothing to do with each other: about one such pair in a
    # class would reach this by chance.
    least = math.log2(students * (students - 1) / 2) + 3
    found = []
    for first, second in _candidates(db, students):
        pair = _compared(ledger, marker, items, answers, first, second)
        if pair is not None and pair.bits >= least:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.bits, pair.names))[:_SHOWN]


def _candidates(db: sqlite3.Connection, students: int) -> Iterator[tuple[int, int]]:
    yield from db.execute(
        "select a.student, b.student from rare r join wrong a on a.token = r.token"
        " join wrong b on b.token = r.token and b.student > a.student"
        " group by a.student, b.student"
        f" order by sum({math.log2(students)} - r.d * 0.5) desc, 1, 2 limit {_LOOKED_AT}"
    ).fetchall()


def _compared(
    ledger: Ledger,
    marker: Marker,
    items: Items,
    answers: Callable[[int], Sequence[Given | None]],
    first: int,
    second: int,
) -> Pair | None:
    given = answers(first)
    mine = wrong_answers(marker, given)
    others = wrong_answers(marker, answers(second))
    shared = tuple(place for place, text in mine.items() if others.get(place) == text)
    if len(shared) < _FEWEST:
        return None
    bits = 0.0
    for place in shared:
        answer = given[place]
        assert answer is not None, "it was found wrong"
        missed = items.item(marker.key.questions[place].id).misses[answer.variant]
        entry = _digest(f"{place}:{mine[place]}")
        same = int(ledger.one("select count(*) from wrong where token = ?", entry) or 1)
        # That these two gave it is what has to be explained, so one of them is left out.
        bits += math.log2(max(1.0, (missed - 1) / max(1, same - 1)))
    keys, names = zip(
        *(
            next(ledger.all("select key, name from student where rowid = ?", number))
            for number in (first, second)
        ),
        strict=True,
    )
    return Pair(keys, names, shared, len(mine.keys() & others.keys()), round(bits, 1))
