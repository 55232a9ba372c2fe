"""Lines over time, named at their ends, with bands of uncertainty where there are any."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import MARKERS, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["lines", "spread_out"]

_DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6, 2),
    (2, 1.5),
    (6, 2, 1.5, 2),
    (10, 3),
    (1, 1),
    (4, 1, 1, 1, 1, 1),
)
_APART = 0.058  # of the height: two names nearer than that would touch


def lines(
    curves: "Mapping[str, pd.Series | pd.DataFrame]",
    *,
    title: str,
    unit: str,
    marks: Mapping[float, str] | None = None,
    zero: bool = False,
) -> tuple[Figure, Axes]:
    """Draw a line for each curve; its name stands at its right end.

    Parameters
    ----------
    curves : mapping of str to pandas.Series or pandas.DataFrame
        Values by year, or by another number, in the index (seven curves at most). A frame has
        the columns ``value``, ``low`` and ``high``; the last two are drawn as a band.
    title, unit : str
        The question that the figure answers; what the upright axis measures.
    marks : mapping of float to str, optional
        Years to point out by an upright line, and the words at its top.
    zero : bool
        Begin the upright axis at zero.
    """
    if not curves:
        raise CourseError("There are no lines to draw. Look at your filter.")
    if len(curves) > len(MARKERS):
        raise CourseError(f"{len(curves)} lines are too many to tell apart. Take seven at most.")
    figure, axes = new(title, height=4.0)
    ends = []
    with mpl.rc_context(house_style):
        for number, (name, curve) in enumerate(curves.items()):
            values = (curve if curve.ndim == 1 else curve["value"]).dropna().astype(float)
            if values.empty:
                raise CourseError(f"The line {name!r} has no values. Look at your filter.")
            look = SERIES[number]
            if curve.ndim == 2:
                band = curve.loc[values.index, ["low", "high"]].astype(float)
                axes.fill_between(
                    list(band.index), band["low"], band["high"], color=look, alpha=0.18, linewidth=0
                )
            axes.plot(
                list(values.index),
                list(values),
                color=look,
                dashes=_DASHES[number],
                marker=MARKERS[number],
                markersize=5,
                markevery=max(1, len(values) // 6),
            )
            ends.append((float(list(values.index)[-1]), float(list(values)[-1]), name, look))
        if zero:
            axes.set_ylim(bottom=0)
        if marks:
            # Room above the lines for the words.
            bottom, top = axes.get_ylim()
            axes.set_ylim(bottom, top + 0.07 * (top - bottom))
        _name(axes, ends)
        for year, words in (marks or {}).items():
            axes.axvline(year, color=SOFT, linewidth=1, linestyle=(0, (2, 2)), zorder=0)
            axes.annotate(
                words,
                (year, 1),
                xycoords=("data", "axes fraction"),
                xytext=(3, -2),
                textcoords="offset points",
                va="top",
                fontsize=9,
                color=SOFT,
            )
        axes.set_ylabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="y")
    return figure, axes


def _name(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    low, high = axes.get_ylim()
    heights = spread_out([(value - low) / (high - low) for _, value, _, _ in ends], _APART)
    last = max(end for end, _, _, _ in ends)
    for height, (_, _, name, colour) in zip(heights, ends, strict=True):
        axes.annotate(
            name,
            (last, low + height * (high - low)),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            fontweight="bold",
            color=colour,
            annotation_clip=False,
        )


def spread_out(places: Sequence[float], apart: float) -> list[float]:
    """Return places moved as little as need be, so that no two are nearer than ``apart``."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for _ in range(100):
        close = False
        for below, above in pairwise(order):
            gap = apart - (moved[above] - moved[below])
            if gap > 1e-9:
                moved[below] -= gap / 2
                moved[above] += gap / 2
                close = True
        if not close:
            break
    return moved
