"""The points of one student: what counts, what waits for a person, what lateness costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pfp_course.classroom.grading.items import Items
from pfp_course.classroom.grading.marks import Given, Marker
from pfp_course.classroom.grading.settings import Settings
from pfp_course.classroom.grading.words import token

__all__ = ["Score", "count_items", "score"]


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
    given: Sequence[Given | None],
    manual: Mapping[str, float],
    days: float,
) -> Score:
    """Return what answers earn.

    Parameters
    ----------
    given
        The answers, one place for each question of the key.
    manual
        Points that a person gave, by the id of the question.
    days
        Days of delay that have begun.
    """
    points: list[float | None] = [None] * len(settings.key.questions)
    waiting = []
    for place in settings.counted:
        question, answer = settings.key.questions[place], given[place]
        if question.id in manual:
            points[place] = manual[question.id]
        elif answer is None or answer.state == "unread":
            continue
        elif settings.waits(answer):
            waiting.append(place)
        else:
            points[place] = round(answer.share * question.points, 4)
    earned = round(sum(one for one in points if one is not None), 4)
    lost = min(1.0, settings.penalty / 100 * days) if settings.late == "penalty" else 0.0
    return Score(tuple(points), tuple(waiting), earned, round(earned * lost, 4))


def count_items(
    items: Items,
    settings: Settings,
    marker: Marker,
    given: Sequence[Given | None],
    result: Score,
) -> None:
    """Count a student's answers into the item analysis.

    What a student's own rubric says of an open answer is no measure, and is left out until a
    person has marked it.
    """
    items.students += 1
    items.totals[int(100 * result.earned / settings.points) if settings.points else 0] += 1
    reached: dict[str, tuple[float, int]] = {}
    for place in settings.counted:
        question, answer, points = settings.key.questions[place], given[place], result.points[place]
        item = items.item(question.id)
        if answer is None or answer.state == "unread":
            item.blank += 1
        else:
            item.hinted += answer.hints > 0
            item.shown += answer.state == "shown"
            item.attempts += answer.attempts
            item.took(answer.seconds)
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
        if answer is not None and answer.state in ("wrong", "part", "near"):
            spec = marker.specs[place][answer.variant]
            item.missed(answer.variant, token(spec, answer.response))
    items.reached(reached)
