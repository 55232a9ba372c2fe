"""How an assignment is graded: what an instructor decides."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from pfp_course.classroom.assignment import Key, moment
from pfp_course.classroom.grading.marks import HELD, Given

__all__ = ["Late", "Settings", "Variants"]

Late: TypeAlias = Literal["accept", "penalty", "refuse"]
Variants: TypeAlias = Literal["hold", "count"]


@dataclass(frozen=True)
class Settings:
    """What an instructor decides about a grade.

    Attributes
    ----------
    key, mended
        The key of the assignment, and a later one whose answers hold instead.
    drop
        Ids of questions that count for nobody.
    late
        What becomes of work after the deadline: it counts, loses points, or does not count.
    penalty
        Percent of the points earned that each day begun after the deadline costs.
    grace
        Minutes after the deadline that are no delay.
    variants
        Whether an answer to another variant than the student's own counts, or is held back.
    reveal
        Whether feedback names the right answers.
    """

    key: Key
    mended: Key | None = None
    drop: frozenset[str] = frozenset()
    late: Late = "accept"
    penalty: float = 10.0
    grace: int = 15
    variants: Variants = "hold"
    reveal: bool = True

    @cached_property
    def due(self) -> datetime:
        """The deadline, in UTC."""
        return moment(self.key.due)

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The places of the questions that count."""
        return tuple(
            place for place, one in enumerate(self.key.questions) if one.id not in self.drop
        )

    @property
    def points(self) -> int:
        """How many points there are."""
        return sum(self.key.questions[place].points for place in self.counted)

    def days_late(self, made: str, due: str, *, flagged: bool) -> int:
        """Return how many days have begun since the deadline; 0 if there was no delay.

        Parameters
        ----------
        made, due : str
            When the receipt was made; a student's own deadline, or empty.
        flagged : bool
            Whether the system in which it was handed in calls it late.
        """
        end = datetime.fromisoformat(due) if due else self.due
        delay = datetime.fromisoformat(made).astimezone(UTC) - end
        days = 0
        if delay > timedelta(minutes=self.grace):
            days = -(-delay // timedelta(days=1))
        # Somebody who was given more time is not late, whatever the system says.
        return max(1, days) if flagged and not due else days

    def waits(self, given: Given) -> bool:
        """Tell whether a person has to decide what an answer earns."""
        if given.state == "variant":
            return self.variants == "hold"
        # In an exam nobody was told that a letter is wrong.
        return given.state in HELD or (given.state == "near" and self.key.mode == "exam")
