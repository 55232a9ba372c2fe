"""Dots on lines: a few measures of several things, side by side."""

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import LINE, MARKERS, SERIES, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["dots"]

_ASIDE = 0.16  # of the distance of two lines


def dots(table: "pd.DataFrame", *, title: str, unit: str) -> tuple[Figure, Axes]:
    """Draw a line for each row and a dot for each column; form and colour tell columns apart.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers. The index names the lines, from the top; the columns name the measures (seven
        at most). A missing number has no dot.
    title : str
        The question that the figure answers.
    unit : str
        What is counted or measured, for the axis.
    """
    if table.empty:
        raise CourseError("There is nothing to draw. Look at your filter.")
    if len(table.columns) > len(MARKERS):
        raise CourseError(f"{len(table.columns)} columns are too many. Take seven at most.")
    figure, axes = new(title, height=1.6 + 0.34 * len(table))
    with mpl.rc_context(house_style):
        places = range(len(table))
        low, high = table.min(axis=1), table.max(axis=1)
        axes.hlines(list(places), list(low), list(high), color=LINE, linewidth=2.5, zorder=1)
        middle = (len(table.columns) - 1) / 2
        for number, name in enumerate(table.columns):
            axes.scatter(
                list(table[name].astype(float)),
                # A little above or below the line, so that equal numbers do not hide each other.
                [place + (number - middle) * _ASIDE for place in places],
                s=62,
                marker=MARKERS[number],
                color=SERIES[number],
                label=str(name),
                zorder=3,
            )
        axes.set_yticks(list(places), [str(name) for name in table.index])
        axes.invert_yaxis()
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(unit)
        whole = bool((table.fillna(0) % 1 == 0).all(axis=None))
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=whole))
        least, most = min(0.0, float(low.min())), float(high.max())
        # Room for the whole of a mark that stands at an end.
        axes.set_xlim(least - 0.03 * (most - least), most + 0.05 * (most - least))
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        figure.legend(loc="outside lower left", ncols=3, fontsize=9.5, handletextpad=0.2)
    return figure, axes
