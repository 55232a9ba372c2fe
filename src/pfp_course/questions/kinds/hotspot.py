"""Something picked in a drawing or in the list under it: a place on a map, a point on a chart."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from pfp_course.data import Outline, package, world
from pfp_course.errors import CourseError
from pfp_course.questions import expressions
from pfp_course.questions.expressions import rows
from pfp_course.questions.interactions import Interaction, Pick
from pfp_course.questions.kinds import (
    Expression,
    Problems,
    Question,
    Strict,
    Text,
    Trap,
    Values,
    register,
)
from pfp_course.questions.kinds.choice import ChoiceForm, OneChoiceForm
from pfp_course.questions.kinds.form import Mistake, Part
from pfp_course.questions.texts import spoken
from pfp_course.vector import cut, path

__all__ = ["Chart", "Drawing", "HotspotForm", "Place", "PointOnChart"]

_MOST = 60
_SIDE = 640  # units of the map, the longer side
_SMALL = 26  # units: a state that is less wide and less high is hard to hit
_FINEST = 1.5  # units: points nearer than this to the one before are left out
# Units of the chart; the left margin holds a date in words.
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 400, 150, 56, 40, 30
Point = tuple[float, float]


class Area(Part):
    """An outline as the path of an SVG, and the position of its choice, or None."""

    d: str
    choice: int | None


class Dot(Part):
    """A point, and the position of its choice."""

    x: int
    y: int
    choice: int


class Word(Part):
    """A text in a drawing, and which end of it lies at the point: start, middle or end."""

    x: int
    y: int
    text: str
    at: str


class Drawing(Part):
    """A map or a chart in units of its own; ``frame`` is the path of the chart's axes."""

    width: int = 0
    height: int = 0
    areas: tuple[Area, ...] = ()
    frame: str = ""
    marks: tuple[Dot, ...] = ()
    words: tuple[Word, ...] = ()
    # The middles of chosen states that are hard to hit.
    small: tuple[Dot, ...] = ()


class HotspotForm(OneChoiceForm):
    """Things to pick, as a list and in a drawing. A response is the position in the list."""

    kind: Literal["place", "point"]
    drawing: Drawing = Drawing()

    def positions(self) -> Sequence[int]:
        """Return the order as it is: the drawing refers to the positions."""
        return range(len(self.choices))

    def shown(self) -> dict[str, Any]:
        """Return the things to pick, and the drawing."""
        drawing = self.drawing.model_dump(mode="json")
        return {"drawing": drawing, "choices": super().shown()["choices"]}

    def interaction(self) -> Interaction:
        """Return the things to pick, and the drawing."""
        return Pick(self.options(), self.drawing)

    def mistakes(self) -> Iterator[Mistake]:
        """Yield nothing: there are too many things to list."""
        yield from ()


class _HotspotQuestion(Question):
    """One thing is right. A response is the position of the thing picked, from 0.

    ``otherwise`` may name what was picked as ``{chosen}``.
    """

    key: Expression
    traps: list[Trap] = []
    otherwise: Text

    form = HotspotForm
    front_end = "picking"

    def problems(self) -> Problems:
        """Yield what is wrong with the key and the traps."""
        if self.key is None:
            yield ("key",), "'key' is empty. Name what is right, or give an expression."
        for number, trap in enumerate(self.traps):
            if trap.text is None:
                yield ("traps", number), "a trap of a picture needs the 'text' of the thing picked."

    def _things(
        self, values: Values, names: list[str], notes: Sequence[str] = ()
    ) -> list[ChoiceForm]:
        """Return the things to pick, in their order, each with its reply."""
        if not 3 <= len(names) <= _MOST:
            raise CourseError(f"{len(names)} things to pick are too few or too many. Take 3 to 60.")
        if len(set(names)) < len(names):
            raise CourseError("two things to pick have the same name. Narrow the 'where'.")
        key = values.names["key"]
        if key not in names:
            raise CourseError(f"the key {key!r} is not among the things to pick. Mend the key.")
        traps = {trap.text: trap.say for trap in self.traps}
        if key in traps:
            raise CourseError(f"the trap {key!r} counts as right. Mend it.")
        unknown = sorted(str(text) for text in traps if text not in names)
        if unknown:
            raise CourseError(f"the trap {unknown[0]!r} is not among the things to pick.")
        forms = []
        for number, name in enumerate(names):
            chosen = Values({**values.names, "chosen": name}, values.course)
            say = "" if name == key else chosen.fill(traps.get(name, self.otherwise))
            note: dict[str, Any] = {"note": notes[number]} if notes else {}
            forms.append(ChoiceForm(text=name, right=name == key, say=say, **note))
        return forms


@register
class Place(_HotspotQuestion):
    """A country, picked on a map or in the list under it. The key is an ISO 3166 alpha-3 code."""

    kind: Literal["place"]
    among: Expression

    def values(self, varied: dict[str, Any]) -> Values:
        """Return the values for the texts; ``{key}`` is the name and ``{code}`` the code."""
        values = super().values(varied)
        names = self._country_names()
        code = values.names["key"]
        if not isinstance(code, str) or code not in names:
            raise CourseError(f"the key {code!r} is no code of the table of countries.")
        return Values({**values.names, "code": code, "key": names[code]}, values.course)

    def public(self, values: Values, common: Any) -> HotspotForm:
        """Return the countries by name, in alphabetical order, and the map."""
        names = self._country_names()
        codes = values.evaluate(self.among)
        if not isinstance(codes, list):
            raise CourseError("'among' must give a list of codes, for example with 'set'.")
        outlines = {outline.iso3: outline for outline in world(self.course)}
        for code in [*codes, values.names["code"]]:
            if code not in names or code not in outlines:
                raise CourseError(f"{code!r} has no outline on the map. Leave it out.")
        chosen = sorted(codes, key=names.__getitem__)
        return HotspotForm(
            **common,
            choices=tuple(self._things(values, [names[code] for code in chosen])),
            drawing=_map([outlines[code] for code in chosen], outlines.values()),
        )

    def _country_names(self) -> dict[str, str]:
        return {row["iso3"]: str(row["name"]) for row in rows("countries", self.course)}


class Chart(Strict):
    """Points drawn from a table: columns for the two axes and for the names."""

    table: str
    x: str
    y: str
    name: str
    where: str = ""
    x_title: str
    y_title: str


@register
class PointOnChart(_HotspotQuestion):
    """A point, picked in a chart drawn from the data, or in the list under it."""

    kind: Literal["point"]
    chart: Chart

    def public(self, values: Values, common: Any) -> HotspotForm:
        """Return the names of the points, from left to right, and the chart."""
        chart = self.chart
        records = rows(package(self.course).table(chart.table).name, self.course)
        for column in (chart.x, chart.y, chart.name):
            if column not in records[0]:
                raise CourseError(f"the table {chart.table!r} has no column {column!r}.")
        if chart.where:
            condition = expressions.parse(chart.where)
            unknown = sorted(expressions.names_in(condition) - set(records[0]) - set(values.names))
            if unknown:
                raise CourseError(f"the table {chart.table!r} has no column {unknown[0]!r}.")
            records = [
                row for row in records if expressions.matches(condition, {**values.names, **row})
            ]
        points = sorted(
            (_number(row[chart.x]), _number(row[chart.y]), str(row[chart.name]))
            for row in records
            if row[chart.x] is not None and row[chart.y] is not None
        )
        said = {
            _number(row[column]): spoken(row[column])
            for row in records
            for column in (chart.x, chart.y)
            if row[column] is not None
        }
        # What the eye takes from the drawing, for those who hear the list.
        notes = [f"{chart.x_title}: {said[x]}; {chart.y_title}: {said[y]}" for x, y, _ in points]
        return HotspotForm(
            **common,
            choices=tuple(self._things(values, [name for _, _, name in points], notes)),
            drawing=self._drawing(points, said),
        )

    def _drawing(self, points: list[tuple[float, float, str]], said: dict[float, str]) -> Drawing:
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
        return Drawing(
            width=_WIDTH,
            height=_HEIGHT,
            areas=(),
            frame=f"M{_LEFT - 10} {high}V{low + 10}H{_WIDTH - _RIGHT}",
            marks=tuple(
                Dot(x=across(x), y=upward(y), choice=number)
                for number, (x, y, _) in enumerate(points)
            ),
            words=tuple(
                Word(x=x, y=y, text=text, at=at) for x, y, text, at in dict.fromkeys(words)
            ),
        )


def _number(value: Any) -> float:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise CourseError(f"{value!r} is neither a number nor a date.") from None
        return day.year + (day.timetuple().tm_yday - 1) / 366
    return float(value)


def _scale(values: list[float], start: int, end: int) -> Callable[[float], int]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    size = high - low or 1.0
    return lambda value: round(start + (value - low) / size * (end - start))


def _map(chosen: list[Outline], everything: Iterable[Outline]) -> Drawing:
    west, east, south, north = _bounds(
        point for outline in chosen for ring in _outer(outline) for point in ring
    )
    # The far east of Russia would make everything else small.
    east = min(east, west + 110)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = _SIDE / max((east - west) * shrink, north - south)
    width, height = round((east - west) * shrink * scale), round((north - south) * scale)

    def drawn_path(outline: Outline) -> str:
        return "".join(
            _path([((x - west) * shrink * scale, (north - y) * scale) for x, y in seen])
            for ring in _outer(outline)
            # A little more than is seen, so that no border is drawn along the edge.
            if (seen := cut(ring, (west - 1, east + 1, south - 1, north + 1)))
        )

    def middle(outline: Outline) -> tuple[int, int] | None:
        """Return the middle of a state whose largest part is hard to hit, else None."""
        ring = max(_outer(outline), key=_extent)
        left, right, low, high = _bounds(ring)
        size = max((right - left) * shrink, high - low) * scale
        x = ((left + right) / 2 - west) * shrink * scale
        y = (north - (low + high) / 2) * scale
        return (round(x), round(y)) if size < _SMALL else None

    middles = [(number, middle(outline)) for number, outline in enumerate(chosen)]
    small = tuple(Dot(x=at[0], y=at[1], choice=number) for number, at in middles if at)
    positions = {outline.iso3: number for number, outline in enumerate(chosen)}
    areas = tuple(
        Area(d=drawn, choice=positions.get(outline.iso3))
        for outline in everything
        if (drawn := drawn_path(outline))
    )
    further = {"small": small} if small else {}
    return Drawing(width=width, height=height, areas=areas, frame="", marks=(), words=(), **further)


def _bounds(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Return the least and the greatest x, and the least and the greatest y."""
    across, upward = zip(*points, strict=True)
    return min(across), max(across), min(upward), max(upward)


def _extent(ring: Iterable[Point]) -> float:
    left, right, low, high = _bounds(ring)
    return (right - left) * (high - low)


def _outer(outline: Outline) -> list[tuple[Point, ...]]:
    return [polygon[0] for polygon in outline.polygons]


def _path(points: list[Point]) -> str:
    kept = points[:1]
    for point in points[1:]:
        if math.dist(point, kept[-1]) >= _FINEST:
            kept.append(point)
    if len(kept) < 3:
        return ""
    return path(kept)
