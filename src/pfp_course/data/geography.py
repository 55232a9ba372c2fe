"""The outlines of countries, for maps."""

import json
from dataclasses import dataclass
from functools import cache

from pfp_course.data.package import package

__all__ = ["Outline", "world"]

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outline:
    """A country's outline: rings of (longitude, latitude) in degrees, WGS84.

    ``iso3`` is empty for three territories that have no ISO code in the source.
    """

    iso3: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@cache
def world() -> tuple[Outline, ...]:
    """Return the outlines of the world at 1:110 million (Natural Earth 4.1.0)."""
    path = package().files["world_110m"].path
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return tuple(
        Outline(
            iso3=feature["properties"]["iso3"] or "",
            name=feature["properties"]["name"],
            polygons=_polygons(feature["geometry"]),
        )
        for feature in features
    )


def _polygons(geometry: dict[str, list[list[list[list[float]]]]]) -> tuple[tuple[Ring, ...], ...]:
    shapes = geometry["coordinates"]
    if str(geometry["type"]) == "Polygon":
        shapes = [shapes]  # type: ignore[list-item]
    return tuple(
        tuple(tuple((point[0], point[1]) for point in ring) for ring in polygon)
        for polygon in shapes
    )
