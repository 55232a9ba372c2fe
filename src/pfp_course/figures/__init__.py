"""Figures in one house style, shown with their words and sources."""

import inspect
from importlib import import_module
from typing import Any

from pfp_course.course import default_course
from pfp_course.errors import clear_errors
from pfp_course.figures.bars import (
    bars,
    counts,
    part_of_wholes,
    side_by_side,
    small_multiples,
    year_bars,
)
from pfp_course.figures.canvas import new
from pfp_course.figures.distributions import (
    dumbbells,
    histograms,
    intervals,
    kaplan_meier,
    survival,
)
from pfp_course.figures.lines import cumulative, level, lines, paired_lines
from pfp_course.figures.matrices import dots, editions, grid, matrix, ratings
from pfp_course.figures.networks import encounters, network, paths, ties
from pfp_course.figures.showing import Shown, show
from pfp_course.figures.times import lanes, spans, timeline

__all__ = [
    "Shown",
    "bars",
    "counts",
    "cumulative",
    "dots",
    "dumbbells",
    "editions",
    "encounters",
    "grid",
    "histograms",
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
    "paths",
    "ratings",
    "show",
    "side_by_side",
    "small_multiples",
    "spans",
    "survival",
    "ties",
    "timeline",
    "year_bars",
]


# What a notebook calls says in a sentence what is wrong with its arguments.
for _name in __all__:
    if inspect.isfunction(globals()[_name]):
        globals()[_name] = clear_errors(globals()[_name])


def __getattr__(name: str) -> Any:
    """Return a figure of the course's own: it is loaded when it is first used."""
    module = default_course().extras("FIGURES").get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    own = getattr(import_module(module), name)
    return clear_errors(own) if inspect.isfunction(own) else own


def __dir__() -> list[str]:
    return sorted([*__all__, *default_course().extras("FIGURES")])
