"""The map of the partnership as tiles, year by year: each state has one tile."""

from pathlib import Path
from typing import Any

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures.showing import show
from pfp_course.pfp.maps import MAP_NOTE, signature_map

__all__ = ["explore_map"]

# Where the tiles lie, from the west and from the north: near the place of the state on a map, so
# that neighbours stay neighbours as far as a grid lets them.
_GRID = """
 .   .   .  SWE FIN  .   .   .   .   .   .
 .   .   .   .   .  EST  .   .  RUS  .   .
 .   .   .   .   .  LVA  .   .   .   .   .
IRL  .   .   .  POL LTU BLR  .   .   .   .
 .   .   .  CZE SVK  .  UKR  .   .  KAZ  .
 .  CHE AUT  .  HUN ROU MDA  .   .  UZB KGZ
 .   .  SVN HRV SRB BGR  .  GEO AZE TKM TJK
 .   .   .  BIH MNE MKD  .  ARM  .   .   .
 .   .  MLT  .  ALB  .   .   .   .   .   .
"""
_TILES = {
    code: (column, row)
    for row, line in enumerate(_GRID.strip("\n").splitlines())
    for column, code in enumerate(line.split())
}
_FIRST, _LAST = 1994, 2024  # the table tells the status at the end of the last year


@shown
def explore_map(course: Course) -> Explorer:
    """Explore the map: a slider for the year, and a tile for each state."""
    states = load("signatories", course)
    signed = states[states["signed"].dt.year <= _FIRST]
    words = (
        f"By the end of {_FIRST}, {len(signed)} states had signed. {len(states) - len(signed)} of "
        f"the {len(states)} signatories were still to come."
    )
    figure, _ = signature_map(
        until=f"{_FIRST}-12-31",
        title=f"By the end of {_FIRST}, {len(signed)} states had signed",
    )
    names = ", ".join(signed["country"])
    still = show(
        figure,
        alt=f"Map of Europe and Central Asia. By the end of {_FIRST} these had signed: {names}.",
        caption="On the screen each signatory is a tile of one size, so that the eye counts states "
        f"and not land. In print there are areas. {MAP_NOTE} Suspensions are not shown.",
        source=["natural_earth", states],
    )
    return Explorer(
        module=Path(__file__).with_suffix(".js"),
        still=still,
        words=words,
        data={
            "first": _FIRST,
            "last": _LAST,
            "states": [
                {
                    "code": row["iso3"],
                    "name": row["country"],
                    "tile": _TILES[row["iso3"]],
                    "region": row["region"],
                    "signed": _iso(row["signed"]),
                    "joined": _iso(row["nato_accession"]),
                    "withdrew": _iso(row["withdrew"]),
                    "rejoined": _iso(row["rejoined"]),
                }
                for row in states.sort_values("order_signed").to_dict("records")
            ],
        },
        state={"year": str(_FIRST), "region": "all"},
    )


def _iso(moment: Any) -> str | None:
    return None if moment != moment else str(moment.strftime("%Y-%m-%d"))
