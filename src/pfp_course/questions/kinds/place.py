"""A place on the map."""

import math
from typing import Any, Literal

from pfp_course.data import Outline, world
from pfp_course.errors import CourseError
from pfp_course.questions.expressions import rows
from pfp_course.questions.kinds.common import Expression, Facts, Spec
from pfp_course.questions.kinds.picking import Picking
from pfp_course.vector import cut, path

__all__ = ["Place"]

_SIDE = 640  # units of the drawing, the longer side
_FINEST = 1.5  # units: points nearer than this to the one before are left out
Point = tuple[float, float]


class Place(Picking):
    """A country, picked on a map or in the list under it. The key is an ISO 3166 alpha-3 code."""

    kind: Literal["place"]
    among: Expression

    def facts(self, varied: dict[str, Any]) -> Facts:
        """Return the values for the texts; ``{key}`` is the name and ``{code}`` the code."""
        facts = super().facts(varied)
        names = _names()
        code = facts.names["key"]
        if code not in names:
            raise CourseError(f"the key {code!r} is no code of the table of countries.")
        return Facts({**facts.names, "code": code, "key": names[code]})

    def answer(self, facts: Facts) -> Spec:
        """Return the countries by name, in alphabetical order, and the map."""
        names = _names()
        codes = facts.evaluate(self.among)
        if not isinstance(codes, list):
            raise CourseError("'among' must give a list of codes, for example with 'set'.")
        outlines = {outline.iso3: outline for outline in world()}
        for code in [*codes, facts.names["code"]]:
            if code not in names or code not in outlines:
                raise CourseError(f"{code!r} has no outline on the map. Leave it out.")
        chosen = sorted(codes, key=names.__getitem__)
        return {
            "choices": self.things(facts, [names[code] for code in chosen]),
            "drawing": _drawing([outlines[code] for code in chosen], outlines.values()),
        }


def _names() -> dict[str, str]:
    return {row["iso3"]: str(row["name"]) for row in rows("countries")}


def _drawing(chosen: list[Outline], everything: Any) -> dict[str, Any]:
    points = [point for outline in chosen for ring in _outer(outline) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
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

    positions = {outline.iso3: number for number, outline in enumerate(chosen)}
    areas = [
        {"d": drawn, "choice": positions.get(outline.iso3)}
        for outline in everything
        if (drawn := drawn_path(outline))
    ]
    return {"width": width, "height": height, "areas": areas, "frame": "", "marks": [], "words": []}


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
