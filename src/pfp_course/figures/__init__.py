"""Figures in one house style, shown with their words and sources."""

from dataclasses import dataclass
from typing import Any

from pfp_course.content import on_static_page
from pfp_course.figures.agreement import matrix
from pfp_course.figures.charts import bars, cumulative, timeline
from pfp_course.figures.counts import counts, level
from pfp_course.figures.dots import dots
from pfp_course.figures.flows import flow
from pfp_course.figures.grids import grid
from pfp_course.figures.intervals import intervals
from pfp_course.figures.lines import lines
from pfp_course.figures.maps import MAP_NOTE, signature_map
from pfp_course.figures.milestones import dumbbells, editions, lanes, yearly
from pfp_course.figures.networks import network, ties
from pfp_course.figures.ratios import paired_lines, part_of_wholes, side_by_side, year_bars
from pfp_course.figures.showing import Shown, show
from pfp_course.figures.spans import spans
from pfp_course.figures.style import new
from pfp_course.figures.survival import kaplan_meier, survival

__all__ = [
    "MAP_NOTE",
    "Shown",
    "bars",
    "counts",
    "cumulative",
    "dots",
    "dumbbells",
    "editions",
    "explore_country",
    "explore_map",
    "flow",
    "grid",
    "intervals",
    "kaplan_meier",
    "lanes",
    "level",
    "lines",
    "matrix",
    "network",
    "new",
    "paired_lines",
    "part_of_wholes",
    "show",
    "side_by_side",
    "signature_map",
    "spans",
    "survival",
    "ties",
    "timeline",
    "year_bars",
    "yearly",
]


@dataclass(frozen=True)
class Still:
    """What a page shows in the place of an explorer."""

    html: str
    words: str

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html


def explore_map() -> Any:
    """Show the map of signatures with a slider for the year; on a page, its last state."""
    from pfp_course.figures import explorers

    return explorers.map_still(2006) if on_static_page() else explorers.map_explorer()


def explore_country() -> Any:
    """Show what the table says of a state of your choice; on a page, of Kazakhstan."""
    from pfp_course.figures import explorers

    if not on_static_page():
        return explorers.country_explorer()
    return Still(explorers.country_card("KAZ"), "What the table of signatories says of Kazakhstan.")
