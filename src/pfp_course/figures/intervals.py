"""Values with the range in which they may lie."""

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pfp_course.errors import CourseError
from pfp_course.figures.style import INK, LINE, MARKERS, SERIES, SOFT, house_style, new

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["intervals"]


def intervals(
    frame: "pd.DataFrame",
    *,
    title: str,
    unit: str,
    points: "pd.Series | None" = None,
    zero: bool = True,
) -> tuple[Figure, Axes]:
    """Draw for each row a mark at its value and a line from the low to the high end.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns ``value``, ``low`` and ``high``; the index names the rows, from the top.
    title, unit : str
        The question that the figure answers; what the axis measures.
    points : pandas.Series, optional
        Single values behind the rows; the index holds the names of the rows. Each is drawn as
        a small ring under the line of its row.
    zero : bool
        Draw an upright line at zero.
    """
    if frame.empty:
        raise CourseError("There are no intervals to draw. Look at your filter.")
    wrong = frame[(frame["low"] > frame["value"]) | (frame["value"] > frame["high"])]
    if not wrong.empty:
        raise CourseError(f"The value of {wrong.index[0]!r} lies outside its interval.")
    figure, axes = new(title, height=1.4 + 0.62 * len(frame))
    with mpl.rc_context(house_style):
        for row, (name, values) in enumerate(frame.astype(float).iterrows()):
            look = SERIES[row % len(SERIES)]
            axes.plot([values["low"], values["high"]], [row, row], color=look, linewidth=3)
            for end in ("low", "high"):
                axes.plot([values[end]] * 2, [row - 0.12, row + 0.12], color=look, linewidth=2)
            axes.plot(
                [values["value"]],
                [row],
                marker=MARKERS[row % len(MARKERS)],
                markersize=9,
                color=look,
            )
            axes.annotate(
                f"{values['value']:+.2f}" if zero else f"{values['value']:.2f}",
                (values["value"], row),
                xytext=(0, 8),
                textcoords="offset points",
                ha="center",
                fontsize=9,
                color=INK,
            )
            if points is not None:
                single = points[points.index == name].dropna().astype(float)
                axes.plot(
                    list(single),
                    [row + 0.27] * len(single),
                    linestyle="none",
                    marker="o",
                    markersize=5,
                    markerfacecolor="none",
                    color=SOFT,
                )
        if zero:
            axes.axvline(0, color=SOFT, linewidth=1, zorder=0)
        axes.set_yticks(range(len(frame)), [str(name) for name in frame.index])
        axes.set_ylim(len(frame) - 0.4, -0.55)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_color(LINE)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.grid(axis="x")
    return figure, axes
