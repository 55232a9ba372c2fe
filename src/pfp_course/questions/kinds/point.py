"""A point on a chart."""

from datetime import date
from typing import Any, Literal

from pfp_course.data import package
from pfp_course.errors import CourseError
from pfp_course.questions import conditions
from pfp_course.questions.expressions import rows
from pfp_course.questions.kinds.common import Facts, Spec, Strict
from pfp_course.questions.kinds.picking import Picking
from pfp_course.questions.texts import spoken

__all__ = ["Chart", "PointOnChart"]

# Units of the drawing; the left margin holds a date in words.
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 400, 150, 56, 40, 30


class Chart(Strict):
    """Points drawn from a table: columns for the two axes and for the names."""

    table: str
    x: str
    y: str
    name: str
    where: str = ""
    x_title: str
    y_title: str


class PointOnChart(Picking):
    """A point, picked in a chart drawn from the data, or in the list under it."""

    kind: Literal["point"]
    chart: Chart

    def answer(self, facts: Facts) -> Spec:
        """Return the names of the points, from left to right, and the chart."""
        found = rows(package().table(self.chart.table).name)
        for column in (self.chart.x, self.chart.y, self.chart.name):
            if column not in found[0]:
                raise CourseError(f"the table {self.chart.table!r} has no column {column!r}.")
        if self.chart.where:
            condition = conditions.parse(self.chart.where)
            unknown = sorted(conditions.names_in(condition) - set(found[0]) - set(facts.names))
            if unknown:
                raise CourseError(f"the table {self.chart.table!r} has no column {unknown[0]!r}.")
            found = [row for row in found if conditions.matches(condition, {**facts.names, **row})]
        points = sorted(
            (_number(row[self.chart.x]), _number(row[self.chart.y]), str(row[self.chart.name]))
            for row in found
            if row[self.chart.x] is not None and row[self.chart.y] is not None
        )
        said = {
            _number(row[column]): spoken(row[column])
            for row in found
            for column in (self.chart.x, self.chart.y)
            if row[column] is not None
        }
        choices = self.things(facts, [name for _, _, name in points])
        for choice, (x, y, _) in zip(choices, points, strict=True):
            # What the eye takes from the drawing, for those who hear the list.
            titles = self.chart.x_title, self.chart.y_title
            choice["note"] = f"{titles[0]}: {said[x]}; {titles[1]}: {said[y]}"
        return {
            "choices": choices,
            "drawing": self._drawing(points, said),
        }

    def _drawing(
        self, points: list[tuple[float, float, str]], said: dict[float, str]
    ) -> dict[str, Any]:
        xs, ys = [x for x, _, _ in points], [y for _, y, _ in points]
        across, upward = _scale(xs, _LEFT, _WIDTH - _RIGHT), _scale(ys, _HEIGHT - _BOTTOM, _TOP)
        low, high = _HEIGHT - _BOTTOM, _TOP
        words = [
            (_WIDTH // 2, _HEIGHT - 6, self.chart.x_title, "middle"),
            (_LEFT, high - 18, self.chart.y_title, "start"),
            (across(min(xs)), low + 26, said[min(xs)], "start"),
            (across(max(xs)), low + 26, said[max(xs)], "end"),
            (_LEFT - 14, upward(min(ys)) + 5, said[min(ys)], "end"),
            (_LEFT - 14, upward(max(ys)) + 5, said[max(ys)], "end"),
        ]
        return {
            "width": _WIDTH,
            "height": _HEIGHT,
            "areas": [],
            "frame": f"M{_LEFT - 10} {high}V{low + 10}H{_WIDTH - _RIGHT}",
            "marks": [
                {"x": across(x), "y": upward(y), "choice": number}
                for number, (x, y, _) in enumerate(points)
            ],
            "words": [
                {"x": x, "y": y, "text": text, "at": at} for x, y, text, at in dict.fromkeys(words)
            ],
        }


def _number(value: Any) -> float:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise CourseError(f"{value!r} is neither a number nor a date.") from None
        return day.year + (day.timetuple().tm_yday - 1) / 366
    return float(value)


def _scale(values: list[float], start: int, end: int) -> Any:
    low, high = min(values, default=0.0), max(values, default=0.0)
    size = high - low or 1.0
    return lambda value: round(start + (value - low) / size * (end - start))
