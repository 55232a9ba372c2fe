"""The rules of grading: what an instructor decides, what work earns, which dates can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from pfp_course.assignments.assignment import Key, moment
from pfp_course.grading.database import Database
from pfp_course.grading.marks import HELD, Response
from pfp_course.grading.rows import FileRow

__all__ = ["Calendar", "Late", "Score", "Settings", "Variants", "score", "spoken"]


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
            place
            for place, question in enumerate(self.key.questions)
            if question.id not in self.drop
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

    def waits(self, response: Response) -> bool:
        """Tell whether a person has to decide what an answer earns."""
        if response.state == "variant":
            return self.variants == "hold"
        # In an exam nobody was told that a letter is wrong, or that a number cannot be read.
        value = response.value
        untold = response.state == "near" or (
            response.state == "unread" and isinstance(value, str) and value.strip()
        )
        return response.state in HELD or (bool(untold) and self.key.mode == "exam")


@dataclass(frozen=True)
class Score:
    """What a student earned.

    ``points`` has a place for each question of the key: None where nothing was answered, where
    a person has to decide, and where the question was dropped.
    """

    points: tuple[float | None, ...]
    waiting: tuple[int, ...]
    earned: float
    penalty: float

    @property
    def total(self) -> float:
        """The points that count, what lateness cost taken off."""
        return round(self.earned - self.penalty, 4)


def score(
    settings: Settings,
    responses: Sequence[Response | None],
    manual: Mapping[str, float],
    days: float,
) -> Score:
    """Return what answers earn.

    Parameters
    ----------
    responses
        The responses, one place for each question of the key.
    manual
        Points that a person gave, by the id of the question.
    days
        Days of delay that have begun.
    """
    points: list[float | None] = [None] * len(settings.key.questions)
    waiting = []
    for place in settings.counted:
        question, response = settings.key.questions[place], responses[place]
        if question.id in manual:
            points[place] = manual[question.id]
        elif response is None:
            continue
        elif settings.waits(response):
            waiting.append(place)
        elif response.state == "unread":
            continue
        else:
            points[place] = round(response.share * question.points, 4)
    earned = round(sum(number for number in points if number is not None), 4)
    lost = min(1.0, settings.penalty / 100 * days) if settings.late == "penalty" else 0.0
    return Score(tuple(points), tuple(waiting), earned, round(earned * lost, 4))


_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)  # from an assignment to its deadline, and from it to late work
_RESET = timedelta(days=30)  # by which a clock went back since an answer was given


def spoken(made: str) -> str:
    """Return a moment in words."""
    return f"{made[:10]} {made[11:16]} UTC"


class Calendar:
    """Tells which dates of receipts can be.

    Parameters
    ----------
    settings : Settings
        The deadline, and when the assignment was made, where its key tells.
    database : Database
        All receipts. If most are older than the key, the key was written anew, and its own date
        says nothing.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.now = datetime.now(UTC)
        self.first = settings.due - _LONGEST
        self.since = ""
        made = settings.key.made
        if made:
            begun = datetime.fromisoformat(made).replace(tzinfo=UTC) - _DAY
            stamp = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
            since = self.first.strftime("%Y-%m-%dT%H:%M:%SZ")
            older = database.count_receipts(since, stamp)
            if begun < settings.due and 2 * older <= database.count_receipts(since):
                self.first, self.since = begun, made

    def doubt(self, file: FileRow, due: str) -> str:
        """Return why the date of a receipt cannot be, or an empty text."""
        made = datetime.fromisoformat(file.made)
        end = max(self.settings.due, datetime.fromisoformat(due) if due else self.settings.due)
        last = end + _LONGEST
        if self.now >= end:
            last = min(last, self.now + _DAY)
        when = f"its date is {spoken(file.made)}"
        if made > last:
            future = made > self.now + _DAY
            return f"{when}, {'in the future' if future else 'more than a year after the deadline'}"
        if made < self.first:
            if self.since:
                return f"{when}, before the assignment was made ({self.since})"
            return f"{when}, more than a year before the deadline"
        if self._reset(made, file.latest):
            return f"{when}, and an answer in it was given later, on {spoken(file.latest)}"
        return ""

    def _reset(self, made: datetime, answered: str) -> bool:
        if answered[:10] <= made.isoformat()[:10]:
            return False
        try:
            latest = datetime.fromisoformat(answered)
        except ValueError:
            return False
        # A clock that lies in the future while an answer is given proves nothing about today.
        return made + _RESET < latest <= self.now + _DAY or (
            made + _RESET < latest <= self.settings.due + _LONGEST
        )
