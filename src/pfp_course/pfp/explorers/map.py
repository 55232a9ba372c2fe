"""The map of the partnership as tiles, year by year: each state has one tile."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle

from pfp_course.course import Course
from pfp_course.data import load
from pfp_course.explorers import Explorer, shown
from pfp_course.figures import canvas, show

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
    if code != "."
}
_FIRST, _LAST = 1994, 2024  # the table tells the status at the end of the last year
_STILL = 2006  # the year of the last signature


def _standing(states: pd.DataFrame, end: str) -> pd.Series:
    """Return what the signatories were on a day, by code: to come, partner, Ally, withdrawn."""
    by_code = states.set_index("iso3")
    signed, joined, withdrew, rejoined = (
        (by_code[column] <= end).fillna(value=False)
        for column in ("signed", "nato_accession", "withdrew", "rejoined")
    )
    was = by_code["country"].mask(signed, "partner").mask(withdrew & ~rejoined, "withdrawn")
    return was.mask(joined, "Ally").mask(~signed, "to come")


@canvas.two_layouts
def _tiles(standing: pd.Series, *, title: str) -> tuple[Figure, Axes]:
    """Draw a tile for each state, by what it was."""
    columns, rows = (1 + max(places) for places in zip(*_TILES.values(), strict=True))
    names = {"Ally": "Ally, a corner cut", "to come": "not yet"}
    counts = standing.value_counts()
    labels = {str(was): f"{names.get(str(was), was)}: {number}" for was, number in counts.items()}
    side = canvas.width() / 72 / columns
    figure, axes = canvas.new(
        title,
        unit="one tile for each state",
        height=side * rows + canvas.legend_height([*labels.values()], 3),
    )
    colours = {
        "partner": canvas.look_of("partner").colour,
        "Ally": canvas.look_of("member of NATO").colour,
        "withdrawn": canvas.RAISED,
        "to come": canvas.PAPER,
    }
    for code, (column, row) in _TILES.items():
        was = standing[code]
        is_full = was in ("partner", "Ally")
        axes.add_patch(
            Rectangle(
                (column + 0.04, row + 0.04),
                0.92,
                0.92,
                facecolor=colours[was],
                edgecolor=colours[was] if is_full else canvas.SOFT,
                linestyle="--" if was == "to come" else "-",
                linewidth=0.8,
            )
        )
        if was == "Ally":
            corner = [(column + 0.68, row), (column + 1, row), (column + 1, row + 0.32)]
            axes.add_patch(Polygon(corner, facecolor=canvas.PAPER, edgecolor="none"))
        axes.text(
            column + 0.5,
            row + 0.5,
            code,
            ha="center",
            va="center",
            fontsize=canvas.SMALL,
            color=canvas.PAPER if is_full else canvas.INK,
        )
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.set_aspect("equal")
    axes.axis("off")
    handles = [
        Patch(
            facecolor=colour,
            edgecolor=canvas.SOFT if colour in (canvas.RAISED, canvas.PAPER) else colour,
            label=labels[was],
        )
        for was, colour in colours.items()
        if was in labels
    ]
    canvas.legend(figure, handles, 3)
    return figure, axes


@shown
def explore_map(course: Course) -> Explorer:
    """Explore the map: a slider for the year, and a tile for each state."""
    states = load("signatories", course)
    standing = _standing(states, f"{_STILL}-12-31")
    counts = standing.value_counts()
    new = states[states["signed"].dt.year == _STILL]["country"]
    words = (
        f"By the end of {_STILL}, {len(states) - counts.get('to come', 0)} states had signed. "
        f"{counts['Ally']} of them were Allies by then. {counts['withdrawn']} had withdrawn. "
        f"{counts['partner']} were partners. New in {_STILL}: {', '.join(new)}."
    )
    figure, _ = _tiles(standing, title=f"Who had signed by the end of {_STILL}?")
    still = show(
        figure,
        alt="Tiles of one size, one for each signatory, near its place on a map. " + words,
        caption="Each signatory is a tile of one size, so that the eye counts states and not land. "
        "Neighbours are neighbours as far as a grid lets them. Suspensions are not shown.",
        source=states,
    )
    return Explorer(
        still=still,
        words=words,
        data={
            "first": _FIRST,
            "last": _LAST,
            "partner": canvas.look_of("partner").slot,
            "Ally": canvas.look_of("member of NATO").slot,
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
        printed={"year": str(_STILL)},
    )


def _iso(moment: Any) -> str | None:
    return None if moment != moment else str(moment.strftime("%Y-%m-%d"))
