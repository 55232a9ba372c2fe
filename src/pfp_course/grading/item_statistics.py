"""Item analysis, counted as students go by, and students with similar wrong answers.

Difficulty is the share of the points earned by those who answered. Discrimination is the
correlation of a question's points with those of all other questions of the same student (the
corrected item-total, or point-biserial, correlation): whether those who know more in general know
more here. Counting needs no more memory for a larger class.

Receipts that share wrong answers which few others gave are a hint to look at, never a verdict.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from pfp_course.assignments.assignment import Key
from pfp_course.grading.database import Database
from pfp_course.grading.lms_names import identity
from pfp_course.grading.marks import Marker, Response
from pfp_course.grading.rows import WrongAnswer
from pfp_course.grading.rules import Score, Settings
from pfp_course.questions.kinds import Form

__all__ = [
    *("FEWEST", "Item", "Items", "Objective", "Pair", "count_items", "similar_pairs"),
    "wrong_answers",
]

_MOST_WRONG = 3000  # different wrong answers that are counted for a question
_LONGEST = 4 * 3600  # seconds; a question that was left open for longer says nothing
_LOW = 0.15
FEWEST = 10  # students; a correlation of fewer is chance
_RARE = 12  # students who share an entry of the index
_FEWEST_SHARED = 3  # wrong answers
_SHOWN, _LOOKED_AT = 40, 400  # pairs


@dataclass
class Item:
    """What a class did with one question."""

    answered: int = 0
    right: int = 0
    blank: int = 0
    shown: int = 0
    waiting: int = 0
    hinted: int = 0
    attempts: int = 0
    share: float = 0.0
    # Sums of the item's points (x), of the rest (r), of squares and of products.
    count: int = 0
    x: float = 0.0
    r: float = 0.0
    xx: float = 0.0
    rr: float = 0.0
    xr: float = 0.0
    seconds: Counter[int] = field(default_factory=Counter)
    wrong: Counter[tuple[int, str]] = field(default_factory=Counter)
    misses: Counter[int] = field(default_factory=Counter)  # wrong answers by variant

    def score(self, points: float, rest: float) -> None:
        """Count a pair of points, of this question and of all others."""
        self.count += 1
        self.x += points
        self.r += rest
        self.xx += points * points
        self.rr += rest * rest
        self.xr += points * rest

    def took(self, seconds: int) -> None:
        """Count how long an answer took; from ten minutes on by tens, to keep the table short."""
        if seconds:
            exact = min(seconds, _LONGEST)
            self.seconds[exact if exact < 600 else exact // 10 * 10] += 1

    def missed(self, variant: int, answer: str) -> None:
        """Count a wrong answer. Of very many different ones, the rare ones are forgotten."""
        self.wrong[variant, answer] += 1
        self.misses[variant] += 1
        if len(self.wrong) > _MOST_WRONG:
            self.wrong = Counter(dict(self.wrong.most_common(_MOST_WRONG // 2)))

    @property
    def difficulty(self) -> float | None:
        """The share of the points that was earned, from 0 to 1; a high one is an easy question."""
        return self.share / self.answered if self.answered else None

    @property
    def discrimination(self) -> float | None:
        """The correlation with the rest, from -1 to 1; None for few students, or all alike."""
        if self.count < FEWEST:
            return None
        across = self.xx - self.x * self.x / self.count
        along = self.rr - self.r * self.r / self.count
        if across < 1e-9 or along < 1e-9:
            return None
        both = self.xr - self.x * self.r / self.count
        return max(-1.0, min(1.0, both / math.sqrt(across * along)))

    @property
    def low(self) -> bool:
        """Whether it tells too little who knows more, and is not just very easy or very hard."""
        found = self.discrimination
        return found is not None and found < _LOW and 0.05 < (self.difficulty or 0.0) < 0.95

    @property
    def median_seconds(self) -> float | None:
        """The median of the times taken, or None if none is known."""
        total = self.seconds.total()
        if not total:
            return None
        return (self._nth((total - 1) // 2) + self._nth(total // 2)) / 2

    def _nth(self, number: int) -> int:
        for value in sorted(self.seconds):
            number -= self.seconds[value]
            if number < 0:
                return value
        raise AssertionError("a median lies among its values")

    def add(self, other: "Item") -> None:
        """Add what another process counted."""
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)
        if len(self.wrong) > _MOST_WRONG:
            self.wrong = Counter(dict(self.wrong.most_common(_MOST_WRONG)))


@dataclass
class Objective:
    """How a class reached one objective."""

    students: int = 0
    met: int = 0
    share: float = 0.0


@dataclass
class Items:
    """What a class did with all questions, by id, and with all objectives."""

    items: dict[str, Item] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    students: int = 0
    totals: Counter[int] = field(default_factory=Counter)  # by percent, rounded down

    def item(self, name: str) -> Item:
        """Return the counts of a question."""
        if name not in self.items:
            self.items[name] = Item()
        return self.items[name]

    def reached(self, shares: Mapping[str, tuple[float, int]]) -> None:
        """Count a student's objectives: what was earned, of how much."""
        for name, (earned, points) in shares.items():
            objective = self.objectives.setdefault(name, Objective())
            objective.students += 1
            objective.share += earned / points
            objective.met += earned >= points - 1e-9

    def add(self, other: "Items") -> None:
        """Add what another process counted."""
        self.students += other.students
        self.totals.update(other.totals)
        for name, item in other.items.items():
            self.item(name).add(item)
        for name, objective in other.objectives.items():
            mine = self.objectives.setdefault(name, Objective())
            mine.students += objective.students
            mine.met += objective.met
            mine.share += objective.share


def count_items(
    items: Items,
    settings: Settings,
    marker: Marker,
    responses: Sequence[Response | None],
    result: Score,
) -> None:
    """Count a student's responses into the item analysis.

    What a student's own rubric says of an open answer is no measure, and is left out until a
    person has marked it.
    """
    items.students += 1
    items.totals[int(100 * result.earned / settings.points) if settings.points else 0] += 1
    reached: dict[str, tuple[float, int]] = {}
    for place in settings.counted:
        question, points = settings.key.questions[place], result.points[place]
        response = responses[place]
        item = items.item(question.id)
        if response is None or response.state == "unread":
            item.blank += 1
        else:
            item.hinted += response.hints > 0
            item.shown += response.state == "shown"
            item.attempts += response.attempts
            item.took(response.seconds)
        if place in result.waiting:
            item.waiting += 1
            continue
        earned, most = reached.get(question.objective, (0.0, 0))
        reached[question.objective] = (earned + (points or 0.0), most + question.points)
        if points is None:
            continue
        share = points / question.points
        item.answered += 1
        item.share += share
        item.right += share > 1 - 1e-9
        item.score(points, result.earned - points)
        if response is not None and response.state in ("wrong", "part", "near"):
            form = marker.forms[place][response.variant]
            item.missed(response.variant, token(form, response.value))
    items.reached(reached)


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


def wrong_answers(
    marker: Marker, responses: Sequence[Response | None], student: int
) -> list[WrongAnswer]:
    """Return a student's entries of the index of wrong answers; partly right ones count too."""
    wrong = {
        place: (response.variant, token(marker.forms[place][response.variant], response.value))
        for place, response in enumerate(responses)
        if response is not None and response.state in ("wrong", "part", "near")
    }
    texts = {place: f"{place}:{variant}:{text}" for place, (variant, text) in wrong.items()}
    entries = [
        WrongAnswer(_digest(text), student, place, wrong[place][0]) for place, text in texts.items()
    ]
    middle = len(marker.key.questions) // 2
    # The name of the part keeps a half apart from the same mistakes of a whole.
    for name, low, high in (("a", 0, middle), ("b", middle, None), ("c", 0, None)):
        part = [text for place, text in texts.items() if low <= place < (high or len(responses))]
        if len(part) >= _FEWEST_SHARED:
            entries.append(WrongAnswer(_digest(f"{name}|{'|'.join(part)}"), student))
    return entries


def similar_pairs(database: Database, key: Key, items: Items) -> list[Pair]:
    """Return the pairs that share more rare mistakes than chance explains, the rarest first.

    Right answers agree because they are right, and common mistakes because they are common. So only
    shared wrong answers weigh, each by its rarity: one that *d* of the *n* students who missed the
    question gave weighs log2(n / d) bits. That two students are both weak weighs nothing.

    Comparing everybody with everybody would take 50 million comparisons for 10,000 students. Pairs
    are found through the index of wrong answers instead, and only through entries that at most
    `_RARE` students share: a single rare mistake, or all mistakes of the first half, of the second
    half, or of the whole work together. So each entry meets at most `_RARE` - 1 others, and the
    number of pairs grows with the class and not with its square.

    Parameters
    ----------
    items
        Tells how many students missed a question.
    """
    students, candidates = database.similar_students(_RARE, _LOOKED_AT)
    # Two students whose mistakes had nothing to do with each other: about one such pair in a
    # class would reach this by chance.
    least = math.log2(max(1.0, students * (students - 1) / 2)) + 3
    compared = (_compared(database, key, items, first, second) for first, second in candidates)
    pairs = [pair for pair in compared if pair is not None and pair.bits >= least]
    return sorted(pairs, key=lambda pair: (-pair.bits, pair.names))[:_SHOWN]


def _compared(database: Database, key: Key, items: Items, first: int, second: int) -> Pair | None:
    mine = {answer.question: answer for answer in database.wrong_answers(first)}
    others = {answer.question: answer.token for answer in database.wrong_answers(second)}
    shared = [answer for place, answer in mine.items() if others.get(place) == answer.token]
    if len(shared) < _FEWEST_SHARED:
        return None
    bits = 0.0
    for answer in shared:
        missed = items.item(key.questions[answer.question].id).misses[answer.variant]
        same = database.count_wrong(answer.token)
        # That these two gave it is what has to be explained, so one of them is left out.
        bits += math.log2(max(1.0, (missed - 1) / max(1, same - 1)))
    one, other = database.student_at(first), database.student_at(second)
    return Pair(
        students=(one.key, other.key),
        names=(one.name, other.name),
        shared=tuple(answer.question for answer in shared),
        both_wrong=len(mine.keys() & others.keys()),
        bits=round(bits, 1),
    )


def token(form: Form, response: Any) -> str:
    """Return a text that is the same for responses that say the same."""
    if isinstance(response, str):
        return identity(response)[:100]
    return json.dumps(form.canonical(response), separators=(",", ":"))[:300]
