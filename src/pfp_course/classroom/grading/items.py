"""Item analysis, counted as students go by: it needs no more memory for a larger class.

Difficulty is the share of the points earned by those who answered. Discrimination is the
correlation of a question's points with those of all other questions of the same student (the
corrected item-total, or point-biserial, correlation): whether those who know more in general know
more here.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FEWEST", "Item", "Items", "Objective"]

_MOST_WRONG = 3000  # different wrong answers that are counted for a question
_LONGEST = 4 * 3600  # seconds; a question that was left open for longer says nothing
_LOW = 0.15
FEWEST = 10  # students; a correlation of fewer is chance


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
        found = self.items.get(name)
        if found is None:
            found = self.items[name] = Item()
        return found

    def reached(self, shares: Mapping[str, tuple[float, int]]) -> None:
        """Count a student's objectives: what was earned, of how much."""
        for name, (earned, points) in shares.items():
            one = self.objectives.setdefault(name, Objective())
            one.students += 1
            one.share += earned / points
            one.met += earned >= points - 1e-9

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
